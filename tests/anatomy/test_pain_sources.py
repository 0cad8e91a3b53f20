"""What else hurts where a muscle refers is there, drawn, told apart, urgent where it must be."""

from __future__ import annotations

import re

import pytest
from tests.tables import in_one_test

from filiform.anatomy import DataError, atlas, read_atlas
from filiform.anatomy.atlas import DATA_FILES
from filiform.anatomy.surface import draw, parse_area
from filiform.anatomy.tables import data_text

ROOTS = ("c4", "c5", "c6", "c7", "c8", "t1", "l2", "l3", "l4", "l5", "s1", "s2")
URDU = re.compile(r"[\u0600-\u06ff]")


@pytest.fixture
def texts() -> dict[str, str]:
    return {name: data_text(name) for name in DATA_FILES}


def areas(source_id: str, weight: str = "essential"):
    source = atlas().pain_sources[source_id]
    zones = source.essential_zones if weight == "essential" else source.spillover_zones
    return [draw(parse_area(zone, atlas=True).on("left")) for zone in zones]


def regions(source_id: str, weight: str = "essential") -> set[str]:
    return {share.region for area in areas(source_id, weight) for share in area.regions()}


@in_one_test(
    "source_id",
    [
        *(f"radicular-{level}" for level in ROOTS),
        *("facet-c2-3", "facet-c3-4", "facet-c4-5", "facet-c5-6", "facet-c6-7", "facet-c7-t1"),
        *("facet-l1-2", "facet-l2-3", "facet-l3-4", "facet-l4-5", "facet-l5-s1"),
        *("sacroiliac", "hip-joint", "glenohumeral", "temporomandibular"),
        *("carpal-tunnel", "cubital-tunnel", "meralgia-paraesthetica", "common-peroneal"),
        *("heart", "pleura", "diaphragm-irritation", "gallbladder-liver", "stomach", "pancreas"),
        *("kidney-ureter", "appendix", "uterus", "bladder-prostate", "aorta-abdominal"),
    ],
)
def test_a_source_that_must_be_weighed_before_a_muscle_is_in_the_atlas(source_id: str):
    assert source_id in atlas().pain_sources


def test_every_pain_source_is_told_apart_in_both_languages_with_a_named_source():
    for source in atlas().pain_sources.values():
        assert URDU.search(source.name.ur), source.id
        assert URDU.search(source.tells_apart.ur), source.id
        assert source.red_flag is None or URDU.search(source.red_flag.ur), source.id
        assert all(re.search(r"\b(19|20)\d\d\b|PMC\d+|abstract|rating", s) for s in source.sources)
        assert source.essential_zones, source.id
        assert source.spillover_zones, source.id


def test_every_inner_organ_has_a_red_flag():
    for source in atlas().pain_sources.values():
        if source.kind == "viscus":
            assert source.red_flag, source.id
            assert source.urgency, source.id


@pytest.mark.parametrize(
    "source_id", ["heart", "aorta-thoracic", "aorta-abdominal", "cervical-artery", "radicular-s1"]
)
def test_what_kills_or_cripples_within_hours_is_an_emergency(source_id: str):
    assert atlas().pain_sources[source_id].urgency == "emergency"


def test_what_exists_once_carries_its_sides_in_its_zones():
    for source in atlas().pain_sources.values():
        for zone in (*source.essential_zones, *source.spillover_zones):
            side = parse_area(zone, atlas=True).side
            if not source.sided:
                assert side in ("left", "right", "midline", "bilateral"), source.id
            else:
                assert side not in ("left", "right"), source.id


@pytest.mark.parametrize(
    ("source_id", "region"),
    [
        ("radicular-c6", "thumb"),
        ("radicular-c8", "little-finger"),
        ("radicular-l5", "foot-top"),
        ("facet-c2-3", "head-back"),
        ("sacroiliac", "buttock"),
        ("hip-joint", "groin"),
        ("carpal-tunnel", "index-finger"),
        ("temporomandibular", "ear"),
        ("meralgia-paraesthetica", "thigh-outer"),
        ("plantar-fascia", "heel"),
    ],
)
def test_pain_is_felt_where_the_textbook_says(source_id: str, region: str):
    assert region in regions(source_id)


def test_pain_of_the_heart_reaches_the_left_arm_before_the_right():
    left = [zone for zone in atlas().pain_sources["heart"].essential_zones if ":left:" in zone]
    assert left
    assert "forearm" in " ".join(regions("heart", "spillover"))


def test_gallbladder_is_felt_right_and_spleen_left():
    assert areas("gallbladder-liver")[0].side() == "right"
    assert areas("spleen")[0].side() == "left"


def test_prevalence_holds_162_findings_of_45_complaints():
    rows = atlas().prevalence
    assert len(rows) == 162
    assert len({row.complaint for row in rows}) == 45


def test_a_percentage_agrees_with_its_count_within_two_points():
    """Ortega-Santiago's 20 of 35 is printed as 62.5 %, for those who answered; it says so."""
    for row in atlas().prevalence:
        if row.n and row.count is not None and row.percent_low is not None:
            told = (row.percent_low + (row.percent_high or row.percent_low)) / 2
            if abs(100 * row.count / row.n - told) > 2:
                assert row.note, row


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("pain_sources.tsv", "\tnerve-root\t", "\troot\t", "kind"),
        ("pain_sources.tsv", "\turgent\t", "\tquick\t", "urgency"),
        ("pain_sources.tsv", "\turgent\t", "\t\t", "red flag and its urgency"),
        ("pain_sources.tsv", "\tyes\t", "\tboth\t", "sided: got 'both'"),
        ("pain_sources.tsv", "radicular-c5\t", "radicular-c4\t", "used twice"),
        ("prevalence.tsv", "infraspinatus\t", "infraspinatis\t", "no muscle 'infraspinatis'"),
        ("prevalence.tsv", "\t72\t56\t", "\t72\t80\t", "count"),
        ("prevalence.tsv", "\t72\t56\t", "\tmany\t56\t", "n: got 'many'"),
        ("prevalence.tsv", "\t77\t77\t", "\t77\t177\t", "percent"),
        ("prevalence.tsv", "\tactive\t", "\tawake\t", "trp_status"),
    ],
)
def test_a_defective_row_is_named_by_file_line_and_field(
    texts: dict[str, str], name: str, old: str, new: str, message: str
):
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    with pytest.raises(DataError) as failure:
        read_atlas(texts)
    assert f"{name}, line " in str(failure.value)
    assert message in str(failure.value)
