"""What books and moves a visit. Each is one transaction with its audit entry.

Two who want one time: `recording` gives the organisation's turn to write to one of them, before
anything is read (PostgreSQL: a lock held until the commit; SQLite: BEGIN IMMEDIATE). So what is
read here is what stands when it is written, and whoever comes second is told why not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from filiform.anatomy import PRIVILEGES
from filiform.clinic.diary.calendars import hash_of
from filiform.clinic.diary.models import (
    Appointment,
    CalendarFeed,
    Leave,
    Room,
    Service,
    ServiceGiver,
    ServiceVersion,
    WorkingHours,
)
from filiform.clinic.diary.rules import WantedTime, free_room, overlaps, reasons_against, room_of
from filiform.clinic.diary.service_history import newest, said_of
from filiform.clinic.diary.turns import in_turn
from filiform.clinic.diary.vocabulary import CANCELLED_BECAUSE, HOW_BOOKED, LEAVE_KINDS
from filiform.clinic.facts.amending import ChangedMeanwhile, amended
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Episode, Visit
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site


class ChangedVisit(NamedTuple):
    """A booked visit that was moved or cancelled.

    visit: as it stands now; was_at: when it was to be before; because: a key of
    `vocabulary.CANCELLED_BECAUSE`, "" when it was moved; by: None when the patient did it.
    """

    visit: Visit
    was_at: datetime
    because: str
    by: Member | None


WHEN_CHANGED: list[Callable[[ChangedVisit], None]] = []
"""Told in the same transaction. Rooms above that write to the patient put themselves in when they
are ready."""


class NotFree(Exception):
    """A time can't be had. `reasons` says why, in words.

    Raised and not returned, as `visits.actions.MoveRefused` is: rooms above book inside a
    transaction of their own, which has to be undone as a whole.
    """

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def take(
    *,
    patient: Patient,
    practitioner: Member,
    site: Site,
    starts_at: datetime,
    by: Member | None = None,
    service: Service | None = None,
    room: Room | None = None,
    minutes: int | None = None,
    regions: Sequence[str] = (),
    episode: Episode | None = None,
    how: str = "desk",
    group: UUID | None = None,
    meant: Collection[str] = (),
    visit_id: UUID | None = None,
) -> Visit:
    """Book a time: the only way in which a planned visit comes into the diary.

    by: None for a patient on the public site or by a link. room: the first free one when none is
    given and the service needs one. minutes: the service's when not given. regions: ids of
    `anatomy.PRIVILEGES` that are to be needled. meant: codes of `relative` reasons that somebody
    of the staff has read and overrules; empty for patients. The same `visit_id` sent twice is the
    same visit.

    Raises NotFree with everything that stands against it; ValueError for a row of another
    organisation, a naive time, or a `how` or region that there is not.
    """
    minutes = minutes or (service.minutes if service else 40)
    wanted = WantedTime(
        patient=patient, practitioner=practitioner, site=site, starts_at=_utc(starts_at),
        minutes=minutes, service=service, room=room, regions=tuple(regions),
    )  # fmt: skip
    _check(wanted, by, episode, how)
    visit_id = visit_id or new_id()
    with in_turn(), recording("visit-booked", by=by, organisation=site.organisation) as entry:
        # By its id alone: a form that was sent twice finds its own visit, which would be in its
        # way.
        there = Visit.objects.filter(pk=visit_id).first()
        if there is not None:
            if there.patient_id != patient.pk:
                raise ValueError(f"the visit {visit_id} is of another patient")
            entry.about(there)
            return there
        despite = _ask(wanted, meant)
        visit = Visit.objects.create(
            pk=visit_id, organisation=site.organisation, site=site, patient=patient,
            episode=episode, practitioner=practitioner, planned_at=wanted.starts_at,
            minutes=minutes, created_by=by,
        )  # fmt: skip
        Appointment.objects.create(
            visit=visit, organisation=site.organisation, patient=patient, service=service,
            room=_room(wanted), regions=list(regions), how=how, group=group,
            # As it is today: what is paid is what was told at booking.
            price=service.price if service else None, currency=service.currency if service else "",
        )  # fmt: skip
        entry.about(visit, how=how, **despite)
    return visit


def walk_in(*, by: Member, now: datetime, **wanted: Any) -> Visit:
    """Somebody who stands at the desk: booked at this minute, and here. Takes what `take` takes."""
    with in_turn(), one_link():
        # With seconds it would overlap with whoever comes at the full minute.
        at = now.replace(second=0, microsecond=0)
        visit = take(by=by, starts_at=at, how="walk-in", **wanted)
        # Sent twice, the first has moved it already.
        if visit.state == "booked":
            visits.move(by=by, visit=visit, to="here")
    return visit


def take_several(
    *, times: Sequence[tuple[Member, datetime]], by: Member, **wanted: Any
) -> list[Visit]:
    """Several visits at once, as a plan of care has them: all of them, or none. They share a
    `group`. Takes what `take` takes but practitioner and time. Raises NotFree as soon as one of
    them is taken, ValueError for none at all."""
    if not times:
        raise ValueError("no times are given, so there is nothing to book")
    group = new_id()
    with in_turn(), one_link():
        return [
            take(practitioner=who, starts_at=at, by=by, how="plan", group=group, **wanted)
            for who, at in times
        ]


def reschedule(
    *,
    visit: Visit,
    starts_at: datetime,
    by: Member | None = None,
    practitioner: Member | None = None,
    room: Room | None = None,
    minutes: int | None = None,
    meant: Collection[str] = (),
) -> Visit:
    """Put a booked visit at another time, with another practitioner, into another room.

    What is not given stays; a room that is taken then is changed for a free one unless it was
    asked for. Raises NotFree; MoveRefused where the visit has begun or is over.
    """
    with in_turn(), recording("visit-rescheduled", by=by, organisation=visit.organisation) as entry:
        fresh = (
            # Of the visit alone: PostgreSQL would lock patient and site with it.
            Visit.objects.select_for_update(no_key=True, of=("self",))
            .select_related("site__organisation", "patient", "practitioner")
            .get(pk=visit.pk)
        )
        if fresh.state != "booked":
            raise visits.MoveRefused(Reason(code="diary-visit-begun"))
        about = Appointment.objects.select_related("service", "room").filter(pk=fresh.pk).first()
        wanted = WantedTime(
            patient=fresh.patient,
            practitioner=practitioner or fresh.practitioner,
            site=fresh.site,
            starts_at=_utc(starts_at),
            minutes=minutes or fresh.minutes,
            service=about.service if about else None,
            room=room,
            regions=tuple(about.regions) if about else (),
            besides=fresh.pk,
        )
        # Once the time is known: which room is free hangs on it.
        wanted = replace(wanted, room=room or _kept_room(wanted, about))
        _check(wanted, by, None, "desk")
        despite = _ask(wanted, meant)
        # Before it moves: the former time is what others may be waiting for.
        for tell in visits.WHEN_FREED:
            tell(fresh)
        entry.about(
            fresh, came_from=fresh.planned_at.isoformat(), went_to=wanted.starts_at.isoformat(),
            **despite,
        )  # fmt: skip
        was_at = fresh.planned_at
        fresh.planned_at, fresh.minutes = wanted.starts_at, wanted.minutes
        fresh.practitioner = wanted.practitioner
        fresh.save(update_fields=["planned_at", "minutes", "practitioner"])
        _put_room(fresh, about, _room(wanted))
        # Another room or practitioner at the same time is nothing to come for at another time.
        if fresh.planned_at != was_at:
            _tell(ChangedVisit(fresh, was_at, "", by))
    # Whoever called goes on with the object in hand, and tells the patient its time.
    for name in ("planned_at", "minutes", "practitioner"):
        setattr(visit, name, getattr(fresh, name))
    return visit


def cancel(*, visit: Visit, because: str, by: Member | None = None) -> Visit:
    """Take a booked visit out of the diary and say why. Raises MoveRefused, KeyError for a
    `because` that is not in `vocabulary.CANCELLED_BECAUSE`."""
    # Only for its KeyError, before anything is locked.
    CANCELLED_BECAUSE[because]
    whose = visit.organisation
    with recording("visit-cancelled", by=by, organisation=whose) as entry:
        if Visit.objects.filter(pk=visit.pk, state="cancelled").exists():
            # The first tap has told whom it concerns; a second reason is none.
            entry.about(visit, again=True)
            return visit
        moved = visits.move(by=by, visit=visit, to="cancelled")
        # A visit from before the diary had services has no row to write it into.
        Appointment.objects.update_or_create(
            visit=moved,
            defaults={"cancelled_because": because},
            create_defaults={
                "organisation": whose,
                "patient": moved.patient,
                "cancelled_because": because,
            },
        )
        entry.about(moved, because=because)
        _tell(ChangedVisit(moved, moved.planned_at, because, by))
    return moved


def _tell(changed: ChangedVisit) -> None:
    for tell in WHEN_CHANGED:
        tell(changed)


def refuse_taken(visit: Visit) -> None:
    """For `visits.BEFORE_BOOKED_AGAIN`: a visit that gave its time back gets it again only while
    nobody else has it, and while its practitioner may still give it. Raises MoveRefused.

    That it lies in the past, in leave or outside the hours is for whoever puts it back to know: a
    patient who was noted as missed may just be late.
    """
    about = Appointment.objects.select_related("service", "room").filter(pk=visit.pk).first()
    wanted = WantedTime(
        patient=visit.patient,
        practitioner=visit.practitioner,
        site=visit.site,
        starts_at=visit.planned_at,
        minutes=visit.minutes,
        service=about.service if about else None,
        room=about.room if about else None,
        regions=tuple(about.regions) if about else (),
        besides=visit.pk,
    )
    against = [
        one
        for one in reasons_against(wanted, now=timezone.now())
        if one.weight is not Weight.RELATIVE or one.code in TAKEN
    ]
    if against:
        raise visits.MoveRefused(*against)


TAKEN = frozenset({"diary-practitioner-busy", "diary-patient-busy", "diary-room-busy"})
"""Codes that say that somebody else has the time"""


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: which moment it is can't be known")
    # One spelling of a moment: what is compared and what is stored don't differ by their zones.
    return moment.astimezone(UTC)


def _check(wanted: WantedTime, by: Member | None, episode: Episode | None, how: str) -> None:
    house = wanted.site.organisation_id
    for thing in (wanted.patient, wanted.practitioner, wanted.service, wanted.room, by, episode):
        if thing is not None and thing.organisation_id != house:
            raise ValueError(f"{type(thing).__name__} {thing.pk} is of another organisation")
    if not wanted.practitioner.is_practitioner:
        raise ValueError(f"{wanted.practitioner.username} is no practitioner, can't treat a visit")
    if episode and episode.patient_id != wanted.patient.pk:
        raise ValueError("the episode is of another patient")
    if how not in HOW_BOOKED:
        raise ValueError(f"{how!r} is no way to book; there are {', '.join(HOW_BOOKED)}")
    for region in wanted.regions:
        if region not in PRIVILEGES:
            raise ValueError(f"no region {region!r}; there are {', '.join(PRIVILEGES)}")


def _ask(wanted: WantedTime, meant: Collection[str]) -> dict[str, Any]:
    """What is overruled, for the audit. Raises NotFree with what is not."""
    reasons = reasons_against(wanted, now=timezone.now())
    left = [one for one in reasons if one.weight is not Weight.RELATIVE or one.code not in meant]
    if left:
        raise NotFree(*left)
    return {"despite": [one.code for one in reasons]} if reasons else {}


def _room(wanted: WantedTime) -> Room | None:
    if wanted.room or wanted.service is None or not wanted.service.needs_room:
        return wanted.room
    return free_room(wanted, overlaps(wanted))


def _kept_room(wanted: WantedTime, about: Appointment | None) -> Room | None:
    """The room that the visit has, if it is free at the new time, or if no other is."""
    if about is None or about.room is None:
        return None
    overlapping = overlaps(wanted)
    if about.room_id not in {room_of(one) for one in overlapping}:
        return about.room
    return None if free_room(wanted, overlapping) else about.room


def _put_room(visit: Visit, about: Appointment | None, room: Room | None) -> None:
    if about is None and room is not None:
        Appointment.objects.create(
            visit=visit, organisation=visit.organisation, patient=visit.patient, room=room
        )
    elif about is not None and about.room_id != (room.pk if room else None):
        about.room = room
        about.save(update_fields=["room"])


# --- what can be booked ------------------------------------------------------------------------


def save_service(
    *,
    by: Member,
    givers: Collection[Member],
    service: Service | None = None,
    why: str = "",
    urdu_agrees: bool = False,
    seen: UUID | None = None,
    key: UUID | None = None,
    **fields: Any,
) -> Service:
    """A new service, or a changed one; givers: who gives it from now on. Booked visits keep the
    price that they were booked at, and every version of the service is kept (`service_history`).

    seen: the version that the form showed. key: made with the form of a new one. urdu_agrees: both
    languages were compared. Raises ValueError for somebody of another organisation,
    ChangedMeanwhile where another version holds.
    """
    for one in givers:
        if one.organisation_id != by.organisation_id:
            raise ValueError(f"{one.username} is of another organisation")
    with recording("service-saved", by=by) as entry:
        if service is None and (made := sent_before(Service, key, entry)):
            return made
        row = service or Service(pk=key or new_id(), organisation=by.organisation)
        former = _former_version(row) if service else None
        # Two owners with the form open: the second must not undo what the first has written.
        if former is not None and seen not in (None, former.pk):
            raise ChangedMeanwhile
        _fill(row, fields)
        wanted = {one.pk for one in givers}
        # Rows of a setting and no facts: who gave it before stands in the visits.
        row.givers.exclude(member__in=wanted).delete()
        there = set(row.givers.values_list("member", flat=True))
        for pk in sorted(wanted - there):
            ServiceGiver.objects.create(organisation=by.organisation, service=row, member_id=pk)
        _keep_version(row, former, by=by, why=why, urdu_agrees=urdu_agrees)
        entry.about(row)
    return row


def _former_version(row: Service) -> ServiceVersion | None:
    """What holds of a service before it is changed. One from before there was a history gets its
    first version now: nobody is named for it."""
    found = newest(row.versions.all())
    if found is None:
        # Read under the turn: the row in hand was read before, and is about to be changed.
        there = Service.objects.get(pk=row.pk)
        found = ServiceVersion.objects.create(
            organisation=row.organisation, service=row, said=said_of(there)
        )
    return found


def _keep_version(
    row: Service, former: ServiceVersion | None, *, by: Member, why: str, urdu_agrees: bool
) -> None:
    said = said_of(row)
    if former is None:
        ServiceVersion.objects.create(
            organisation=row.organisation, recorded_by=by, service=row, said=said,
            urdu_agrees=urdu_agrees, why=why,
        )  # fmt: skip
    elif said != former.said or urdu_agrees:
        amended(former, by=by, why=why, said=said, urdu_agrees=urdu_agrees)


def save_room(
    *, by: Member, room: Room | None = None, key: UUID | None = None, **fields: Any
) -> Room:
    """A new room, or a changed one. One that is out of use keeps the visits it has. key: made
    with the form of a new one."""
    with recording("room-saved", by=by) as entry:
        if room is None and (there := sent_before(Room, key, entry)):
            return there
        row = room or Room(pk=key or new_id(), organisation=by.organisation)
        _fill(row, fields)
        entry.about(row)
    return row


def _fill(row: Service | Room, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def set_hours(*, by: Member, member: Member, site: Site, hours: dict[str, Any]) -> WorkingHours:
    """A practitioner's week at a site; visits outside it stay booked."""
    with recording("working-hours-set", by=by) as entry:
        row, _ = WorkingHours.objects.update_or_create(
            member=member,
            site=site,
            defaults={"hours": hours, "organisation": by.organisation},
        )
        entry.about(row)
    return row


