"""The chart of pain: nothing leaves its box, nothing is hidden from a reader who can't see it."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.clinic.progress.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, PainPoint, draw

KINDS = ["now", "worst", "average", "after", "soreness"]

moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is added by the strategy
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
series = st.lists(
    st.builds(PainPoint, at=moments, kind=st.sampled_from(KINDS), nprs=st.integers(0, 10)),
    max_size=60,
)
goals = st.none() | st.floats(-20, 20)


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


@given(points=series, goal=goals)
def test_every_rating_is_drawn_and_stays_inside_the_axes(points, goal):
    chart = draw(points, goal_nprs=goal)
    if not points:
        assert chart is None
        return
    assert len(chart.marks) == len(points)
    for mark in chart.marks:
        assert LEFT <= mark.x <= WIDTH - RIGHT
        assert TOP <= mark.y <= HEIGHT - BOTTOM
    for _, path in chart.lines:
        for x, y in zip(*[iter(numbers(path))] * 2, strict=True):
            assert LEFT <= x <= WIDTH - RIGHT
            assert TOP <= y <= HEIGHT - BOTTOM
    if chart.goal:
        assert TOP <= float(chart.goal) <= HEIGHT - BOTTOM


@given(points=series)
def test_labels_of_days_stand_apart_and_the_ends_are_labelled(points):
    chart = draw(points)
    if chart is None:
        return
    places = [tick.place for tick in chart.days]
    assert places == sorted(places)
    days = {mark.at.date() for mark in chart.marks}
    assert {min(days), max(days)} <= {tick.day for tick in chart.days}
    if len(places) > 2:
        assert min(b - a for a, b in itertools.pairwise(places)) >= 80


@given(points=series)
def test_later_is_never_left_of_earlier(points):
    chart = draw(points)
    if chart is None:
        return
    marks = sorted(chart.marks, key=lambda mark: mark.at)
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)


@given(a=st.integers(0, 10), b=st.integers(0, 10))
def test_more_pain_stands_higher(a, b):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    chart = draw([PainPoint(at, "now", a), PainPoint(at, "worst", b)])
    height = {mark.kind: -mark.y for mark in chart.marks}
    assert (height["now"] > height["worst"]) == (a > b)


@pytest.mark.parametrize("nprs", [-1, 11])
def test_a_rating_outside_the_scale_is_refused(nprs):
    with pytest.raises(ValueError, match="0 to 10"):
        PainPoint(datetime(2026, 1, 1, tzinfo=UTC), "now", nprs)


def test_every_kind_of_rating_has_a_shape_of_its_own():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    chart = draw([PainPoint(at, kind, 5) for kind in KINDS])
    assert len({mark.shape for mark in chart.marks}) == len(KINDS)
