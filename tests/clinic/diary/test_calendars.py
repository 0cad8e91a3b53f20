"""What leaves for calendars: one visit for a patient, a practitioner's by a secret address."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from tests.clinic.diary.conftest import LOGIN, at

from filiform.clinic.diary import actions
from filiform.clinic.diary.calendars import invitation
from filiform.clinic.visits.models import Visit


@pytest.fixture
def booked(patient, alice, site, needling, hours, couches, monday) -> Visit:
    return actions.take(
        patient=patient, practitioner=alice, site=site, service=needling, starts_at=at(monday, 11)
    )


def event_of(content: bytes):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_an_invitation_tells_when_and_where_and_a_moved_visit_is_the_same_one(
    booked, bob, monday
) -> None:
    event = event_of(invitation(booked, now=timezone.now()))
    assert event["dtstart"].dt == at(monday, 11)
    assert event["location"] == "MidCity Mall, MidCity Mall, Rehmanabad"
    assert "needling" not in str(event["summary"]) + str(event["description"])
    actions.reschedule(visit=booked, starts_at=at(monday, 12), by=bob)
    moved = event_of(invitation(booked, now=timezone.now()))
    assert (moved["uid"], moved["sequence"]) == (event["uid"], 1)
    assert moved["dtstart"].dt == at(monday, 12)
    actions.cancel(visit=booked, because="patient-asked", by=bob)
    gone = invitation(booked, now=timezone.now())
    assert event_of(gone)["status"] == "CANCELLED"
    assert Calendar.from_ical(gone)["method"] == "CANCEL"


def test_a_feed_names_nobody_unless_the_owner_says_so_and_ends_when_it_is_closed(
    client, booked, alice, olga, charlie
) -> None:
    client.force_login(alice, backend=LOGIN)
    made = client.post(
        reverse("diary:calendar"), {"member": str(alice.pk), "with_names": "on"}
    )  # a practitioner asks in vain
    address = made.context["made"]
    client.logout()
    content = client.get(address).content
    assert event_of(content)["summary"] == "Dry needling"
    assert b"Amna" not in content
    client.force_login(olga, backend=LOGIN)
    named = client.post(reverse("diary:calendar"), {"member": str(alice.pk), "with_names": "on"})
    assert b"Amna Siddiqui" in client.get(named.context["made"]).content
    client.force_login(charlie, backend=LOGIN)
    (first, _second) = named.context["feeds"]
    type(first.member).objects.filter(pk=first.member_id).update(is_active=False)
    assert client.get(address).status_code == 404, "who has left reads nothing any more"
    type(first.member).objects.filter(pk=first.member_id).update(is_active=True)
    close = reverse("diary:feed-revoke", args=[first.pk])
    assert client.post(close).status_code == 404
    assert client.post(reverse("diary:calendar"), {"member": str(alice.pk)}).status_code == 422
    client.force_login(alice, backend=LOGIN)
    assert client.post(close).status_code == 302
    assert client.get(address).status_code == 404
