"""All targets of one visit together: lungs, neck, number, spacing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy import atlas
from filiform.planning import OutOfBounds, check_session
from filiform.reasons import Weight, say

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
