"""Visits as calendars read them: a file for one visit, an address with all of a practitioner's.

iCalendar (RFC 5545) by the library `icalendar`. Times are written in UTC, which no calendar program
reads wrongly. Both leave the clinic: what stands in them is read on telephones that lie about.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from filiform.clinic.diary.models import Appointment, CalendarFeed, Leave
from filiform.clinic.diary.vocabulary import LEAVE_KINDS
from filiform.clinic.facts.models import Entry
from filiform.clinic.patients.models import FileMerge
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import KEEPS_A_PLACE
from filiform.clinic.web.templatetags.filiform import local_name

FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=180)
"""What a feed holds: enough to plan by, no archive (design values)."""

PRODUCT = "-//Filiform//Diary//EN"


def hash_of(key: str) -> str:
    """What is kept of the secret in an address."""
    # Without salt or stretching: the secret is 24 random bytes, which nobody finds by trying.
    return hashlib.sha256(key.encode()).hexdigest()


def feed_of(key: str) -> CalendarFeed | None:
    """The feed of a secret; None for one that is unknown or revoked, and of who has left: the
    address lies on in a telephone that is no longer the clinic's."""
    rows = CalendarFeed.objects.filter(
        key_hash=hash_of(key), revoked_at__isnull=True, member__is_active=True
    )
    return rows.select_related("member", "organisation").first()


def invitation(visit: Visit, *, now: datetime) -> bytes:
    """A file (.ics) with one visit for the patient's own calendar, in the language that is active.

    It names the clinic, the place and the number to call, and nothing of why. The same visit keeps
    its id, and every move raises its number: a calendar that has it already moves it. A cancelled
    visit's file takes it out again.
    """
    site, cancelled = visit.site, visit.state == "cancelled"
    event = _event(visit.pk, visit.planned_at, visit.minutes, now)
    event.add("summary", local_name(visit.organisation))
    event.add("location", f"{local_name(site)}, {local_name(site, 'address')}")
    event.add("description", _("To move or cancel it, call %(phone)s.") % {"phone": site.phone})
    _add_state(event, _changes([visit])[visit.pk], cancelled=cancelled)
    calendar = _calendar()
    # Not REQUEST: that asks for an answer by mail, which nobody here would read.
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed(row: CalendarFeed, *, now: datetime) -> bytes:
    """All visits and leave of a practitioner, from FEED_BACK to FEED_AHEAD. Patients are named only
    if the owner said so; else the service alone. What was called off stays in it as cancelled:
    calendars that add up what they read would show it for ever."""
    calendar = _calendar()
    # In no standard, and still the name that calendar programs show.
    calendar.add("x-wr-calname", local_name(row.organisation))
    # Calendar programs ask again after that time if they heed it.
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"value": "DURATION"})
    visits = Visit.objects.filter(
        practitioner=row.member_id, state__in=(*KEEPS_A_PLACE, "cancelled"),
        planned_at__gte=now - FEED_BACK, planned_at__lt=now + FEED_AHEAD,
    ).select_related("patient", "site", "appointment__service")  # fmt: skip
    found = list(visits.order_by("planned_at"))
    changes = _changes(found)
    for visit in found:
        event = _event(visit.pk, visit.planned_at, visit.minutes, now)
        about: Appointment | None = getattr(visit, "appointment", None)
        service = local_name(about.service) if about and about.service else _("Visit")
        name = f" – {visit.patient.name}" if row.with_names else ""
        event.add("summary", f"{service}{name}")
        event.add("location", local_name(visit.site))
        _add_state(event, changes[visit.pk], cancelled=visit.state == "cancelled")
        calendar.add_component(event)
    leave = Leave.objects.filter(
        member=row.member_id, ends_at__gt=now - FEED_BACK,
        starts_at__lt=now + FEED_AHEAD,
    )  # fmt: skip
    # So that the telephone shows why no visits stand there.
    for one in leave:
        minutes = int((one.ends_at - one.starts_at).total_seconds() // 60)
        event = _event(one.pk, one.starts_at, minutes, now)
        event.add("summary", str(LEAVE_KINDS.get(one.kind, one.kind)))
        # It is never moved: taken back is all that can happen to it.
        _add_state(event, int(one.is_cancelled), cancelled=one.is_cancelled)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _changes(visits: list[Visit]) -> dict[UUID, int]:
    """Visit → how often it was moved, cancelled or put back. It never falls."""
    found = {visit.pk: 0 for visit in visits}
    patients = {visit.patient_id for visit in visits}
    # A visit to come went over from a file that was closed, and what was done to it stands there.
    closed = FileMerge.objects.filter(kept__in=patients).values_list("patient", flat=True)
    rows = Entry.objects.filter(
        patient__in=[*patients, *closed], subject_id__in=[str(key) for key in found],
        action__in=("visit-rescheduled", "visit-moved"),
        at__gte=min((visit.created_at for visit in visits), default=None) or datetime.now(UTC),
    )  # fmt: skip
    for subject, action, details in rows.values_list("subject_id", "action", "details"):
        # Arriving and being treated are no news for a calendar.
        if action == "visit-rescheduled" or details.get("went_to") in ("cancelled", "booked"):
            found[UUID(subject)] += 1
    return found


def _add_state(event: Event, changes: int, *, cancelled: bool) -> None:
    """SEQUENCE and STATUS: by the first a calendar knows which of two files is the newer one."""
    event.add("sequence", changes)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")


def _event(key: UUID, starts_at: datetime, minutes: int, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{key}@filiform")
    # RFC 5545 asks for it: when this was written, and not when the visit is.
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=minutes))
    return event
