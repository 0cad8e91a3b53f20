"""Booking by oneself: one time to one person, nothing lost, nothing told about others."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.clinic.booking.conftest import at, book_at, details, no_risk
from tests.clinic.twice import meanwhile

from filiform.clinic.booking import actions, desk, links, queries
from filiform.clinic.booking.models import SelfRegistered
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.facts.models import Entry
from filiform.clinic.frontdoor.models import Arrival, Message
from filiform.clinic.frontdoor.sieve import place_of, token_for
from filiform.clinic.intake.waiting import sent_in
from filiform.clinic.patients.files import closed_into, files_of
from filiform.clinic.patients.models import Patient
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.staff.models import Member
from filiform.clinic.visits.actions import move as move_visit
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.kept import KEEP

pytestmark = pytest.mark.django_db


def posted(form_id=None, **changes: str) -> dict[str, object]:
    """What the two pages of a booking send, filled in by a person."""
    form_id = form_id or uuid4()
    risk = {f"q-{one}": "no" for one in no_risk()}
    return {
        "form_id": str(form_id),
        "token": token_for(form_id),
        "name": "Zara Malik",
        "phone": "0300 1112233",
        "birth": "9/3/1984",
        "language": "en",
        "consent": "on",
        "asked": "1",
        "signs": "none",
        **risk,
        **changes,
    }


@pytest.fixture(autouse=True)
def a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who fills in a form takes longer than a test."""
    monkeypatch.setattr("filiform.clinic.frontdoor.sieve.TOO_QUICK_S", -1)


def address(site, service, member, start) -> str:
    return reverse("booking:book", args=[site.pk, service.pk, member.pk, queries.minute_of(start)])


def test_a_visitor_books_a_needle_after_saying_no_to_every_risk(
    client: Client, site, needling, alice, monday, django_assert_max_num_queries
) -> None:
    start = at(monday, 10)
    page = client.get(reverse("booking:times", args=[site.pk, needling.pk]))
    assert b"Next free" in page.content
    where = address(site, needling, alice, start)
    sent = posted()
    first = {name: sent[name] for name in sent if name not in ("asked", "signs")}
    first = {name: value for name, value in first.items() if not name.startswith("q-")}
    questions = client.post(where, first)
    assert "blood thinner" in questions.content.decode()
    assert not Visit.objects.exists(), "booked before the questions were answered"
    answer = client.post(where, sent)
    visit = Visit.objects.get()
    assert (visit.planned_at, visit.practitioner, visit.state) == (start, alice, "booked")
    shown = client.get(answer["Location"])
    text = shown.content.decode()
    assert "Your visit is booked" in text
    assert "Eat a meal" in text
    assert "Zara" not in text
    assert "no-store" in shown["Cache-Control"]
    # What was answered waits for the practitioner and counts only then.
    told = sent_in(visit.patient)
    assert {row.name for row in told} == set(no_risk(monday))
    assert not any(r.value for r in told)
    # Twice the same form, by Back or a broken line, is one visit.
    again = client.post(where, sent)
    assert again.status_code == 302
    assert "/b/" in again["Location"]
    assert Visit.objects.count() == 1
    assert Patient.objects.count() == 1
    assert Outgoing.objects.get().state == "by-hand", "no provider: one tap of the desk"
    entry = Entry.objects.get(action="visit-booked")
    assert entry.by is None
    assert entry.details["how"] == "public"


def test_a_risk_leads_to_a_consultation_by_one_tap_and_an_emergency_rings(
    client: Client, site, needling, talk, alice, monday
) -> None:
    where = address(site, needling, alice, at(monday, 10))
    sent = posted(**{"q-anticoagulant-vka": "yes"})
    page = client.post(where, sent)
    text = page.content.decode()
    assert "Not needling first" in text
    assert "Consultation" in text
    assert not Visit.objects.exists()
    instead = address(site, talk, alice, at(monday, 10))
    assert instead in text
    client.post(instead, sent)
    visit = Visit.objects.get()
    assert visit.appointment.service == talk
    assert [row.name for row in sent_in(visit.patient) if row.value] == ["anticoagulant-vka"]
    # An emergency books nothing, is told where to go, and rings in the inbox; also when the time
    # went to somebody else while the questions were being answered.
    for hour, phone in ((11, "0300 9998877"), (10, "0300 9998866")):
        there = address(site, needling, alice, at(monday, hour))
        page = client.post(there, posted(signs="chest-emergency", phone=phone))
        assert "tel:1122" in page.content.decode()
    assert Visit.objects.count() == 1
    assert [one.alarm for one in Message.objects.all()] == ["ringing", "ringing"]


def test_of_two_who_want_one_time_one_has_it_and_nothing_is_left_of_the_other(
    site, needling, alice, monday
) -> None:
    book_at(at(monday, 10), needling, site, alice)
    with pytest.raises(NotFree):
        book_at(at(monday, 10, 20), needling, site, alice, details("Second", "+923001112244"))
    assert Patient.objects.count() == SelfRegistered.objects.count() == 1


