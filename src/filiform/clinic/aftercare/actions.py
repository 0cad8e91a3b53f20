"""What changes checks and their outcomes. Each is one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.anatomy.surface import BodyDrawing, Layer
from filiform.clinic.aftercare import knowledge
from filiform.clinic.aftercare.models import Acknowledgement, AdviceGiven, Check, CheckOutcome
from filiform.clinic.aftercare.vocabulary import ALARMS, RINGS, gravest
from filiform.clinic.body.actions import keep_mark
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.treatment.course import time_of
from filiform.clinic.treatment.models import Act
from filiform.outcomes import DueCheck
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.models import Treatment
    from filiform.clinic.visits.models import Visit

AFTER_AN_ALARM: list[Callable[[Check, Member], object]] = []
"""Told of an alarm that somebody has taken, in its transaction. Rooms above put themselves in."""
TRIES_BEFORE_CLOSING = 1
TRIES_OVER_LUNG = 2
"""A patient needled over the lung who stays silent is called a second time (consent.md, 5)."""
CHOSEN = ("answered", "no-reply", "given-up")
"""Results that a person chooses; "covered" is written by a later check."""


def plan_checks(*, by: Member, treatment: Treatment) -> list[Check]:
    """One check for each hour at which one falls due; planning twice changes nothing.

    The clock starts when the last needle came out, or when the first went in if none is noted
    as out. A treatment without a needle has no checks.
    """
    needled = knowledge.needled_muscles(treatment)
    if not needled:
        return []
    over_lung = knowledge.over_lung(needled)
    start = _end_of_needling(treatment)
    with recording("checks-planned", by=by) as entry:
        # By hour: signed again or planned by hand before, each hour is asked once.
        there = set(treatment.checks.values_list("hours", flat=True))
        Check.objects.bulk_create(
            _planned(treatment, due, start, over_lung=over_lung)
            for due in knowledge.due_after(treatment, needled, on=timezone.localdate(start))
            if due.hours not in there
        )
        checks = list(treatment.checks.order_by("hours"))
        entry.about(treatment, hours=[check.hours for check in checks])
    return checks


def _planned(treatment: Treatment, due: DueCheck, start: datetime, *, over_lung: bool) -> Check:
    return Check(
        treatment=treatment,
        hours=due.hours,
        organisation_id=treatment.organisation_id,
        patient_id=treatment.patient_id,
        due_at=start + timedelta(hours=due.hours),
        why=[{"en": why.en, "ur": why.ur, "sources": list(due.sources)} for why in due.why],
        over_lung=over_lung,
        # Who needled is asked first; the desk takes over what it works on.
        owner_id=treatment.practitioner_id,
    )


def _end_of_needling(treatment: Treatment) -> datetime:
    # By our clock: a tablet's may be hours off, and the check at two hours with it.
    out = Act.objects.current().filter(treatment=treatment, kind="removal")
    return max(map(time_of, out), default=treatment.started_at)


def settle(
    *,
    by: Member | None,
    check: Check,
    result: str,
    report: dict[str, Any] | None = None,
    note: str = "",
    action: str = "",
    on: date,
    outcome_id: UUID | None = None,
    where: BodyDrawing | None = None,
) -> CheckOutcome | tuple[Reason, ...]:
    """Keep what came of one attempt; what was asked stands in `report`.

    by: who asked; None when the patient answered on their own page.
    An answer settles the check and the earlier ones of the same treatment, so does giving up; no
    reply keeps it open. A check that somebody
    else settled meanwhile keeps both outcomes, and the graver answer counts. The same
    `outcome_id` sent twice is the same outcome. where: bruise and soreness on the body, as layers
    of these qualities. Raises KeyError for an unknown result.
    """
    if result not in CHOSEN:
        raise KeyError(f"no result {result!r}; there are {', '.join(CHOSEN)}")
    outcome_id = outcome_id or new_id()
    with recording(f"check-{result}", by=by, organisation=check.organisation) as entry:
        fresh = Check.objects.select_for_update(no_key=True).get(pk=check.pk)
        entry.about(fresh, patient=fresh.patient, on=on.isoformat())
        # Under the lock: of a form sent twice at once the second finds the first.
        sent_before = CheckOutcome.objects.filter(pk=outcome_id, check_due=check).first()
        if sent_before is not None:
            entry.details["again"] = True
            return sent_before
        # Asked here again: another tablet may have noted or taken back a try since the page was
        # made.
        reasons = reasons_against_closing(check, note) if result == "given-up" else ()
        if reasons:
            entry.details["refused"] = [reason.code for reason in reasons]
            return reasons
        # Judged and kept now: a later release of the table must not change what was told then.
        answered = result == "answered"
        triage = knowledge.judge(check, report or {}, at=timezone.now()) if answered else None
        outcome = CheckOutcome.objects.create(
            pk=outcome_id,
            organisation=fresh.organisation,
            recorded_by=by,
            patient=fresh.patient,
            check_due=fresh,
            result=result,
            report=report or {},
            urgency=triage.urgency if triage else "",
            reasons=knowledge.as_rows(triage) if triage else [],
            note=note,
            action=action,
        )
        for kind, drawn in by_kind(where or BodyDrawing()).items():
            keep_mark(outcome, kind, drawn, visit=fresh.treatment.visit_id)
        _move_on(fresh, outcome)
        # Silence says nothing about the earlier hours.
        if result != "no-reply":
            _cover_earlier(fresh, outcome)
        entry.details["urgency"] = outcome.urgency
    check.refresh_from_db()
    return outcome


def by_kind(where: BodyDrawing) -> dict[str, BodyDrawing]:
    """Bruise and soreness apart; what was marked without saying which counts as a bruise."""
    found: dict[str, list[Layer]] = {}
    for layer in where.layers:
        kind = layer.quality or "bruise"
        found.setdefault(kind, []).append(Layer("", layer.intensity, layer.weights))
    return {kind: BodyDrawing(tuple(layers)) for kind, layers in found.items()}


def _move_on(check: Check, outcome: CheckOutcome) -> None:
    # The first answer settles it; a second one only adds what it tells.
    if outcome.result != "no-reply" and check.settled_at is None:
        check.settled_at = outcome.recorded_at
    if outcome.urgency:
        # Never milder by a second answer: whoever says "all well" after "I can't breathe" is
        # called.
        check.urgency = gravest([check.urgency, outcome.urgency])
    if outcome.urgency in ALARMS:
        check.alarm_since = check.alarm_since or outcome.recorded_at
        # Somebody has seen to what was told before; this is new, and must be heard again.
        if outcome.urgency in RINGS:
            check.alarm_taken_by = check.alarm_taken_at = None
    check.save(
        update_fields=["settled_at", "urgency", "alarm_since", "alarm_taken_by", "alarm_taken_at"]
    )


def _cover_earlier(check: Check, outcome: CheckOutcome) -> None:
    """Who was asked at 72 hours need not be asked about the second hour any more."""
    earlier = Check.objects.filter(
        treatment=check.treatment_id, hours__lt=check.hours, settled_at__isnull=True
    )
    for one in earlier.select_for_update(no_key=True):
        CheckOutcome.objects.create(
            organisation=one.organisation,
            recorded_by=outcome.recorded_by,
            patient=one.patient,
            check_due=one,
            # Its own word, so that nobody reads it as an answer that was given.
            result="covered",
            report={"outcome": str(outcome.pk), "hours": check.hours},
        )
        one.settled_at = outcome.recorded_at
        one.save(update_fields=["settled_at"])


def reasons_against_closing(check: Check, note: str) -> tuple[Reason, ...]:
    """Why a check can't be closed without an answer yet: too few tries, or no word why."""
    tries = check.outcomes.filter(result="no-reply").count()
    needed = TRIES_OVER_LUNG if check.over_lung else TRIES_BEFORE_CLOSING
    reasons = []
    if tries < needed:
        code = "check-closed-too-early-lung" if check.over_lung else "check-closed-too-early"
        reasons.append(Reason(code=code, params={"tries": tries, "needed": needed}))
    if not note.strip():
        reasons.append(Reason(code="check-closed-without-note"))
    return tuple(reasons)


