"""Whether a fact counts on the day of treatment: its status, its dates, whose it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from filiform.disclosure import Kind, Statement, Status
from filiform.screening.concept_matching import ConceptMatch
from filiform.screening.rulebook import Trigger
from filiform.screening.terminology import concepts

CountsOn = Literal["counts", "asks", "no"]

NEVER = frozenset({Status.REFUTED, Status.ENTERED_IN_ERROR, Status.PLANNED})
ENDED = frozenset(
    {Status.REMISSION, Status.INACTIVE, Status.RESOLVED, Status.STOPPED, Status.COMPLETED}
)


COMPLETED_LATELY_DAYS = 90
"""So long a prescription without an end may still be taken after its last box. Design value."""


def last_day(fact: Statement) -> date | None:
    """The last day on which the record knows the fact to have been there."""
    known = [day for day in (fact.end, fact.start) if day is not None]
    return max(known) if known else fact.recorded


def has_ended(fact: Statement, meaning: ConceptMatch, on: date) -> bool:
    """An operation never ends: it has been done. "History of" is over whatever its status."""
    if fact.end is not None and fact.end < on:
        return True
    if fact.kind in (Kind.PROCEDURE, Kind.OBSERVATION):
        return False
    return fact.status in ENDED or (meaning.past and not _speaks_of_allergy(fact, meaning))


def _speaks_of_allergy(fact: Statement, meaning: ConceptMatch) -> bool:
    """An allergy is not over for being a history of one: 乳胶过敏史, "history of latex allergy"."""
    if fact.kind is Kind.ALLERGY:
        return True
    known = concepts()
    return bool(meaning.concepts) and all(
        known[one].kind is Kind.ALLERGY for one in meaning.concepts
    )


def currency(fact: Statement, meaning: ConceptMatch, trigger: Trigger, on: date) -> CountsOn:
    """Whether a fact counts for a trigger on a day, does not, or has to be asked about."""
    # A mother's haemophilia is no haemophilia. What runs in a family is asked of the patient.
    if fact.family or meaning.relative or fact.none_known:
        return "no"
    if fact.start is not None and fact.start > on:
        return "no"
    counts = "no" if fact.status in NEVER else _by_time(fact, meaning, trigger, on)
    # Prescriptions end on paper before the box is empty: an ended one may still be asked about.
    if counts == "no" and fact.kind is Kind.MEDICINE and trigger.within_days is None:
        return "asks" if _may_be_taken(fact, on) else "no"
    return counts


def _by_time(fact: Statement, meaning: ConceptMatch, trigger: Trigger, on: date) -> CountsOn:
    if fact.kind is Kind.PROCEDURE:
        return _recent(fact, trigger, on, active=False)
    if not has_ended(fact, meaning, on):
        return _while_it_lasts(fact, trigger, on)
    # Switched off or no longer used, it may still lie under the skin: only the patient knows.
    if fact.kind is Kind.DEVICE and trigger.counts == "ever":
        return "asks"
    if trigger.counts == "ever":
        return _recent(fact, trigger, on, active=False)
    lingers = last_day(fact)
    # Days after the last dose for which a medicine still acts, or an infection still smoulders.
    if trigger.after_end_days == 0 or lingers is None:
        return "no"
    return "counts" if on - lingers <= timedelta(days=trigger.after_end_days) else "no"


def _may_be_taken(fact: Statement, on: date) -> bool:
    """Whether a medicine may be taken all the same: planned, or handed out to the end lately.

    A prescription is "completed" when the last box has been handed out, not when it is empty.
    """
    if fact.status is Status.PLANNED:
        return fact.end is None or fact.end >= on
    if fact.status is not Status.COMPLETED:
        return False
    if fact.end is not None:
        return fact.end >= on
    last = last_day(fact)
    return last is not None and on - last <= timedelta(days=COMPLETED_LATELY_DAYS)


def _while_it_lasts(fact: Statement, trigger: Trigger, on: date) -> CountsOn:
    # Held for an operation and perhaps restarted since: only the patient knows.
    if fact.status is Status.ON_HOLD:
        return "asks"
    lasted = None if fact.start is None else on - fact.start
    if trigger.for_days and lasted is not None and lasted < timedelta(days=trigger.for_days):
        return "asks"
    return _recent(fact, trigger, on, active=True)


def _recent(fact: Statement, trigger: Trigger, on: date, *, active: bool) -> CountsOn:
    if trigger.within_days is None:
        return "counts"
    since = (fact.start or fact.recorded) if active else last_day(fact)
    if since is None:
        # Undated: what goes on counts to be safe; of what is over nobody can say that it is recent.
        return "counts" if active else "no"
    if on - since <= timedelta(days=trigger.within_days):
        return "counts"
    return "asks" if active and trigger.stale == "asks" else "no"
