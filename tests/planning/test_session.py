"""All targets of one visit together: lungs, neck, number, spacing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy import atlas
from filiform.planning import (
    TECHNIQUES,
    Dose,
    OutOfBounds,
    check_needles,
    check_session,
    dose_of,
    session_dose,
    suggest,
)
from filiform.planning.session import MOST_FIRST_VISIT, MOST_PER_VISIT
from filiform.reasons import Weight, say, sentences

OVER_LUNG = sorted(m.id for m in atlas().muscles.values() if m.over_lung)


def codes(targets, **more) -> dict[str, Weight]:
    return {reason.code: reason.weight for reason in check_session(targets, **more)}


@settings(max_examples=100, deadline=None)
@given(left=st.sampled_from(OVER_LUNG), right=st.sampled_from(OVER_LUNG))
def test_needling_over_both_lungs_in_one_visit_is_always_refused(left, right):
    assert codes([(left, "left"), (right, "right")])["plan-thorax-bilateral"] is Weight.ABSOLUTE


def test_a_bilateral_target_over_the_lung_counts_as_both_sides():
    assert "plan-thorax-bilateral" in codes([("trapezius-upper", "bilateral")])


def test_one_side_over_the_lung_and_the_other_calf_is_fine():
    assert codes([("trapezius-upper", "left"), ("soleus", "right")]) == {}


def test_the_refusal_names_the_muscles_in_both_languages():
    found = check_session([("trapezius-upper", "left"), ("infraspinatus", "right")])
    assert "Infraspinatus" in say(found[0], "en")
    assert "انفرا اسپائنیٹس" in say(found[0], "ur")


def test_three_points_are_usual_in_a_first_visit_and_eight_the_most_later():
    three = [("soleus", "left")] * 3
    assert codes(three, first_visit=True) == {}
    four = [("soleus", "left")] * 4
    assert codes(four, first_visit=True)["plan-too-many-points-first"] is Weight.PRECAUTION
    assert codes(four) == {}
    assert codes([("soleus", "left")] * 9)["plan-too-many-points"] is Weight.RELATIVE


@pytest.mark.parametrize(
    ("days", "code"), [(2, "plan-too-soon"), (5, "plan-rather-soon"), (7, None)]
)
def test_the_same_muscle_rests_five_to_seven_days(days, code):
    found = codes([("soleus", "left")], days_since={("soleus", "left"): days})
    assert (code in found) if code else found == {}


def test_other_muscles_wait_72_hours():
    before = {("soleus", "left"): 2.0}
    assert "plan-other-muscles-soon" in codes([("gluteus-medius", "left")], days_since=before)
    before = {("soleus", "left"): 3.0}
    assert codes([("gluteus-medius", "left")], days_since=before) == {}


def test_after_six_visits_the_series_needs_a_new_reason():
    assert codes([("soleus", "left")], visits_before=5) == {}
    assert "plan-many-visits" in codes([("soleus", "left")], visits_before=6)


def test_scalenes_on_both_sides_are_not_one_visit():
    assert "plan-neck-bilateral" in codes([("scalene-medius", "bilateral")])


def test_an_unknown_side_is_refused():
    with pytest.raises(OutOfBounds, match="allowed: left, right, midline, bilateral"):
        check_session([("soleus", "both")])


def test_a_fourth_needle_over_one_lung_asks_for_a_written_reason():
    over = [("trapezius-upper", "left"), ("infraspinatus", "left"), ("supraspinatus", "left")]
    assert "plan-many-over-lung" not in codes(over)
    more = [*over, ("rhomboid-major", "left")]
    assert codes(more)["plan-many-over-lung"] is Weight.RELATIVE
    assert "plan-many-over-lung" not in codes([*over, ("soleus", "left")])
    reason = next(r for r in check_session(more) if r.code == "plan-many-over-lung")
    assert "4 needles over one lung" in say(reason, "en")


def test_electrical_needling_puts_two_needles_at_a_point_and_they_are_counted():
    assert dose_of("electrical", 1) == Dose(insertions=2, passes=1)
    points = [("soleus", "left")] * 6
    assert "plan-too-many-insertions" not in codes(points)
    electric = [dose_of("electrical", 1)] * 6
    assert codes(points, doses=electric)["plan-too-many-insertions"] is Weight.RELATIVE


def test_ten_passes_at_each_of_three_points_are_usual_and_at_five_too_many_at_first():
    def at(points: int, **more) -> dict[str, Weight]:
        return codes([("soleus", "left")] * points, doses=[Dose(passes=10)] * points, **more)

    assert at(3, first_visit=True) == {}
    assert at(5, first_visit=True)["plan-too-many-passes"] is Weight.PRECAUTION
    assert at(8) == {}
    most = codes([("soleus", "left")] * 8, doses=[Dose(passes=15)] * 8)
    assert most["plan-too-many-passes"] is Weight.RELATIVE


def test_another_number_of_doses_than_targets_is_refused():
    with pytest.raises(OutOfBounds, match="doses: got 1; allowed: one for each of 2"):
        check_session([("soleus", "left")] * 2, doses=[Dose()])


def test_what_is_proposed_is_never_more_than_the_usual_that_stands_beside_it():
    proposals = [suggest(muscle, "left", age_years=40) for muscle in atlas().muscles]
    techniques = {one.technique for one in proposals if one.needle}
    assert techniques <= {technique for technique, _name in TECHNIQUES}
    for one in proposals:
        each = Dose(insertions=one.insertions, passes=one.passes)
        for points, first in ((MOST_FIRST_VISIT, True), (MOST_PER_VISIT, False)):
            # The same point again and again is the most that proposals can add up to.
            dose = session_dose([each] * points, first_visit=first)
            assert dose.points <= dose.most_points, one.muscle
            assert dose.insertions <= dose.most_insertions, one.muscle
            assert dose.passes <= dose.most_passes, one.muscle


def test_points_insertions_and_passes_are_never_called_by_each_others_name():
    def words(code: str) -> str:
        return " ".join(part.en for part in (sentences()[code].says, sentences()[code].instead))

    own = {
        "plan-too-many-points": ("points", ("insertion", "pass", "needle")),
        "plan-too-many-points-first": ("points", ("insertion", "pass", "needle")),
        "plan-too-many-insertions": ("needles through the skin", ("passes",)),
        "plan-too-many-passes": ("passes", ("insertion", "through the skin")),
        "plan-passes-too-many": ("passes", ("insertion", "through the skin")),
    }
    for code, (word, others) in own.items():
        assert word in words(code), code
        assert not [other for other in others if other in words(code)], code
    # A fourth word for one of the three would be a second name of it.
    said = {code for code in sentences() if code.startswith("plan-") and "stroke" in words(code)}
    assert said == set()


def test_needles_are_counted_as_they_go_in_whatever_the_plan_said():
    over = [("trapezius-upper", "left")] * 3
    assert check_needles(over) == ()
    assert [one.code for one in check_needles([*over, over[0]])] == ["plan-many-over-lung"]
    both = check_needles([*over, ("trapezius-upper", "right")])
    assert [one.code for one in both] == ["plan-thorax-bilateral"]
    calf = [("soleus", "left")] * 11
    assert [one.code for one in check_needles(calf)] == ["plan-too-many-insertions"]