def take_alarm(*, by: Member, check: Check) -> bool | tuple[Reason, ...]:
    """Somebody sees to it: it stops ringing everywhere and stays red. False when it rang no more,
    so that of two people at once one has it. Refused for who has no clinical duty."""
    if not by.may("record-clinical"):
        return (Reason(code="alarm-needs-practitioner", params={"name": by.name}),)
    with recording("check-alarm-taken", by=by) as entry:
        # The condition stands in the update: of two at once, the database lets one through.
        mine = Check.objects.filter(
            pk=check.pk, alarm_since__isnull=False, alarm_taken_at__isnull=True
        ).update(alarm_taken_by=by, alarm_taken_at=timezone.now(), owner=by)
        if mine:
            _tell_of_alarm(check, by)
        entry.about(check, patient=check.patient, taken=bool(mine))
    check.refresh_from_db()
    return bool(mine)


def _tell_of_alarm(check: Check, by: Member) -> None:
    for tell in AFTER_AN_ALARM:
        tell(check, by)


def acknowledge(
    *,
    by: Member,
    check: Check,
    action: str,
    on: date,
    seen: UUID | None = None,
    acknowledgement_id: UUID | None = None,
) -> Acknowledgement | tuple[Reason, ...]:
    """A practitioner takes over an alarm and says what was done; only then it leaves the top.

    seen: the newest answer on the page (`last_alarming`). The patient may have answered again while
    this was being written: what was done is kept, and that answer stays red.
    """
    reasons = []
    if not by.may("record-clinical"):
        reasons.append(Reason(code="alarm-needs-practitioner", params={"name": by.name}))
    if not action.strip():
        reasons.append(Reason(code="alarm-without-action"))
    if reasons:
        return tuple(reasons)
    acknowledgement_id = acknowledgement_id or new_id()
    with recording("alarm-acknowledged", by=by) as entry:
        fresh = Check.objects.select_for_update(no_key=True).get(pk=check.pk)
        entry.about(fresh, patient=fresh.patient, urgency=fresh.urgency, on=on.isoformat())
        sent_before = Acknowledgement.objects.filter(pk=acknowledgement_id, check_due=check).first()
        if sent_before is not None:
            entry.details["again"] = True
            return sent_before
        taken = Acknowledgement.objects.create(
            pk=acknowledgement_id,
            organisation=fresh.organisation,
            recorded_by=by,
            patient=fresh.patient,
            check_due=fresh,
            urgency=fresh.urgency,
            action=action.strip(),
        )
        newest = last_alarming(fresh)
        # Otherwise the patient has answered since: what was done was done about something else.
        if seen is None or newest is None or newest.pk == seen:
            fresh.alarm_since = fresh.alarm_taken_by = fresh.alarm_taken_at = None
            fresh.save(update_fields=["alarm_since", "alarm_taken_by", "alarm_taken_at"])
        _tell_of_alarm(fresh, by)
    check.refresh_from_db()
    return taken


