"""Soreness between two answers: what is known, what is not, and what most of a clinic is told."""

from __future__ import annotations

import itertools
from math import inf, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import check_each

from filiform.outcomes.soreness import (
    GoneBetween,
    SoreAnswer,
    gone_between,
    shares_gone,
    turnbull,
)

COURSES = {
    "sore for a day, free after three": ([(24, 3), (72, 0), (168, 0)], (24, 72)),
    "never sore": ([(24, 0)], (0, 24)),
    "still sore": ([(24, 3), (168, 1)], (168, None)),
    "came back": ([(24, 0), (72, 2), (168, 0)], (72, 168)),
    "asked in another order": ([(72, 0), (24, 1)], (24, 72)),
}


def test_soreness_went_between_the_last_answer_with_it_and_the_first_without() -> None:
    def check(name: str) -> None:
        answers, (after, by) = COURSES[name]
        assert gone_between([SoreAnswer(*one) for one in answers]) == GoneBetween(after, by)

    check_each(COURSES, check)
    assert gone_between([]) is None
    with pytest.raises(ValueError, match="got 11 at 24 h"):
        gone_between([SoreAnswer(24, 11)])


def likelihood(cells, intervals) -> float:
    """Log chance of the intervals: every cell that lies whole inside counts."""
    total = 0.0
    for one in intervals:
        by = inf if one.by is None else one.by
        inside = sum(mass for low, high, mass in cells if one.after <= low and high <= by)
        total += log(max(inside, 1e-300))
    return total


def slow(intervals, last: int, rounds: int = 3000):
    """The same by its definition: an hour is a cell, and mass goes round until it rests."""
    edges = [*range(last + 1), inf]
    cells = [(low, high, 1 / len(edges)) for low, high in itertools.pairwise(edges)]
    for _ in range(rounds):
        fresh = [0.0] * len(cells)
        for one in intervals:
            by = inf if one.by is None else one.by
            mine = [n for n, (low, high, _m) in enumerate(cells) if one.after <= low and high <= by]
            whole = sum(cells[n][2] for n in mine)
            for n in mine:
                fresh[n] += cells[n][2] / whole / len(intervals)
        cells = [(low, high, mass) for (low, high, _), mass in zip(cells, fresh, strict=True)]
    return cells


gone = st.tuples(st.integers(0, 6), st.integers(1, 4) | st.none()).map(
    lambda pair: GoneBetween(pair[0], None if pair[1] is None else pair[0] + pair[1])
)


@settings(max_examples=15, deadline=None)
@given(st.lists(gone, min_size=1, max_size=5))
def test_no_other_distribution_makes_the_answers_more_likely(intervals):
    fast = turnbull(intervals)
    assert sum(mass for *_cell, mass in fast) == pytest.approx(1)
    found = likelihood(fast, intervals)
    begun = likelihood(turnbull(intervals, rounds=1), intervals)
    assert found >= begun - 1e-9, "each round makes the answers more likely"
    assert found >= likelihood(slow(intervals, 10, 400), intervals) - 1e-3


@settings(max_examples=60, deadline=None)
@given(st.lists(gone, min_size=1, max_size=12))
def test_the_estimate_lies_between_what_is_certain_and_what_is_possible_and_never_falls(intervals):
    shares = shares_gone(intervals, range(12))
    for one in shares:
        assert one.certain.events <= one.possible.events
        assert one.certain.events / one.certain.of <= one.estimate + 1e-9
        assert one.estimate <= one.possible.events / one.possible.of + 1e-9
        assert one.low <= one.estimate + 1e-9
    estimates = [one.estimate for one in shares]
    assert all(b >= a - 1e-6 for a, b in itertools.pairwise(estimates))
    assert shares_gone([], [24]) == ()
