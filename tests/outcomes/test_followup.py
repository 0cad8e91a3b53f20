"""Triage of the checks after a treatment, when they are due, and the sheet to take home."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.anatomy import atlas
from filiform.outcomes import (
    PERIODS,
    QUESTIONS,
    CheckReport,
    Urgency,
    aftercare_advice,
    checks_due,
    questions_for,
    report_flags,
    table,
    triage,
    usual_courses,
)

URDU = re.compile(r"[\u0600-\u06ff]")
LIMB = {"over_lung": False, "neck_or_spine": False}
MUSCLES = sorted(atlas().muscles)

WORSE = {
    "soreness_nprs": [None, *range(11)],
    "bruise": ["none", "small", "large", "growing"],
    "bleeding": ["none", "stopped", "not-stopping"],
    "faint": ["no", "once", "again"],
    "other": ["", "something"],
    **{
        name: [False, True]
        for name in (
            *("breathless", "chest_pain", "cough", "fever", "red_hot_skin", "numb", "weak"),
            *("face_swelling", "severe_headache", "bladder_bowel", "limb_tight", "belly_pain"),
            *("symptom_flare", "needle_left", "itch", "sleepy", "pregnant_bleeding"),
            *("over_lung", "neck_or_spine", "antithrombotic"),
        )
    },
}
"""Every answer from harmless to bad."""

reports = st.builds(
    CheckReport,
    hours_since=st.floats(0, 400),
    **{name: st.sampled_from(values) for name, values in WORSE.items()},
)


@settings(max_examples=400)
@given(report=reports, name=st.sampled_from(sorted(WORSE)), data=st.data())
def test_a_further_complaint_never_makes_the_answer_less_urgent(report, name, data):
    scale = WORSE[name]
    now = scale.index(getattr(report, name))
    worse = data.draw(st.sampled_from(scale[now:]))
    after = triage(msgspec.structs.replace(report, **{name: worse}))
    assert after.urgency.rank <= triage(report).urgency.rank


@settings(max_examples=200)
@given(report=reports, hours=st.floats(0, 400))
def test_the_same_complaint_later_is_never_less_urgent(report, hours):
    later = msgspec.structs.replace(report, hours_since=report.hours_since + hours)
    assert triage(later).urgency.rank <= triage(report).urgency.rank


@settings(max_examples=200)
@given(report=reports)
def test_every_answer_tells_the_patient_what_to_do_in_both_languages(report):
    answer = triage(report)
    assert answer.say.en
    assert URDU.search(answer.say.ur)
    if answer.urgency in (Urgency.EMERGENCY, Urgency.CALL_TODAY):
        assert answer.staff
        assert answer.events[0].urgency is answer.urgency
    if answer.urgency is Urgency.EMERGENCY:
        assert "emergency" in answer.say.en


@in_one_test(
    ("answers", "urgency", "event"),
    [
        ({"breathless": True}, "emergency", "pneumothorax"),
        ({"chest_pain": True}, "emergency", "pneumothorax"),
        ({"cough": True, "over_lung": True}, "emergency", "pneumothorax"),
        ({"cough": True}, "call-today", "pneumothorax"),
        ({"faint": "again"}, "emergency", "syncope"),
        ({"faint": "once"}, "call-today", "syncope"),
        ({"face_swelling": True}, "emergency", "dermatitis"),
        ({"limb_tight": True}, "emergency", "compartment"),
        ({"belly_pain": True}, "emergency", "visceral"),
        ({"bladder_bowel": True}, "emergency", "epidural-haematoma"),
        ({"weak": True, "neck_or_spine": True}, "emergency", "epidural-haematoma"),
        ({"weak": True}, "call-today", "nerve"),
        ({"numb": True}, "call-today", "nerve"),
        ({"fever": True}, "call-today", "infection"),
        ({"red_hot_skin": True}, "call-today", "infection"),
        ({"bleeding": "not-stopping"}, "call-today", "bleeding"),
        ({"bleeding": "not-stopping", "antithrombotic": True}, "emergency", "bleeding"),
        ({"bruise": "growing"}, "call-today", "bruise"),
        ({"bruise": "large"}, "call-today", "bruise"),
        ({"bruise": "small"}, "fine", "bruise"),
        ({"soreness_nprs": 8}, "call-today", "soreness"),
        ({"soreness_nprs": 7}, "watch", "soreness"),
        ({"soreness_nprs": 3}, "fine", "soreness"),
        ({"soreness_nprs": 4, "hours_since": 72}, "call-today", "soreness"),
        ({"soreness_nprs": 3, "hours_since": 72}, "fine", "soreness"),
        ({"severe_headache": True}, "call-today", "nausea-headache"),
        ({"severe_headache": True, "neck_or_spine": True}, "emergency", "subarachnoid/CSF"),
        ({"symptom_flare": True}, "watch", "aggravation"),
        ({"symptom_flare": True, "hours_since": 121}, "call-today", "aggravation"),
        ({"pregnant_bleeding": True}, "emergency", "pregnancy-event"),
        ({"needle_left": True}, "call-today", "forgotten"),
        ({"needle_left": True, "over_lung": True}, "emergency", "forgotten"),
        ({"other": "my arm feels odd"}, "watch", "other"),
    ],
)
def test_each_complaint_is_as_urgent_as_the_safety_notes_say(answers, urgency, event):
    answer = triage(CheckReport(**{"hours_since": 24, **LIMB, **answers}))
    assert answer.urgency == Urgency(urgency)
    assert answer.events[0].id == event


def test_soreness_and_a_small_bruise_are_told_their_usual_course_unless_somebody_has_to_act():
    harmless = CheckReport(hours_since=24, soreness_nprs=3, bruise="small", **LIMB)
    assert [one.id for one in usual_courses(harmless)] == ["soreness", "bruise"]
    assert all(URDU.search(one.usual.ur) and one.sources for one in usual_courses(harmless))
    for worse in ({"numb": True}, {"soreness_nprs": 8}, {"bruise": "growing"}):
        assert usual_courses(msgspec.structs.replace(harmless, **worse)) == ()
    assert usual_courses(CheckReport(hours_since=24, soreness_nprs=0, **LIMB)) == ()


def test_nothing_to_report_is_fine_and_still_names_the_alarm_signs():
    answer = triage(CheckReport(hours_since=24, soreness_nprs=0))
    assert answer.urgency is Urgency.FINE
    assert answer.events == ()
    assert "short of breath" in answer.say.en


def test_the_lung_is_named_to_the_emergency_doctor_only_if_it_may_have_been_near():
    near = triage(CheckReport(hours_since=5, breathless=True))
    assert "needling near my lung" in near.say.en
    far = triage(CheckReport(hours_since=5, breathless=True, **LIMB))
    assert "needling near my lung" not in far.say.en


def test_not_knowing_what_was_needled_is_treated_as_the_dangerous_case():
    assert triage(CheckReport(hours_since=5, cough=True)).urgency is Urgency.EMERGENCY


def test_the_needled_muscles_decide_whether_lung_or_spine_were_near():
    assert report_flags(["soleus"]) == LIMB
    assert report_flags(["infraspinatus"])["over_lung"]
    assert report_flags(["lumbar-multifidus"])["neck_or_spine"]


def test_an_impossible_answer_is_refused():
    with pytest.raises(ValueError, match="soreness_nprs: got 11; allowed: 0 to 10"):
        CheckReport(hours_since=2, soreness_nprs=11)
    with pytest.raises(ValueError, match="hours_since: got -1"):
        CheckReport(hours_since=-1)


def test_every_question_fills_a_field_of_the_report_and_every_answer_has_a_meaning():
    fields = set(CheckReport.__struct_fields__)
    asked = {question.id for question in QUESTIONS}
    assert asked <= fields
    meant = {rule.field for rule in table().rule}
    assert asked == meant
    for question in QUESTIONS:
        assert URDU.search(question.text.ur), question.id
        for choice in question.choices:
            CheckReport(hours_since=1, **{question.id: choice.id})
            assert URDU.search(choice.text.ur)


def test_a_rule_about_a_sign_without_a_row_for_it_is_refused_by_name():
    rule = msgspec.structs.replace(table().rule[0], sign="pregnant_bleeding", flag="", patient="")
    with pytest.raises(ValueError, match="pregnant_bleeding has no row that holds for its rule"):
        _ = rule.urgency


def test_every_rule_can_decide():
    """A rule that a more urgent one always covers would be dead text."""
    for rule in table().rule:
        answers: dict[str, object] = {"hours_since": rule.from_hours, **LIMB}
        if rule.flag:
            answers[rule.flag] = True
        if rule.any_text:
            answers[rule.field] = "text"
        elif rule.at_least is not None:
            answers[rule.field] = rule.at_least
        else:
            answers[rule.field] = rule.is_[0]
        events = triage(CheckReport(**answers)).events
        assert rule.id in [event.rule for event in events], rule.id


def due(muscles, **more) -> list[int]:
    usual = {"first_visit": False, "antithrombotic": False, "pregnant": False, **more}
    return [check.hours for check in checks_due(muscles=muscles, **usual)]


def test_everyone_is_asked_after_a_day_three_days_and_a_week():
    assert due(["soleus"]) == [24, 72, 168]


@settings(max_examples=100)
@given(
    muscles=st.lists(st.sampled_from(MUSCLES), min_size=1, max_size=5),
    first=st.booleans(),
    thin=st.booleans(),
    pregnant=st.booleans(),
    electro=st.booleans(),
)
def test_whatever_was_needled_the_promised_checks_go_out(muscles, first, thin, pregnant, electro):
    checks = checks_due(
        first_visit=first,
        muscles=muscles,
        antithrombotic=thin,
        pregnant=pregnant,
        electro=electro,
    )
    hours = [check.hours for check in checks]
    assert {24, 72, 168} <= set(hours)
    assert hours == sorted(set(hours))
    assert all(check.why and check.questions for check in checks)
    if any(atlas().muscles[muscle].over_lung for muscle in muscles):
        assert hours[0] == 2
        silent = {check.hours for check in checks if check.call_if_silent}
        assert silent == {24, 72}


def test_two_hours_after_a_first_visit_the_chest_or_the_belly_somebody_asks():
    assert due(["soleus"], first_visit=True)[0] == 2
    assert due(["trapezius-upper"])[0] == 2
    assert due(["rectus-abdominis"])[0] == 2


@in_one_test(
    ("muscle", "asked", "never"),
    [
        ("extensor-carpi-radialis-longus", "numb weak limb_tight", "breathless bladder_bowel"),
        ("pectoralis-major-sternal", "breathless chest_pain cough", "bladder_bowel belly_pain"),
        ("lumbar-multifidus", "numb weak bladder_bowel", "breathless belly_pain"),
        ("semispinalis-capitis", "severe_headache numb weak", "belly_pain limb_tight"),
        ("temporalis", "severe_headache", "bladder_bowel breathless weak"),
        ("rectus-abdominis", "belly_pain", "breathless bladder_bowel"),
        ("soleus", "numb weak limb_tight", "breathless severe_headache belly_pain"),
    ],
)
def test_a_patient_is_asked_only_what_the_needled_place_calls_for(muscle, asked, never):
    found = {question.id for question in questions_for([muscle], hours=24)}
    everywhere = {"soreness_nprs", "bruise", "bleeding", "fever", "red_hot_skin", "faint"}
    assert {*asked.split(), *everywhere} <= found
    assert not found & set(never.split())


def test_what_was_needled_in_several_places_is_asked_about_for_each_of_them():
    both = {one.id for one in questions_for(["soleus", "trapezius-upper"], hours=24)}
    assert both == {one.id for one in questions_for(["soleus"], hours=24)} | {
        one.id for one in questions_for(["trapezius-upper"], hours=24)
    }


def test_of_a_treatment_of_which_nothing_is_known_everything_is_asked():
    assert {question.id for question in questions_for(pregnant=True)} | {"itch"} == {
        question.id for question in QUESTIONS
    }


def test_only_pregnant_patients_are_asked_about_bleeding_and_cramps():
    assert "pregnant_bleeding" not in {question.id for question in questions_for()}
    assert "pregnant_bleeding" in {question.id for question in questions_for(pregnant=True)}


def test_the_lung_lines_come_only_if_a_muscle_over_the_lung_was_needled():
    near = {advice.id for advice in aftercare_advice(["trapezius-upper"])}
    far = {advice.id for advice in aftercare_advice(["soleus"])}
    assert near - far == {"emergency-lung", "no-diving"}


def test_the_sheet_begins_with_the_emergency_lines_and_speaks_both_languages():
    sheet = aftercare_advice(
        ["trapezius-upper"], first_visit=True, antithrombotic=True, pregnant=True
    )
    assert sheet[0].kind == "emergency"
    for advice in sheet:
        assert URDU.search(advice.text.ur), advice.id
        assert advice.sources, advice.id
        assert advice.period in {"", *(period.id for period in PERIODS)}
    kinds = {(advice.period, advice.kind) for advice in sheet}
    for period in PERIODS:
        for kind in ("do", "avoid", "watch"):
            assert (period.id, kind) in kinds


def test_patient_texts_are_short_sentences():
    """At most 18 words a sentence."""
    texts = [advice.text.en for advice in aftercare_advice(MUSCLES, pregnant=True)]
    texts += [said.text.en for said in table().say.values()]
    texts += [question.text.en for question in QUESTIONS]
    for text in texts:
        for sentence in re.split(r"[.?!:;] ", text):
            assert len(sentence.split()) <= 18, sentence