def last_alarming(check: Check) -> CheckOutcome | None:
    """The newest answer to a check that somebody has to see to."""
    return check.outcomes.filter(urgency__in=ALARMS).order_by("recorded_at", "pk").last()


def take_on(*, by: Member, check: Check) -> Check:
    """From now on the check is mine; it does not matter whose it was."""
    with recording("check-taken-over", by=by) as entry:
        # One column: an answer that comes in at this moment must not be written over.
        Check.objects.filter(pk=check.pk).update(owner=by)
        check.refresh_from_db()
        entry.about(check, patient=check.patient)
    return check


def note_advice(
    *, by: Member, visit: Visit, language: str, way: str, advice: list[str],
    advice_id: UUID | None = None,
) -> AdviceGiven:  # fmt: skip
    """The patient was told. advice: ids of what stood on the sheet. Telling twice is twice; one
    `advice_id` sent twice is once."""
    advice_id = advice_id or new_id()
    with recording("advice-given", by=by) as entry:
        there = AdviceGiven.objects.filter(pk=advice_id, visit=visit).first()
        if there is not None:
            entry.about(there, again=True)
            return there
        given = AdviceGiven.objects.create(
            pk=advice_id,
            organisation=by.organisation,
            recorded_by=by,
            patient=visit.patient,
            visit=visit,
            language=language,
            way=way,
            advice=advice,
        )
        entry.about(given, way=way, language=language)
    return given
