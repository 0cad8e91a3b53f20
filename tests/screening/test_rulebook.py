"""The rule files: complete, in the notes' own ids, and refused with a clear word when not."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from tests.beside import only_beside

from filiform.anatomy import atlas
from filiform.disclosure import Kind
from filiform.screening import indications, red_flags, release, rules
from filiform.screening.concepts import search
from filiform.screening.rulebook import Rule, RuleError, Trigger, read_entries
from filiform.screening.sites import all_muscles, muscles_of, regions
from filiform.screening.terminology import concepts

ADDED = {
    *("antiplatelet-deep", "palpitations", "neck-blood-pressure", "sternal-foramen"),
    *("implant-inflamed", "needle-retained", "pain-changed"),
}
NOTES = Path(__file__).parents[3] / "shared" / "clinical"

GOOD = """
[[rule]]
id = "x"
class = "relative"
scope = { en = "whole body", ur = "پورا جسم" }
name = { en = "X", ur = "ایکس" }
why = { en = "Because.", ur = "کیونکہ" }
instead = { en = "Wait.", ur = "انتظار" }
when = [{ icd10 = ["D66"] }]
sources = ["K19"]
basis = "guideline"
date = "2025-11-01"
"""


def test_a_complete_rule_is_accepted() -> None:
    assert [rule.id for rule in read_entries(GOOD, "x.toml", "rule", Rule)] == ["x"]


@pytest.mark.parametrize(
    ("change", "to", "named"),
    [
        ('why = { en = "Because.", ur = "کیونکہ" }\n', "", "why"),
        ('ur = "کیونکہ"', 'ur = ""', "why has no Urdu"),
        ('class = "relative"', 'class = "mild"', "mild"),
        ('sources = ["K19"]', "sources = []", "sources"),
        ('basis = "guideline"', 'basis = "guideline"\ncolour = "red"', "colour"),
        ('when = [{ icd10 = ["D66"] }]', 'when = [{ counts = "ever" }]', "a trigger needs"),
        ('when = [{ icd10 = ["D66"] }]', "", "never fire"),
        ('"D66"] }]', '"D66"], measure = "inr", above = 3 }]', "and within_days"),
        ('class = "relative"', 'class = "relative"\nreach = "regions"', "but regions is empty"),
        ('class = "relative"', 'class = "relative"\nboth_sides = true', "both_sides is true"),
        ('class = "relative"', 'class = "relative"\ncleared_to = "precaution"', "no 'clearance'"),
        (
            'when = [{ icd10 = ["D66"] }]',
            'when = [{ icd10 = ["D66"], effect = "asks" }]',
            "no question",
        ),
    ],
)
def test_an_incomplete_rule_is_refused_naming_file_rule_and_field(
    change: str, to: str, named: str
) -> None:
    assert change in GOOD
    with pytest.raises(RuleError) as refused:
        read_entries(GOOD.replace(change, to), "x.toml", "rule", Rule)
    assert "x.toml, rule x" in str(refused.value)
    assert named in str(refused.value)


def triggers() -> list[tuple[str, Trigger]]:
    found = [(one.id, t) for one in (*rules(), *red_flags(), *indications()) for t in one.when]
    others = [(name, t) for name, one in found for t in (one.with_, one.without) if t is not None]
    return found + others


def test_every_trigger_names_concepts_and_regions_that_exist() -> None:
    for name, trigger in triggers():
        assert set(trigger.concepts) <= set(concepts()), name
        assert set(trigger.regions or ()) <= set(regions()), name


def test_every_rule_names_regions_and_rules_that_exist() -> None:
    known = {rule.id for rule in rules()}
    for rule in rules():
        asked = rule.asked_of.regions
        stricter = [region for one in rule.stricter for region in one.regions]
        assert {*rule.regions, *asked, *stricter} <= set(regions()), rule.id
        assert {*rule.replaced_by, *rule.answered_by} <= known, rule.id


def test_a_concept_is_found_under_one_name_only_once_per_kind() -> None:
    for concept in concepts().values():
        assert concept.name.en
        assert concept.name.ur, concept.id
        assert concept.codings or concept.also, concept.id


def test_no_rule_that_was_released_has_lost_its_name() -> None:
    """Signed treatments name the rules that were answered: an id that goes leaves them unreadable.

    Whoever adds a rule adds its line to the file.
    """
    released = (Path(__file__).parent / "released_rules.txt").read_text("utf-8").split()
    assert {rule.id for rule in rules()} == set(released)


@only_beside(NOTES)
def test_the_ids_are_those_of_the_safety_notes() -> None:
    notes = (NOTES / "safety.md").read_text("utf-8").split("## B.")[0]
    ids = set(re.findall(r"^\| ([a-z0-9-]+) \|", notes, re.M))
    ids -= {"id", "absolute", "relative", "precaution"}
    # What published harm asked for since the notes were written has ids of its own.
    assert {rule.id for rule in rules()} == ids | ADDED


OF_THE_DAY = re.compile(
    r"today|hours|right (now|after)|this session|within the next|since the last treatment|"
    r"the path cross|are missing|second person missing|where you hurt"
)
"""Words by which a question is about this day or this treatment."""


def test_what_is_asked_about_today_is_asked_anew_before_every_treatment() -> None:
    of_the_day = {one.id for one in rules() if one.ask and OF_THE_DAY.search(one.ask.en.lower())}
    assert of_the_day == {one.id for one in rules() if one.each_time}
    assert {"intoxication", "hypoglycaemia-fasting", "fever-systemic"} <= of_the_day
    # What is true of more than a day is not lost with the day: a yes is only taken back by words.
    lasting = {one.id for one in rules() if one.each_time and one.answer != "settles"}
    assert not lasting


def test_the_regions_hold_every_muscle_of_the_atlas_and_no_other() -> None:
    assert all_muscles() == set(atlas().muscles)


def test_muscles_that_cannot_be_compressed_are_those_of_the_notes() -> None:
    assert {"psoas-major", "iliacus", "tibialis-posterior", "quadratus-lumborum",
            "lumbar-multifidus", "suboccipitals", "lateral-pterygoid",
            "obturator-internus"} <= muscles_of("not-compressible")  # fmt: skip
    assert not {"soleus", "trapezius-upper"} & muscles_of("not-compressible")


def test_the_release_names_the_version_and_the_content() -> None:
    assert re.fullmatch(r"20\d\d\.\d+\+[0-9a-f]{12}", release())


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        ("loprin", Kind.MEDICINE, "aspirin"),
        ("Xarelto", Kind.MEDICINE, "rivaroxaban"),
        ("disp", Kind.MEDICINE, "aspirin"),
        ("warfrin", Kind.MEDICINE, "warfarin"),
        ("وارفرین", Kind.MEDICINE, "warfarin"),
        ("شوگر", Kind.CONDITION, "diabetes"),
        ("haemofilia", Kind.CONDITION, "haemophilia"),
        ("ٹی بی", Kind.CONDITION, "tuberculosis"),
        ("pyodine", Kind.ALLERGY, "iodine"),
        ("pacemakr", Kind.DEVICE, "pacemaker"),
        ("knee replacement", Kind.PROCEDURE, "joint-replacement"),
    ],
)
def test_search_finds_by_english_urdu_brand_and_bad_spelling(
    typed: str, kind: Kind, found: str
) -> None:
    assert found in [concept.id for concept in search(typed, kind)[:3]]


def test_search_gives_no_more_than_asked_and_nothing_for_nothing() -> None:
    assert search("", Kind.CONDITION) == search("  ", Kind.MEDICINE) == ()
    assert len(search("a", Kind.MEDICINE, limit=5)) == 5
    assert search("qqqqqqqq", Kind.MEDICINE) == ()


def test_search_orders_better_matches_first() -> None:
    first = search("diabetes", Kind.CONDITION)
    assert first[0].id == "diabetes"
    assert all(a != b for a, b in pairwise(first))


def test_the_reference_table_is_made_from_the_present_rules() -> None:
    from filiform.screening.document import TARGET, document

    written = (Path(__file__).parents[2] / TARGET).read_text("utf-8")
    assert written == document(), "run: python -m filiform.screening.document"
