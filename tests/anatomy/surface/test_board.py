"""The board on which planned points and needles are tapped: nothing lies over anything else."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface.board import (
    COLUMNS,
    FILLED,
    MOST_PANELS,
    LabelledPlace,
    board_of,
    facing,
    spread,
)
from filiform.anatomy.surface.spots import site_spot

SITES = sorted(
    {
        (muscle.trigger_points[0].site_point, side)
        for muscle in atlas().muscles.values()
        if muscle.trigger_points
        for side in ("left", "right")
    }
)
places = st.lists(
    st.tuples(st.floats(0, 7, allow_nan=False), st.floats(0, 4, allow_nan=False)), max_size=22
)


def crossing(one, other) -> bool:
    """Whether two lines, each from place to label, cross inside both."""

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < -1e-9 and side(c, d, a) * side(c, d, b) < -1e-9


@given(places)
@settings(max_examples=60, deadline=None)
def test_labels_never_overlap_stay_on_the_board_and_their_lines_never_cross(at):
    centres, free = spread(at, 7, 4)
    for (x, y), (other_x, other_y) in combinations([*centres, *free], 2):
        assert max(abs(x - other_x), abs(y - other_y)) >= 1
    assert all(0.5 <= x <= 6.5 and 0.5 <= y <= 3.5 for x, y in centres)
    assert len(centres) + len(free) == 28
    lines = list(zip(at, centres, strict=True))
    assert not any(crossing(one, other) for one, other in combinations(lines, 2))


@given(places.filter(bool))
@settings(max_examples=40, deadline=None)
def test_the_lines_are_hardly_longer_than_the_shortest_that_there_can_be(at):
    centres, free = spread(at, 7, 4)
    every = sorted([*centres, *free])
    cost = [[((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b in every] for x, y in at]
    shortest = sum(
        cost[row][column] for row, column in zip(*linear_sum_assignment(cost), strict=True)
    )
    drawn = sum(
        ((x - a) ** 2 + (y - b) ** 2) ** 0.5 for (x, y), (a, b) in zip(at, centres, strict=True)
    )
    # A slot that hides a place costs one more: so a line may be longer by one slot each.
    assert drawn <= shortest * 1.15 + len(at)


def test_more_places_than_slots_are_an_error_that_says_both_numbers():
    with pytest.raises(ValueError, match="9 places need as many slots; there are 8"):
        spread([(0, 0)] * 9, 4, 2)


@given(st.lists(st.sampled_from(SITES), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_every_place_of_the_atlas_is_in_the_picture_that_is_shown_of_it(sites):
    marks = [LabelledPlace(number, site_spot(*site)) for number, site in enumerate(sites)]
    board = board_of(marks)
    assert sorted(label.key for panel in board.panels for label in panel.labels) == list(
        range(len(marks))
    )
    assert 1 <= len(board.panels) <= MOST_PANELS
    taken = set()
    for panel in board.panels:
        assert panel.columns + panel.column <= COLUMNS
        assert panel.rows + panel.row <= board.rows
        assert len(panel.labels) <= FILLED * panel.columns * panel.rows
        assert abs(panel.crop[2] / panel.crop[3] - panel.columns / panel.rows) < 1e-6
        cells = {
            (x, y)
            for x in range(panel.column, panel.column + panel.columns)
            for y in range(panel.row, panel.row + panel.rows)
        }
        assert not taken & cells, "two pictures lie over each other"
        taken |= cells
        for label in panel.labels:
            assert 0 <= label.place[0] <= panel.columns
            assert 0 <= label.place[1] <= panel.rows


def views(*sites):
    marks = [LabelledPlace(number, site_spot(*site)) for number, site in enumerate(sites)]
    return [panel.view for panel in board_of(marks).panels]


def test_the_picture_is_chosen_by_where_the_needles_are():
    blade = ("infraspinous-fossa-center", "right")
    assert views(blade) == ["back"]
    assert views(blade, ("infraspinous-fossa-center", "left")) == ["back"], "one picture for both"
    assert views(("heel-plantar", "left"))[0].startswith("foot-sole")
    far = views(blade, ("heel-plantar", "left"))
    assert len(far) == 2, "shoulder and sole get a picture each"
    assert facing("back", site_spot(*blade)) > 0.5 > facing("front", site_spot(*blade))


def test_the_same_places_give_the_same_board_every_time():
    marks = [LabelledPlace(number, site_spot(*site)) for number, site in enumerate(SITES[:12])]
    assert board_of(marks) == board_of(list(marks))


def test_without_places_there_is_no_picture():
    assert board_of([]).panels == ()
