"""The proposal: depth, needle, grip and dose, for any body."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy import atlas
from filiform.planning import (
    NEEDLE_DIAMETERS_MM,
    NEEDLE_LENGTHS_MM,
    POSITIONS,
    TECHNIQUES,
    OutOfBounds,
    as_json,
    check,
    knowledge,
    longest_needle_mm,
    suggest,
)
from filiform.reasons import Weight, say, sentences

MUSCLES = sorted(atlas().muscles)

bodies = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["female", "male", "other", "unknown"]),
        "age_years": st.none() | st.floats(0, 110),
        "height_cm": st.none() | st.floats(120, 210),
        "weight_kg": st.none() | st.floats(25, 220),
        "measured_depth_mm": st.none() | st.floats(1, 150),
    }
)


def body_of(bmi: float) -> dict[str, float]:
    """A person 100 cm tall weighs as many kilograms as their body-mass index."""
    return {"height_cm": 100, "weight_kg": bmi}


@settings(max_examples=300, deadline=None)
@given(muscle=st.sampled_from(MUSCLES), side=st.sampled_from(["left", "right"]), body=bodies)
def test_the_target_never_goes_past_the_limit_nor_the_needle_past_two_thirds(muscle, side, body):
    plan = suggest(muscle, side, **body)
    if plan.depth_mm is None or plan.needle is None:
        assert any(reason.weight is not Weight.PRECAUTION for reason in plan.reasons)
        return
    low, high = plan.depth_mm.target
    assert 0 < low <= high <= plan.depth_mm.limit
    assert high <= plan.needle.length_mm * 2 / 3
    assert plan.needle.length_mm in NEEDLE_LENGTHS_MM
    if body["measured_depth_mm"] is not None:
        assert plan.depth_mm.limit <= 0.70 * body["measured_depth_mm"] + 1e-9


@settings(max_examples=300, deadline=None)
@given(muscle=st.sampled_from(MUSCLES), body=bodies)
def test_nothing_in_a_proposal_is_refused_by_the_check(muscle, body):
    plan = suggest(muscle, "left", **body)
    if plan.depth_mm is None or plan.needle is None:
        return
    reasons = check(
        muscle,
        "left",
        diameter_mm=plan.needle.diameter_mm,
        length_mm=plan.needle.length_mm,
        depth_mm=plan.depth_mm.target[1],
        technique=plan.technique,
        passes=plan.passes,
        position=plan.position,
        palpation=plan.palpation,
        **body,
    )
    about_the_person = {"plan-child", "plan-child-measured", "plan-child-over-lung"}
    against = [r for r in reasons if r.weight is not Weight.PRECAUTION]
    assert {reason.code for reason in against} <= about_the_person


@settings(max_examples=200, deadline=None)
@given(
    muscle=st.sampled_from(MUSCLES),
    thin=st.floats(12, 60),
    more=st.floats(0, 30),
)
def test_a_heavier_body_never_lowers_the_limit_and_an_unknown_one_is_the_slimmest(
    muscle, thin, more
):
    def limit(**body: float) -> float:
        depth = suggest(muscle, "right", **body).depth_mm
        return depth.limit if depth else 0.0

    assert limit(**body_of(thin)) <= limit(**body_of(thin + more))
    assert limit() <= limit(**body_of(thin))


@pytest.mark.parametrize(
    ("muscle", "trp", "caps"),
    [
        ("trapezius-upper", "", (20, 25, 30, 30)),
        ("rhomboid-major", "", (10, 15, 19, 19)),
        ("rhomboid-minor", "", (10, 15, 19, 19)),
        ("trapezius-middle", "", (10, 15, 19, 19)),
        ("thoracic-multifidus", "", (15, 25, 30, 35)),
        ("pectoralis-major-sternal", "", (9, 9, 9, 9)),
        ("lumbar-multifidus", "2", (35, 45, 50, 75)),
        ("quadratus-lumborum", "3", (40, 50, 60, 75)),
        ("obliquus-capitis-inferior", "", (20, 27, 30, 35)),
        ("supraspinatus", "", (10, 10, 10, 10)),
    ],
)
def test_the_caps_by_body_mass_stand_among_the_bounds_of_a_limit(muscle, trp, caps):
    for bmi, cap in zip((18.4, 18.6, 25.1, 30.1), caps, strict=True):
        depth = suggest(muscle, "left", trp=trp, **body_of(bmi)).depth_mm
        assert depth is not None, bmi
        assert cap in [one.limit_mm for one in depth.bounds], bmi


@pytest.mark.parametrize(("bmi", "cap"), [(25.0, 25), (30.0, 30), (18.5, 20), (18.51, 25)])
def test_on_the_border_of_two_bands_the_smaller_cap_counts(bmi, cap):
    depth = suggest("trapezius-upper", "left", **body_of(bmi)).depth_mm
    assert depth is not None
    assert cap in [one.limit_mm for one in depth.bounds]


def test_muscles_of_the_chest_wall_are_lifted_in_a_pincer_grip():
    lifted = ("trapezius-upper", "pectoralis-major-sternal", "pectoralis-minor")
    for muscle in (*lifted, "serratus-anterior"):
        assert suggest(muscle, "left").palpation == "pincer"


def test_every_trigger_point_of_every_muscle_can_be_asked_about_on_both_sides():
    for point in atlas().trigger_points:
        for side in ("left", "right"):
            plan = suggest(point.muscle_id, side, trp=point.number, **body_of(22))
            assert plan.release == atlas().release
            for reason in plan.reasons:
                for language in ("en", "ur"):
                    assert "%(" not in say(reason, language)


def test_a_muscle_that_notes_advise_against_gets_no_needle_and_an_absolute_reason():
    plan = suggest("diaphragm", "left", **body_of(22))
    assert plan.needle is None
    assert plan.depth_mm is None
    assert plan.reasons[0].code == "plan-not-recommended"
    assert plan.reasons[0].weight is Weight.ABSOLUTE


def test_a_measured_depth_lowers_the_limit_to_seventy_percent():
    lower = suggest("gluteus-maximus", "left", measured_depth_mm=40, **body_of(22)).depth_mm
    assert lower is not None
    assert (lower.limit, lower.limit_basis) == (28.0, "measured")


def test_a_published_regression_for_the_pleura_never_asks_for_less_than_our_caps():
    """KIM02: skin to pleura between the ribs is 0.380 BMI - 4.301 cm, for BMI 17 to 26."""
    for tenth in range(170, 261):
        bmi = tenth / 10
        safe_mm = 0.70 * 10 * (0.380 * bmi - 4.301)
        for muscle in ("rhomboid-major", "trapezius-middle", "trapezius-lower"):
            depth = suggest(muscle, "left", **body_of(bmi)).depth_mm
            assert depth is not None
            assert depth.limit <= safe_mm, (muscle, bmi)


def test_where_sources_disagree_the_smaller_number_wins_and_the_reader_is_told():
    plan = suggest("rhomboid-major", "left", **body_of(22))
    told = next(reason for reason in plan.reasons if reason.code == "plan-cap-wins")
    assert told.params["note_mm"] == "17"
    assert told.params["limit_mm"] == "15"
    assert "depth-rhomboid" in say(told, "en")


def test_an_older_patient_gets_a_thin_needle_and_no_strokes():
    plan = suggest("gluteus-maximus", "left", age_years=80, **body_of(24))
    assert plan.needle is not None
    assert plan.needle.diameter_mm <= 0.25
    assert plan.technique == "deep-static"


def test_a_child_is_not_planned_over_the_lung():
    plan = suggest("trapezius-upper", "left", age_years=12)
    assert plan.needle is None
    codes = {reason.code: reason.weight for reason in plan.reasons}
    assert codes["plan-child-over-lung"] is Weight.ABSOLUTE


def test_the_inferior_oblique_is_never_needled_upwards_or_forwards():
    plan = suggest("obliquus-capitis-inferior", "left", **body_of(22))
    assert "C2 lamina" in plan.direction.en
    assert "Never cranial or anterior" in plan.direction.en
    assert "C2" in as_json(plan, "ur")["direction"]
    assert plan.technique == "deep-static"


def test_needles_and_techniques_of_proposals_are_those_the_forms_offer():
    techniques = {technique for technique, _ in TECHNIQUES} | {"none"}
    positions = {position for position, _ in POSITIONS}
    for muscle in MUSCLES:
        plan = suggest(muscle, "left", **body_of(22))
        assert plan.technique in techniques, muscle
        assert set(plan.positions) <= positions, muscle
        if plan.needle:
            assert any(math.isclose(plan.needle.diameter_mm, d) for d in NEEDLE_DIAMETERS_MM)
            longest = longest_needle_mm(atlas().muscles[muscle], 22.0)
            assert plan.needle.length_mm <= longest, muscle


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side": "up"}, "side: got 'up'; allowed: left, right"),
        ({"weight_kg": 4000}, "weight_kg: got 4000; allowed: 1 to 400"),
        ({"age_years": -1}, "age_years: got -1"),
        ({"measured_depth_mm": 0}, "measured_depth_mm: got 0"),
        ({"sex": "yes"}, "sex: got 'yes'"),
        ({"height_cm": math.nan}, "height_cm: got nan"),
        (
            {"measured_depth_mm": 40, "measured_by": "Dr Sana", "measured_how": "palpation"},
            "measured_how: got 'palpation'; allowed: ultrasound, ct, mri",
        ),
    ],
)
def test_an_impossible_question_is_answered_with_what_is_allowed(change, message):
    asked = {"side": "left", **change}
    with pytest.raises(OutOfBounds, match=re.escape(message)):
        suggest("soleus", asked.pop("side"), **asked)


def test_the_json_of_a_plan_keeps_the_contract():
    document = as_json(suggest("infraspinatus", "right", **body_of(23)), "en")
    assert {"muscle", "side", "position", "palpation", "direction", "needle", "depth_mm"} <= set(
        document
    )
    assert set(document["needle"]) == {"diameter_mm", "length_mm"}
    assert {"target", "limit", "limit_basis", "confidence", "sources"} <= set(document["depth_mm"])
    assert document["depth_mm"]["limit_basis"] in ("measured", "published", "expert")
    assert document["training"] in ("basic", "intermediate", "advanced")
    assert document["palpation"] in ("flat", "pincer")
    assert all(isinstance(hazard["structure"], str) for hazard in document["hazards"])


def test_every_cap_names_its_sources_and_says_why_in_both_languages():
    for cap in knowledge().caps:
        assert cap.sources, cap.id
        assert cap.why.en, cap.id
        assert cap.why.ur, cap.id


def test_every_sentence_of_planning_speaks_urdu_and_says_what_to_do_next():
    for code, sentence in sentences().items():
        if code.startswith("plan-"):
            assert sentence.says.ur, code
            assert sentence.instead is not None, code
            assert sentence.instead.ur, code


def test_every_technique_says_its_dose_in_points_insertions_and_passes_with_a_source():
    for technique in knowledge().techniques.technique:
        assert 1 <= technique.insertions <= 2, technique.id
        assert 1 <= technique.passes <= technique.most_passes, technique.id
        assert technique.dose_sources, technique.id
    plan = as_json(suggest("infraspinatus", "left", **body_of(23)))
    assert (plan["insertions"], plan["passes"], plan["most_passes"]) == (1, 10, 15)


def test_sitting_up_over_the_lung_is_minded():
    plan = suggest("supraspinatus", "left", position="seated", **body_of(23))
    assert "plan-seated-over-lung" in {reason.code for reason in plan.reasons}
    lying = suggest("supraspinatus", "left", position="prone", **body_of(23))
    assert "plan-seated-over-lung" not in {reason.code for reason in lying.reasons}


def test_a_first_treatment_is_planned_lying_down_and_said_to_be_where_it_is_not():
    assert suggest("deltoid-middle", "left").position == "seated"
    assert suggest("deltoid-middle", "left", first_visit=True).position == "side-lying"
    size = {"diameter_mm": 0.25, "length_mm": 30, "depth_mm": 10, "passes": 1}

    def codes(**more) -> set[str]:
        found = check("deltoid-middle", "left", technique="deep-static", **size, **more)
        return {reason.code for reason in found}

    assert "plan-first-lying-down" in codes(position="seated", first_visit=True)
    assert "plan-first-lying-down" not in codes(position="seated")
    assert "plan-first-lying-down" not in codes(position="supine", first_visit=True)


NO_TEST = re.compile(
    "root|cutaneous|occipital|facial|orbital|infraorbital|inguinal|pudendal|perineal|vagus"
)
"""Nerves of skin, face, bowel and roots: no strength test tells whether they were hurt."""


def test_every_muscle_beside_a_nerve_of_strength_asks_for_its_test_afterwards():
    for muscle in atlas().muscles.values():
        beside = [one.structure.en.lower() for one in muscle.hazards]
        named = any("nerve" in text and not NO_TEST.search(text) for text in beside)
        tests = [one for one in suggest(muscle.id, "left").reasons if one.code == "plan-nerve-test"]
        assert tests or not named or not muscle.needleable, (muscle.id, beside)
        assert all(one.sources for one in tests)
