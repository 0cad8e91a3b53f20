"""The stored zones are those of the texts, and a place finds what refers to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy import DataError, atlas, zones
from filiform.anatomy.surface import PatchWeights, draw, empty, parse_area, parse_point, patchwork
from filiform.anatomy.zones import (
    STEPS,
    _unpacked,
    packed,
    place_at,
    union,
    what_refers_to,
    zone_matrix,
)

STEP = 0.5 / 255 + 1e-6


def joined(texts: tuple[str, ...], side: str) -> np.ndarray:
    """Slow and obvious: every zone drawn on its side, the larger weight of each patch."""
    whole = np.zeros(patchwork().count, dtype=np.float32)
    for text in texts:
        whole = np.maximum(whole, draw(parse_area(text, atlas=True).on(side)).values)
    return whole


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    "source_id",
    ["trapezius-upper/1", "scalene-anterior/1", "levator-ani/1", "soleus/1", "temporalis/2"],
)
def test_stored_zones_of_trigger_points_are_those_drawn_from_the_text(source_id: str, side: str):
    muscle, number = source_id.split("/")
    point = atlas().muscles[muscle].trigger_point(number)
    essential, spillover = zone_matrix().zones(source_id, side)
    assert np.abs(essential.values - joined(point.essential_zones, side)).max() <= STEP
    assert np.abs(spillover.values - joined(point.spillover_zones, side)).max() <= STEP


@pytest.mark.parametrize(
    ("source_id", "side"), [("radicular-c6", "right"), ("pudendal-nerve", "left"), ("heart", "")]
)
def test_stored_zones_of_other_sources_are_those_drawn_from_the_text(source_id: str, side: str):
    source = atlas().pain_sources[source_id]
    essential, _ = zone_matrix().zones(source_id, side)
    assert np.abs(essential.values - joined(source.essential_zones, side or "left")).max() <= STEP


def test_every_source_has_a_row_on_each_side_or_one_for_all():
    matrix = zone_matrix()
    single = sum(not source.sided for source in atlas().pain_sources.values())
    double = len(atlas().trigger_points) + len(atlas().pain_sources) - single
    assert len(matrix.sources) == single + 2 * double == len(matrix.rows)
    assert (matrix.essential.max(axis=1) > 0.3).all()


def test_right_is_the_mirror_image_of_left():
    left, _ = zone_matrix().zones("trapezius-upper/1", "left")
    right, _ = zone_matrix().zones("trapezius-upper/1", "right")
    assert np.abs(left.mirror().values - right.values).max() < 1e-6


def test_zones_made_from_other_texts_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zones, "stamp", lambda known: "another")
    with pytest.raises(DataError, match=r"zones\.npz was made from other zones.*tools/atlas"):
        zone_matrix.__wrapped__()


def slow_answer(place: PatchWeights) -> dict[tuple[str, str], float]:
    """The strength of every source by its definition, patch by patch."""
    areas = patchwork().areas_cm2
    matrix = zone_matrix()
    found = {}
    for row, source in enumerate(matrix.sources):
        covered = 0.0
        for patch in np.flatnonzero(place.values):
            felt = max(matrix.essential[row, patch], 0.5 * matrix.spillover[row, patch])
            covered += float(felt) * float(place.values[patch]) * float(areas[patch])
        found[source.id, source.side] = covered / float(place.values @ areas)
    return found


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, patchwork().count - 1), min_size=1, max_size=4, unique=True))
def test_the_reverse_look_up_agrees_with_asking_every_source(numbers: list[int]):
    values = np.zeros(patchwork().count)
    values[numbers] = 1.0
    place = PatchWeights(values)
    slow = slow_answer(place)
    fast = what_refers_to(place)
    assert {(r.source.id, r.source.side) for r in fast} == {
        key for key, strength in slow.items() if strength >= 0.1
    }
    for referral in fast:
        expected = slow[referral.source.id, referral.source.side]
        assert referral.strength == pytest.approx(min(1.0, expected), abs=1e-4)


def test_nothing_refers_to_an_empty_place():
    assert what_refers_to(empty()) == ()


def first(text: str, many: int) -> list[str]:
    return [referral.source.id for referral in what_refers_to(draw(text))[:many]]


@pytest.mark.parametrize(
    ("place", "expected", "among"),
    [
        ("disc:temple:1.5:right", ["temporalis/1", "temporalis/2", "trapezius-upper/1"], 10),
        ("disc:temple:1.5:right", ["temporal-artery"], 3),
        ("disc:deltoid-anterior-mid:3:right", ["infraspinatus/1", "deltoid-anterior/1"], 8),
        ("disc:deltoid-anterior-mid:3:right", ["biceps-brachii/1", "pectoralis-minor/1"], 8),
        ("disc:lateral-epicondyle:2:right", ["supinator/1", "triceps-medial-head/1"], 5),
        ("disc:lateral-epicondyle:2:right", ["extensor-carpi-radialis-longus/1"], 8),
        ("disc:lateral-epicondyle:2:right", ["radial-tunnel", "radicular-c6"], 12),
        ("disc:buttock-center:4:right", ["gluteus-medius/2", "piriformis/1", "sacroiliac"], 8),
        ("disc:buttock-center:4:right", ["hip-joint", "gluteus-minimus/2"], 12),
        ("disc:heel-plantar:2:right", ["soleus/1", "quadratus-plantae/1", "plantar-fascia"], 4),
    ],
)
def test_a_place_finds_first_what_a_clinician_would_look_for(
    place: str, expected: list[str], among: int
):
    assert set(expected) <= set(first(place, among))


def test_a_tapped_point_finds_the_same_as_a_small_disc_about_it():
    tapped = what_refers_to(place_at(parse_point("heel-plantar"), "right"))
    disc = what_refers_to(draw("disc:heel-plantar:1.5:right"))
    assert {r.source.id for r in tapped[:4]} == {r.source.id for r in disc[:4]}
    assert {r.source.side for r in tapped} <= {"right", ""}


def test_the_stored_zones_are_those_that_are_drawn_now():
    """One muscle drawn anew, kept as the store keeps it and read again: half a step at most."""
    zones = [atlas().muscles["infraspinatus"].trigger_points[n].essential_zones for n in (0, 1)]
    drawn = [union(texts) for texts in zones]
    kept = _unpacked(packed(drawn, "essential"), "essential", 2)
    stored = [zone_matrix().zones(f"infraspinatus/{n}", "left")[0].values for n in (1, 2)]
    assert np.abs(kept - np.array(drawn)).max() <= 0.5 / STEPS + 1e-6
    assert np.abs(kept - np.array(stored)).max() <= 1e-6
