"""The picture about one place: the needle's way in it, and what lies beside it."""

from __future__ import annotations

import re

from filiform.anatomy.surface import close_up as room
from filiform.anatomy.surface.close_up import close_up, moved
from filiform.anatomy.surface.flat import best_view, flat_view
from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.spots import site_spot

ACROSS, DOWN, IN, OUT = (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)
"""On the back, as the body has it: to its left, to its feet, to its front, to behind."""


def between_the_shoulder_blades() -> Spot:
    return site_spot("interscapular-mid", "left")


def arrow(svg: str) -> tuple[float, float]:
    """How far an arrow's tip lies to the right of and below its start."""
    x, y, to_x, to_y = map(
        float, re.search(r'class="heading" d="M(\S+) (\S+)L(\S+) ([\d.-]+)', svg).groups()
    )
    return to_x - x, to_y - y


def test_the_place_stands_in_the_middle_of_its_picture() -> None:
    spot = between_the_shoulder_blades()
    svg = close_up(spot, label="Left <side>", shade="/shade.webp")
    x, y, wide, high = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    assert (wide, x + wide / 2, y + high / 2) == (high, *found_at(svg))
    assert 'role="img" aria-label="Left &lt;side&gt;"' in svg
    assert 'href="/shade.webp"' in svg
    plain = close_up(spot)
    assert 'aria-hidden="true"' in plain
    assert "image" not in plain
    assert "heading" not in plain, "straight in: no arrow"


def found_at(svg: str) -> tuple[float, float]:
    return tuple(float(re.search(rf'data-{axis}="(\S+)"', svg)[1]) for axis in "xy")


def test_an_arrow_points_as_seen_and_what_goes_straight_in_or_out_is_a_ring() -> None:
    spot = between_the_shoulder_blades()
    assert best_view(spot) == "back"
    right, down = arrow(close_up(spot, heading=ACROSS))
    assert abs(down) < 1
    assert right < 0, "from behind the body's left is on the left"
    right, down = arrow(close_up(spot, heading=DOWN))
    assert abs(right) < 1
    assert down > 0
    assert 'class="heading away"' in close_up(spot, heading=IN)
    assert 'class="heading towards"' in close_up(spot, heading=OUT)


def test_further_places_are_marked_where_the_view_shows_them() -> None:
    spot = between_the_shoulder_blades()
    near, far = moved(spot, down_cm=4), site_spot("thigh-anterior-mid", "left")
    assert flat_view("back").place(far) is None
    svg = close_up(spot, others=[(near, "2"), (far, "3")])
    assert ">2</text>" in svg
    assert ">3</text>" not in svg


def test_a_place_is_moved_along_the_skin_and_stays_where_that_would_be_beside_the_body() -> None:
    spot = between_the_shoulder_blades()
    lower = moved(spot, down_cm=3)
    view = flat_view(best_view(spot))
    assert view.place(lower)[1] - view.place(spot)[1] > 2.5 * view.scale
    assert moved(spot, right_cm=500) == spot
    assert moved(spot, down_cm=3, view="front") == spot, "the front does not show it"


def test_only_regions_that_touch_the_picture_are_drawn() -> None:
    assert room._box("M10 20l5 5 -10 0M0 0l1 1") == (0, 0, 15, 25)
    drawn = close_up(between_the_shoulder_blades()).count('class="region"')
    assert 0 < drawn < len(flat_view("back").regions) / 2
