"""The flat views: what they show, where a tap lands, and what the picture says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from tests.tables import in_one_test

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import (
    BodyDrawing,
    Layer,
    PatchWeights,
    draw,
    empty,
    patchwork,
    places,
    surface,
)
from filiform.anatomy.surface.flat import CLOSE_UPS, VIEWS, Arcs, best_view, flat_view, main_view
from filiform.anatomy.surface.picture import PATTERNS, Pin, Zone, picture, plain_picture


def test_the_views_belong_to_this_release() -> None:
    from filiform.anatomy.surface.flat import _store

    assert str(_store()["release"]) == surface().release


def test_every_region_and_side_can_be_tapped_in_some_view() -> None:
    shown = {key for name in VIEWS for key in flat_view(name).regions}
    wanted = {
        (region.id, side)
        for region in atlas().regions.values()
        for side in (("left", "right") if region.sided else ("midline",))
    }
    assert wanted - shown <= {("pelvic-floor", "midline")}
    assert shown <= wanted


def area_of(path: str) -> float:
    """Area within an SVG path of straight relative steps, in square units."""
    total = 0.0
    for ring in path.split("z"):
        if not ring:
            continue
        numbers = [int(n) for n in re.findall(r"[+-]?\d+", ring)]
        points = np.array(numbers).reshape(-1, 2).cumsum(axis=0).astype(float)
        x, y = points.T
        total += float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2
    return abs(total)


@in_one_test("name", VIEWS)
def test_the_regions_of_a_view_tile_its_body(name: str) -> None:
    view = flat_view(name)
    regions = sum(area_of(path) for path in view.regions.values())
    assert regions == pytest.approx(area_of(view.outline), rel=0.02)


def test_left_and_right_are_mirror_images() -> None:
    for left, right in (("left", "right"), ("hand-palm-left", "hand-palm-right")):
        one, two = area_of(flat_view(left).outline), area_of(flat_view(right).outline)
        assert one == pytest.approx(two, rel=0.005)
    front = flat_view("front").regions
    for region, side in front:
        if side == "left":
            twin = area_of(front[region, "right"])
            assert area_of(front[region, "left"]) == pytest.approx(twin, rel=0.1, abs=30)


@pytest.mark.parametrize(
    ("landmark", "side", "view"),
    [
        ("acromion-tip", "right", "front"),
        ("patella-center", "left", "front"),
        ("infraspinous-fossa-center", "left", "back"),
        ("palm-center", "right", "hand-palm-right"),
        ("palm-center", "left", "hand-palm-left"),
    ],
)
def test_a_tap_on_a_landmark_finds_the_landmark(landmark: str, side: str, view: str) -> None:
    spot = places()[landmark].on(side)
    where = flat_view(view).place(spot)
    assert where is not None
    found = flat_view(view).spot(*where)
    assert found is not None
    assert np.linalg.norm(found.at() - spot.at()) < 1.5
    assert np.sign(found.at()[0]) == (1 if side == "left" else -1)


def test_a_tap_beside_the_body_finds_nothing() -> None:
    assert flat_view("front").spot(3, 3) is None


def test_the_patients_right_is_on_the_readers_left_from_the_front_only() -> None:
    spot = places()["acromion-tip"].on("right")
    front, back = (flat_view(name) for name in ("front", "back"))
    seen = front.place(spot), back.place(spot)
    assert seen[0] is not None
    assert seen[0][0] < front.width / 2
    assert seen[1] is None or seen[1][0] > back.width / 2


def test_a_needle_in_the_shoulder_blade_is_shown_from_behind() -> None:
    assert best_view(places()["infraspinous-fossa-center"].on("left")) == "back"
    assert best_view(places()["patella-center"].on("left")) == "front"


def told() -> BodyDrawing:
    area = draw("disc:patella-center:6:left")
    return BodyDrawing(
        tuple(Layer(quality, 5, area) for quality in ("dull", "burning", "tingling"))
    )


@in_one_test("name", VIEWS)
def test_a_picture_is_well_formed_small_and_without_inline_style(name: str) -> None:
    text = picture(
        name,
        drawing=told(),
        zones=[Zone(draw("disc:acromion-tip:6:right"))],
        pins=[Pin(places()["acromion-tip"].on("right"), "needle", "Infraspinatus <1>")],
        href=lambda region, side: f"#{region}-{side}",
        say=lambda region, side: f"{region} & {side}",
        shade="/static/x.webp",
        label="Body",
    )
    ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 our own text
    assert "style=" not in text
    assert len(text) < 64_000


def test_every_kind_of_pain_has_a_mark_of_its_own() -> None:
    assert len(set(PATTERNS.values())) == len(PATTERNS)
    text = picture("front", drawing=told())
    for quality in ("burning", "tingling"):
        assert f'id="flat-front-{quality}"' in text
        assert f'fill="url(#flat-front-{quality})"' in text


def test_what_is_drawn_on_the_knee_is_seen_from_the_front_and_not_from_behind() -> None:
    assert 'class="coat"' in picture("front", drawing=told())
    assert 'class="coat"' not in picture("back", drawing=told())


def test_links_of_regions_stay_out_of_the_tab_order() -> None:
    text = picture("front", href=lambda region, side: f"#{region}")
    links = re.findall(r"<a [^>]*>", text)
    assert len(links) > 60
    assert all('tabindex="-1"' in link for link in links)
    assert 'aria-hidden="true"' in text


def test_close_ups_show_fine_patches_that_the_whole_body_hides() -> None:
    toes = patchwork().region_of == patchwork().regions.index("sole")
    assert not (flat_view("front").visible & toes).any()
    assert any((flat_view(name).visible & toes).any() for name in CLOSE_UPS)


def test_an_unseen_area_has_no_outline() -> None:
    none = PatchWeights(np.zeros(patchwork().count)).values > 0
    assert flat_view("front").path(none) == ""


def test_a_drawing_is_first_shown_from_where_most_of_it_lies() -> None:
    both = draw("disc:infraspinous-fossa-center:6:left").union(draw("disc:patella-center:2:left"))
    assert main_view(both) == "back"
    assert main_view(empty()) == "front"


def test_a_planned_needle_is_told_from_one_that_is_in_and_both_say_their_name() -> None:
    spot = places()["infraspinous-fossa-center"].spot
    planned = picture("back", pins=[Pin(spot, "planned", "Planned <1>")])
    inserted = picture("back", pins=[Pin(spot, "needle")])
    assert 'class="pin pin-planned"><path' in planned
    assert "<title>Planned &lt;1&gt;</title>" in planned
    assert 'class="pin pin-needle"><circle' in inserted
    assert "<title>" not in inserted


def test_the_bare_picture_of_a_view_shows_every_region_that_the_view_has() -> None:
    root = ET.fromstring(plain_picture("front"))  # noqa: S314
    assert len(root.findall(".//{*}g/{*}path")) == len(flat_view("front").regions)


def test_an_unknown_view_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="front, back, left, right"):
        flat_view("above")


def test_a_border_that_does_not_close_is_drawn_as_far_as_it_goes() -> None:
    lines = np.array([[0, 0], [5, 0], [5, 5], [9, 9]])
    arcs = Arcs(lines, np.array([4]), np.array([[1, 0]]))
    (ring,) = arcs.rings(np.array([False, True]))
    assert ring.tolist() == lines.tolist()
