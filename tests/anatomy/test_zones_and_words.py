"""Zones lie where the words say: drawn, of a size that can be, on the right side and region."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.tables import in_one_test

from filiform.anatomy import atlas
from filiform.anatomy.atlas import read_atlas
from filiform.anatomy.soundness import drawn_problems
from filiform.anatomy.surface import PatchWeights, parse_area, patchwork
from filiform.anatomy.zones import ZoneMatrix, outline, zone_matrix

SAID = {
    r"\bheel\b": {"heel"},
    r"\bachilles": {"achilles"},
    r"\bgreat toe": {"big-toe"},
    r"\bcalf": {"calf"},
    r"\bthumb": {"thumb"},
    r"lateral epicond|tennis|lateral elbow": {"elbow-outer"},
    r"medial epicond|golfer": {"elbow-inner"},
    r"\bolecranon": {"elbow-back"},
    r"\bgroin": {"groin", "hip-front"},
    r"\bbuttock": {"buttock"},
    r"\bcoccy": {"tailbone"},
    r"front.of.shoulder|front shoulder": {"shoulder-front"},
    r"back.of.shoulder|posterior shoulder|back shoulder": {"shoulder-back"},
    r"\bear(ache)?\b": {"ear"},
    r"\btemporal": {"temple"},
    r"\bvertex": {"head-top"},
    r"behind the eye|\bthe eye\b": {"eye-around"},
    r"\bforehead|\bfrontal": {"forehead"},
    r"upper.{0,12}tooth": {"teeth-upper", "cheek"},
    r"\bknee pain|back-of-knee": {"knee-front", "knee-inner", "knee-outer", "knee-back"},
    r"epigastr|heartburn": {"abdomen-upper"},
    r"little.finger": {"little-finger"},
    r"middle.finger|\bring (finger|and)|middle or ring": {"middle-ring-fingers"},
    r"\bpalm\b": {"palm"},
    r"\bsole\b": {"sole", "foot-ball"},
    r"\btrochanter": {"hip-side", "thigh-outer"},
    r"low back": {"back-lower", "spine-lower", "sacrum"},
    r"lateral (ankle|malleol)": {"ankle-outer"},
    r"top.of.foot": {"foot-top"},
    r"\bbreast|\bnipple": {"chest-front"},
    r"\bwrist": {"wrist-front", "wrist-back"},
    r"\bthroat": {"neck-front", "mouth-throat"},
    r"\bSI\b|sacroiliac": {"sacrum", "back-lower", "buttock"},
    r"suboccip|\boccipital": {"head-back", "neck-back-upper"},
    r"medial scapul|interscapul": {"back-upper", "back-middle", "spine-upper", "shoulder-blade"},
    r"inner.thigh": {"thigh-inner"},
    r"front.thigh": {"thigh-front"},
    r"lateral.{0,10}thigh": {"thigh-outer"},
}
"""What a muscle mimics, in its own row's words → regions of which one must be covered."""


def covered(muscle_id: str) -> dict[str, float]:
    """Largest covered skin of each region, over all trigger points of the muscle, in cm2."""
    found: dict[str, float] = {}
    for point in atlas().muscles[muscle_id].trigger_points:
        for weights in zone_matrix().zones(point.id, "left"):
            for share in weights.regions():
                found[share.region] = max(found.get(share.region, 0.0), share.area_cm2)
    return found


@in_one_test("said", SAID)
def test_a_muscle_that_mimics_a_complaint_refers_to_the_place_of_that_complaint(said: str):
    told = [m for m in atlas().muscles.values() if re.search(said, m.mimics.en, re.IGNORECASE)]
    assert told
    for muscle in told:
        regions = covered(muscle.id)
        assert any(regions.get(region, 0.0) > 1.0 for region in SAID[said]), muscle.id


def test_zones_outlines_and_sites_are_sound_when_drawn():
    assert list(drawn_problems(atlas())) == []


def test_no_zone_is_larger_than_a_leg_with_its_buttock():
    matrix = zone_matrix()
    whole = np.maximum(matrix.essential, matrix.spillover) @ patchwork().areas_cm2
    assert whole.min() > 3
    assert whole.max() < 1400


def test_ipsilateral_zones_of_arm_hand_and_foot_stay_on_their_side():
    half = patchwork().count // 2
    for point in atlas().trigger_points:
        muscle = atlas().muscles[point.muscle_id]
        zones = [
            parse_area(z, atlas=True) for z in (*point.essential_zones, *point.spillover_zones)
        ]
        if muscle.region in ("arm", "forearm", "hand", "foot"):
            assert {area.side for area in zones} == {"ipsilateral"}, point.id
            essential, _ = zone_matrix().zones(point.id, "right")
            assert not essential.values[:half].any(), point.id


@pytest.mark.parametrize(
    ("muscle_id", "view_region"),
    [
        ("trapezius-upper", "shoulder-top"),
        ("infraspinatus", "shoulder-blade"),
        ("gluteus-maximus", "buttock"),
        ("gastrocnemius-medial", "calf"),
        ("masseter-superficial", "cheek"),
        ("rectus-abdominis", "abdomen-lower"),
        ("tibialis-anterior", "shin"),
        ("opponens-pollicis", "palm"),
    ],
)
def test_a_muscle_lies_under_the_skin_that_an_anatomist_would_point_to(
    muscle_id: str, view_region: str
):
    assert view_region in {share.region for share in outline(muscle_id, "left").regions()[:4]}


