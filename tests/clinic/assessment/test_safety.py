"""The verdict on the page, questions, written reasons, and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from filiform.clinic.assessment import actions, safety
from filiform.clinic.assessment.models import Justification, Verdict
from filiform.clinic.assessment.verdict import sentences
from filiform.clinic.intake import actions as intake
from filiform.reasons import Weight
from filiform.screening import red_flags, release, rules

GOOD = "Bleeding time is normal; superficial only, pressed for a minute."


def page(client, visit):
    return client.get(reverse("assessment:safety", args=[visit.pk]))


def post(client, visit, name, **data):
    return client.post(reverse(f"assessment:{name}", args=[visit.pk]), data)


def rule_of(weight):
    """A rule of a weight over the whole body that a yes sets off."""
    return next(
        one
        for one in rules()
        if one.weight is weight and one.reach == "whole-body" and one.ask and not one.place_only
    )


@pytest.fixture
def relative(answered, alice):
    """A visit with one relative contraindication answered with yes."""
    rule = rule_of(Weight.RELATIVE)
    intake.answer(by=alice, patient=answered.patient, question=rule.id, value=True, visit=answered)
    return rule.id


def test_open_questions_stand_first_and_make_the_verdict_preliminary(as_alice, told):
    response = page(as_alice, told)
    assert response.context["open_questions"]
    assert "Not known yet" in response.content.decode()
    assert [one.look for one in response.context["sentences"]] == ["mind"]


def test_a_question_is_answered_with_one_tap(as_alice, told, today):
    question = page(as_alice, told).context["open_questions"][0].id
    post(as_alice, told, "answer", question=question, value="no")
    assert question not in safety.screening(told, today).unanswered


def test_the_rest_of_one_part_can_be_answered_with_no_and_the_other_part_stays_open(as_alice, told):
    post(as_alice, told, "answer", rest="rules")
    context = page(as_alice, told).context
    assert context["open_questions"] == []
    assert context["open_flags"], "red flags are answered for themselves"


@pytest.mark.parametrize(
    "data", [{"question": "made-up", "value": "no"}, {"question": "", "value": ""}]
)
def test_a_question_that_nobody_asks_is_not_answered(as_alice, told, data):
    assert post(as_alice, told, "answer", **data).status_code == 404


def test_nothing_has_changed_is_one_tap(as_alice, told):
    from filiform.clinic.intake.queries import change_check

    post(as_alice, told, "changes", changed="no")
    assert change_check(told).changed is False


def test_something_has_changed_goes_on_to_what(as_alice, told):
    response = post(as_alice, told, "changes", changed="yes")
    assert response.url == reverse("intake:disclosure", args=[told.patient_id])


def test_a_clear_patient_is_called_clear(as_alice, answered, today):
    found = safety.screening(answered, today)
    assert [one.look for one in sentences(found)] == ["well-done"], sentences(found)


def test_a_red_flag_stands_on_top_with_its_urgency(as_alice, answered, alice):
    flag = next(one for one in red_flags() if one.urgency == "emergency")
    intake.answer(by=alice, patient=answered.patient, question=flag.id, value=True, visit=answered)
    text = page(as_alice, answered).content.decode()
    assert "Emergency: immediately" in text
    assert (
        text.index("Refer first, no needling") < text.index("Has anything changed")
        if ("Has anything changed" in text)
        else "Refer first, no needling" in text
    )


def test_a_relative_reason_has_a_form_for_the_written_reason(as_alice, answered, relative):
    cards = {card["reason"].id: card for card in page(as_alice, answered).context["cards"]}
    assert cards[relative]["form"] is not None
    assert cards[relative]["written"] is None


def test_a_written_reason_is_shown_with_who_and_stands_for_this_release(
    as_alice, answered, relative
):
    assert post(as_alice, answered, "justify", rule=relative, text=GOOD).status_code == 302
    written = Justification.objects.get()
    assert (written.text, written.release) == (GOOD, release())
    assert "Alice" in page(as_alice, answered).content.decode()


@pytest.mark.parametrize("text", ["", "ok", "fine by me", " " * 40])
def test_a_written_reason_that_says_nothing_is_refused(as_alice, answered, relative, text):
    response = post(as_alice, answered, "justify", rule=relative, text=text)
    assert response.status_code == 422
    assert "at least 15" in response.content.decode()
    assert not Justification.objects.exists()


def test_an_absolute_contraindication_cannot_be_justified(answered, alice, today):
    rule = rule_of(Weight.ABSOLUTE)
    intake.answer(by=alice, patient=answered.patient, question=rule.id, value=True, visit=answered)
    assert safety.screening(answered, today).decision == "blocked"
    refused = actions.justify(by=alice, visit=answered, rule=rule.id, text=GOOD, on=today)
    assert [reason.code for reason in refused] == ["safety-rule-not-open"]


def test_a_written_reason_holds_neither_for_another_visit_nor_for_other_rules(
    answered, alice, relative, patient, site, today
):
    from filiform.clinic.visits import actions as visits

    actions.justify(by=alice, visit=answered, rule=relative, text=GOOD, on=today)
    assert relative in safety.justified(answered, release())
    assert safety.justified(answered, "another release") == {}
    later = visits.book(
        by=alice,
        patient=patient,
        practitioner=alice,
        site=site,
        planned_at=answered.planned_at + timedelta(days=7),
    )
    assert safety.justified(later, release()) == {}


def test_the_same_reason_written_twice_is_one(answered, alice, relative, today):
    first = actions.justify(by=alice, visit=answered, rule=relative, text=GOOD, on=today)
    assert actions.justify(by=alice, visit=answered, rule=relative, text=GOOD, on=today) == first


def test_the_confirmed_verdict_is_kept_whole_with_its_release(as_alice, answered):
    response = post(as_alice, answered, "confirm")
    assert response.url == reverse("assessment:targets", args=[answered.pk])
    kept = Verdict.objects.get()
    assert (kept.decision, kept.release) == ("clear", release())
    assert kept.answer["release"] == release()
    post(as_alice, answered, "confirm")
    assert Verdict.objects.count() == 1


def test_a_verdict_that_has_become_another_has_to_be_confirmed_again(
    as_alice, answered, alice, today
):
    actions.confirm_safety(by=alice, visit=answered, on=today)
    assert page(as_alice, answered).context["confirmed_holds"]
    rule = rule_of(Weight.ABSOLUTE)
    intake.answer(by=alice, patient=answered.patient, question=rule.id, value=True, visit=answered)
    response = page(as_alice, answered)
    assert not response.context["confirmed_holds"]
    assert "the decision saved" in response.content.decode().lower()


def test_each_chosen_muscle_says_what_follows_for_it(as_alice, answered, alice):
    rule = rule_of(Weight.ABSOLUTE)
    actions.choose_target(by=alice, visit=answered, muscle="infraspinatus", side="right")
    ((_target, says, look, _mark, _ids),) = page(as_alice, answered).context["consequences"]
    assert (str(says), look) == ("Clear", "well-done")
    intake.answer(by=alice, patient=answered.patient, question=rule.id, value=True, visit=answered)
    ((_target, says, look, _mark, ids),) = page(as_alice, answered).context["consequences"]
    assert (str(says), look) == ("No needling", "danger")
    assert rule.id in ids


def test_a_blocked_visit_goes_on_without_needles(as_alice, answered, alice):
    rule = rule_of(Weight.ABSOLUTE)
    intake.answer(by=alice, patient=answered.patient, question=rule.id, value=True, visit=answered)
    assert "continues without needling" in page(as_alice, answered).content.decode()


@pytest.mark.parametrize("name", ["answer", "changes", "justify", "confirm"])
def test_only_practitioners_write_about_safety(client, olga, bob, charlie, told, name):
    for person, status in ((olga, 403), (bob, 403), (charlie, 404)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert post(client, told, name).status_code == status


def test_htmx_gets_the_fragment_with_the_rail_beside_it(as_alice, told):
    question = page(as_alice, told).context["open_questions"][0].id
    response = as_alice.post(
        reverse("assessment:answer", args=[told.pk]),
        {"question": question, "value": "no"},
        headers={"HX-Request": "true"},
    )
    text = response.content.decode()
    assert text.lstrip().startswith('<div id="safety"')
    assert 'id="rail" hx-swap-oob="true"' in text
    rail = text.partition('id="rail"')[2].partition("</ol>")[0]
    assert rail.count("<li") == 9, "an answer must not empty the rail of its steps"
    assert "<html" not in text
