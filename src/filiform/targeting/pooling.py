"""Partial pooling of counts: what a few patients say, held by what all others say.

    share of a muscle on the whole   pi_m ~ Beta(mean * between, (1 - mean) * between)
    its share in one complaint       p_mc ~ Beta(within * pi_m, within * (1 - pi_m))
    counted                          k_mc ~ Binomial(n_mc, p_mc)

p_mc is summed exactly (beta-binomial), pi_m over a fine grid. So none of 18 lowers a muscle without
forbidding it, and two of three raise it a little. Counts need not be whole: a study that counted
active and latent points together counts for less.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from filiform.arrays import Floats

GRID = 240
# Middles of cells: at 0 and 1 the prior's logarithm is not finite.
GRID_POINTS: Floats = (np.arange(GRID) + 0.5) / GRID
USUAL, SPREAD = 6.0, 1.0
"""So many patients, times or by e: how alike units and cells are thought to be before counting."""
MOST_ALIKE = 1000.0
"""Beyond it differences of log-gammas lose their digits; nothing may be fitted so far out."""
log_gamma = np.vectorize(math.lgamma, otypes=[float])
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class FeltCount:
    """felt of n; both may be fractions. 0 <= felt <= n."""

    felt: float
    n: float


@dataclass(frozen=True)
class Pooling:
    """mean: of all units, 0 to 1. between: how alike units are, within: how alike the cells of one
    unit are; both as numbers of patients that the pooled value is worth."""

    mean: float
    between: float
    within: float


@dataclass(frozen=True)
class Pooled:
    """cells: expected share of each cell that was counted. whole: expected share of the unit."""

    cells: tuple[float, ...]
    whole: float


def pooled(counts: Iterable[FeltCount], pooling: Pooling) -> Pooled:
    """Expected shares of one unit, given the counts in its cells. No counts give the mean."""
    counted = tuple(counts)
    log = _log_prior(pooling) + _log_counted(counted, pooling.within)
    # Less the largest first: counts of many patients would underflow to nothing but zeros.
    weight = np.exp(log - log.max())
    weight = weight / weight.sum()
    alpha = pooling.within * GRID_POINTS
    # The mean of each cell's beta after its counts, over all that the muscle's share may be.
    cells = [float(weight @ ((alpha + one.felt) / (pooling.within + one.n))) for one in counted]
    return Pooled(tuple(cells), float(weight @ GRID_POINTS))


def log_evidence(units: Iterable[Iterable[FeltCount]], pooling: Pooling) -> float:
    """Natural logarithm of the probability of all counts, but for a constant."""
    prior = np.exp(_log_prior(pooling))
    prior = prior / prior.sum()
    total = 0.0
    for counts in units:
        log = _log_counted(tuple(counts), pooling.within)
        most = float(log.max())
        total += most + math.log(float(prior @ np.exp(log - most)))
    return total


def fitted(units: Mapping[Key, Iterable[FeltCount]], start: Pooling) -> Pooling:
    """Empirical Bayes: the most probable pooling given the counts.

    A pattern search from `start` in logit and logarithms, with halving steps; deterministic. Few
    muscles were counted in two complaints, so the counts alone would let `within` run away: both
    alikenesses are held by a wide prior about `USUAL` (design value).
    """
    counts = [tuple(unit) for unit in units.values()]

    def judged(at: Floats) -> float:
        # Worth less than one patient the prior is U-shaped: every muscle nearly always or never.
        if not (at[1:].min() >= 0 and at[1:].max() <= math.log(MOST_ALIKE)):
            return -math.inf
        apart = (at[1:] - math.log(USUAL)) / SPREAD
        return log_evidence(counts, _pooling(at)) - float(apart @ apart) / 2

    best = np.array([_logit(start.mean), math.log(start.between), math.log(start.within)])
    most = judged(best)
    step = 1.0
    while step > 0.01:
        moved = False
        for axis in range(3):
            for way in (-step, step):
                tried = best.copy()
                tried[axis] += way
                found = judged(tried)
                # A gain within rounding is none; the search would creep on instead of halving its
                # step.
                if found > most + 1e-9:
                    best, most, moved = tried, found, True
        if not moved:
            step /= 2
    return _pooling(best)


def _pooling(at: Floats) -> Pooling:
    mean, between, within = at.tolist()
    return Pooling(1 / (1 + math.exp(-mean)), math.exp(between), math.exp(within))


def _logit(chance: float) -> float:
    return math.log(chance / (1 - chance))


def _log_prior(pooling: Pooling) -> Floats:
    a, b = pooling.mean * pooling.between, (1 - pooling.mean) * pooling.between
    log = (a - 1) * np.log(GRID_POINTS) + (b - 1) * np.log1p(-GRID_POINTS)
    return np.asarray(log - log.max())


def _log_counted(counts: tuple[FeltCount, ...], within: float) -> Floats:
    """(GRID): log of the beta-binomial probability of the counts, but for the binomial factor."""
    log = np.zeros(GRID)
    a, b = within * GRID_POINTS, within * (1 - GRID_POINTS)
    for one in counts:
        log += log_gamma(a + one.felt) - log_gamma(a)
        log += log_gamma(b + one.n - one.felt) - log_gamma(b)
        log += math.lgamma(within) - math.lgamma(within + one.n)
    return log
