"""What a patient tells from home: kept as it came, and it counts when it was reviewed."""

from __future__ import annotations

import pytest

from filiform.clinic.facts.models import new_id
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.intake import queries, waiting
from filiform.clinic.intake.models import SentIn
from filiform.clinic.intake.parts import NotSendable, Told
from filiform.clinic.intake.sent_in import send_in
from filiform.screening import UnknownAnswerError, screen
from filiform.warning_signs import Urgency

ANSWERED = Told("answer", "needle-phobia", value=True)


@pytest.fixture
def send(patient, site):
    def sending(*told: Told, key=None, **more):
        return send_in(
            patient=patient, site=site, sending=key or new_id(), told=told, language="en", **more
        )

    return sending


def test_what_was_sent_in_is_no_disclosure_before_somebody_has_looked(send, patient) -> None:
    send(ANSWERED, Told("told", "medicine", "Warfarin"), Told("none", "allergies"))
    disclosed = queries.disclosure_of(patient)
    assert (disclosed.facts, disclosed.answers, disclosed.asked_for) == ((), {}, frozenset())
    assert [row.recorded_by for row in waiting.sent_in(patient)] == [None] * 3


def test_meanwhile_screening_is_asked_with_it_and_only_gets_stricter(send, patient, today) -> None:
    before = screen(queries.disclosure_of(patient), on=today)
    send(
        Told("told", "medicine", "Warfarin"),
        Told("none", "conditions"),
        Told("all", "medicines"),
    )
    told = waiting.disclosure_with_sent_in(patient)
    new = waiting.only_with_sent_in(before, screen(told, on=today))
    assert "anticoagul" in " ".join(name.en.lower() for name, _ in new)
    assert not told.asked_for


def test_sent_twice_is_kept_once_and_a_later_word_takes_the_place_of_one_that_waits(
    send, patient
) -> None:
    key = new_id()
    first = send(ANSWERED, Told("told", "medicine", "Aspirin"), key=key)
    assert send(ANSWERED, Told("told", "medicine", "Aspirin"), key=key).rows == first.rows
    assert send(ANSWERED).rows[0] == first.rows[0]
    changed = send(Told("answer", "needle-phobia", value=False)).rows[0]
    assert changed.replaces == first.rows[0]
    assert [row.name for row in waiting.sent_in(patient)] == ["medicine", "needle-phobia"]


def test_what_no_page_of_ours_sends_is_refused_whole(send, patient) -> None:
    cases = [
        (Told("answer", "moon-phase", value=True), UnknownAnswerError, "moon-phase"),
        (Told("answer", "needle-phobia", value="yes"), NotSendable, "yes or no"),
        (Told("told", "observation", "x"), NotSendable, "observation"),
        (Told("told", "medicine", "\u202e\u200b "), NotSendable, "without words"),
        (Told("gone", "1"), NotSendable, "no fact"),
        (Told("none", "debts"), NotSendable, "debts"),
        (Told("verdict", "clear"), NotSendable, "verdict"),
        (
            Told("told", "medicine", "x", {"codings": ["x" * 200_000]}),
            NotSendable,
            "characters",
        ),
    ]
    for told, error, says in cases:
        with pytest.raises(error, match=says):
            send(ANSWERED, told)
    with pytest.raises(NotSendable, match="200"):
        send(*[ANSWERED] * 201)
    assert not SentIn.objects.exists()


def test_danger_in_free_words_or_a_yes_to_a_red_flag_rings_at_once(send, patient) -> None:
    assert send(ANSWERED, Told("told", "medicine", "Paracetamol")).urgency is None
    heard = send(Told("told", "condition", "I can't breathe since this morning"))
    assert heard.urgency is Urgency.EMERGENCY
    assert send(Told("answer", "cauda-equina", value=True)).urgency is Urgency.EMERGENCY
    rung = Message.objects.filter(patient=patient, alarm="ringing")
    assert ["breathe" in one.text or "numbness" in one.text for one in rung] == [True, True]
