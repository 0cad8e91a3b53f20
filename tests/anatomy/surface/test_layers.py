"""Drawings in layers: their text, their bounds, what is stored, and drawings of former releases."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import (
    AreaError,
    BodyDrawing,
    Layer,
    PatchWeights,
    draw,
    of_regions,
    overlap,
    packed,
    parse_area,
    patches,
    patchwork,
    surface,
    unpacked,
)
from filiform.anatomy.surface.releases import (
    COLUMNS,
    SurfaceRelease,
    known_releases,
    mapped,
    read_table,
    table_text,
)

quick = settings(max_examples=30, deadline=None)
QUALITIES = ("", "dull", "burning", "numb", "tingling")


@st.composite
def drawings(draw_: st.DrawFn) -> BodyDrawing:
    """Any drawing: patches dealt out to layers, so that none has two intensities of a quality."""
    rng = np.random.default_rng(draw_(st.integers(0, 2**32)))
    layers = []
    for quality in draw_(st.sets(st.sampled_from(QUALITIES), max_size=4)):
        intensities = draw_(st.sets(st.none() | st.integers(0, 10), min_size=1, max_size=4))
        owner = rng.integers(0, len(intensities), patchwork().count)
        share = rng.choice([0.0, 0.3, 1.0], patchwork().count, p=[0.9, 0.05, 0.05])
        for number, intensity in enumerate(intensities):
            weights = np.where(owner == number, share * rng.random(len(share)), 0)
            layers.append(Layer(quality, intensity, PatchWeights(weights)))
    return BodyDrawing(tuple(layers))


@quick
@given(drawings())
def test_a_drawing_is_the_same_after_its_text_and_its_stored_form(drawing: BodyDrawing) -> None:
    text = drawing.as_text()
    assert BodyDrawing.from_text(text) == drawing
    assert unpacked(packed(text)) == text
    assert BodyDrawing.from_text(text).as_text() == text


def test_nothing_drawn_is_the_empty_text() -> None:
    assert BodyDrawing().as_text() == ""
    assert not BodyDrawing.from_text(" ")
    nothing = Layer("dull", 4, PatchWeights(np.zeros(patchwork().count)))
    assert BodyDrawing((nothing,)).as_text() == ""


def test_layers_stand_in_the_order_of_quality_and_intensity_whatever_was_drawn_first() -> None:
    area = draw("disc:acromion-tip:4:right")
    other = draw("disc:patella-center:4:right")
    one = BodyDrawing((Layer("numb", 3, area), Layer("dull", 7, other), Layer("dull", None, area)))
    heads = [part.rsplit(":", 1)[0] for part in one.as_text().partition(";")[2].split("|")]
    assert heads == ["dull:", "dull:7", "numb:3"]


def test_equal_kinds_are_one_layer_that_covers_both() -> None:
    one, two = draw("disc:acromion-tip:4:right"), draw("disc:patella-center:4:left")
    both = BodyDrawing((Layer("dull", 5, one), Layer("dull", 5, two)))
    assert len(both.layers) == 1
    assert both.area_cm2 == pytest.approx(one.area_cm2() + two.area_cm2(), rel=0.01)


RELEASE = surface().release


@in_one_test(
    ("text", "says"),
    [
        (f"{RELEASE};dull:5:1=100|dull:7:1=50", "two intensities"),
        (f"{RELEASE};dull:11:1=100", "expected 0 to 10"),
        (f"{RELEASE};dull:-1:1=100", "expected 0 to 10"),
        (f"{RELEASE};dull:nan:1=100", "expected 0 to 10"),
        (f"{RELEASE};dull:5:1=nan", 'can\'t read "1=nan"'),
        (f"{RELEASE};dull:5:1=101", 'can\'t read "1=101"'),
        (f"{RELEASE};dull:5:99999=1", 'can\'t read "99999=1"'),
        (f"{RELEASE};dull:5:9-3=1", 'can\'t read "9-3=1"'),
        (f"{RELEASE};Dull ache:5:1=100", "expected an id"),
        (f"{RELEASE};dull:5", "expected QUALITY:INTENSITY:PATCHES"),
        ("dull:5:1=100", "expected RELEASE"),
        ("body-9;dull:5:1=100", "this one reads"),
        (f"{RELEASE};dull:5:" + "1=100," * 20_000, "expected at most"),
        (f"{RELEASE};dull:5:١=100", "can't read"),
        (
            f"{RELEASE};"
            + "|".join(f"kind-{chr(97 + n % 26) * (1 + n // 26)}:5:{n}=100" for n in range(41)),
            "41 layers: expected at most 40",
        ),
    ],
)
def test_a_drawing_that_cant_be_used_is_refused_with_one_line(text: str, says: str) -> None:
    with pytest.raises(AreaError, match=says) as refused:
        BodyDrawing.from_text(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 220


def test_ten_thousand_strokes_are_no_longer_than_the_patches_they_fall_on() -> None:
    rng = np.random.default_rng(7)
    values = np.zeros(patchwork().count, dtype=np.float32)
    for _ in range(10_000):
        at = rng.integers(0, len(values))
        values[at] = min(1.0, values[at] + rng.random() * 0.4)
    drawing = BodyDrawing((Layer("dull", 6, PatchWeights(values)),))
    assert len(packed(drawing.as_text())) < 4096
    assert BodyDrawing.from_text(unpacked(packed(drawing.as_text()))) == drawing


def test_the_whole_body_with_a_soft_edge_everywhere_is_stored_in_under_4_kb() -> None:
    zones = [
        parse_area(zone, atlas=True).on("left" if number % 2 else "right")
        for number, point in enumerate(
            point for muscle in atlas().muscles.values() for point in muscle.trigger_points
        )
        for zone in point.essential_zones
    ]
    values = np.zeros(patchwork().count, dtype=np.float32)
    for zone in zones:
        values = np.maximum(values, draw(zone).values)
    third = np.arange(len(values)) % 3
    layers = tuple(
        Layer(quality, 3 + number, PatchWeights(np.where(third == number, values, 0)))
        for number, quality in enumerate(("dull", "burning", "tingling"))
    )
    one = BodyDrawing((Layer("", None, PatchWeights(values)),))
    assert len(packed(one.as_text())) < 4096
    # Three layers of which each takes every third patch: no neighbour is like the other.
    assert len(packed(BodyDrawing(layers).as_text())) < 5 * 1024


@quick
@given(st.integers(0, 2**32))
def test_one_layer_is_stored_in_under_4_kb_whatever_it_is(seed: int) -> None:
    percent = np.random.default_rng(seed).integers(0, 101, patchwork().count)
    weights = PatchWeights(percent / 100)
    assert len(packed(BodyDrawing((Layer("burning", 10, weights),)).as_text())) < 4096


def test_a_stored_form_that_was_tampered_with_is_refused() -> None:
    def folded(raw: bytes) -> str:
        return "~" + base64.b85encode(zlib.compress(raw)).decode()

    one_row_too_many = folded(f"{RELEASE};dull:5".encode() + b"\0\x01\xff\x02")
    longer_than_any_drawing = folded(f"{RELEASE};dull:5".encode() + b"\0" + b"\x01" * 250_000)
    for bad in ("~", "~abc", "~" + "0" * 50_000, "~!!", one_row_too_many, longer_than_any_drawing):
        with pytest.raises(AreaError):
            BodyDrawing.from_text(unpacked(bad))


def test_a_region_ticked_in_a_list_reads_back_with_its_side_and_extent() -> None:
    drawing = of_regions(
        [
            ("temple", "left", 0.25, "dull", 3),
            ("breastbone", "midline", 0.5, "", None),
            ("buttock", "bilateral", 1.0, "numb", 8),
        ]
    )
    found = {
        (share.region, share.side): (layer.quality, layer.intensity, share.extent)
        for layer, share in drawing.regions()
    }
    assert found == {
        ("temple", "left"): ("dull", 3, "part"),
        ("breastbone", "midline"): ("", None, "half"),
        ("buttock", "left"): ("numb", 8, "all"),
        ("buttock", "right"): ("numb", 8, "all"),
    }


def test_where_a_list_names_a_region_twice_the_stronger_pain_stands() -> None:
    drawing = of_regions([("temple", "left", 1, "dull", 3), ("temple", "bilateral", 1, "dull", 7)])
    assert [layer.intensity for layer in drawing.layers] == [7]


def test_an_unknown_region_is_refused_by_name() -> None:
    with pytest.raises(AreaError, match="elbo"):
        of_regions([("elbo", "left", 1, "", None)])


def test_the_current_release_has_its_table_and_the_table_is_up_to_date() -> None:
    assert RELEASE in known_releases()
    known = known_releases()[RELEASE]
    assert known.count == patchwork().count
    assert table_text().count("\n") == known.count // 2 + 1
    fresh = [patch.centre_cm for patch in patches()[: known.count // 2]]
    assert np.abs(np.array(fresh) - known.centres_cm).max() < 0.051


def test_a_release_with_the_same_patches_under_other_numbers_maps_exactly() -> None:
    known = known_releases()[RELEASE]
    order = np.random.default_rng(3).permutation(known.count // 2)
    older = SurfaceRelease(
        "body-0",
        tuple(known.regions[i] for i in order),
        known.centres_cm[order],
        known.areas_cm2[order],
    )
    now = draw("stripe:acromion-tip>lateral-epicondyle:5:right").values
    half = len(now) // 2
    then = np.concatenate([now[:half][order], now[half:][order]])
    assert np.allclose(mapped(older, then).values, now)


def coarser() -> tuple[SurfaceRelease, np.ndarray]:
    """A made-up older release in which about two neighbours were one patch; for each left patch of
    today the number of the older one."""
    known, taken, regions, centres, areas = known_releases()[RELEASE], {}, [], [], []
    half = known.count // 2
    for patch in patches()[:half]:
        if patch.number in taken:
            continue
        beside = [
            n
            for n in patch.neighbours
            if n < half and n not in taken and patches()[n].region == patch.region
        ]
        both = [patch.number, *beside[:1]]
        weight = known.areas_cm2[both]
        for one in both:
            taken[one] = len(regions)
        regions.append(patch.region)
        centres.append((known.centres_cm[both] * weight[:, None]).sum(0) / weight.sum())
        areas.append(weight.sum())
    owner = np.array([taken[i] for i in range(half)])
    return SurfaceRelease("body-0", tuple(regions), np.array(centres), np.array(areas)), owner


@pytest.mark.parametrize("side", ["left", "right", "bilateral"])
@pytest.mark.parametrize(
    "area", ["disc:infraspinous-fossa-center:6", "stripe:acromion-tip>lateral-epicondyle:6"]
)
def test_a_drawing_of_an_older_release_keeps_its_place_side_and_nearly_its_area(
    area: str, side: str
) -> None:
    older, owner = coarser()
    now = draw(f"{area}:{side}").values
    half = len(owner)
    then = np.concatenate(
        [
            np.bincount(owner, now[s] * patchwork().areas_cm2[s]) / older.areas_cm2
            for s in (slice(0, half), slice(half, 2 * half))
        ]
    )
    carried = mapped(older, then.clip(0, 1).astype(np.float32))
    assert carried.area_cm2() == pytest.approx(PatchWeights(now).area_cm2(), rel=0.1)
    assert carried.side() == PatchWeights(now).side()
    assert overlap(carried, PatchWeights(now)) > 0.7


def test_a_drawing_of_an_older_release_is_read_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    older, _ = coarser()
    monkeypatch.setitem(known_releases(), "body-0", older)
    drawing = BodyDrawing.from_text("body-0;dull:5:0-3=100|dull:8:4=100")
    assert drawing.came_from == "body-0"
    assert drawing.as_text().startswith(f"{RELEASE};")
    assert {layer.intensity for layer in drawing.layers} == {5, 8}
    assert BodyDrawing.from_text(drawing.as_text()).came_from == ""


def test_a_table_of_a_release_with_a_row_missing_or_unreadable_is_refused() -> None:
    head, first, second = "\t".join(COLUMNS), "0\tchin\t1\t2\t3\t4", "2\tchin\t1\t2\t3\t4"
    for rows in ((head, first, second), (head, first, first.replace("4", "wide")), (first, second)):
        with pytest.raises(AreaError, match="table of release body-0, row"):
            read_table("body-0", "\n".join(rows))
