"""Partial pooling of counts, beside a slow and obvious way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.targeting.complaints import complaints
from filiform.targeting.knowledge import (
    frequency,
    other_sources,
    parameters,
    referral_frequencies,
)
from filiform.targeting.network import network
from filiform.targeting.pooling import FeltCount, Pooling, fitted, log_evidence, pooled
from filiform.targeting.priors import active_of_any, by_complaint, by_muscle, counts, pooling

POOLING = Pooling(0.34, 11.6, 7.75)


def slow(cells: list[tuple[int, int]], pooling: Pooling) -> tuple[list[float], float]:
    """Every share of the muscle and every share of each complaint, one by one, on a grid."""
    grid = (np.arange(400) + 0.5) / 400
    a, b = pooling.mean * pooling.between, (1 - pooling.mean) * pooling.between
    weight, expected = np.zeros(400), np.zeros((400, len(cells)))
    for at, whole in enumerate(grid.tolist()):
        weight[at] = whole ** (a - 1) * (1 - whole) ** (b - 1)
        c, d = pooling.within * whole, pooling.within * (1 - whole)
        for cell, (felt, n) in enumerate(cells):
            density = grid ** (c + felt - 1) * (1 - grid) ** (d + n - felt - 1)
            whole_of_prior = math.gamma(c) * math.gamma(d) / math.gamma(c + d)
            weight[at] *= density.mean() / whole_of_prior
            expected[at, cell] = density @ grid / density.sum()
    weight /= weight.sum()
    return (weight @ expected).tolist(), float(weight @ grid)


@settings(max_examples=15, deadline=None)
@given(
    cells=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=3),
    mean=st.floats(0.3, 0.6),
)
def test_pooled_shares_are_those_of_every_combination_taken_one_by_one(
    cells: list[tuple[int, int]], mean: float
) -> None:
    some = [(felt, felt + more) for felt, more in cells]
    how = Pooling(mean, 9.0, 8.0)
    fast = pooled([FeltCount(*one) for one in some], how)
    told, whole = slow(some, how)
    assert fast.whole == pytest.approx(whole, abs=0.004)
    assert list(fast.cells) == pytest.approx(told, abs=0.01)


def test_none_of_18_lowers_a_muscle_without_forbidding_it_and_two_of_three_raise_it_a_little() -> (
    None
):
    (none,) = pooled([FeltCount(0, 18)], POOLING).cells
    (few,) = pooled([FeltCount(2, 3)], POOLING).cells
    (many,) = pooled([FeltCount(200, 300)], POOLING).cells
    assert 0.02 < none < 0.15
    assert POOLING.mean < few < 0.5
    assert many == pytest.approx(0.65, abs=0.02)


def test_a_muscle_never_counted_has_the_pooled_mean() -> None:
    assert pooled([], POOLING).whole == pytest.approx(POOLING.mean, abs=0.001)


def test_the_stored_pooling_is_where_the_counts_put_it_and_on_no_bound() -> None:
    """tools/targeting/pool.py writes it; a changed table of prevalence makes this fail."""
    units: dict[str, list[FeltCount]] = {}
    for (muscle, _), one in counts().items():
        units.setdefault(muscle, []).append(one)
    found = fitted(units, pooling())
    assert found.mean == pytest.approx(pooling().mean, abs=0.005)
    assert found.between == pytest.approx(pooling().between, rel=0.03)
    assert found.within == pytest.approx(pooling().within, rel=0.03)
    assert log_evidence(units.values(), found) > log_evidence(
        units.values(), Pooling(0.6, 2.0, 50.0)
    )


def test_a_fit_that_starts_far_away_ends_in_the_same_place() -> None:
    units = {
        "a": [FeltCount(8, 20), FeltCount(2, 20)],
        "b": [FeltCount(5, 10)],
        "c": [FeltCount(1, 30)],
    }
    near, far = fitted(units, POOLING), fitted(units, Pooling(0.9, 1.2, 950.0))
    assert far.mean == pytest.approx(near.mean, abs=0.01)
    assert far.within == pytest.approx(near.within, rel=0.05)


def chance(complaint: str, source: str) -> float:
    net = network()
    ones = (*net.sources[: net.sided // 2], *net.sources[net.sided :])
    place = [one.id for one in ones].index(source)
    return float(by_complaint()[list(complaints()).index(complaint), place])


def test_a_muscle_looked_for_and_not_found_is_less_likely_than_one_nobody_looked_for() -> None:
    """None of 18 with shoulder pain had an active deltoid or teres major: Ortega-Santiago 2020."""
    assert chance("shoulder-pain", "teres-major") < chance("shoulder-pain", "deltoid-anterior")
    assert chance("shoulder-pain", "infraspinatus") > chance("shoulder-pain", "deltoid-anterior")


def test_a_complaint_without_counts_still_tells_near_muscles_from_far_ones() -> None:
    assert chance("hip-pain", "gluteus-minimus") > 5 * chance("hip-pain", "temporalis")
    assert chance("hip-pain", "hip-joint") > 20 * chance("hip-pain", "temporomandibular")


def test_counts_of_another_complaint_hold_where_they_are_said_to() -> None:
    muscle = "vastus-medialis"
    both = chance("knee-osteoarthritis", muscle) + chance("kneecap-pain", muscle)
    assert chance("knee-pain", muscle) == pytest.approx(both / 2)


def test_organs_differ_and_serious_ones_are_rare() -> None:
    assert chance("chest-wall-pain", "heart") > 5 * chance("chest-wall-pain", "aorta-thoracic")
    aorta = [v for (s, c), v in other_sources().items() if s.startswith("aorta") and not c]
    assert sum(aorta) < 0.001
    others = {one.id for one in network().sources if not one.muscular}
    assert {source for source, _ in other_sources()} == others


def test_rows_that_count_something_else_than_a_muscle_are_left_out() -> None:
    """Share of referrals reproduced, both sides of a muscle for which patients were chosen."""
    assert ("external-oblique", "pelvic-pain") not in counts()
    assert counts()["infraspinatus", "shoulder-pain"].n < 297
    assert 0.3 < active_of_any() < 0.5
    assert "knee-osteoarthritis" in by_muscle()["popliteus"][0]


def test_a_counted_zone_is_held_by_the_pooled_value_and_others_have_it() -> None:
    assert frequency("soleus", "essential") == pytest.approx(parameters().essential)
    assert frequency("infraspinatus", "essential") == pytest.approx((10 + 7.7) / 22)
    assert frequency("infraspinatus", "local") < parameters().over_itself
    essential = [row for row in referral_frequencies() if row.zone == "essential"]
    share = sum(row.felt for row in essential) / sum(row.n for row in essential)
    assert share == pytest.approx(parameters().essential, abs=0.02)
