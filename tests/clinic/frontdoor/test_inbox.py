"""The inbox: every message has an owner, a clock and a next step; every step is an event."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from filiform.clinic.frontdoor import actions, queries, receiving
from filiform.clinic.frontdoor.models import Message, MessageEvent

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def message(site) -> Message:
    return receiving.receive(
        site=site,
        message_id=uuid4(),
        name="Amna Siddiqui",
        phone="+923001234567",
        text="My neck aches.",
        answer_by="call",
        language="en",
    )


@pytest.fixture
def as_bob(client: Client, bob) -> Client:
    client.force_login(bob, backend=BACKEND)
    return client


def kinds(message: Message) -> list[str]:
    return list(message.events.order_by("recorded_at").values_list("kind", flat=True))


def test_the_next_step_follows_what_was_done(message, bob, patient) -> None:
    def step() -> str:
        return queries.waiting(message, now=timezone.now()).next_step

    assert step() == "take"
    actions.take(message=message, by=bob)
    assert step() == "call"
    actions.answer(message=message, by=bob, channel="call", text="Monday at 11")
    assert step() == "link"
    actions.link(message=message, by=bob, patient=patient)
    assert step() == "close"
    actions.close(message=message, by=bob)
    assert step() == ""
    actions.reopen(message=message, by=bob)
    assert step() == "call"
    assert kinds(message) == ["taken", "answered", "linked", "closed", "reopened"]


def test_two_taps_at_once_are_one_step(message, alice, bob) -> None:
    stale = Message.objects.get(pk=message.pk)
    actions.close(message=message, by=bob)
    actions.close(message=stale, by=alice)
    assert kinds(message) == ["closed"]
    actions.reopen(message=message, by=bob)
    actions.reopen(message=Message(pk=message.pk, organisation=bob.organisation), by=alice)
    actions.put_aside(message=message, by=bob)
    stale = Message.objects.get(pk=message.pk)
    actions.move_in(message=message, by=bob)
    actions.move_in(message=stale, by=alice)
    assert kinds(message) == ["closed", "reopened", "put-aside", "moved-in"]


def test_unanswered_messages_come_first_and_the_longest_waiting_leads(site, message, bob) -> None:
    later = receiving.receive(
        site=site,
        message_id=uuid4(),
        name="B",
        phone="+923011234567",
        text="x",
        answer_by="sms",
        language="en",
    )
    answered = receiving.receive(
        site=site,
        message_id=uuid4(),
        name="C",
        phone="+923021234567",
        text="x",
        answer_by="sms",
        language="en",
    )
    actions.answer(message=answered, by=bob, channel="sms", text="done")
    Message.objects.filter(pk=answered.pk).update(received_at=timezone.now() - timedelta(days=2))
    rows = queries.open_messages(site.organisation, now=timezone.now())
    assert [row.message.pk for row in rows] == [message.pk, later.pk, answered.pk]


def test_a_message_is_marked_from_its_deadline_on(message) -> None:
    due = message.due_at
    assert not queries.waiting(message, now=due - timedelta(minutes=1)).waits_long
    assert queries.waiting(message, now=due).waits_long


def test_the_front_desk_works_a_message_from_arrival_to_the_end(as_bob, message, patient) -> None:
    address = f"/inbox/{message.pk}/"
    assert message.name in as_bob.get("/inbox/").content.decode()
    as_bob.post(f"{address}take/")
    as_bob.post(f"{address}note/", {"text": "prefers the evening"})
    as_bob.post(f"{address}answered/", {"channel": "call", "text": "Monday at 11"})
    as_bob.post(f"{address}patient/", {"patient": str(patient.pk)})
    assert as_bob.post(f"{address}close/", {"text": ""})["Location"] == "/inbox/"
    message.refresh_from_db()
    assert (message.state, message.patient, message.owner.username) == ("closed", patient, "bob")
    assert kinds(message) == ["taken", "noted", "answered", "linked", "closed"]
    assert message.name not in as_bob.get("/inbox/").content.decode()
    assert message.name in as_bob.get("/inbox/?show=closed").content.decode()


def test_taking_a_message_twice_leaves_one_event(as_bob, message) -> None:
    as_bob.post(f"/inbox/{message.pk}/take/")
    as_bob.post(f"/inbox/{message.pk}/take/")
    assert MessageEvent.objects.filter(kind="taken").count() == 1


def test_an_empty_answer_is_refused_and_says_what_is_missing(as_bob, message) -> None:
    answer = as_bob.post(f"/inbox/{message.pk}/answered/", {"channel": "call", "text": ""})
    assert answer.status_code == 422
    assert "Your answer" in answer.content.decode()
    assert not MessageEvent.objects.exists()


def test_a_patient_with_the_same_number_is_suggested(as_bob, message, patient) -> None:
    page = as_bob.get(f"/inbox/{message.pk}/").content.decode()
    assert patient.file_number in page
    assert "same number" in page
    assert f"/patients/new/?message={message.pk}" in page


def test_another_clinics_message_does_not_exist(client, message, charlie) -> None:
    client.force_login(charlie, backend=BACKEND)
    assert client.get(f"/inbox/{message.pk}/").status_code == 404
    for step in ("take", "note", "answered", "patient", "close", "reopen"):
        assert client.post(f"/inbox/{message.pk}/{step}/").status_code == 404
    assert message.name not in client.get("/inbox/").content.decode()
    message.refresh_from_db()
    assert (message.state, message.owner_id) == ("new", None)


def test_a_message_is_never_linked_to_another_clinics_patient(as_bob, message, charlie) -> None:
    from datetime import date

    from filiform.clinic.patients import actions as patients

    theirs = patients.register(
        by=charlie, given_name="Zoya", sex="female", birth_date=date(1990, 1, 1)
    )
    answer = as_bob.post(f"/inbox/{message.pk}/patient/", {"patient": str(theirs.pk)})
    assert answer.status_code == 404
    with pytest.raises(ValueError, match="another organisation"):
        actions.link(message=message, by=message.owner, patient=theirs)


def test_a_visitor_is_asked_to_sign_in(client, message) -> None:
    answer = client.get(f"/inbox/{message.pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
