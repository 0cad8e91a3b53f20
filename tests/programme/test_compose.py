"""A course has stages with criteria, evidence, an end, and says what the patient can't do."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programme.test_propose import MUSCLES, targets
from tests.tables import check_each

from filiform.outcomes import SCALES
from filiform.programme import (
    BOUNDS,
    NEEDED,
    ExerciseDose,
    Findings,
    Goal,
    Screened,
    compose,
    course_json,
    course_knowledge,
    library,
    reasons_against_dose,
)
from filiform.programme.knowledge import knowledge
from filiform.reasons import say
from filiform.screening import indications, rules

CLOT = Screened(rules=frozenset({"dvt-acute"}))
ALL_RULES = sorted({rule.id for rule in rules()})


def codes(course) -> list[str]:
    return [reason.code for reason in course.left_out]


def home(course, stage: str) -> list[str]:
    return [i.id for s in course.stages if s.plan.id == stage for p in s.phases for i in p.items]


def test_the_library_has_everything_for_each_of_the_143_muscles():
    assert len(MUSCLES) == 143

    def check(muscle):
        found = library(muscle)
        assert [part for part in NEEDED if not found[part]] == []

    check_each(MUSCLES, check)


def test_every_exercise_has_a_step_down_and_a_step_up_and_a_dose_within_bounds():
    for one in knowledge().companions:
        if one.kind in ("exercise", "self-release"):
            assert one.easier, one.id
            assert one.harder, one.id
            assert one.dose is not None, one.id
        assert reasons_against_dose(one.dose) == (), one.id


def test_every_rule_that_a_caution_acts_on_is_one_of_screening_or_of_the_facts():
    flags = {
        "pregnant",
        "numb-feet",
        "bending-hurts",
        "hip-tendon-pain",
        "antithrombotic",
        "older",
    }
    for name, caution in knowledge().cautions.items():
        assert caution.when <= {*ALL_RULES, *flags}, name
        assert bool(caution.when) == bool(caution.reason), name


def test_every_condition_of_screening_is_told_what_needling_adds_with_the_grade_of_screening():
    adding, graded = course_knowledge().adding_of, indications()
    assert {one.id for one in graded} == set(adding) - {""}
    for one in graded:
        assert (adding[one.id].grade, adding[one.id].certainty) == (one.advice, one.certainty)
    assert set(course_knowledge().plan_of) - {""} <= {one.id for one in graded}


def test_every_measure_of_a_review_is_a_scale_and_its_change_within_the_scale():
    for plan in course_knowledge().plan_of.values():
        scale = SCALES[plan.review.measure]
        assert 0 < plan.review.change <= scale.high - scale.low, plan.id
        assert (plan.review.after_visits is None) != (plan.review.after_weeks is None), plan.id


def test_a_neck_calms_down_is_restored_loaded_and_sent_back_with_criteria_at_each_door():
    course = compose([("trapezius-upper", "left")], Findings(condition="neck-pain", pain_nprs=6))
    assert [stage.plan.id for stage in course.stages] == ["calm", "restore", "load", "return"]
    assert all(stage.plan.enter and stage.leave for stage in course.stages)
    assert course.start == "calm"
    assert "upper-trapezius:left" in home(course, "calm")
    assert "shrug" in home(course, "load")
    assert "blade-lift-prone" in home(course, "return")
    assert course.plan.review.after_visits == 3
    assert (course.adding.grade, course.adding.adds) == ("consider", "little")


def test_little_pain_starts_with_restoring():
    assert compose([("soleus", "left")], Findings(pain_nprs=3)).start == "restore"
    assert compose([("soleus", "left")], Findings(pain_nprs=4)).start == "calm"
    assert compose([("soleus", "left")]).start == "calm", "nobody asked"


def test_the_patients_goal_is_what_ends_the_course():
    course = compose([("soleus", "left")], goals=[Goal(activity="Climb to my flat", score=3)])
    assert "\u2068Climb to my flat\u2069: 5 of 10 or more (at first 3)." in [
        w.en for w in course.stages[-1].leave
    ]
    near = compose([("soleus", "left")], goals=[Goal(activity="Walk", score=9)])
    assert "10 of 10" in near.stages[-1].leave[0].en
    unrated = compose([("soleus", "left")], goals=[Goal(activity="Walk")])
    assert unrated.stages[-1].leave[0].en == "\u2068Walk\u2069: as wished."


def test_a_clot_leaves_no_exercise_of_the_calf_and_each_empty_stage_says_what_to_do():
    course = compose([("soleus", "left")], screening=CLOT)
    assert codes(course).count("programme-phase-empty") == 4
    assert "programme-clot" in codes(course)
    said = say(course.left_out[0])
    assert "Do not go on to this stage" in said
    assert "Calf stretch" in said or "calf" in said.lower()
    assert "clot" in said.lower(), "with the reason that left its exercises out"
    assert course.left_out[0].sources
    assert "programme-phase-empty" not in codes(compose([("soleus", "left")]))
    assert "programme-phase-empty" not in codes(
        compose([("infraspinatus", "left")], screening=CLOT)
    )


def test_without_a_target_no_stage_is_called_empty():
    nothing = compose([], screening=CLOT)
    assert nothing.left_out == ()
    assert not any(stage.phases for stage in nothing.stages)


def test_what_screening_blocks_has_no_needle_in_its_order_and_says_so():
    blocked = compose([("soleus", "left")], screening=Screened(blocked=True))
    assert "programme-not-needled" in codes(blocked)
    assert not any(step.needled for step in blocked.order)
    assert not any(rule.needled for rule in blocked.rules)
    assert any(step.needled for step in compose([("soleus", "left")]).order)


def test_a_strain_of_yesterday_is_not_needled_and_one_of_last_week_is():
    fresh = compose([("biceps-femoris", "left")], Findings(injury_hours=24))
    assert "programme-fresh-injury" in codes(fresh)
    assert "press-point" not in [item.id for item in fresh.clinic]
    later = compose([("biceps-femoris", "left")], Findings(injury_hours=72))
    assert "programme-fresh-injury" not in codes(later)


def test_a_dose_out_of_bounds_is_refused_with_what_is_allowed():
    (reason,) = reasons_against_dose(ExerciseDose(sets=3, hold_s=900))
    assert "900 is outside 1 to 300" in say(reason)
    assert "روکنا" in say(reason, "ur")
    for part, bound in BOUNDS.items():
        assert not reasons_against_dose(ExerciseDose(**{part: bound.most}))
        assert reasons_against_dose(ExerciseDose(**{part: bound.most + 1}))
        assert reasons_against_dose(ExerciseDose(**{part: bound.least - 1}))


def test_a_pain_or_goal_outside_the_scale_is_refused_with_what_is_allowed():
    with pytest.raises(ValueError, match="pain_nprs: got 11; allowed: 0 to 10"):
        compose([("soleus", "left")], Findings(pain_nprs=11))
    with pytest.raises(ValueError, match="Run: got -1; allowed: 0 to 10"):
        compose([("soleus", "left")], goals=[Goal(activity="Run", score=-1)])


@settings(max_examples=100, deadline=None)
@given(targets=targets, held=st.sets(st.sampled_from(ALL_RULES), max_size=6))
def test_nothing_stands_in_a_course_whose_caution_speaks_against_the_patient(targets, held):
    course = compose(targets, screening=Screened(rules=frozenset(held)))
    entries = {one.id: one for one in (*knowledge().companions, *knowledge().general)}
    entries |= {one.id: one for one in knowledge().stretch_of.values()}
    against = {name for name, one in knowledge().cautions.items() if one.when & held}
    for phase in course.programme.phases:
        for item in (*phase.items, *phase.more):
            cautions = set(entries[item.id.partition(":")[0]].cautions)
            cautions |= {"lax"} if item.kind == "stretch" else set()
            assert not cautions & against, item.id
    for language in ("en", "ur"):
        assert all("%(" not in say(reason, language) for reason in course.left_out)


@settings(max_examples=50, deadline=None)
@given(targets=targets)
def test_nobody_walks_on_the_left_and_what_is_done_with_one_limb_names_it(targets):
    for phase in compose(targets).programme.phases:
        for item in (*phase.items, *phase.more):
            name = item.name.en.lower()
            assert not item.side or not re.search(r"walk|march|both|breathe out|curl-up", name)


def test_a_course_takes_a_small_part_of_ten_milliseconds():
    many = [(muscle, "left") for muscle in MUSCLES[::18]]
    compose(many)
    began = process_time()
    for _ in range(20):
        compose(many, Findings(condition="neck-pain"), goals=[Goal(activity="Work", score=4)])
    assert (process_time() - began) / 20 < 0.010


def test_the_json_of_a_course_speaks_either_language():
    course = compose([("soleus", "right")], Findings(condition="plantar-heel-pain"))
    assert course_json(course)["adding_needling"]["grade"] == "recommend"
    urdu = course_json(course, "ur")
    assert all(re.search("[\u0600-\u06ff]", stage["name"]) for stage in urdu["stages"])
    assert urdu["plan"]["review"] == {
        "measure": "faam-adl",
        "change": 8.0,
        "after_weeks": 4,
        "after_visits": None,
    }
