"""What changes what can be booked: services, rooms, hours and leave."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.clinic.diary.models import (
    Leave,
    Room,
    Service,
    ServiceGiver,
    ServiceVersion,
    WorkingHours,
)
from filiform.clinic.diary.service_history import newest, said_of
from filiform.clinic.diary.vocabulary import LEAVE_KINDS
from filiform.clinic.facts.amending import ChangedMeanwhile, amended
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Site


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
