"""A plan that somebody wrote is judged: each fault has its reason, its weight and its sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.anatomy import atlas
from filiform.planning import check
from filiform.reasons import Weight, say

GOOD = {
    "diameter_mm": 0.25,
    "length_mm": 30,
    "depth_mm": 15,
    "technique": "fast-in-fast-out",
    "passes": 8,
    "age_years": 40,
    "height_cm": 165,
    "weight_kg": 62,
}


def codes(muscle: str = "trapezius-upper", **change) -> dict[str, Weight]:
    return {reason.code: reason.weight for reason in check(muscle, "left", **{**GOOD, **change})}


def test_a_sound_plan_for_upper_trapezius_is_only_reminded_of_lung_and_nerve():
    assert set(codes()) == {"plan-over-lung", "plan-nerve-test"}


@in_one_test(
    ("change", "code", "weight"),
    [
        ({"depth_mm": 21, "length_mm": 40}, "plan-depth-over-limit", Weight.ABSOLUTE),
        ({"length_mm": 40}, "plan-needle-may-pass", Weight.PRECAUTION),
        ({"length_mm": 40}, "plan-needle-too-long", Weight.ABSOLUTE),
        ({"length_mm": 15}, "plan-needle-too-short", Weight.ABSOLUTE),
        ({"depth_mm": 18}, "plan-needle-little-reserve", Weight.PRECAUTION),
        ({"length_mm": 33}, "plan-length-not-listed", Weight.ABSOLUTE),
        ({"diameter_mm": 2.5}, "plan-diameter-not-listed", Weight.ABSOLUTE),
        ({"diameter_mm": 0.40}, "plan-needle-too-thick", Weight.RELATIVE),
        ({"age_years": 80, "diameter_mm": 0.30}, "plan-thinner-when-older", Weight.RELATIVE),
        ({"passes": 16}, "plan-passes-too-many", Weight.RELATIVE),
        ({"passes": 0}, "plan-passes-none", Weight.ABSOLUTE),
        ({"technique": "magic"}, "plan-technique-unknown", Weight.ABSOLUTE),
        ({"technique": "superficial"}, "plan-technique-too-deep", Weight.PRECAUTION),
        ({"technique": "electrical", "passes": 1}, "plan-electrical-site", Weight.RELATIVE),
        ({"position": "standing"}, "plan-position-unknown", Weight.ABSOLUTE),
        ({"position": "seated"}, "plan-position-unusual", Weight.PRECAUTION),
        ({"depth_mm": 0}, "plan-depth-not-positive", Weight.ABSOLUTE),
        ({"palpation": "fist"}, "plan-grip-unknown", Weight.ABSOLUTE),
        ({"weight_kg": None}, "plan-body-mass-unknown", Weight.PRECAUTION),
        ({"age_years": 10}, "plan-child-over-lung", Weight.ABSOLUTE),
    ],
)
def test_each_fault_is_found_and_weighed(change, code, weight):
    assert codes(**change)[code] is weight


@pytest.mark.parametrize("field", ["diameter_mm", "length_mm", "depth_mm"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused(field, value):
    assert Weight.ABSOLUTE in codes(**{field: value}).values()


def test_the_sentence_names_what_was_planned_the_limit_the_rule_and_the_source():
    reasons = check("trapezius-upper", "left", **{**GOOD, "depth_mm": 26, "length_mm": 30})
    sentence = next(say(r) for r in reasons if r.code == "plan-depth-over-limit")
    assert "planned 26 mm, limit 20 mm" in sentence
    assert "rule needling-note" in sentence
    assert "source Dommerholt" in sentence
    assert sentence.endswith("Plan less depth and a shorter needle.")


def test_upper_trapezius_is_refused_flat_in_a_slim_body_and_allowed_to_10_mm_otherwise():
    slim = codes(palpation="flat", weight_kg=45, depth_mm=8, technique="superficial")
    assert slim["plan-grip-not-allowed"] is Weight.ABSOLUTE
    other = codes(palpation="flat", depth_mm=8, technique="superficial", passes=1)
    assert "plan-depth-over-limit" not in other
    assert codes(palpation="flat", depth_mm=11)["plan-depth-over-limit"] is Weight.ABSOLUTE


def test_pectoralis_beyond_9_mm_asks_for_a_lifted_fold_and_a_written_reason():
    needle = {"length_mm": 50, "diameter_mm": 0.25}
    lifted = codes("pectoralis-major-sternal", depth_mm=20, **needle)
    assert lifted["plan-depth-fold-only"] is Weight.RELATIVE
    deeper = codes("pectoralis-major-sternal", depth_mm=26, **needle)
    assert deeper["plan-depth-over-limit"] is Weight.ABSOLUTE
    flat = codes("pectoralis-major-sternal", depth_mm=20, palpation="flat", **needle)
    assert flat["plan-depth-over-limit"] is Weight.ABSOLUTE


def test_the_trigger_point_of_a_plan_sets_its_limit_and_an_unknown_one_is_no_plan():
    """Quadratus lumborum: the first point lies below the twelfth rib, near the pleura."""
    needle = {"length_mm": 75, "diameter_mm": 0.30, "depth_mm": 41, "technique": "deep-static"}
    assert "plan-lumbar-lateral" in codes("quadratus-lumborum", trp="1", **needle)
    assert "plan-lumbar-lateral" not in codes("quadratus-lumborum", trp="3", **needle)
    with pytest.raises(KeyError, match="1, 2, 3, 4"):
        codes("quadratus-lumborum", trp="9", **needle)


def test_past_the_notes_usual_depth_a_signed_measurement_allows_and_still_minds_it():
    """The note works supraspinatus to 35 mm; 60 mm to the fossa, seen by ultrasound, leave 42."""
    signed = {"measured_depth_mm": 60, "measured_by": "Dr Sana", "measured_how": "ultrasound"}
    needle = {"length_mm": 50, "technique": "deep-static", "passes": 1}
    deep = codes("supraspinatus", depth_mm=38, **needle, **signed)
    assert deep["plan-depth-over-usual"] is Weight.PRECAUTION
    assert "plan-depth-over-limit" not in deep
    usual = codes("supraspinatus", depth_mm=35, **needle, **signed)
    assert "plan-depth-over-usual" not in usual
    assert "plan-depth-over-limit" in codes("supraspinatus", depth_mm=43, **needle, **signed)


def test_the_inferior_oblique_is_not_worked_with_strokes():
    found = codes("obliquus-capitis-inferior", length_mm=40, depth_mm=20)
    assert found["plan-no-pistoning"] is Weight.RELATIVE


def test_a_long_needle_is_allowed_in_the_buttock_only_above_bmi_30():
    deep = {"length_mm": 100, "depth_mm": 45, "diameter_mm": 0.30}
    assert "plan-needle-too-long" in codes("piriformis", weight_kg=75, **deep)
    assert "plan-needle-too-long" not in codes("piriformis", weight_kg=90, **deep)


@settings(max_examples=200, deadline=None)
@given(
    muscle=st.sampled_from(sorted(atlas().muscles)),
    depth=st.floats(0.5, 120),
    deeper=st.floats(0.5, 60),
    bmi=st.floats(14, 50),
)
def test_a_deeper_plan_is_never_judged_more_mildly(muscle, depth, deeper, bmi):
    def strictest(depth_mm: float) -> int:
        reasons = check(
            muscle,
            "right",
            diameter_mm=0.25,
            length_mm=100,
            depth_mm=depth_mm,
            technique="deep-static",
            passes=1,
            height_cm=100,
            weight_kg=bmi,
        )
        about_depth = [r for r in reasons if r.code.startswith("plan-depth")]
        return min((r.weight.rank for r in about_depth), default=9)

    assert strictest(depth + deeper) <= strictest(depth)


@settings(max_examples=200, deadline=None)
@given(
    muscle=st.sampled_from(sorted(atlas().muscles)),
    diameter=st.floats(),
    length=st.floats(),
    depth=st.floats(),
    passes=st.integers(-5, 100),
    technique=st.text(max_size=8) | st.sampled_from(["superficial", "electrical", "ims"]),
    position=st.none() | st.text(max_size=6),
)
def test_whatever_a_form_sends_is_answered_in_whole_sentences(
    muscle, diameter, length, depth, passes, technique, position
):
    reasons = check(
        muscle,
        "left",
        diameter_mm=diameter,
        length_mm=length,
        depth_mm=depth,
        technique=technique,
        passes=passes,
        position=position,
    )
    assert [r.weight.rank for r in reasons] == sorted(r.weight.rank for r in reasons)
    for reason in reasons:
        assert say(reason, "en")
        assert say(reason, "ur")
