"""What speaks for and against a source."""

from __future__ import annotations

import pytest

from filiform.anatomy import atlas
from filiform.anatomy.surface import parse_area
from filiform.targeting import account, rank, read_case

SHOULDER = "disc:deltoid-anterior-mid:4:right"
CASE = {
    "pain": [SHOULDER, "disc:heel-plantar:3:left"],
    "not_pain": ["stripe:arm-anterior-mid>antecubital-crease-mid:5:right"],
    "examination": [
        {"muscle": "infraspinatus", "side": "right", "finding": "taut-band", "present": True},
        {"muscle": "infraspinatus", "side": "right", "finding": "jump-sign", "present": False},
    ],
}


def test_an_account_tells_what_is_explained_left_found_and_not_found() -> None:
    case = read_case(CASE)
    told = account(case, rank(case), "infraspinatus", "right")
    by_code = {one.code: one for one in (*told.speaks_for, *told.speaks_against)}
    assert by_code["explains"].about == (SHOULDER,)
    assert by_code["leaves"].about == ("disc:heel-plantar:3:left",)
    assert by_code["found"].about == ("taut-band",)
    assert by_code["not-found"].about == ("jump-sign",)


def test_the_alternatives_account_for_the_same_area_and_are_not_the_source_itself() -> None:
    case = read_case(CASE)
    answer = rank(case)
    told = account(case, answer, "infraspinatus", "right")
    explaining = {(r.source, r.side) for r in answer.ranked if SHOULDER in r.explains}
    named = {(one.source, one.side) for one in told.alternatives}
    assert named
    assert named <= explaining - {("infraspinatus", "right")}


def test_a_usual_zone_that_is_not_drawn_speaks_against() -> None:
    case = read_case({"pain": ["disc:deltoid-lateral-mid:2:right"]})
    told = account(case, rank(case), "gluteus-minimus", "left")
    assert [one.code for one in told.speaks_against][-1] == "zone-not-drawn"


def test_a_source_that_is_not_ranked_has_no_account() -> None:
    case = read_case(CASE)
    with pytest.raises(KeyError, match="not ranked"):
        account(case, rank(case), "infraspinatus", "up")


def test_where_nothing_is_drawn_only_what_was_found_is_told() -> None:
    case = read_case({"examination": CASE["examination"]})
    told = account(case, rank(case), "infraspinatus", "right")
    assert [one.code for one in told.speaks_for] == ["found"]
    assert [one.code for one in told.speaks_against] == ["not-found"]


def test_a_usual_zone_that_is_free_of_pain_speaks_against() -> None:
    points = atlas().muscles["soleus"].trigger_points
    usual = [zone for point in points for zone in point.essential_zones]
    free = [str(parse_area(zone, atlas=True).on("left")).rsplit(":", 1)[0] for zone in usual]
    case = read_case({"pain": [SHOULDER], "not_pain": free})
    told = account(case, rank(case), "soleus", "left")
    assert "zone-free" in [one.code for one in told.speaks_against]


def test_a_zone_that_is_drawn_and_hurts_is_nothing_against_its_source() -> None:
    points = atlas().muscles["soleus"].trigger_points
    usual = [zone for point in points for zone in point.essential_zones]
    drawn = [str(parse_area(zone, atlas=True).on("left")).rsplit(":", 1)[0] for zone in usual]
    case = read_case({"pain": drawn})
    told = account(case, rank(case), "soleus", "left")
    codes = {one.code for one in told.speaks_against}
    assert not codes & {"zone-not-drawn", "zone-free"}
