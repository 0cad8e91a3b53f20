"""The red button: what to do, vital signs, who was called, and the adverse event that stays."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from filiform.clinic.treatment.emergencies import emergencies
from filiform.clinic.treatment.models import Act, AdverseEvent
from filiform.warning_signs import signs


def page_text(client, visit, name="treat"):
    return client.get(reverse(f"treatment:{name}", args=[visit.pk])).content.decode()


def codes(answer):
    return [reason.code for reason in answer]


@pytest.fixture
def breathless(act, targets):
    """Breathlessness with one needle in: measured, called, and both needle and event recorded."""
    needle = act("insertion", target=targets[0].pk)
    event = act("event", details={"event_kind": "breathless"})
    return needle, event


def test_every_emergency_says_what_to_do_in_both_languages_and_where_it_is_from():
    assert list(emergencies()) == [
        *("faint", "breathless", "bleeding", "sharp", "seizure", "broken", "stuck"),
        *("forgotten", "needlestick"),
    ]
    for one in emergencies().values():
        assert 3 <= len(one.step) <= 6, one.id
        for step in one.step:
            assert all((step.do.en, step.do.ur, step.sources)), (one.id, step)
        assert set(one.signs) <= set(signs()), one.id
    sent = {str(felt.en) for felt, _go in emergencies()["breathless"].go}
    assert sent == {signs()["breathless"].felt.en, signs()["chest_pain"].felt.en}


def test_breathlessness_stops_the_needling_and_shows_what_to_do(as_alice, visit, breathless, act):
    text = page_text(as_alice, visit)
    assert 'data-guide-shown="breathless"' in text
    assert "Sit up." in text
    assert "Needle is in" not in text, "no further needle is offered"
    assert 'class="out-buttons"' in text, "the needles that are in are counted out on it"


def test_an_event_ends_as_one_fact_with_all_that_was_done(
    as_alice, visit, breathless, act, treatment, alice
):
    needle, event = breathless
    act("event-step", details={"event": event.pk, "step": 1})
    act("vitals", details={"event": event.pk, "saturation": 91})
    act("vitals", details={"event": event.pk, "pressure": "110/70"})
    act("called", details={"event": event.pk, "called": "ambulance"})
    act("removal", needle=needle.pk)
    end = act(
        "event-end",
        details={"event": event.pk, "outcome": "ambulance", "grade": "serious", "followup_h": 24},
    )
    fact = AdverseEvent.objects.get()
    assert (fact.kind, fact.grade, fact.outcome) == ("pneumothorax", "serious", "ambulance")
    assert (fact.treatment, fact.patient, fact.recorded_by) == (treatment, visit.patient, alice)
    assert (fact.started_at, fact.ended_at) == (event.at, end.at)
    assert (fact.follow_up_at - fact.ended_at).total_seconds() == 24 * 3600
    assert fact.needles == [str(needle.pk)]
    assert [done["kind"] for done in fact.actions] == ["event-step", "vitals", "vitals", "called"]
    assert fact.actions[0]["did"] == "Sit up."
    assert (fact.actions[2]["systolic"], fact.actions[2]["diastolic"]) == (110, 70)
    shown = page_text(as_alice, visit, "record")
    assert "What went wrong" in shown
    assert "SpO2 91 %" in shown


def test_a_tablet_that_sends_twice_or_late_makes_one_event(as_alice, visit, treatment):
    number, later = uuid4(), uuid4()

    def send(**data):
        return as_alice.post(
            reverse("treatment:act", args=[visit.pk]), data, headers={"X-Treatment-Page": "yes"}
        ).json()

    for _time in range(2):
        assert send(act_id=number, kind="event", event_kind="faint") == {"stored": str(number)}
    assert send(act_id=uuid4(), kind="vitals", event=number, pulse="48").keys() == {"stored"}
    end = {"act_id": later, "kind": "event-end", "event": number, "outcome": "recovered"}
    for _time in range(2):
        assert send(**end, grade="moderate", followup_h="0") == {"stored": str(later)}
    assert AdverseEvent.objects.get().follow_up_at is None
    assert Act.objects.count() == 3


def test_what_cannot_be_is_refused_and_says_why(act, treatment):
    assert codes(act("vitals", details={"pulse": 60})) == ["event-unknown"]
    event = act("event", details={"event_kind": "faint"})
    assert codes(act("vitals", details={"event": event.pk})) == ["vital-nothing"]
    assert codes(act("vitals", details={"saturation": 120})) == ["vital-saturation"]
    assert codes(act("vitals", details={"pressure": "80/5"})) == ["vital-diastolic"]
    with pytest.raises(ValueError, match="event_kind is 'plague'; allowed: faint"):
        act("event", details={"event_kind": "plague"})


def test_an_event_that_is_over_is_never_undone_nor_is_its_end_which_is_given_once(act, treatment):
    event = act("event", details={"event_kind": "stuck"})
    told = {"event": event.pk, "outcome": "recovered"}
    end = act("event-end", details=told)
    for over in (end, event):
        assert codes(act("void", replaces=over.pk)) == ["void-event-end"], over.kind
    assert codes(act("event-end", details=told)) == ["event-ended"]
    assert AdverseEvent.objects.get().grade == "mild", "as the guide proposes"


def test_nobody_signs_while_something_goes_wrong(as_alice, visit, counted, act, alice, today):
    from filiform.clinic.pathway import actions as pathway

    event = act("event", details={"event_kind": "stuck"})
    assert "sign-event-open" in codes(pathway.sign(by=alice, treatment=counted, on=today))
    act("event-end", details={"event": event.pk, "outcome": "recovered"})
    assert not isinstance(pathway.sign(by=alice, treatment=counted, on=today), tuple)
