"""What changes the register. Each is one transaction with its audit entry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.clinic.aftercare.models import Check, CheckOutcome
from filiform.clinic.events import queries
from filiform.clinic.events.models import EventStep, SafetyEvent
from filiform.clinic.facts.amending import amended, hold
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.treatment.models import AdverseEvent
from filiform.outcomes.events import proposed_grade
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site


def of_couch(event: AdverseEvent, by: Member) -> SafetyEvent:
    """An event of the couch goes into the register in the transaction that ended it."""
    # Ended by two tablets, or taken in by hand meanwhile.
    there = SafetyEvent.objects.current().filter(couch=event).first()
    if there is not None:
        return there
    treatment = event.treatment
    if treatment is None:
        raise ValueError("an event of the couch belongs to a treatment; this one has none")
    places = queries.places_of(treatment)
    needled = {(muscle, side) for needle, muscle, side in places if needle in event.needles}
    # Several places at once: somebody has to say which; one alone needs no question.
    [where] = needled if len(needled) == 1 else [("", "")]
    return _register(
        by=by,
        source="couch",
        patient=event.patient,
        treatment=treatment,
        couch=event,
        site=treatment.visit.site,
        owner=treatment.practitioner,
        kind=event.kind,
        grade=proposed_grade(event.grade),
        happened_at=event.started_at,
        known_at=event.started_at,
        muscle=where[0],
        side=where[1],
        needles=list(event.needles),
    )


def take_in(*, by: Member, couch: AdverseEvent) -> SafetyEvent:
    """An event of the couch from before there was a register. Its clock runs from when it happened,
    since that is when it was known; its grade is proposed and has to be judged."""
    with recording("event-taken-in", by=by) as entry:
        hold(by.organisation)
        event = of_couch(couch, by)
        entry.about(event, patient=event.patient)
    return event


def of_check(check: Check, by: Member) -> SafetyEvent | None:
    """An alarm that somebody took goes into the register, once for each check; whatever the answers
    after it, the register's row is amended by people alone."""
    there = SafetyEvent.objects.current().filter(check_due=check).first()
    if there is not None:
        return there
    told = (
        CheckOutcome.objects.current()
        .filter(check_due=check, result="answered")
        # The answer that made the alarm; a calm one may have come after it.
        .exclude(urgency__in=("", "fine"))
        .order_by("recorded_at")
        .last()
    )
    if told is None:
        return None
    kind, event_class = gravest_of(told)
    return _register(
        by=by,
        source="check",
        patient=check.patient,
        treatment=check.treatment,
        check_due=check,
        site=check.treatment.visit.site,
        owner=by,
        kind=kind,
        grade=proposed_grade(event_class),
        # When it was told: nobody asked for the hour, and the deadlines run from here.
        happened_at=told.recorded_at,
        known_at=told.recorded_at,
        text=told.note,
    )


def gravest_of(told: CheckOutcome) -> tuple[str, str]:
    """(event of safety D2, its class) that made an answer as urgent as it is."""
    if not told.reasons:
        return "other", "unknown"
    # Triage stores the most urgent first.
    return told.reasons[0]["id"], told.reasons[0]["grade"]


def report(
    *,
    by: Member,
    site: Site,
    patient: Patient | None,
    kind: str,
    grade: str,
    happened_at: datetime,
    text: str,
    event_id: UUID | None = None,
) -> SafetyEvent:
    """Entered by hand, a near miss too. The patient's last treatment before it is its treatment.

    The same `event_id` sent twice is the same event.
    """
    event_id = event_id or new_id()
    treatment = queries.treatment_before(patient, happened_at) if patient else None
    with recording("event-reported", by=by) as entry:
        sent_before = SafetyEvent.objects.filter(pk=event_id, organisation=by.organisation_id)
        if (there := sent_before.first()) is not None:
            entry.about(there, patient=there.patient, again=True)
            return there
        event = _register(
            by=by,
            event_id=event_id,
            source="hand",
            patient=patient,
            treatment=treatment,
            site=treatment.visit.site if treatment else site,
            owner=treatment.practitioner if treatment else None,
            kind=kind,
            grade=grade,
            happened_at=happened_at,
            # The deadlines of reports run from when somebody knew, not from when it happened.
            known_at=timezone.now(),
            text=text.strip(),
        )
        entry.about(event, patient=patient)
    return event


def _register(*, by: Member, event_id: UUID | None = None, **values: Any) -> SafetyEvent:
    event_id = event_id or new_id()
    return SafetyEvent.objects.create(
        pk=event_id, root=event_id, organisation=by.organisation, recorded_by=by, **values
    )


def assess(*, by: Member, event: SafetyEvent, why: str = "", **changes: Any) -> SafetyEvent:
    """Judge it anew: grade, causality, place, outcome. The former judgement stays behind it.

    Raises ChangedMeanwhile when somebody else did since it was shown.
    """
    if "muscle" in changes and event.treatment is not None:
        chosen = (changes["muscle"], changes["side"])
        places = queries.places_of(event.treatment)
        # They follow the place that is chosen, or the register would name needles of another
        # muscle.
        changes["needles"] = [needle for needle, *place in places if tuple(place) == chosen]
    with recording("event-assessed", by=by) as entry:
        fresh = amended(event, by=by, why=why, **changes)
        entry.about(fresh, patient=fresh.patient)
    return fresh


def take(*, by: Member, event: SafetyEvent) -> SafetyEvent:
    """From now on it is mine; tapped twice it is one judgement in the history."""
    if event.owner_id == by.pk:
        return event
    with recording("event-taken", by=by) as entry:
        fresh = amended(event, by=by, owner_id=by.pk)
        entry.about(fresh, patient=fresh.patient)
    return fresh


def step(
    *, by: Member, event: SafetyEvent, kind: str, duty: str = "", how: str = "", note: str = "",
    key: UUID | None = None,
) -> EventStep | None:  # fmt: skip
    """A duty was met, or something is noted. A duty that was met already stays as it was: None.
    key: made with the form; the same one twice is one note."""
    with recording("event-step", by=by) as entry:
        hold(event.organisation)
        entry.about(event, patient=event.patient, duty=duty)
        # Under the lock: two people who report to the same office have reported once.
        if duty and duty in queries.duties_met(event):
            return None
        if there := sent_before(EventStep, key, entry):
            return there
        return EventStep.objects.create(
            pk=key or new_id(),
            organisation=event.organisation,
            recorded_by=by,
            patient=event.patient,
            event=event.root,
            kind=kind,
            duty=duty,
            how=how,
            note=note.strip(),
        )


def close(*, by: Member, event: SafetyEvent) -> SafetyEvent | tuple[Reason, ...]:
    """Nothing is left to do; refused while something is."""
    reasons = queries.reasons_against_closing(event)
    if reasons:
        return reasons
    with recording("event-closed", by=by) as entry:
        fresh = amended(event, by=by, closed_at=timezone.now())
        entry.about(fresh, patient=fresh.patient)
    return fresh


def reopen(*, by: Member, event: SafetyEvent, why: str) -> SafetyEvent:
    """Something more is known; one that is open stays as it is. Raises ValueError without a why."""
    if not why.strip():
        raise ValueError("an event is opened again with a reason; none was given")
    if event.closed_at is None:
        return event
    with recording("event-reopened", by=by) as entry:
        fresh = amended(event, by=by, why=why, closed_at=None)
        entry.about(fresh, patient=fresh.patient)
    return fresh
