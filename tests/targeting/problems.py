"""Small random problems for the referee."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from filiform.targeting.problem import RankingProblem


def small_problem(key: int) -> RankingProblem:
    """Up to five sources of up to three states, stars among them, and up to five observations."""
    random = np.random.default_rng(key)
    sources, observations = int(random.integers(1, 6)), int(random.integers(0, 6))
    counts = random.integers(1, 4, sources)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    states = int(first[-1])
    key_of = np.full(sources, -1, dtype=np.int64)
    for source in range(2, sources):
        if random.random() < 0.5:
            key_of[source] = random.integers(0, 2)
    reach = np.where(
        random.random((states, observations)) < 0.6,
        random.uniform(0.01, 0.97, (states, observations)),
        0.0,
    )
    return RankingProblem(
        first_state=first,
        share=np.concatenate([random.dirichlet(np.ones(count)) for count in counts]),
        key=key_of,
        prior=random.uniform(0.001, 0.6, sources),
        prior_with_key=random.uniform(0.001, 0.9, sources),
        on_factor=random.uniform(0.01, 1.5, states),
        off_factor=random.uniform(0.05, 1.5, sources),
        reach=reach,
        leak=random.uniform(0.003, 0.3, observations),
    )


problems = st.integers(0, 10**9).map(small_problem)
