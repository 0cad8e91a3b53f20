"""What an act will say, or why it can't be: everything about it but its writing.

Decided before the write lock and held to under it (`facts.ahead`). Nothing in here writes, and
nothing but the clock rests on more than the patient's record and the organisation's; the kinds that
do are named in RESTS_ON_OTHERS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.checks import reasons_against_act
from filiform.clinic.treatment.course import Course, course_of
from filiform.clinic.treatment.despite import as_details, despite
from filiform.clinic.treatment.details import details_of
from filiform.clinic.treatment.packs import without_pack
from filiform.clinic.treatment.queries import acts_of
from filiform.clinic.treatment.vocabulary import CLOCK_TOLERANCE_S
from filiform.reasons import Reasons

if TYPE_CHECKING:
    from filiform.clinic.treatment.models import Act, Treatment


RESTS_ON_OTHERS = frozenset({"pack"})
"""Kinds that rest on more than their patient's record: a pack's serial number may have been opened
at another's visit, and a lot that nobody received is registered on the way."""


@dataclass(frozen=True)
class Decided:
    """What an act will say, or why it can't be. known: the act that has this id already."""

    course: Course
    known: Act | None = None
    reasons: Reasons = ()
    against: Reasons = ()
    details: dict[str, Any] = field(default_factory=dict)


def decide(
    *,
    by: Member,
    treatment: Treatment,
    act_id: UUID,
    kind: str,
    at: datetime,
    named: dict[str, UUID | None],
    given: Mapping[str, Any],
    why: str,
    sent_at: datetime | None,
    tapped_by: UUID | None,
) -> Decided:
    """Everything about an act but its writing."""
    acts = acts_of(treatment, whole=False)
    course = course_of(acts)
    known = next((act for act in acts if act.pk == act_id), None)
    if known is not None:
        return Decided(course, known)
    now = timezone.now()
    # Kept beside the tablet's own time and never put in its place: it is what was recorded.
    off_s = _clock_off_s(at, sent_at, now, treatment.started_at)
    details, wrong = details_of(
        kind,
        given,
        by=by,
        treatment=treatment,
        course=course,
        target_id=named["target_id"],
        needle_id=named["needle_id"],
        replaces_id=named["replaces_id"],
        why=why,
        now=now,
    )
    reasons = (
        reasons_against_act(
            by=by,
            treatment=treatment,
            course=course,
            kind=kind,
            **named,
            at=at - timedelta(seconds=off_s),
        )
        # After the reasons against the act itself: a sealed treatment goes before a wrong number.
        or wrong
    )
    if reasons:
        return Decided(course, reasons=reasons)
    # Only once it is clear that the act is taken: a refused one has nothing to be noted with.
    against = despite(
        by=by, treatment=treatment, course=course, kind=kind, target_id=named["target_id"], now=now
    )
    if kind == "insertion":
        against += without_pack(treatment, details)
    details |= as_details(against) | _tapped_by(tapped_by, by)
    details |= {"clock_off_s": off_s} if off_s else {}
    return Decided(course, against=against, details=details)


def _tapped_by(tapped_by: UUID | None, by: Member) -> dict[str, Any]:
    """Who did it, beside who sends it; only somebody of the same clinic can have."""
    if tapped_by is None or tapped_by == by.pk:
        return {}
    member = Member.objects.filter(pk=tapped_by, organisation=by.organisation_id).first()
    # The name too: the record has to read when the account is gone.
    return {"tapped_by": {"id": str(member.pk), "name": member.name}} if member else {}


def _clock_off_s(
    at: datetime, sent_at: datetime | None, now: datetime, started_at: datetime
) -> float:
    """By how many seconds the tablet's clock is ahead of ours; 0 within the tolerance.

    With `sent_at` the two clocks are compared. Without it, only a time after now or before the
    start gives a wrong clock away, and then our time stands.
    """
    if sent_at is not None:
        # The line's own delay is within the tolerance.
        off = (sent_at - now).total_seconds()
        return round(off, 1) if abs(off) > CLOCK_TOLERANCE_S else 0
    tolerance = timedelta(seconds=CLOCK_TOLERANCE_S)
    if started_at - tolerance <= at <= now + tolerance:
        return 0
    # The whole difference is taken off, so that the act stands at our now.
    return round((at - now).total_seconds(), 1)