def test_two_taps_at_once_book_one_visit_and_confirm_it_once(
    needling, site, alice, monday, monkeypatch
) -> None:
    form, first = uuid4(), []

    def send():
        return book_at(at(monday, 12), needling, site, alice, form=form)

    meanwhile(monkeypatch, actions, lambda: first.append(send()), "hold")
    assert send() == first[0]
    assert Outgoing.objects.filter(kind="booked").count() == 1


def test_of_two_at_the_desk_one_says_whose_file_it_is(
    needling, site, alice, bob, patient, monday, monkeypatch
) -> None:
    visit = book_at(at(monday, 12), needling, site, alice)
    entry, same = SelfRegistered.objects.get(), SelfRegistered.objects.get()
    meanwhile(monkeypatch, desk, lambda: desk.new_person(by=alice, entry=same), "hold")
    desk.same_person(by=bob, entry=entry, known=patient)
    visit.refresh_from_db()
    assert visit.patient == entry.patient, "it was kept as a new patient's"
    assert closed_into(entry.patient) is None


def test_the_page_of_a_taken_time_offers_others(client, site, needling, alice, monday) -> None:
    where = address(site, needling, alice, at(monday, 10))
    book_at(at(monday, 10), needling, site, alice)
    for answer in (client.get(where), client.post(where, posted())):
        assert answer.status_code == 302
        assert answer["Location"].endswith("?gone=1")
    assert "no longer free" in client.get(answer["Location"]).content.decode()
    # Neither a time off the diary nor one that no calendar holds is anything else.
    for minute in (queries.minute_of(at(monday, 3)), 10**11, 10**15, "soon", "٣"):
        odd = reverse("booking:book", args=[site.pk, needling.pk, alice.pk, minute])
        assert client.get(odd)["Location"].endswith("?gone=1")


def test_bad_input_is_answered_in_words_and_books_nothing(
    client, site, needling, talk, alice, monday
) -> None:
    where = address(site, talk, alice, at(monday, 10))
    for changes, said in (
        ({"name": ""}, "Write your name"),
        ({"name": "x" * 1_000_000}, "at most 120"),
        ({"phone": "", "email": ""}, "Write a number or an e-mail"),
        ({"phone": "hello"}, "is not a telephone number"),
        ({"email": "not an address"}, "not an e-mail address"),
        ({"birth": "tomorrow"}, "field-id_birth"),
        ({"consent": ""}, "Tick this"),
        ({"website": "http://spam"}, "people don"),
    ):
        changes = {name: value for name, value in changes.items() if value or name != "consent"}
        sent = {**posted(), **changes}
        if said == "Tick this":
            sent.pop("consent")
        answer = client.post(where, sent)
        assert answer.status_code == 422, said
        assert said in answer.content.decode() or said.startswith("field"), said
    sent = {name: value for name, value in posted().items() if name != "consent"}
    in_urdu = client.post(where, sent, headers={"cookie": "filiform_language=ur"})
    assert "Consent" not in in_urdu.content.decode()
    needle = address(site, needling, alice, at(monday, 10))
    both = client.post(needle, {**posted(), "signs": ["none", "chest-emergency"]})
    assert both.status_code == 422
    unanswered = client.post(needle, posted(**{"q-cancer-active": ""}))
    assert "Answer yes or no" in unanswered.content.decode()
    assert not Patient.objects.exists()
    # A name in whatever letters is kept as it is read, and shown escaped.
    client.post(where, posted(name="<script>alert(1)</script>\u202e Zara 🪡"))
    kept = Patient.objects.get()
    assert "\u202e" not in kept.name
    assert "<script>" in kept.name


def test_known_and_new_numbers_are_answered_alike(
    client, site, talk, alice, patient, monday
) -> None:
    pages = []
    for hour, phone in ((10, patient.phone), (11, "+923009990011")):
        answer = client.post(address(site, talk, alice, at(monday, hour)), posted(phone=phone))
        assert answer.status_code == 302
        pages.append(client.get(answer["Location"]).content.decode())
    assert patient.name not in pages[0]
    assert Patient.objects.count() == 3, "each booking opens a file that the desk joins"


def test_a_flood_of_one_address_is_asked_for_work_then_set_aside(
    client, site, talk, alice, monday
) -> None:
    def send(hour: int):
        return client.post(address(site, talk, alice, at(monday, hour)), posted())

    place = client.get("/").wsgi_request
    Arrival.objects.bulk_create(Arrival(place_key=place_of(place)) for _ in range(5))
    page = send(10)
    assert page.status_code == 422
    assert b"proof-of-work" in page.content
    assert not Visit.objects.exists()
    Arrival.objects.all().delete()
    for hour, minute in ((10, 0), (10, 20), (10, 40), (11, 0)):
        book_at(at(monday, hour, minute), talk, site, alice)
    page = send(12)
    assert "We'll call you to confirm" in page.content.decode()
    assert Visit.objects.count() == 4
    assert Message.objects.get().set_aside_for == "same-number"


