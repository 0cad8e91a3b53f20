"""What comes of a check: answers, silence, alarms, two people at once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from filiform.clinic.aftercare import actions, queries
from filiform.clinic.demo.clock import at
from filiform.clinic.facts.models import Entry
from filiform.reasons import Reason


def answer(check, by, on, **report):
    return actions.settle(by=by, check=check, result="answered", report=report, on=on)


def silence(check, by, on):
    return actions.settle(by=by, check=check, result="no-reply", on=on)


def give_up(check, by, on, note="No answer; the safety-net advice was sent by SMS."):
    return actions.settle(by=by, check=check, result="given-up", note=note, on=on)


def codes(answer) -> set[str]:
    assert isinstance(answer, tuple), answer
    assert all(isinstance(reason, Reason) for reason in answer)
    return {reason.code for reason in answer}


def test_a_fine_answer_settles_the_check(check, bob, today):
    outcome = answer(check, bob, today, soreness_nprs=1, breathless=False)
    assert outcome.urgency == "fine"
    assert check.settled_at is not None
    assert check.alarm_since is None


def test_an_answer_is_judged_by_the_hour_in_which_it_is_given(in_leg, bob, today):
    check = in_leg.checks.get(hours=24)
    # As the demo clinic tells its past: soreness of 5 is usual after a day, and not after three.
    with at(check.due_at):
        assert answer(check, bob, today, soreness_nprs=5).urgency == "watch"


def test_breathlessness_after_the_lung_is_an_emergency_and_waits_for_a_practitioner(
    check, bob, today
):
    outcome = answer(check, bob, today, breathless=True)
    assert outcome.urgency == "emergency"
    assert outcome.reasons
    assert list(queries.first_alarms(check.organisation_id)) == [check]


def test_the_front_desk_cannot_acknowledge_an_emergency(check, bob, today):
    answer(check, bob, today, breathless=True)
    refused = actions.acknowledge(by=bob, check=check, action="Told the doctor", on=today)
    assert "alarm-needs-practitioner" in codes(refused)
    assert check.alarm_since is not None


def test_an_emergency_leaves_the_top_only_when_a_practitioner_says_what_was_done(
    check, bob, alice, today
):
    answer(check, bob, today, breathless=True)
    assert codes(actions.acknowledge(by=alice, check=check, action="  ", on=today)) == {
        "alarm-without-action"
    }
    taken = actions.acknowledge(by=alice, check=check, action="Sent to hospital", on=today)
    assert taken.urgency == "emergency"
    assert check.alarm_since is None
    assert not list(queries.first_alarms(check.organisation_id))


def test_an_emergency_rings_until_it_is_taken_and_stays_red_until_it_is_said_what_was_done(
    check, bob, alice, today
):
    answer(check, bob, today, breathless=True)
    assert queries.ringing(check.organisation_id) == [check.pk]
    assert "alarm-needs-practitioner" in codes(actions.take_alarm(by=bob, check=check))
    assert actions.take_alarm(by=alice, check=check) is True
    assert actions.take_alarm(by=alice, check=check) is False
    assert queries.ringing(check.organisation_id) == []
    assert list(queries.first_alarms(check.organisation_id)) == [check]
    answer(check, bob, today, chest_pain=True)
    assert queries.ringing(check.organisation_id) == [check.pk], "a new emergency rings again"
    actions.acknowledge(by=alice, check=check, action="Sent to hospital", on=today)
    assert queries.ringing(check.organisation_id) == []
    assert not list(queries.first_alarms(check.organisation_id))


def test_what_can_wait_until_the_day_is_over_is_red_and_does_not_ring(in_leg, bob, today):
    check = in_leg.checks.get(hours=72)
    answer(check, bob, today, numb=True)
    assert list(queries.first_alarms(check.organisation_id)) == [check]
    assert queries.ringing(check.organisation_id) == []


def test_the_patients_own_answer_counts_as_one_that_somebody_recorded(check, today):
    outcome = answer(check, None, today, breathless=True)
    assert outcome.recorded_by is None
    assert check.settled_at is not None
    assert queries.ringing(check.organisation_id) == [check.pk]


def test_a_try_without_reply_is_kept_and_the_check_stays_open(check, bob, today):
    silence(check, bob, today)
    assert check.settled_at is None
    assert check.outcomes.get().result == "no-reply"


def test_silence_over_the_lung_is_closed_only_after_two_calls(check, bob, today):
    assert "check-closed-too-early-lung" in codes(give_up(check, bob, today))
    silence(check, bob, today)
    assert "check-closed-too-early-lung" in codes(give_up(check, bob, today))
    silence(check, bob, today)
    give_up(check, bob, today)
    assert check.settled_at is not None


def test_silence_far_from_the_lung_is_closed_after_one_call(in_leg, bob, today):
    check = in_leg.checks.get(hours=72)
    assert "check-closed-too-early" in codes(give_up(check, bob, today))
    silence(check, bob, today)
    give_up(check, bob, today)
    assert check.settled_at is not None


def test_closing_without_an_answer_needs_a_note(in_leg, bob, today):
    check = in_leg.checks.get(hours=72)
    silence(check, bob, today)
    assert codes(give_up(check, bob, today, note=" ")) == {"check-closed-without-note"}
    assert check.settled_at is None


def test_two_people_settle_the_same_check_and_both_answers_are_kept(check, alice, bob, today):
    first = answer(check, bob, today, soreness_nprs=2)
    settled_at = check.settled_at
    second = answer(check, alice, today, chest_pain=True)
    assert set(check.outcomes.all()) == {first, second}
    assert check.settled_at == settled_at
    assert check.urgency == "emergency", "the graver answer counts"
    assert check.alarm_since is not None


def test_a_later_harmless_answer_does_not_hide_an_emergency(check, alice, bob, today):
    answer(check, bob, today, breathless=True)
    answer(check, alice, today, soreness_nprs=0)
    assert check.urgency == "emergency"
    assert check.alarm_since is not None


def test_sending_the_same_outcome_twice_keeps_one(check, bob, today):
    outcome_id = uuid4()
    for _ in range(2):
        actions.settle(by=bob, check=check, result="no-reply", on=today, outcome_id=outcome_id)
    assert check.outcomes.count() == 1


def test_every_settling_leaves_an_entry_in_the_audit(check, bob, today):
    answer(check, bob, today, soreness_nprs=1)
    entry = Entry.objects.get(action="check-answered")
    assert entry.by == bob
    assert entry.patient == check.patient


def test_an_unknown_result_is_a_defect_not_an_outcome(check, bob, today):
    with pytest.raises(KeyError, match="answered"):
        actions.settle(by=bob, check=check, result="perhaps", on=today)


def test_an_answer_on_the_third_day_settles_the_earlier_checks_too(in_leg, bob, today):
    second_hour, first_day, third_day = in_leg.checks.filter(hours__lte=72).order_by("hours")
    answer(third_day, bob, today, soreness_nprs=1)
    for earlier in (second_hour, first_day):
        earlier.refresh_from_db()
        assert earlier.settled_at is not None
        assert earlier.outcomes.get().result == "covered"
    assert in_leg.checks.get(hours=168).settled_at is None


def test_a_silent_call_settles_no_earlier_check(in_leg, bob, today):
    silence(in_leg.checks.get(hours=72), bob, today)
    assert in_leg.checks.filter(settled_at__isnull=False).count() == 0


def test_every_side_effect_that_triage_knows_has_a_name():
    from filiform.clinic.aftercare.vocabulary import EVENTS
    from filiform.outcomes import table

    assert {rule.event for rule in table().rule} <= set(EVENTS)


def test_an_answer_that_came_while_the_last_was_acknowledged_stays_red(
    check, bob, alice, today, signed_in
):
    seen = answer(check, bob, today, breathless=True)
    address = reverse("aftercare:check", args=[check.pk])
    assert f'name="seen" value="{seen.pk}"' in signed_in(alice).get(address).content.decode()
    answer(check, None, today, chest_pain=True)  # by the patient, while alice writes
    sent = {"outcome_id": uuid4(), "seen": seen.pk, "action": "Advised to come in"}
    told = signed_in(alice).post(
        reverse("aftercare:acknowledge", args=[check.pk]), sent, follow=True
    )
    assert "answered again" in told.content.decode()
    check.refresh_from_db()
    assert check.acknowledgements.get().action == "Advised to come in", "what was done is kept"
    assert queries.ringing(check.organisation_id) == [check.pk]
