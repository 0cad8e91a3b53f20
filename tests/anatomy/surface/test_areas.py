"""The area language, drawing and what is done with drawings."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import check_each

from filiform.anatomy.surface import (
    Area,
    AreaError,
    PatchWeights,
    draw,
    empty,
    overlap,
    parse_area,
    patches,
    patchwork,
    places,
    region_names,
    share_within,
    surface,
)

quick = settings(max_examples=25, deadline=None)


def landmarks() -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(places()))


def discs() -> st.SearchStrategy[str]:
    side = st.sampled_from(["left", "right", "bilateral"])
    size = st.sampled_from(["1", "2", "3.5", "5"])
    return st.builds(lambda p, r, s: f"disc:{p}:{r}:{s}", landmarks(), size, side)


def texts() -> st.SearchStrategy[str]:
    """Any text of the area language, near or far landmarks, all sides."""
    one = landmarks()
    point = one | st.builds(lambda a, b: f"{a}~{b}", one, one)
    point = point | st.builds(
        lambda a, b, t: f"{a}~{b}@{t}", one, one, st.sampled_from([0.1, 0.75])
    )
    size = st.sampled_from(["0.5", "2", "12", "3.25"])
    side = st.sampled_from(["left", "right", "bilateral"])
    disc = st.builds(lambda p, r, s: f"disc:{p}:{r}:{s}", point, size, side)
    stripe = st.builds(
        lambda p, r, s: f"stripe:{'>'.join(p)}:{r}:{s}",
        st.lists(point, min_size=2, max_size=8),
        size,
        side,
    )
    return disc | stripe


def zones() -> list[tuple[str, str, str]]:
    table = files("filiform.anatomy").joinpath("data").joinpath("trigger_points.tsv")
    rows = csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t")
    return [
        (f"{row['muscle_id']}/{row['trp']}", column, zone)
        for row in rows
        for column in ("essential_zones", "spillover_zones")
        for zone in row[column].split(" | ")
        if zone
    ]


@given(text=texts())
def test_an_area_written_out_reads_back_the_same(text: str) -> None:
    area = parse_area(text)
    assert parse_area(str(area)) == area


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("disc:acromion-tp:3:left", 'unknown landmark "acromion-tp"; did you mean "acromion-tip"?'),
        ("disc:c7-spinous:3:upwards", 'side "upwards": expected left, right, midline, bilateral'),
        ("disc:c7-spinous:nan:left", 'radius "nan"'),
        ("disc:c7-spinous:-2:left", 'radius "-2"'),
        ("disc:c7-spinous:1e9:left", 'radius "1e9"'),
        ("disc:c7-spinous:inf:left", 'radius "inf"'),
        ("disc:c7-spinous::left", 'radius ""'),
        ("blob:c7-spinous:3:left", 'shape "blob": expected disc, stripe, patch'),
        ("stripe:c7-spinous:3:left", "1 points, a stripe takes 2"),
        ("patch:asis>psis:3:left", "2 points, a patch takes 3"),
        ("disc:asis>psis:3:left", "2 points, a disc takes 1"),
        ("disc:asis:3", "3 fields, expected shape:points:size:side"),
        ("disc:asis:3:left:essential", "5 fields, expected shape:points:size:side"),
        ("disc:asis:3:ipsilateral", 'side "ipsilateral"'),
        ("disc:asis~psis@1.5:3:left", 'fraction "1.5": expected a number from 0 to 1'),
        ("disc:asis~:3:left", 'point "asis~"'),
        ("disc:asis:3:midline", '"asis" exists left and right'),
        ("", "1 fields"),
    ],
)
def test_a_bad_area_is_refused_with_its_bad_part(text: str, said: str) -> None:
    with pytest.raises(AreaError) as refusal:
        parse_area(text)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@given(text=st.text(max_size=60))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    said = ""
    try:
        parse_area(text)
    except AreaError as refusal:
        said = str(refusal)
    assert said
    assert len(said.splitlines()) == 1


def test_the_atlas_form_turns_to_the_side_of_the_trigger_point() -> None:
    area = parse_area("disc:asis:3:ipsilateral:essential", atlas=True)
    assert area.weight == "essential"
    assert area.on("left").side == "left"
    assert area.mirror().on("left").side == "right"
    with pytest.raises(AreaError, match="depends on the trigger point"):
        draw(area)
    with pytest.raises(AreaError, match="left or right"):
        area.on("middle")


@given(text=discs())
@quick
def test_the_mirror_of_the_mirror_is_the_drawing(text: str) -> None:
    weights = draw(text)
    assert weights.mirror().mirror() == weights


@given(text=discs())
@quick
def test_mirrored_areas_are_equally_large(text: str) -> None:
    area = parse_area(text)
    here, there = draw(area).mirror().values, draw(area.mirror()).values
    assert np.abs(here - there).max() < 1e-9
    assert draw(area).area_cm2() == pytest.approx(draw(area.mirror()).area_cm2(), rel=1e-9)


@given(name=landmarks())
@quick
def test_a_disc_grows_with_its_radius(name: str) -> None:
    sizes = [draw(f"disc:{name}:{r}:left").area_cm2() for r in (0.8, 1.5, 2.5, 4, 6)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


@given(one=discs(), two=discs())
@quick
def test_overlap_is_symmetric_and_between_0_and_1(one: str, two: str) -> None:
    a, b = draw(one), draw(two)
    assert overlap(a, b) == pytest.approx(overlap(b, a), rel=1e-9, abs=1e-12)
    assert 0 <= overlap(a, b) <= 1
    assert overlap(a, a) == pytest.approx(1)
    assert share_within(a, a.union(b)) == pytest.approx(1)
    assert a.union(b).area_cm2() >= max(a.area_cm2(), b.area_cm2())


@pytest.mark.parametrize(
    "name", ["t5-spinous", "thigh-anterior-mid", "forearm-volar-mid", "umbilicus"]
)
def test_a_disc_on_flat_skin_has_the_area_of_a_circle(name: str) -> None:
    assert draw(f"disc:{name}:3:left").area_cm2() == pytest.approx(np.pi * 9, rel=0.08)


def test_a_stripe_has_about_length_times_width() -> None:
    area = draw("stripe:thigh-posterior-proximal>thigh-posterior-distal:4:left").area_cm2()
    assert area == pytest.approx(14.5 * 4 + np.pi * 4, rel=0.1)


def test_a_patch_holds_its_corners_and_its_middle() -> None:
    weights = draw("patch:asis>umbilicus>pubic-tubercle:1:left")
    for inner in ("lower-quadrant-mid", "inguinal-ligament-mid"):
        disc = draw(f"disc:{inner}:1:left")
        assert share_within(disc, weights) > 0.5, inner
    assert weights.area_cm2() == pytest.approx(86 + 45 + np.pi, rel=0.1)  # flat triangle and margin


def test_every_referral_zone_of_the_atlas_can_be_drawn_on_its_side() -> None:
    check_each(zones(), check_zone)


def check_zone(point: str, column: str, zone: str) -> None:
    area = parse_area(zone, atlas=True)
    weights = draw(area.on("right"))
    assert 1.5 <= weights.area_cm2() <= 400, point
    half = patchwork().count // 2
    share = float(weights.values[half:] @ patchwork().areas_cm2[half:]) / weights.area_cm2()
    names = [n for p in area.points for n in (p.start, p.end) if n]
    if area.side == "contralateral":
        share = 1 - share
    if area.side in ("ipsilateral", "contralateral") and all(places()[n].paired for n in names):
        assert share > 0.8, point
    elif area.side in ("midline", "bilateral") or not any(places()[n].paired for n in names):
        assert share == pytest.approx(0.5, abs=0.02), point
    else:
        assert share >= 0.45, point


def test_the_atlas_has_all_its_zones() -> None:
    assert len({point for point, _, _ in zones()}) == 216
    assert len(zones()) > 400


def test_a_right_area_lies_on_the_right() -> None:
    assert draw("disc:deltoid-anterior-mid:4:right").side() == "right"
    assert draw("disc:deltoid-anterior-mid:4:left").side() == "left"
    assert draw("disc:deltoid-anterior-mid:4:bilateral").side() == "bilateral"
    assert draw("disc:sternum-mid:4:midline").side() == "bilateral"
    assert empty().side() == ""


def test_regions_are_named_as_people_say_them() -> None:
    pain = draw("disc:deltoid-anterior-mid:4:right")
    pain = pain.union(draw("stripe:arm-anterior-mid>antecubital-crease-mid:4:right"))
    names = region_names(pain)
    assert "Front of the shoulder, right" in names
    assert "Front of the upper arm, right" in names
    assert not any("left" in name for name in names)
    assert any("دائیں" in name for name in region_names(pain, "ur"))
    assert region_names(draw("disc:sternum-mid:3:midline"))[0] == "Breastbone"
    assert region_names(draw("disc:calf-mid:5:bilateral")) == ("Calf, both sides",)
    assert region_names(empty()) == ()


@given(text=discs())
@quick
def test_a_stored_drawing_reads_back_within_one_percent_and_is_small(text: str) -> None:
    weights = draw(text)
    stored = weights.as_text()
    assert len(stored) < 4000
    again = PatchWeights.from_text(stored)
    assert np.abs(again.values - weights.values).max() <= 0.0051
    assert again.as_text() == stored


def test_the_largest_zone_is_stored_in_under_4_kb() -> None:
    longest = max((draw(parse_area(z, atlas=True).on("left")) for _, _, z in zones()),
                  key=lambda w: len(w.as_text()))  # fmt: skip
    assert len(longest.as_text()) < 4000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "body-0-abc;1=50",
        "{release};1=500",
        "{release};9-3=10",
        "{release};99999=10",
        "{release};x",
    ],
)
def test_a_drawing_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(AreaError):
        PatchWeights.from_text(text.format(release=surface().release))


@pytest.mark.parametrize("bad", [float("nan"), -0.1, 1.1])
def test_weights_outside_0_to_1_are_refused(bad: float) -> None:
    values = np.zeros(patchwork().count)
    values[5] = bad
    with pytest.raises(AreaError):
        PatchWeights(values)
    with pytest.raises(AreaError):
        PatchWeights(values[:-1])


def test_drawing_twice_gives_the_same() -> None:
    from filiform.anatomy.surface.drawing import _left

    area = Area("disc", parse_area("disc:asis~psis@0.3:4:left").points, 4.0, "left")
    first = draw(area)
    _left.cache_clear()
    assert np.abs(draw(area).values - first.values).max() < 1e-9


def test_a_childs_zone_is_smaller_than_the_adults() -> None:
    from filiform.anatomy.surface import shape

    zone = draw("stripe:buttock-center>thigh-posterior-mid>calf-mid:5:left")
    assert zone.area_cm2(shape("female", 6, 115, 20)) < 0.6 * zone.area_cm2()
    assert len(patches()) == len(zone.values)


def test_a_drawing_cannot_be_altered_and_equal_drawings_are_one() -> None:
    one, same = draw("disc:acromion-tip:3:left"), draw("disc:acromion-tip:3:left")
    assert len({one, same, one.mirror()}) == 2
    with pytest.raises(AttributeError, match="can't be changed"):
        one.values = same.values  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        one.values[0] = 1
    assert one.as_text() in repr(one)
