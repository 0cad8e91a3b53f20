"""Observed beside expected: fair to who treats the long-standing, and silent where few are."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.outcomes.casemix import (
    CaseMix,
    _scaled,
    at_most,
    chance,
    fit,
    observed_expected,
    poisson_bounds,
)


def clinic(seed: int, many: int = 300) -> list[CaseMix]:
    """Who has had it for long gets better less often, whoever treats."""
    dice = np.random.default_rng(seed)
    made = []
    for _ in range(many):
        before, months = dice.uniform(2, 9), float(np.exp(dice.normal(1.8, 1.2)))
        age = float(dice.uniform(18, 80))
        odds = 0.4 * (before - 5) - 0.9 * np.log(months / 6)
        better = bool(dice.random() < 1 / (1 + exp(-odds)))
        made.append(CaseMix(before=before, better=better, months=months, age_years=age))
    return made


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_fit_is_what_a_general_optimiser_finds(seed):
    courses = clinic(seed, 160)
    model = fit(courses)
    if not model.adjusted:
        return
    rows = np.array([_scaled(one) for one in courses])
    better = np.array([one.better for one in courses], float)

    from scipy.optimize import minimize  # half a second, which collecting need not wait for

    def cost(b):
        line = rows @ b
        return np.logaddexp(0, line).sum() - better @ line + (b[1:] ** 2).sum() / 2

    slow = minimize(cost, np.zeros(4), method="Nelder-Mead",
                    options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 20_000}).x  # fmt: skip
    assert model.coefficients == pytest.approx(tuple(slow), abs=1e-4)


def test_who_treats_the_long_standing_is_compared_with_the_long_standing():
    courses = clinic(3)
    model = fit(courses)
    assert model.adjusted
    hard = [one for one in courses if one.months > 12]
    easy = [one for one in courses if one.months < 3]
    raw = [sum(one.better for one in some) / len(some) for some in (hard, easy)]
    assert raw[1] - raw[0] > 0.3, "raw shares make the first look far worse"
    for some in (hard, easy):
        found = observed_expected(model, some)
        assert found.low < 1 < found.high
    whole = observed_expected(model, courses)
    assert whole.observed == pytest.approx(whole.expected), "over all both agree"


def test_with_few_courses_everybody_is_expected_at_the_mean_and_the_row_is_marked():
    courses = clinic(1, 40)
    model = fit(courses)
    assert not model.adjusted
    assert len({chance(model, one) for one in courses}) == 1
    assert observed_expected(model, courses[:10]).few
    assert fit([]) is None
    unknown = fit([CaseMix(before=5, better=True)])
    assert unknown.unknown == 1
    none_better = fit([CaseMix(before=5, better=False)])
    found = observed_expected(none_better, [CaseMix(before=5, better=False)])
    assert (found.expected, found.ratio, found.low) == (0, None, None)


def test_the_bounds_of_a_count_are_the_published_exact_ones():
    from scipy.stats import chi2

    assert poisson_bounds(0)[0] == 0
    for events in (0, 1, 5, 10, 100):
        low, high = poisson_bounds(events)
        if events:
            assert low == pytest.approx(chi2.ppf(0.025, 2 * events) / 2, abs=1e-6)
        assert high == pytest.approx(chi2.ppf(0.975, 2 * events + 2) / 2, abs=1e-6)
    assert at_most(3, 0) == 1
    with pytest.raises(ValueError, match="allowed: 0 or more"):
        poisson_bounds(-1)
