"""What of the register is to be done, in which order, and what a rate is counted over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.events.models import EventStep, SafetyEvent
from filiform.clinic.treatment.models import Act, AdverseEvent, Treatment
from filiform.clinic.web.phones import country_of
from filiform.outcomes.events import Duty, duties_for
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation

MOST_ROWS = 200
BELONGS_DAYS = 30
"""An event reported by hand belongs to a treatment of at most so many days before (design value;
infection, the latest of safety D2, shows within 14 days)."""
JUDGE_WITHIN = timedelta(days=7)
"""By when cause and grade are judged (design value)."""


@dataclass(frozen=True)
class OpenDuty:
    """A report that an event asks for. met: the step that says so; None while it is owed."""

    duty: Duty
    due_at: datetime
    met: EventStep | None


@dataclass(frozen=True)
class RegisterRow:
    """One event of the list. action: what is next, in words. due_at: by when; None when closed."""

    event: SafetyEvent
    action: str
    due_at: datetime | None
    state: str


def places_of(treatment: Treatment) -> list[tuple[str, str, str]]:
    """(id of the needle, muscle, side) of every needle that went in."""
    rows = (
        Act.objects.current()
        .filter(treatment=treatment, kind="insertion", target__isnull=False)
        .order_by("number")
        .values_list("pk", "target__muscle", "target__side")
    )
    return [(str(needle), muscle, side) for needle, muscle, side in rows]


def not_yet_graded(organisation: Organisation) -> QuerySet[AdverseEvent]:
    """Events of the couch from before there was a register: nobody has graded them, and no rate
    counts them, until a person takes them in. Newest first."""
    registered = SafetyEvent.objects.filter(couch=OuterRef("pk"))
    rows = AdverseEvent.objects.current().filter(organisation=organisation, treatment__isnull=False)
    rows = rows.exclude(Exists(registered)).select_related("patient", "treatment__visit__site")
    return rows.order_by("-started_at")


def treatment_before(patient: Patient, at: datetime) -> Treatment | None:
    """The last treatment with which an event of that moment can have to do."""
    return (
        Treatment.objects.filter(
            patient=patient, started_at__lte=at, started_at__gt=at - timedelta(days=BELONGS_DAYS)
        )
        .select_related("visit__site", "practitioner")
        .order_by("started_at")
        .last()
    )


def event_of(root: UUID, organisation: UUID) -> SafetyEvent | None:
    """As it is judged today."""
    return (
        SafetyEvent.objects.current()
        # By the root: an address that was mailed still leads to the newest version.
        .filter(root=root, organisation=organisation)
        .select_related("patient", "site", "owner", "treatment__visit", "organisation")
        .first()
    )


def history(event: SafetyEvent) -> list[SafetyEvent]:
    """Every version, oldest first."""
    rows = SafetyEvent.objects.filter(root=event.root).select_related("recorded_by", "owner")
    return list(rows.order_by("recorded_at", "pk"))


def steps_of(event: SafetyEvent) -> list[EventStep]:
    rows = EventStep.objects.current().filter(event=event.root).select_related("recorded_by")
    return list(rows.order_by("recorded_at"))


def duties_met(event: SafetyEvent) -> set[str]:
    return {step.duty for step in steps_of(event) if step.duty}


def duties_of(event: SafetyEvent, steps: list[EventStep]) -> list[OpenDuty]:
    """What the event asks for today, the first due first; a duty that was met stays shown even if
    the event was judged milder since."""
    met = {step.duty: step for step in steps if step.duty}
    asked = duties_for(
        country=country_of(event.site.phone),
        kind=event.kind,
        grade=event.grade,
        criteria=event.criteria,
    )
    # Nobody to be told where a near miss has no patient.
    found = [one for one in asked if one.id != "patient" or event.patient_id]
    return sorted(
        (OpenDuty(duty, duty.due(event.known_at), met.get(duty.id)) for duty in found),
        key=lambda one: one.due_at,
    )


def worklist(member: Member, *, shown: str, now: datetime) -> list[RegisterRow]:
    """Open ones as they fall due, overdue first by that; closed ones newest first."""
    rows = (
        SafetyEvent.objects.current()
        .filter(organisation=member.organisation_id, closed_at__isnull=shown != "closed")
        .select_related("patient", "site", "owner")
        # Cut at MOST_ROWS, what is left out must be what can wait longest.
        .order_by("-happened_at" if shown == "closed" else "known_at")
    )[:MOST_ROWS]
    events = list(rows)
    steps: dict[UUID, list[EventStep]] = {}
    # For all rows at once: the list may hold two hundred.
    for step in EventStep.objects.current().filter(event__in=[one.root for one in events]):
        steps.setdefault(step.event, []).append(step)
    found = [_row(event, steps.get(event.root, []), now) for event in events]
    if shown == "closed":
        return found
    # Here and not in the database: what is next is worked out from the duties of the country.
    return sorted(found, key=lambda row: row.due_at or now)


def _row(event: SafetyEvent, steps: list[EventStep], now: datetime) -> RegisterRow:
    if event.closed_at is not None:
        return RegisterRow(event, _("Closed"), None, "")
    action, due_at = _next(event, steps)
    return RegisterRow(event, action, due_at, "overdue" if due_at <= now else "")


def _next(event: SafetyEvent, steps: list[EventStep]) -> tuple[str, datetime]:
    """What is to be done first, and by when."""
    judge = event.known_at + JUDGE_WITHIN
    if event.owner_id is None:
        # Before all else: what belongs to nobody is done by nobody.
        return _("Take it on"), event.known_at + timedelta(days=1)
    owed = [one for one in duties_of(event, steps) if one.met is None]
    # What is due first comes first: a report within 24 hours before a judgement within a week.
    if owed and (owed[0].due_at <= judge or _is_judged(event)):
        told = owed[0].duty.to.in_language(get_language() or "en")
        return _("Tell: %(whom)s") % {"whom": told}, owed[0].due_at
    if not _is_judged(event):
        return _("Assess cause and outcome"), judge
    return _("Close it"), judge


def _is_judged(event: SafetyEvent) -> bool:
    return bool((event.causality or event.is_near_miss) and event.outcome.strip())


def reasons_against_closing(event: SafetyEvent) -> tuple[Reason, ...]:
    """What is still owed. A near miss has no cause to be judged, only what is done about it."""
    reasons = []
    if event.closed_at is not None:
        return (Reason(code="event-closed-already"),)
    if not event.is_near_miss and not event.causality:
        reasons.append(Reason(code="event-without-causality"))
    if not event.outcome.strip():
        reasons.append(Reason(code="event-without-outcome"))
    for one in duties_of(event, steps_of(event)):
        if one.met is None:
            whom = {"whom": one.duty.to.en, "whom_ur": one.duty.to.ur}
            reasons.append(Reason(code="event-duty-owed", params=whom))
    return tuple(reasons)
