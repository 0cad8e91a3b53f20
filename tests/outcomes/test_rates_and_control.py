"""Rates and control charts against slow, obvious references and published examples."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import exp, lgamma, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.outcomes.control import chance_to_reach, change_point, cusum, g_chart
from filiform.outcomes.rates import Z_95, rate, standing, wilson

COUNTS = st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS)
def test_wilsons_bounds_are_the_shares_that_what_was_seen_just_does_not_refute(counts) -> None:
    events, of = counts
    low, high = wilson(events, of)
    assert 0 <= low <= events / of <= high <= 1
    for bound in {low, high} - {0.0, 1.0}:
        distance = abs(events / of - bound)
        assert distance == pytest.approx(Z_95 * sqrt(bound * (1 - bound) / of), abs=1e-9)


def test_published_intervals_come_out_as_printed() -> None:
    # Newcombe RG. Stat Med 1998;17:857-72, table I, method 3 (the score without correction).
    for events, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        assert wilson(events, of) == pytest.approx((low, high), abs=5e-5)
    # Brady 2014: no significant event in 7,629 treatments, "<= 0.04 %".
    assert rate(0, 7629).high == pytest.approx(0.0004, abs=1e-5)


@given(st.integers(1, 5000))
def test_the_rule_of_three_is_never_more_hopeful_than_the_exact_bound(of) -> None:
    exact = 1 - 0.05 ** (1 / of)  # the share at which seeing none has a chance of 5 %
    assert exact <= rate(0, of).high <= 1


def test_no_chances_at_all_tell_nothing_and_more_events_than_chances_are_refused() -> None:
    assert (rate(0, 0).share, rate(0, 0).high) == (None, 1.0)
    with pytest.raises(ValueError, match="got 3 of 2"):
        rate(3, 2)


def test_a_clinic_is_called_worse_only_where_the_intervals_part() -> None:
    published = rate(20, 20494)
    cases = (
        (rate(3, 20), "too-few"), (rate(0, 200), "alike"), (rate(1, 500), "alike"),
        (rate(6, 400), "higher"), (rate(1, 60000), "lower"),
    )  # fmt: skip
    for ours, expected in cases:
        assert standing(ours, published) == expected, ours


# --- charts ---


def test_a_g_charts_limits_hold_what_they_promise() -> None:
    for share in (0.3, 0.05, 0.001):
        chart = g_chart([], share)

        def within(gap: int, share: float = share) -> float:
            return 1 - (1 - share) ** gap

        assert within(chart.low) <= 0.005 < within(chart.low + 1), share
        assert 1 - within(chart.high - 1) <= 0.005 < 1 - within(chart.high - 2), share
        assert within(round(chart.middle)) == pytest.approx(0.5, abs=0.1 if share > 0.2 else 0.02)


def test_a_rate_that_no_limit_can_rest_on_is_refused() -> None:
    for share in (0, 1, 1.2):
        with pytest.raises(ValueError, match=f"got {share}; allowed: between 0 and 1"):
            g_chart([], share)
    for share, times in ((0.6, 2), (0, 2), (0.1, 1)):
        with pytest.raises(ValueError, match="lie between 0 and 1"):
            cusum([], share, times)


def test_two_rare_events_on_one_day_are_a_sign_and_a_long_peace_is_one_too() -> None:
    chart = g_chart([False] * 900 + [True, True] + [False] * 6000 + [True], 0.001)
    assert [(gap.at, gap.gap, gap.sign) for gap in chart.gaps] == [
        (901, 901, ""), (902, 1, "sooner"), (6903, 6001, "later")
    ]  # fmt: skip
    assert chart.gaps[1].luck == pytest.approx(0.001)


@given(st.lists(st.booleans(), max_size=120))
def test_the_gaps_of_a_g_chart_add_up_to_the_last_event(events) -> None:
    gaps = g_chart(events, 0.1).gaps
    assert len(gaps) == sum(events)
    assert sum(gap.gap for gap in gaps) == max((i for i, e in enumerate(events, 1) if e), default=0)


@given(st.integers(1, 9), st.integers(1, 6), st.fractions("1/20", "3/5"), st.integers(2, 5))
def test_the_chance_of_a_false_alarm_is_that_of_trying_every_course(
    treatments, height, share, per_event
) -> None:
    slow = Fraction(0)
    for course in product((False, True), repeat=treatments):
        at, reached = 0, False
        for happened in course:
            at = max(0, at + (per_event - 1 if happened else -1))
            reached |= at >= height
        slow += reached * share ** sum(course) * (1 - share) ** (treatments - sum(course))
    fast = chance_to_reach(height, treatments, float(share), per_event)
    assert fast == pytest.approx(float(slow), abs=1e-9)


def test_a_doubled_rate_rings_and_says_since_when_while_a_steady_one_is_quiet() -> None:
    steady = [number % 20 == 0 for number in range(400)]
    doubled = steady + [number % 5 == 0 for number in range(100)]
    assert not cusum(steady, 0.05).rings
    found = cusum(doubled, 0.05)
    assert found.rings
    assert 375 <= (found.since or 0) <= 405


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.data())
def test_one_event_more_never_lowers_the_cusum(events, data) -> None:
    at = data.draw(st.integers(0, len(events) - 1))
    more = [*events[:at], True, *events[at + 1 :]]
    assert cusum(more, 0.1).highest >= cusum(events, 0.1).highest
    assert cusum(more, 0.1).luck <= cusum(events, 0.1).luck + 1e-12


def slow_change(events: list[bool]) -> float:
    """The same by one loop over every place of the change."""

    def evidence(part: list[bool]) -> float:
        a, b = sum(part) + 0.5, len(part) - sum(part) + 0.5
        log = lgamma(a) + lgamma(b) - lgamma(a + b) - (2 * lgamma(0.5) - lgamma(1))
        return exp(log)

    cuts = range(1, len(events))
    changed = sum(evidence(events[:cut]) * evidence(events[cut:]) for cut in cuts) / len(cuts)
    return changed / (changed + evidence(events))


@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_the_probability_of_a_change_is_that_of_weighing_every_place(events) -> None:
    found = change_point(events)
    assert found is not None
    assert found.probability == pytest.approx(slow_change(events), abs=1e-9)
    assert 2 <= found.first <= found.at <= found.last <= len(events) or found.probability < 0.9


def test_a_change_is_found_where_it_is_and_none_is_found_in_peace() -> None:
    found = change_point([n % 50 == 0 for n in range(500)] + [n % 5 == 0 for n in range(150)])
    assert found is not None
    assert found.probability > 0.99
    assert found.first <= 501 <= found.last
    assert found.after > 5 * found.before
    peace = change_point([False] * 300)
    assert peace is not None
    assert peace.probability < 0.5
    assert change_point([True]) is None
