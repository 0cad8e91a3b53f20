"""The desk's pages: what the grid shows, moving in it, and the owner's settings."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.clinic.diary.conftest import LOGIN, at

from filiform.clinic.diary.actions import take
from filiform.clinic.diary.models import Leave, Room, Service, WorkingHours
from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.patients.actions import register
from filiform.clinic.staff.actions import add_member
from filiform.clinic.visits.models import Visit


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob, backend=LOGIN)
    return client


@pytest.fixture
def as_olga(client, olga):
    client.force_login(olga, backend=LOGIN)
    return client


@pytest.fixture
def booked(patient, alice, site, needling, hours, couches, monday) -> Visit:
    return take(
        patient=patient, practitioner=alice, site=site, service=needling, starts_at=at(monday, 11)
    )


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words)


def look(client, monday, query: str = "") -> str:
    answer = client.get(f"{reverse('diary:diary')}?day={monday:%Y-%m-%d}{query}")
    assert answer.status_code == 200
    return text_of(answer)


def test_a_day_shows_visits_free_time_and_leave_by_practitioner_and_by_room(
    as_bob, booked, alice, olga, monday
) -> None:
    page = look(as_bob, monday)
    assert "11:00–11:40 Amna Siddiqui Dry needling · Couch 1 · Booked" in page
    assert "10:00–11:00 1 h free" in page
    assert "11:40–14:00 2 h 20 min free" in page
    Leave.objects.create(
        organisation=alice.organisation, member=alice, kind="ill", recorded_by=olga,
        starts_at=at(monday, 13), ends_at=at(monday + timedelta(days=1), 0),
    )  # fmt: skip
    page = look(as_bob, monday)
    assert "11:40–13:00" in page
    assert "13:00–24:00 Unwell" in page
    rooms = look(as_bob, monday, "&by=room")
    assert "Couch 1 10:00–11:00" in rooms
    assert "Couch 2 10:00–20:00 10 h free" in rooms
    assert "11:00 Amna Siddiqui 2 h 20 min free" in look(as_bob, monday, "&view=week")


def test_a_week_is_read_in_as_many_queries_for_one_visit_as_for_twenty(
    as_bob, booked, alice, site, needling, monday
) -> None:
    look(as_bob, monday, "&view=week")
    with CaptureQueriesContext(connection) as one:
        look(as_bob, monday, "&view=week")
    for number in range(20):
        patient = register(
            by=alice, given_name=f"P{number}", sex="female", birth_date=monday.replace(year=1990)
        )
        day = monday + timedelta(days=number % 5)
        take(
            patient=patient, practitioner=alice, site=site, starts_at=at(day, 15 + number // 5),
            meant={"diary-not-working"}, minutes=20,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = look(as_bob, monday, "&view=week")
    assert "P19" in page
    assert len(many) == len(one) <= 18


def test_a_dropped_visit_is_moved_and_one_dropped_on_another_is_refused_with_the_reason(
    as_bob, booked, alice, site, monday
) -> None:
    born = monday.replace(year=1990)
    other = register(by=alice, given_name="Hina", sex="female", birth_date=born)
    take(patient=other, practitioner=alice, site=site, starts_at=at(monday, 13))
    address = reverse("diary:move", args=[booked.pk])
    then = f"{reverse('diary:diary')}?day={monday:%Y-%m-%d}"
    dropped = {
        "day": f"{monday:%Y-%m-%d}", "at": "12:20", "minutes": "40", "room": "", "then": then,
        "practitioner": str(alice.pk),
    }  # fmt: skip
    answer = as_bob.post(address, dropped)
    assert (answer.status_code, answer["Location"]) == (302, then)
    booked.refresh_from_db()
    assert timezone.localtime(booked.planned_at).hour == 12
    refused = as_bob.post(address, dropped | {"at": "13:10"})
    assert refused.status_code == 422
    assert "Alice already has Hina at 13:00" in text_of(refused)
    seen = re.search(r'name="seen" value="([^"]*)"', refused.content.decode())[1]
    anyway = {"anyway": "on", "seen": seen}
    assert as_bob.post(address, dropped | {"at": "13:10"} | anyway).status_code == 302
    assert Entry.objects.filter(action="visit-rescheduled").count() == 2


def test_nobody_who_is_not_cleared_takes_a_needling_visit_over_even_if_it_is_meant(
    as_bob, booked, clinic, monday
) -> None:
    eman = add_member(
        organisation=clinic, username="eman", name="Eman", password=None,
        roles=frozenset({"practitioner"}),
    )  # fmt: skip
    day = f"{monday:%Y-%m-%d}"
    sent = {"day": day, "at": "11:00", "minutes": "40", "practitioner": str(eman.pk)}
    refused = as_bob.post(reverse("diary:move", args=[booked.pk]), sent | {"anyway": "on"})
    assert refused.status_code == 422
    assert "Eman may not needle on" in text_of(refused)


def test_a_visit_is_cancelled_with_a_reason_and_its_time_is_free(as_bob, booked, monday) -> None:
    address = reverse("diary:cancel", args=[booked.pk])
    assert as_bob.post(address, {}).status_code == 422
    assert as_bob.post(address, {"because": "patient-ill"}).status_code == 302
    booked.refresh_from_db()
    assert (booked.state, booked.appointment.cancelled_because) == ("cancelled", "patient-ill")
    page = look(as_bob, monday)
    assert "10:00–14:00 4 h free" in page
    assert "Not taking place 11:00 Amna Siddiqui Cancelled" in page


def test_a_tapped_gap_asks_for_whom_and_books_it(as_bob, booked, patient, alice, needling, monday):
    page = as_bob.get(f"{reverse('diary:diary')}?day={monday:%Y-%m-%d}").content.decode()
    gap = re.search(r'href="(/diary/book/\?[^"]*at=11%3A40[^"]*)"', page)[1].replace("&amp;", "&")
    found = as_bob.get(gap + "&q=Amna").content.decode()
    form = re.search(rf'href="(/patients/{patient.pk}/book/\?[^"]*)"', found)[1]
    values = as_bob.get(form.replace("&amp;", "&")).context["form"].initial
    assert (str(values["at"])[:5], values["practitioner"]) == ("11:40", str(alice.pk))
    sent = {
        "visit_id": str(new_id()), "practitioner": str(alice.pk), "site": values["site"],
        "day": f"{monday:%Y-%m-%d}", "at": "11:40", "minutes": "", "episode": "",
        "service": str(needling.pk), "regions": ["neck"],
    }  # fmt: skip
    assert as_bob.post(reverse("diary:book", args=[patient.pk]), sent).status_code == 302
    visit = Visit.objects.get(pk=sent["visit_id"])
    assert (visit.minutes, visit.appointment.regions) == (40, ["neck"])
    late = sent | {"visit_id": str(new_id()), "at": "13:50"}
    refused = as_bob.post(reverse("diary:book", args=[patient.pk]), late)
    assert "Alice does not work at MidCity Mall from 13:50 to 14:30" in text_of(refused)


def test_the_owner_says_what_can_be_booked_and_leave_lists_whom_to_call(
    as_olga, booked, alice, site, monday
) -> None:
    service = {
        "name": "Talk", "minutes": "30", "price": "1500", "currency": "PKR", "position": "0",
        "is_active": "on", "is_public": "on", "givers": [str(alice.pk)],
    }  # fmt: skip
    assert as_olga.post(reverse("diary:service-add"), service).status_code == 302
    talk = Service.objects.get(name="Talk")
    there = reverse("diary:service", args=[talk.pk])
    assert "Patients see it now" in text_of(as_olga.post(there, service, follow=True))
    changed = as_olga.post(there, service | {"givers": []}, follow=True)
    assert (changed.status_code, talk.givers.count()) == (200, 0)
    assert "Patients see it now" not in text_of(changed), "nobody gives it"
    assert as_olga.post(reverse("diary:service-add"), service | {"minutes": "0"}).status_code == 422
    room = {"name": "Couch 9", "site": str(site.pk), "position": "1", "is_active": "on"}
    assert as_olga.post(reverse("diary:room-add"), room).status_code == 302
    assert Room.objects.filter(name="Couch 9").exists()
    week = {"day_0": "09:00-12:00, 13:00-17:00"}
    hours = reverse("diary:hours", args=[alice.pk, site.pk])
    assert as_olga.post(hours, week | {"day_1": "nine"}).status_code == 422
    assert as_olga.post(hours, week).status_code == 302
    assert WorkingHours.objects.get().hours == {"0": [["09:00", "12:00"], ["13:00", "17:00"]]}
    day = f"{monday:%Y-%m-%d}"
    leave = {"member": str(alice.pk), "kind": "leave", "first_on": day, "last_on": day}
    wrong = leave | {"last_on": f"{monday - timedelta(days=1):%Y-%m-%d}"}
    assert as_olga.post(reverse("diary:leave-add"), wrong).status_code == 422
    listed = as_olga.post(reverse("diary:leave-add"), leave, follow=True)
    assert "Amna Siddiqui" in text_of(listed)
    assert "Alice" in text_of(as_olga.get(reverse("diary:settings")))
    (row,) = Leave.objects.all()
    assert row.ends_at - row.starts_at == timedelta(days=1)
    as_olga.post(reverse("diary:leave-back", args=[row.pk]))
    row.refresh_from_db()
    assert row.is_cancelled


def test_a_service_keeps_what_was_ever_said_of_it_and_tells_when_its_urdu_is_older(
    client, as_olga, needling, alice, charlie
) -> None:
    page = reverse("diary:service", args=[needling.pk])
    form = {
        "name": "Dry needling", "name_ur": "ڈرائی نیڈلنگ", "minutes": "40", "price": "2800",
        "currency": "PKR", "needs_needling": "on", "needs_room": "on", "is_public": "on",
        "is_active": "on", "position": "0", "givers": [str(alice.pk)],
    }  # fmt: skip
    older = "Urdu is older than the English"
    # A preview writes nothing.
    shown = text_of(as_olga.post(page, {**form, "preview": "yes"}))
    assert "This is how it will look" in shown
    assert "2,800" in shown
    needling.refresh_from_db()
    assert needling.price == 2500
    as_olga.post(page, {**form, "why": "Needles cost more"})
    history = text_of(as_olga.get(page))
    assert "Price: 2500.00 → 2800.00 Needles cost more" in history
    assert older not in text_of(as_olga.get(reverse("diary:settings")))
    first = needling.versions.get(replaces__isnull=True)
    assert (first.said["price"], first.recorded_by) == ("2500.00", None)
    as_olga.post(page, {**form, "name": "Dry needling, first visit"})
    assert older in text_of(as_olga.get(reverse("diary:settings")))
    # Whoever saw an earlier version is shown what it is now, and nothing is lost.
    as_olga.post(page, {**form, "name": "Something else", "seen": str(first.pk)})
    needling.refresh_from_db()
    assert needling.name == "Dry needling, first visit"
    as_olga.post(page, {**form, "name": "Dry needling, first visit", "same": "on"})
    assert older not in text_of(as_olga.get(reverse("diary:settings")))
    client.force_login(charlie, backend=LOGIN)
    assert client.get(page).status_code in (403, 404)