def record_leave(
    *,
    by: Member,
    member: Member,
    starts_at: datetime,
    ends_at: datetime,
    kind: str,
    key: UUID | None = None,
) -> Leave:
    """Time in which a practitioner is away. Visits that are booked in it stay booked until
    somebody has called (`queries.visits_in_leave`). Raises ValueError when it ends before it
    begins, KeyError for a kind that there is not."""
    # Only for its KeyError.
    LEAVE_KINDS[kind]
    if ends_at <= starts_at:
        raise ValueError(f"leave from {starts_at} to {ends_at} has no time in it")
    with recording("leave-recorded", by=by) as entry:
        if there := sent_before(Leave, key, entry):
            return there
        row = Leave.objects.create(
            pk=key or new_id(), organisation=by.organisation, recorded_by=by,
            member=member, starts_at=starts_at, ends_at=ends_at, kind=kind,
        )  # fmt: skip
        entry.about(row)
    return row


def take_leave_back(*, by: Member, leave: Leave) -> Leave:
    """They are there after all; a second time changes nothing."""
    with recording("leave-taken-back", by=by) as entry:
        leave.is_cancelled = True
        leave.save(update_fields=["is_cancelled"])
        entry.about(leave)
    return leave


# --- calendars ---------------------------------------------------------------------------------


def make_feed(*, by: Member, member: Member, with_names: bool = False) -> tuple[CalendarFeed, str]:
    """A calendar's address: the row, and its secret, which is told this once and never again.
    Raises ValueError for somebody of another organisation."""
    if member.organisation_id != by.organisation_id:
        raise ValueError(f"{member.username} is of another organisation")
    # Told once and kept as a hash: the address is all that a calendar shows to get in.
    key = secrets.token_urlsafe(24)
    with recording("calendar-made", by=by) as entry:
        row = CalendarFeed.objects.create(
            organisation=by.organisation, member=member, key_hash=hash_of(key),
            with_names=with_names,
        )  # fmt: skip
        entry.about(row, with_names=with_names)
    return row, key


def revoke_feed(*, by: Member, feed: CalendarFeed) -> None:
    """Close an address for good; closed already: nothing changes."""
    if feed.revoked_at is not None:
        return
    with recording("calendar-revoked", by=by) as entry:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        entry.about(feed)
