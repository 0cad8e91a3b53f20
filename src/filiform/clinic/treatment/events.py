"""What went wrong at the couch, told by the acts of a treatment: the event, what was measured,
who was called, how it ended; and the adverse event that stays of it.

    event ──► event-step, vitals, called (any number, any order) ──► event-end ──► AdverseEvent
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.clinic.treatment.course import Course, time_of
from filiform.clinic.treatment.emergencies import (
    CALLED,
    CONSCIOUSNESS,
    FOLLOW_UPS_H,
    GRADES,
    OUTCOMES,
    Emergency,
    emergencies,
)
from filiform.clinic.treatment.models import Act, AdverseEvent
from filiform.clinic.treatment.refusing import DetailsOrRefusal
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

AFTER_AN_EVENT: list[Callable[[AdverseEvent, Member], object]] = []
"""Told of an event that has ended, in its transaction. Rooms above put themselves in."""
ON_AN_EVENT = frozenset({"event-step", "vitals", "called", "event-end"})
PULSE_PER_MIN = (10, 250)
PRESSURE_MMHG = (20, 300)
SATURATION_PERCENT = (40, 100)
"""What a body and a device can show; outside it is a slip (design values)."""


@dataclass
class CouchEvent:
    """One thing that went wrong, with what was done about it in order."""

    act: Act
    guide: Emergency
    later: list[Act] = field(default_factory=list)
    end: Act | None = None

    @property
    def id(self) -> UUID:
        return self.act.pk

    @property
    def started_at(self) -> datetime:
        return time_of(self.act)

    @property
    def steps_done(self) -> set[int]:
        return {act.details["step"] for act in self.later if act.kind == "event-step"}

    @property
    def vitals(self) -> list[tuple[datetime, dict[str, Any]]]:
        return [(time_of(act), _measured(act)) for act in self.later if act.kind == "vitals"]

    @property
    def latest(self) -> dict[str, Any]:
        """The newest of each vital sign."""
        found: dict[str, Any] = {}
        for _at, measured in self.vitals:
            found |= measured
        return found

    @property
    def called(self) -> list[tuple[datetime, str]]:
        return [(time_of(act), act.details["who"]) for act in self.later if act.kind == "called"]


def _measured(act: Act) -> dict[str, Any]:
    return {name: value for name, value in act.details.items() if name in VITALS}


VITALS = ("pulse", "systolic", "diastolic", "saturation", "consciousness")


def events_of(course: Course) -> list[CouchEvent]:
    """The events of a treatment, oldest first; undone ones left out."""
    found: dict[str, CouchEvent] = {}
    for act in course.acts:
        if act.pk in course.undone:
            continue
        if act.kind == "event" and act.details.get("event_kind") in emergencies():
            guide = emergencies()[act.details["event_kind"]]
            found[str(act.pk)] = CouchEvent(act, guide)
        elif act.kind in ON_AN_EVENT and act.details.get("event") in found:
            event = found[act.details["event"]]
            event.later.append(act)
            if act.kind == "event-end":
                event.end = act
    return list(found.values())


def open_event(course: Course) -> CouchEvent | None:
    """The newest event that has not ended."""
    running = [event for event in events_of(course) if event.end is None]
    # An event that was forgotten open must not hide the one that is going on.
    return running[-1] if running else None


def event_details(kind: str, given: Mapping[str, Any], course: Course) -> DetailsOrRefusal:
    """What an act of an event carries, checked.

    event: event_kind. Others: event, the id of theirs; one that nobody knows is taken for the
    event that runs, since a tablet without a line may name one that was refused. vitals: one or
    more of VITALS, or pressure as "120/80". called: who. event-step: step, from 0. event-end:
    outcome, grade and followup_h. Raises ValueError for a word that isn't in the lists.
    """
    if kind == "event":
        code = str(given.get("event_kind") or "")
        return {"event_kind": _one_of("event_kind", code, tuple(emergencies()))}, ()
    event = _event_meant(given, course)
    if event is None:
        return {}, (Reason(code="event-unknown"),)
    stored: dict[str, Any] = {"event": str(event.id)}
    if kind == "event-step":
        return stored | {"step": int(given.get("step") or 0)}, ()
    if kind == "called":
        return stored | {"who": _one_of("called", str(given.get("called") or ""), CALLED)}, ()
    if kind == "vitals":
        measured, reasons = _vitals(given)
        return stored | measured, reasons
    # Only a second end is refused; what was done may reach us after the end, from another tablet.
    if event.end is not None:
        return {}, (Reason(code="event-ended"),)
    outcome = _one_of("outcome", str(given.get("outcome") or ""), OUTCOMES)
    grade = _one_of("grade", str(given.get("grade") or event.guide.grade), GRADES)
    hours = int(given.get("followup_h") or 0)
    if hours and hours not in FOLLOW_UPS_H:
        raise ValueError(f"event-end: followup_h is {hours}; allowed: {FOLLOW_UPS_H}")
    return stored | {"outcome": outcome, "grade": grade, "followup_h": hours}, ()


def _event_meant(given: Mapping[str, Any], course: Course) -> CouchEvent | None:
    named = str(given.get("event") or "")
    events = events_of(course)
    return next((one for one in events if str(one.id) == named), None) or open_event(course)


def _one_of(name: str, code: str, allowed: tuple[str, ...]) -> str:
    if code not in allowed:
        raise ValueError(f"{name} is {code!r}; allowed: {', '.join(allowed)}")
    return code


def _vitals(given: Mapping[str, Any]) -> DetailsOrRefusal:
    numbers: dict[str, Any] = {}
    for name in ("pulse", "saturation"):
        if given.get(name) not in (None, ""):
            numbers[name] = int(given[name])
    if given.get("pressure"):
        high, _slash, low = str(given["pressure"]).partition("/")
        numbers |= {"systolic": int(high), "diastolic": int(low)}
    for name, (least, most) in (
        ("pulse", PULSE_PER_MIN),
        ("systolic", PRESSURE_MMHG),
        ("diastolic", PRESSURE_MMHG),
        ("saturation", SATURATION_PERCENT),
    ):
        if name in numbers and not least <= numbers[name] <= most:
            params = {"got": numbers[name], "low": least, "high": most}
            return {}, (Reason(code=f"vital-{name}", params=params),)
    if given.get("consciousness"):
        word = str(given["consciousness"])
        numbers["consciousness"] = _one_of("consciousness", word, CONSCIOUSNESS)
    return (numbers, ()) if numbers else ({}, (Reason(code="vital-nothing"),))


def keep_adverse_event(end: Act, course: Course, *, by: Member) -> AdverseEvent:
    """The fact that stays of an event, made in the transaction of the act that ended it.

    course: with that act. Its actions are all that was done, as data: a register of events reads it
    without knowing acts.
    """
    event = next(one for one in events_of(course) if one.end is not None and one.end.pk == end.pk)
    hours = end.details["followup_h"]
    made = AdverseEvent.objects.create(
        organisation_id=end.organisation_id,
        recorded_by=by,
        recorded_at=end.recorded_at,
        patient_id=end.patient_id,
        treatment_id=end.treatment_id,
        began=event.act,
        ended=end,
        kind=event.guide.event,
        couch_kind=event.guide.id,
        grade=end.details["grade"],
        started_at=event.started_at,
        ended_at=time_of(end),
        outcome=end.details["outcome"],
        follow_up_at=time_of(end) + timedelta(hours=hours) if hours else None,
        actions=[_as_data(act, event) for act in event.later if act.kind != "event-end"],
        needles=_needles(course, event),
    )
    # In this transaction: an event that ended and stands in no register would be looked for by
    # nobody.
    for tell in AFTER_AN_EVENT:
        tell(made, by)
    return made


def _as_data(act: Act, event: CouchEvent) -> dict[str, Any]:
    what = {name: value for name, value in act.details.items() if name not in ("event", "despite")}
    # In words as well: the guide of a later release may have other steps in that place.
    if act.kind == "event-step" and 0 <= what["step"] < len(event.guide.step):
        what["did"] = event.guide.step[what["step"]].do.en
    return {"at": time_of(act).isoformat(), "kind": act.kind, **what}


def _needles(course: Course, event: CouchEvent) -> list[str]:
    """Needles that were in when it began."""
    return [
        str(needle.id)
        for needle in course.needles.values()
        if needle.in_at <= event.started_at
        # Pulled at that very moment counts as in: it may be what went wrong.
        and (needle.out_at is None or needle.out_at >= event.started_at)
    ]
