"""The slow, obvious referee: every combination of states, one after the other.

For problems with a handful of sources. No cleverness here: `coverage` is compared with it.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from filiform.targeting.problem import Posterior, RankingProblem


def posterior(problem: RankingProblem) -> Posterior:
    """The same as `coverage.posterior`, by enumerating all combinations."""
    sources = range(len(problem.key))
    observations = range(len(problem.leak))
    state = np.zeros(len(problem.share))
    unexplained = np.zeros(len(problem.leak))
    covered = np.zeros(1 << len(problem.leak))
    total = 0.0
    choices = [[None, *range(s.start, s.stop)] for s in map(problem.states, sources)]
    for chosen in product(*choices):
        weight = 1.0
        for source, one in zip(sources, chosen, strict=True):
            key = int(problem.key[source])
            with_key = key >= 0 and chosen[key] is not None
            prior = float((problem.prior_with_key if with_key else problem.prior)[source])
            if one is None:
                weight *= (1 - prior) * float(problem.off_factor[source])
            else:
                weight *= prior * float(problem.share[one] * problem.on_factor[one])
        missed = [
            math.prod(1 - float(problem.reach[one, k]) for one in chosen if one is not None)
            for k in observations
        ]
        for explained in product((0, 1), repeat=len(missed)):
            chances = (1 - gap if bit else gap for bit, gap in zip(explained, missed, strict=True))
            place = sum(bit << k for k, bit in enumerate(explained))
            covered[place] += weight * math.prod(chances)
        painful = [1 - (1 - float(problem.leak[k])) * missed[k] for k in observations]
        weight *= math.prod(painful)
        total += weight
        for one in chosen:
            if one is not None:
                state[one] += weight
        for k in observations:
            unexplained[k] += weight * float(problem.leak[k]) * missed[k] / painful[k]
    source_on = np.array([state[problem.states(i)].sum() for i in sources])
    return Posterior(
        state / total,
        source_on / total,
        unexplained / total,
        math.log(total),
        covered / covered.sum(),
    )
