"""Observed beside expected: would these patients have done as well elsewhere in the clinic?

Whoever treats the long-standing and the mild sees fewer get better, and is no worse for it. A
model of the clinic's own courses says how many of a group's patients are expected to get better,
given first score, duration and age; the ratio of observed to expected has an interval.

    log odds of better = b0 + b1 first score + b2 log duration + b3 age        (logistic)

The slopes are held near 0 by a ridge (a normal prior of standard deviation 1 on each, per scaled
unit), so that few courses move them little; b0 is free, so that expected and observed agree over
all. Below ten of the rarer outcome for each coefficient there are too few to adjust by
(Peduzzi P. J Clin Epidemiol 1996;49:1373-9): then everybody is expected at the clinic's mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import exp, lgamma, log

import msgspec
import numpy as np

from filiform.arrays import Floats
from filiform.outcomes.rates import FEW

EVENTS_PER_COEFFICIENT = 10
"""Of the rarer outcome (Peduzzi 1996)."""
COEFFICIENTS = 4
PRIOR_SD = 1.0
"""Of a slope, per scaled unit (design value)."""
TAIL = 0.025
ROUNDS = 25
SCORE_AT, SCORE_BY = 5.0, 2.0
AGE_AT, AGE_BY = 45.0, 15.0
MONTHS_AT, MONTHS_BY = 6.0, 1.5
"""Where a covariate is 0, and what counts as one unit of it; of months in natural logarithms
(design values, near the middle and the spread of patients of such clinics)."""


class CaseMix(msgspec.Struct, frozen=True, kw_only=True):
    """One followed course. before: first score, 0 to 10. months: duration of the pain, age_years;
    None where the record doesn't say: then the middle is taken."""

    before: float
    better: bool
    months: float | None = None
    age_years: float | None = None


class CaseMixModel(msgspec.Struct, frozen=True):
    """coefficients: intercept, score, duration, age, per scaled unit. adjusted: False where there
    were too few courses and everybody is expected at the mean. courses, better: what it rests on.
    unknown: courses without duration or age, for which the middle was taken."""

    coefficients: tuple[float, float, float, float]
    adjusted: bool
    courses: int
    better: int
    unknown: int


class ObservedExpected(msgspec.Struct, frozen=True):
    """ratio: observed over expected; 1 is as expected. low, high: exact Poisson, 95 %. None where
    nothing is expected. few: too few courses for more than the interval."""

    observed: int
    expected: float
    of: int
    ratio: float | None
    low: float | None
    high: float | None
    few: bool


def fit(courses: Sequence[CaseMix]) -> CaseMixModel | None:
    """The model of some courses; None without any. Newton's steps on the penalised likelihood."""
    if not courses:
        return None
    better = sum(one.better for one in courses)
    rarer = min(better, len(courses) - better)
    unknown = sum(one.months is None or one.age_years is None for one in courses)
    adjusted = rarer >= EVENTS_PER_COEFFICIENT * COEFFICIENTS
    if not adjusted:
        return CaseMixModel((0.0, 0.0, 0.0, 0.0), False, len(courses), better, unknown)
    a, b, c, d = _newton(
        np.array([_scaled(one) for one in courses]),
        np.array([one.better for one in courses], float),
    )
    return CaseMixModel((a, b, c, d), True, len(courses), better, unknown)


def _scaled(one: CaseMix) -> tuple[float, float, float, float]:
    # Three days at least: nothing has no logarithm.
    months = MONTHS_AT if one.months is None else max(one.months, 0.1)
    age = AGE_AT if one.age_years is None else one.age_years
    return (
        1.0,
        (one.before - SCORE_AT) / SCORE_BY,
        log(months / MONTHS_AT) / MONTHS_BY,
        (age - AGE_AT) / AGE_BY,
    )


def _newton(rows: Floats, better: Floats) -> tuple[float, float, float, float]:
    # No penalty on the intercept: the clinic's own mean is not to be shrunk.
    penalty = np.diag([0.0, *[1 / PRIOR_SD**2] * 3])
    found = np.zeros(COEFFICIENTS)
    # The penalised likelihood has one summit, and Newton's steps are on it long before the last.
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (better - expected) - penalty @ found
        curve = (rows * (expected * (1 - expected))[:, None]).T @ rows + penalty
        found = found + np.linalg.solve(curve, slope)
    a, b, c, d = (float(one) for one in found)
    return a, b, c, d


def chance(model: CaseMixModel, one: CaseMix) -> float:
    """Of getting better, for a patient like this in the clinic as a whole, from 0 to 1."""
    if not model.adjusted:
        return model.better / model.courses
    odds = sum(b * x for b, x in zip(model.coefficients, _scaled(one), strict=True))
    return 1 / (1 + exp(-odds))


def observed_expected(model: CaseMixModel, group: Iterable[CaseMix]) -> ObservedExpected:
    """A group beside what the model expects of its patients.

    The counts of a group are taken for Poisson, which makes the interval wider than it has to be:
    nobody is called different by luck.
    """
    courses = list(group)
    observed = sum(one.better for one in courses)
    expected = sum(chance(model, one) for one in courses)
    few = len(courses) < FEW
    if expected <= 0:
        return ObservedExpected(observed, expected, len(courses), None, None, None, few)
    low, high = poisson_bounds(observed)
    return ObservedExpected(
        observed, expected, len(courses), observed / expected, low / expected, high / expected, few
    )


def poisson_bounds(events: int) -> tuple[float, float]:
    """The means for which seeing so few, or so many, has a chance of 2.5 % (Garwood F. Biometrika
    1936;28:437-42). Found by halving: the chance falls as the mean rises."""
    if events < 0:
        raise ValueError(f"events: got {events}; allowed: 0 or more")
    # Ten standard deviations above what was seen: neither bound lies beyond.
    top = events + 10.0 * (events + 1) ** 0.5 + 10.0
    low = 0.0 if events == 0 else _root(lambda mean: at_most(events - 1, mean) - (1 - TAIL), top)
    return low, _root(lambda mean: at_most(events, mean) - TAIL, top)


def at_most(events: int, mean: float) -> float:
    """The chance of so many events or fewer, for a Poisson mean."""
    if mean <= 0:
        return 1.0
    # By logarithms: powers and factorials of some hundred overflow.
    return sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(events + 1))


def _root(falling: Callable[[float], float], top: float) -> float:
    low, high = 0.0, top
    # Halved so often, what is left is less than a float can hold.
    for _ in range(80):
        middle = (low + high) / 2
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