def test_parts_of_one_muscle_lie_side_by_side_not_on_one_another():
    from filiform.anatomy.surface import overlap

    for one, two in (
        ("deltoid-anterior", "deltoid-posterior"),
        ("gastrocnemius-medial", "gastrocnemius-lateral"),
        ("pectoralis-major-clavicular", "pectoralis-major-costal"),
    ):
        assert overlap(outline(one, "left"), outline(two, "left")) < 0.35


def test_sites_and_what_a_muscle_mimics_are_told_in_both_languages():
    for muscle in atlas().muscles.values():
        assert re.search(r"[\u0600-\u06ff]", muscle.mimics.ur), muscle.id
    for point in atlas().trigger_points:
        assert re.search(r"[\u0600-\u06ff]", point.site.ur), point.id


def test_snomed_ids_are_well_formed_and_used_once():
    """The last digit of a SNOMED CT id is Verhoeff's check digit."""
    ids = [muscle.snomed for muscle in atlas().muscles.values() if muscle.snomed]
    assert len(ids) == len(set(ids)) == 10
    assert all(verhoeff(one) == 0 for one in ids)
    assert verhoeff("72573009") != 0


def verhoeff(number: str) -> int:
    """0 when the check digit is right."""
    table = [
        [(a + b) % 5 for b in range(5)] + [5 + (a + b) % 5 for b in range(5)] for a in range(5)
    ]
    table += [
        [5 + (a - b) % 5 for b in range(5)] + [(a - b) % 5 for b in range(5)] for a in range(5)
    ]
    turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    check = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit)
        for _ in range(place % 8):
            value = turn[value]
        check = table[check][value]
    return check


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("trigger_points.tsv", "disc:upper-molars:", "disc:upper-molar:", "did you mean"),
        ("trigger_points.tsv", ":ipsilateral:essential", ":ipsilateral", "must end with"),
        ("trigger_points.tsv", ":ipsilateral:essential", ":left:essential", "has the side 'left'"),
        ("trigger_points.tsv", "tragus~superior", "tragus~superiour", "site_point: unknown"),
        ("outlines.tsv", ":ipsilateral\t", ":ipsilateral:essential\t", "must end with one of"),
        ("outlines.tsv", "\tdeep\t", "\tdeeper\t", "lies"),
        ("outlines.tsv", "temporalis\t", "temporal\t", "'temporalis' has no row in outlines.tsv"),
        ("pain_sources.tsv", ":left:essential", ":ipsilateral:essential", "has the side"),
        ("pain_sources.tsv", "disc:tmj:2:", "disc:tmj:two:", "radius"),
        ("trigger_points.tsv", "\tstripe:", "\t\tstripe:", "fields, expected"),
        ("prevalence.tsv", "\t77\t77\t", "\t77\tmost\t", "percent_high: got 'most'"),
        ("prevalence.tsv", "\t77\t77\t", "\t77\t\t", "give both or neither"),
        ("prevalence.tsv", "\t72\t56\t", "\t56\t72\t", "needs 0 <= count <= n, got 72 of 56"),
        ("prevalence.tsv", "\t72\t56\t", "\t72\tfew\t", "count: got 'few'"),
    ],
)
def test_a_wrong_area_is_named_by_file_line_and_column(name: str, old: str, new: str, message: str):
    from filiform.anatomy import DataError
    from filiform.anatomy.atlas import DATA_FILES
    from filiform.anatomy.tables import data_text

    texts = {each: data_text(each) for each in DATA_FILES}
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    with pytest.raises(DataError) as failure:
        read_atlas(texts)
    assert message in str(failure.value)
    assert re.match(r"\w+\.tsv, line \d+", str(failure.value))


def drawn_on_the_wrong_side() -> ZoneMatrix:
    """The zones of the atlas, but trigger points mirrored, and sources without a side not drawn."""
    known = zone_matrix()
    essential, spillover = known.essential.copy(), known.spillover.copy()
    for row, source in enumerate(known.sources):
        if source.kind == "trigger-point":
            essential[row] = np.roll(essential[row], patchwork().count // 2)
            spillover[row] = np.roll(spillover[row], patchwork().count // 2)
        elif not source.side:
            essential[row] = 0
        elif source.id == "radicular-c5":
            essential[row] = spillover[row] = 1
    return ZoneMatrix(known.sources, essential, spillover)


def test_an_outline_off_its_site_and_an_impossible_zone_are_found(monkeypatch):
    from filiform.anatomy import soundness

    nothing = PatchWeights(np.zeros(patchwork().count))
    monkeypatch.setattr(soundness, "outline", lambda muscle, side: nothing)
    monkeypatch.setattr(soundness, "zone_matrix", drawn_on_the_wrong_side)
    found = list(soundness.drawn_problems(atlas()))
    assert any("infraspinatus/1, site_point" in problem for problem in found)
    assert any("outlines.tsv, infraspinatus, outline" in problem for problem in found)
    assert any("infraspinatus/1, zones" in one and "on the other side" in one for one in found)
    assert any("radicular-c5, zones" in one and "expected 3 to 1400" in one for one in found)
    assert any(one.endswith("essential_zones: nothing is drawn") for one in found)
