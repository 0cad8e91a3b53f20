"""What leaves for calendars: one visit for a patient, a practitioner's by a secret address."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from tests.clinic.diary.conftest import LOGIN, at

from filiform.clinic.diary import actions, calendar_actions, settings_actions
from filiform.clinic.diary.calendars import feed, invitation
from filiform.clinic.visits import actions as visits
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


def test_a_calendar_takes_every_change_for_newer_than_the_one_before(
    booked, bob, alice, monday
) -> None:
    """RFC 5545, 3.8.7.4: a calendar that has SEQUENCE 2 passes over what comes with 1."""
    row, _key = calendar_actions.make_feed(by=alice, member=alice)

    def told():
        now = timezone.now()
        events = event_of(invitation(booked, now=now)), event_of(feed(row, now=now))
        first, second = [(one["uid"], one["sequence"], one["status"]) for one in events]
        assert first == second
        return first

    steps = [told()]
    for change in (
        lambda: actions.reschedule(visit=booked, starts_at=at(monday, 12), by=bob),
        lambda: actions.cancel(visit=booked, because="patient-asked", by=bob),
        lambda: visits.move(by=bob, visit=booked, to="booked"),
        lambda: visits.move(by=bob, visit=booked, to="cancelled"),
        lambda: visits.move(by=bob, visit=booked, to="booked"),
    ):
        change()
        steps.append(told())
    assert {uid for uid, _, _ in steps} == {f"{booked.pk}@filiform"}
    assert [number for _, number, _ in steps] == [0, 1, 2, 3, 4, 5]
    assert [status for _, _, status in steps[2:]] == ["CANCELLED", "CONFIRMED"] * 2


def test_leave_that_is_taken_back_leaves_the_telephone(alice, olga, monday) -> None:
    row, _key = calendar_actions.make_feed(by=alice, member=alice)
    leave = settings_actions.record_leave(
        by=olga, member=alice, starts_at=at(monday, 10), ends_at=at(monday, 12), kind="ill"
    )
    before = event_of(feed(row, now=timezone.now()))
    settings_actions.take_leave_back(by=olga, leave=leave)
    after = event_of(feed(row, now=timezone.now()))
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert after["status"] == "CANCELLED"


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
