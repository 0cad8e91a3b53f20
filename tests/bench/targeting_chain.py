"""The ranking's inference beside a long, independent chain on whole-body problems.

    python -m tests.bench.targeting_chain [CASES] [SWEEPS]

Gibbs sampling over the states of all sided sources, 256 chains side by side, written straight from
the model's definition: it shares no code with `coverage` but the problem itself. Prints the
largest difference of any source's probability, beside what chance alone would make of it.
"""

from __future__ import annotations

import sys

import numpy as np

from filiform.targeting.evaluation import HELD_OUT_KEY, with_findings
from filiform.targeting.inference import infer
from filiform.targeting.problem import RankingProblem
from filiform.targeting.simulate import patients

CHAINS = 256


def sampled(problem: RankingProblem, sweeps: int, key: int) -> tuple[np.ndarray, np.ndarray]:
    """(n): how often each source is on, and the standard error over chains."""
    random = np.random.default_rng(key)
    n = len(problem.key)
    now = np.full((n, CHAINS), -1)  # -1: off, else the state's number
    log_miss = np.log1p(-np.minimum(problem.reach, 1 - 1e-12))
    missed = np.zeros((CHAINS, len(problem.leak)))  # log chance that no source hurts each part
    followers = problem.followers()
    counts = np.zeros((n, CHAINS))
    warm = sweeps // 5
    for sweep in range(sweeps):
        for source in range(n):
            _renew(problem, source, now, missed, log_miss, followers, random)
        if sweep >= warm:
            counts += now >= 0
    shares = counts / (sweeps - warm)
    return shares.mean(axis=1), shares.std(axis=1) / np.sqrt(CHAINS)


def _renew(problem, source, now, missed, log_miss, followers, random) -> None:  # type: ignore[no-untyped-def]
    """Draw one source anew in every chain, given all others."""
    span = problem.states(source)
    held = now[source]
    on = np.flatnonzero(held >= 0)
    missed[on] -= log_miss[held[on]]
    key = int(problem.key[source])
    with_key = now[key] >= 0 if key >= 0 else np.zeros(CHAINS, dtype=bool)
    prior = np.where(with_key, problem.prior_with_key[source], problem.prior[source])
    weights = np.empty((span.stop - span.start + 1, CHAINS))
    weights[0] = (1 - prior) * problem.off_factor[source] * _painful(problem, missed)
    weights[0] *= _following(problem, followers.get(source, []), now, on=False)
    after = _following(problem, followers.get(source, []), now, on=True)
    for place, state in enumerate(range(span.start, span.stop), start=1):
        weights[place] = prior * problem.share[state] * problem.on_factor[state] * after
        weights[place] *= _painful(problem, missed + log_miss[state])
    cut = np.cumsum(weights, axis=0)
    chosen = (random.random(CHAINS) * cut[-1] >= cut).sum(axis=0)
    now[source] = np.where(chosen == 0, -1, span.start + chosen - 1)
    on = np.flatnonzero(now[source] >= 0)
    missed[on] += log_miss[now[source][on]]


def _painful(problem: RankingProblem, missed: np.ndarray) -> np.ndarray:
    return (1 - (1 - problem.leak) * np.exp(missed)).prod(axis=1)


def _following(
    problem: RankingProblem, satellites: list[int], now: np.ndarray, *, on: bool
) -> np.ndarray:
    """Likelihood of the satellites' being as they are, if the key is on or off."""
    whole = np.ones(CHAINS)
    for one in satellites:
        prior = float((problem.prior_with_key if on else problem.prior)[one])
        whole *= np.where(now[one] >= 0, prior, 1 - prior)
    return whole


def main(cases: int, sweeps: int) -> None:
    for patient in patients(HELD_OUT_KEY, cases):
        found = infer(with_findings(patient, 3)[0])
        chain, error = sampled(found.problem, sweeps, patient.key)
        apart = np.abs(chain - found.found.source)
        worst = int(apart.argmax())
        print(
            f"{len(found.problem.key)} sources, {len(found.problem.leak)} observations: largest "
            f"difference {apart[worst]:.4f} (standard error there {error[worst]:.4f}), "
            f"mean {apart.mean():.6f}"
        )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [3, 400][len(numbers) :]))
