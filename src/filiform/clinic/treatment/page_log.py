"""What was done, in words: the log of the treatment page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from filiform.clinic.treatment.course import Course, time_of
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.treatment.event_words import event_note
from filiform.clinic.treatment.events import ON_AN_EVENT
from filiform.clinic.treatment.models import Act
from filiform.clinic.treatment.observing import observed_note
from filiform.clinic.treatment.pack_notes import pack_note
from filiform.clinic.treatment.page_count import (
    UndoOffer,
    account_note,
    count_note,
    undo_offer,
    undone_note,
)
from filiform.clinic.treatment.retests import MEASURES
from filiform.clinic.treatment.vocabulary import FEELS, KINDS, STOP_REASONS
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.reasons import Reason


@dataclass
class LogLine:
    """One act in words, for the list of what was done."""

    act: Act
    kind: Any
    where: str
    at: datetime
    undone: bool
    note: Any = ""
    undo: UndoOffer | None = None
    despite: tuple[Reason, ...] = ()


def line_of(act: Act, course: Course) -> LogLine:
    acts = course.by_id
    # A twitch is told at its needle, an undoing at what it undid, anything else by itself.
    about = acts.get(act.needle_id or act.replaces_id or act.pk, act)
    target = about.target or (acts[about.needle_id].target if about.needle_id else None)
    where = muscle_in_words(target.muscle, target.side) if target else ""
    kind = KINDS[act.kind]
    note = _note(act, about)
    undone = act.pk in course.undone
    offer = undo_offer(course, act)
    return LogLine(act, kind, where, time_of(act), undone, note, offer, despite_of(act))


def _note(act: Act, about: Act) -> Any:
    if act.kind == "void":
        return undone_note(act, about)
    if act.kind == "event" or act.kind in ON_AN_EVENT:
        return event_note(act)
    if act.kind == "stop":
        # Always one of the list: `details_of` takes no other.
        return dict(STOP_REASONS)[act.details["reason"]]
    if act.kind == "response":
        return dict(FEELS).get(act.details.get("feels", ""), "")
    if act.kind == "count":
        return count_note(act)
    if act.kind == "account":
        return account_note(act)
    if act.kind == "retest":
        return f"{act.details['value']:g} {MEASURES[act.details['measure']].unit}"
    if act.kind == "observed":
        return observed_note(act.details)
    if act.kind in ("pack", "fate"):
        return pack_note(act)
    return ""