def test_a_link_moves_and_cancels_once_and_says_how_it_stands_ever_after(
    client, site, needling, alice, bob, monday
) -> None:
    visit = book_at(at(monday, 10), needling, site, alice)
    token = links.make_link(visit=visit)
    move, cancel = reverse("booking:move", args=[token]), reverse("booking:cancel", args=[token])
    time = f"{alice.pk}/{queries.minute_of(at(monday, 12))}"
    for _ in range(2):  # the second tap changes nothing
        assert client.post(move, {"time": time})["Location"] == reverse(
            "booking:visit", args=[token]
        )
        visit.refresh_from_db()
        assert visit.planned_at == at(monday, 12)
    other = book_at(at(monday, 10), needling, site, alice, details("Other", "+923001112244"))
    taken = client.post(move, {"time": f"{alice.pk}/{queries.minute_of(other.planned_at)}"})
    assert taken["Location"].endswith("?gone=1")
    for rubbish in ("", "x/y", f"{alice.pk}/{10**15}", "/"):
        assert client.post(move, {"time": rubbish})["Location"].endswith("?gone=1")
    file = client.get(reverse("booking:calendar", args=[token])).content.decode()
    assert f"DTSTART:{visit.planned_at:%Y%m%dT%H%M%SZ}" in file
    assert "needling" not in file.lower()
    for _ in range(2):
        assert client.post(cancel).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    assert visit.appointment.cancelled_because == "patient-asked"
    assert b"This visit is cancelled" in client.get(reverse("booking:visit", args=[token])).content
    assert client.post(move, {"time": time}).status_code == 409
    # One that has begun is the clinic's.
    begun = links.make_link(visit=other)
    move_visit(by=bob, visit=other, to="here")
    assert client.post(reverse("booking:cancel", args=[begun])).status_code == 409
    other.refresh_from_db()
    assert other.state == "here"
    # Unknown and expired links are one and the same page.
    links.BookingLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    pages = {
        client.get(reverse("booking:visit", args=[one])).status_code for one in (token, "x" * 43)
    }
    assert pages == {404}


def test_the_desk_joins_a_booking_to_the_file_that_is_there_and_nothing_is_lost(
    client, site, needling, alice, bob, patient, monday
) -> None:
    who = details(patient.name, patient.phone)
    visit = book_at(at(monday, 10), needling, site, alice, who)
    mine = visit.patient
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("booking:desk")).content.decode()
    assert "registered themselves" in page
    assert patient.file_number in page
    entry = SelfRegistered.objects.get()
    join = reverse("booking:same-person", args=[entry.pk, patient.pk])
    for _ in range(2):
        assert client.post(join).status_code == 302
    visit.refresh_from_db()
    assert visit.patient == patient
    assert visit.appointment.patient == patient
    assert closed_into(mine) is not None
    assert mine.pk in files_of(patient)
    assert len(sent_in(patient)) == len(no_risk(monday)), "the answers are read with the file"
    # The link that was given out goes on opening the visit.
    moved = diary.cancel(visit=visit, because="clinic", by=bob)
    assert moved.state == "cancelled"
    entry.refresh_from_db()
    assert (entry.checked_by, entry.joined_to) == (bob, patient)
    assert not desk.unchecked(site.organisation)


def test_a_new_patients_file_stays(client, site, talk, alice, bob, monday) -> None:
    visit = book_at(at(monday, 10), talk, site, alice)
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("booking:new-person", args=[SelfRegistered.objects.get().pk]))
    assert not desk.unchecked(site.organisation)
    assert closed_into(visit.patient) is None


def test_the_first_view_is_light(client: Client, site, needling, alice) -> None:
    page = client.get(reverse("booking:times", args=[site.pk, needling.pk]))
    assert len(page.content) < 40_000


def test_the_list_of_what_can_be_booked_is_composed_once_and_never_an_old_one(
    needling, talk, client, alice, monkeypatch
):
    monkeypatch.setattr(KEEP, "largest", 1_000_000)

    def offered() -> str:
        return client.get("/book/").content.decode()

    with CaptureQueriesContext(connection) as first:
        assert "Dry needling" in offered()
    with CaptureQueriesContext(connection) as again:
        assert "Consultation" in offered()
    assert len(again) < len(first)
    talk.name = "First talk"
    talk.save()
    assert "First talk" in offered()
    Member.objects.filter(pk=alice.pk).update(is_practitioner=False)
    assert "First talk" not in offered(), "nobody gives it any more"
    KEEP.clear()
