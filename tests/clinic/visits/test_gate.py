"""Everything that stands against a needle, one thing at a time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import translation
from tests.clinic.treatment.treatment_steps import make_ready

from filiform.anatomy import atlas
from filiform.clinic.assessment import steps as assessment_steps
from filiform.clinic.pathway.gate import reasons_against_needling, where_mended
from filiform.clinic.pathway.state import NEEDLING_STEPS, compose
from filiform.clinic.visits import actions
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.step import StepState
from filiform.reasons import Reason, say


@pytest.fixture
def ready(visit, alice, today, kept):
    """A visit in which nothing prevents needling."""
    kept(make_ready, visit, alice, today)
    visit.refresh_from_db()
    return visit


@pytest.fixture
def codes(alice, today):
    def against(visit, by=None):
        return [reason.code for reason in reasons_against_needling(visit, by=by or alice, on=today)]

    return against


def test_nothing_stands_against_a_visit_that_is_ready(ready, codes):
    assert codes(ready) == []


def test_in_a_visit_that_was_only_booked_everything_is_named_in_order(visit, codes):
    assert codes(visit) == [
        "safety-questions-open",
        "changes-not-asked",
        "targets-missing",
        "consent-not-given",
        "visit-not-begun",
    ]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("booked", "visit-not-begun"),
        ("here", "visit-not-begun"),
        ("in-room", None),
        ("needles-in", None),
        ("to-sign", "visit-to-sign"),
        ("done", "visit-over"),
        ("left", "visit-over"),
        ("missed", "visit-over"),
        ("cancelled", "visit-over"),
    ],
)
def test_a_needle_goes_in_only_while_the_patient_is_in_the_room(ready, codes, state, code):
    Visit.objects.filter(pk=ready.pk).update(state=state)
    ready.refresh_from_db()
    assert codes(ready) == ([code] if code else [])


def test_an_expired_licence_stands_against_needling(ready, alice, today):
    from datetime import timedelta

    later = today + timedelta(days=366)
    found = reasons_against_needling(ready, by=alice, on=later)
    assert "staff-licence-expired" in [reason.code for reason in found]


def test_somebody_without_the_privilege_may_not_needle(ready, olga, codes, clinic):
    from filiform.clinic.staff import actions as staff

    new = staff.add_member(
        organisation=clinic,
        username="new",
        password=None,
        name="New",
        roles=frozenset({"practitioner"}),
    )
    assert "staff-privilege-missing" in codes(ready, by=new)
    assert codes(ready, by=olga)[0] == "staff-not-practitioner"


def test_a_red_flag_noted_at_the_last_moment_closes_the_gate(ready, alice, codes):
    from filiform.clinic.intake import actions as intake
    from filiform.screening import red_flags

    flag = next(one for one in red_flags() if one.urgency == "emergency")
    intake.answer(by=alice, patient=ready.patient, question=flag.id, value=True, visit=ready)
    assert codes(ready)[0] == "safety-red-flag"


def test_a_relative_contraindication_asks_for_a_written_reason_and_then_lets_through(
    ready, alice, codes
):
    from filiform.clinic.assessment.actions import justify
    from filiform.clinic.assessment.judgement import unjustified
    from filiform.clinic.intake import actions as intake
    from filiform.reasons import Weight
    from filiform.screening import rules

    rule = next(
        one
        for one in rules()
        if one.weight is Weight.RELATIVE and one.reach == "whole-body" and one.ask
    )
    intake.answer(by=alice, patient=ready.patient, question=rule.id, value=True, visit=ready)
    from django.utils import timezone

    on = timezone.localdate()
    assert rule.id in [one.id for one in unjustified(ready, on)]
    assert "safety-justification-missing" in codes(ready)
    for one in unjustified(ready, on):
        written = justify(
            by=alice, visit=ready, rule=one.id, text="Benefit outweighs it; thin needles only."
        )
        assert not isinstance(written, tuple), written
    assert "safety-justification-missing" not in codes(ready)


def test_a_target_added_after_consent_needs_a_plan_and_a_new_consent(ready, alice, codes):
    from filiform.clinic.assessment.actions import choose_target

    choose_target(by=alice, visit=ready, muscle="soleus", side="left")
    assert codes(ready) == ["plan-missing", "consent-incomplete"]


def test_targets_over_both_lungs_close_the_gate(ready, alice, codes):
    from filiform.clinic.assessment.actions import choose_target

    for side in ("left", "right"):
        choose_target(by=alice, visit=ready, muscle="rhomboid-major", side=side)
    assert "plan-thorax-bilateral" in codes(ready)


@pytest.mark.parametrize("step", ["safety", "targets", "plan", "consent"])
def test_a_reason_leads_to_the_page_of_the_step_that_gave_it_whatever_it_is_called(visit, step):
    steps = dict.fromkeys(NEEDLING_STEPS, StepState("done"))
    reason = Reason("a-code-that-tells-nothing")
    steps[step] = StepState("open", reasons=(reason,))
    pathway = compose("in-room", papers=(), steps=steps)
    room = "consent" if step == "consent" else "assessment"
    assert where_mended(reason, pathway, visit) == reverse(f"{room}:{step}", args=[visit.pk])


@pytest.mark.parametrize(
    ("state", "page"), [("to-sign", "treatment:treat"), ("done", "visits:visit")]
)
def test_a_visits_own_state_leads_to_the_page_where_it_goes_on(visit, state, page):
    pathway = compose(state, papers=(), steps=dict.fromkeys(NEEDLING_STEPS, StepState("done")))
    (reason,) = pathway.against
    assert where_mended(reason, pathway, visit) == reverse(page, args=[visit.pk])


def test_what_came_from_home_leads_to_its_own_page_and_papers_nowhere(visit):
    sent_in, paper = Reason("safety-sent-in"), Reason("staff-no-licence")
    steps = dict.fromkeys(NEEDLING_STEPS, StepState("done"))
    steps["safety"] = StepState("attention", reasons=(sent_in,))
    pathway = compose("in-room", papers=(paper,), steps=steps)
    own = reverse("intake:sent-in", args=[visit.pk])
    assert where_mended(sent_in, pathway, visit) == own
    assert where_mended(paper, pathway, visit) == ""


def test_urdu_readers_see_which_muscles_are_not_needled_in_urdu(ready, alice, today, monkeypatch):
    """The step named them in English, whoever read."""
    blocked = SimpleNamespace(muscle="infraspinatus", decision="blocked")
    monkeypatch.setattr(
        assessment_steps.assessment_safety,
        "screening",
        lambda *_given: SimpleNamespace(muscles=[blocked]),
    )
    with translation.override("ur"):
        says = str(assessment_steps.targets(ready, by=alice, on=today).says)
    assert atlas().muscles["infraspinatus"].name.ur in says
    assert "Infraspinatus" not in says


@pytest.mark.parametrize(
    "code", ["visit-not-begun", "visit-over", "visit-to-sign", "changes-not-asked"]
)
def test_the_sentences_say_what_to_do_next_in_both_languages(code):
    for language in ("en", "ur"):
        text = say(Reason(code), language)
        assert len(text.split()) > 8, text


def test_the_gate_asks_the_database_few_times(ready, alice, today, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        reasons_against_needling(ready, by=alice, on=today)


def test_reading_inside_the_gate_remembers_nothing_afterwards(ready, alice, today, codes):
    assert codes(ready) == []
    actions.move(by=alice, visit=ready, to="done")
    assert codes(ready) == ["visit-over"]
