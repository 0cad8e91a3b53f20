"""What the clinic does to a booked visit is told to the patient; what can't be told by itself, the
desk is told.

moved or cancelled by staff ──▶ a message in the same transaction ──▶ sent
leave or a holiday laid over ──▶ one tap of the desk ──▶ a message   └▶ "call them"

The patient who moves or cancels by themselves knows it; so does who asked the desk to cancel.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.booking.actions import confirm
from filiform.clinic.booking.links import prolong
from filiform.clinic.booking.messages import ABOUT_BOOKED, CHANGES
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import ChangedVisit
from filiform.clinic.diary.clearance import reasons_against
from filiform.clinic.diary.models import Appointment
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.setup import setup
from filiform.clinic.staff.credentials import currencies
from filiform.clinic.visits import actions as visits
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import zone_named
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

PATIENT_KNOWS = frozenset({"patient-asked", "patient-ill"})
"""Reasons for cancelling that came from the patient"""
SETS_OUT = timedelta(hours=2)
"""So long before a visit somebody may be on the way: a message that the quiet hours would keep
until then goes at night (design value)."""
SHOWN = 50
LOOKED_AHEAD = timedelta(days=60)
"""As far as patients can book (`queries.HORIZON`)"""


def listen() -> None:
    """Let the diary tell us of what it changes."""
    if tell not in diary.WHEN_CHANGED:
        diary.WHEN_CHANGED.append(tell)
    if tell_put_back not in visits.BEFORE_BOOKED_AGAIN:
        visits.BEFORE_BOOKED_AGAIN.append(tell_put_back)


def tell(changed: ChangedVisit) -> None:
    """Write to the patient of a visit that staff moved or cancelled, unless it was over anyway."""
    now = timezone.now()
    # Who moved it by themselves has it before their eyes; what is over is of no use to anybody.
    if changed.by is None or changed.was_at <= now:
        return
    visit = changed.visit
    if not changed.because:
        # What was to be said of the former time doesn't hold; the questions before it still do.
        sending.withdraw(subject=visit.pk, kinds=ABOUT_BOOKED)
        prolong(visit)
        _enqueue("moved", visit, min(changed.was_at, visit.planned_at), now)
        return
    sending.withdraw(subject=visit.pk)
    if changed.because not in PATIENT_KNOWS:
        _enqueue("cancelled", visit, changed.was_at, now)


def tell_put_back(visit: Visit) -> None:
    """A cancelled visit takes place after all: whoever was told that it doesn't is told."""
    now = timezone.now()
    # Whoever was never told that it was cancelled would only wonder.
    told = Outgoing.objects.filter(subject=visit.pk, kind="cancelled").exclude(state="stopped")
    if visit.planned_at > now and told.exists():
        confirm(visit)


def write_to(booked: Iterable[Visit], *, now: datetime) -> list[Outgoing]:
    """Ask patients whose visits leave or a holiday was laid over to choose another time; each is
    asked once for a time. Gives what was put into the queue."""
    rows = [_enqueue("laid-over", visit, visit.planned_at, now) for visit in booked]
    return [row for row in rows if row is not None]


def _enqueue(kind: str, visit: Visit, before: datetime, now: datetime) -> Outgoing | None:
    """before: when somebody would set out in vain."""
    zone = zone_named(visit.site.time_zone)
    # By the time: tapped twice it goes once, and for a visit that was moved since it goes again.
    once = f"{kind} {visit.pk} {visit.planned_at:%y%m%d%H%M}"
    if kind != "laid-over":
        # There and back again is told twice.
        number = Outgoing.objects.filter(kind=kind, subject=visit.pk).count()
        once = f"{kind} {visit.pk} {number}"
    return sending.enqueue(
        organisation=visit.organisation,
        patient=visit.patient,
        kind=kind,
        subject=visit.pk,
        once=once,
        now=now,
        zone=zone,
        # After the quiet hours it would come too late to keep somebody at home.
        urgent=setup().quiet.after(now, zone) > before - SETS_OUT,
    )


class Untold(NamedTuple):
    """A change of a visit to come of which its patient knows nothing yet."""

    message: Outgoing
    visit: Visit

    @property
    def can_be_sent(self) -> bool:
        """Whether a person can send it: the patient wants messages and has a number or address."""
        patient = self.visit.patient
        return self.message.state != "stopped" and bool(patient.phone or patient.email)


class NotCleared(NamedTuple):
    """A visit to come with somebody who may not needle on its day."""

    visit: Visit
    reasons: tuple[Reason, ...]


def not_cleared(organisation: Organisation, now: datetime) -> list[NotCleared]:
    """Needling visits whose practitioner's licence, training or privileges end before them: they
    were in order when they were booked. By time, over `LOOKED_AHEAD`."""
    rows = Appointment.objects.filter(
        visit__organisation=organisation, visit__state="booked",
        visit__planned_at__range=(now, now + LOOKED_AHEAD), service__needs_needling=True,
    ).select_related("visit__practitioner", "visit__patient", "visit__site")  # fmt: skip
    booked = list(rows.order_by("visit__planned_at"))
    people = {one.visit.practitioner_id: one.visit.practitioner for one in booked}
    # Three queries for all; on which day each ends is compared below.
    holds = {one.member.pk: one for one in currencies(people.values(), timezone.localdate(now))}
    found = []
    for one in booked:
        visit = one.visit
        day = visit.planned_at.astimezone(zone_named(visit.site.time_zone)).date()
        against = reasons_against(holds[visit.practitioner_id], one.regions, day)
        if against:
            found.append(NotCleared(visit, against))
    # Cut only here: which of them lack a paper is known after all have been looked at.
    return found[:SHOWN]


@prepared
def _told_of_changes(organisation: UUID, now: datetime) -> QuerySet[Outgoing]:
    """What was to be said of our changes to visits to come, in the order in which it was made.

    Those that were taken back, because a later change overtook them, say nothing of how it stands.
    """
    coming = Visit.objects.filter(
        organisation=organisation, planned_at__gt=now, state__in=("booked", "cancelled")
    )
    return (
        # Through the visits, which are a few hundred, and of no clinic by name: SQLite would take
        # the clinic's messages instead, all that were ever made.
        Outgoing.objects.filter(kind__in=CHANGES, subject__in=coming.values("pk"))
        .exclude(state="stopped", why="not-needed")
        .order_by("made_at", "pk")
    )


def calls_open(organisation: UUID, now: datetime) -> tuple[UUID, ...]:
    """Visits of whose change the patient may know nothing: one query, asked at every look at
    Today. Nearly always there is none; `to_call` then needn't be asked."""
    # They come in order, so that the last of each visit stays.
    newest = {row.subject: row for row in _told_of_changes(organisation, now)}
    return tuple(sorted(visit for visit, row in newest.items() if row.to_call))


def to_call(organisation: Organisation, now: datetime) -> list[Untold]:
    """Who knows nothing of what we changed, the next visit first."""
    # Of several about one visit the newest tells how it stands: one that failed is made good by a
    # later one that arrived.
    latest = {row.subject: row for row in _told_of_changes(organisation.pk, now)}
    newest = {visit: row for visit, row in latest.items() if row.to_call}
    rows_of = Visit.objects.filter(pk__in=newest, planned_at__gt=now).select_related(
        "patient", "site", "practitioner"
    )
    return [
        Untold(newest[visit.pk], visit)
        for visit in rows_of.order_by("planned_at")[:SHOWN]
        # A message about a cancelled visit that was put back says what isn't so any more.
        if (visit.state == "cancelled") == (newest[visit.pk].kind == "cancelled")
        and visit.state in ("booked", "cancelled")
    ]
