"""Why an act, or the signature, can't be: answered as reasons, decided by the server alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from filiform.anatomy import atlas
from filiform.clinic.assessment.queries import plan_of
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment.counting import (
    ON_A_NEEDLE,
    STAYS,
    ActInCount,
    reason_against,
    reasons_against_signature,
)
from filiform.clinic.treatment.course import Course
from filiform.clinic.treatment.events import open_event
from filiform.clinic.treatment.models import Act, Seal, Treatment
from filiform.clinic.treatment.vocabulary import MOST_NEEDLES
from filiform.clinic.web.times import written
from filiform.reasons import Reason, Reasons

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


@prepared
def _seal_number(treatment: UUID) -> QuerySet[Seal, int]:
    return Seal.objects.filter(treatment=treatment).values_list("number", flat=True)


def reasons_against_act(
    *,
    by: Member,
    treatment: Treatment,
    course: Course,
    kind: str,
    needle_id: UUID | None,
    target_id: UUID | None,
    replaces_id: UUID | None,
    at: datetime,
) -> Reasons:
    """Empty when the act can be taken. The first thing in the way is answered, in the order in
    which a practitioner would ask.

    Only what can't be written down at all is refused. What should have held the needle back is
    recorded with it (`despite`). at: when it was done, by our clock."""
    if by.organisation_id != treatment.organisation_id:
        raise ValueError("the treatment is of another organisation")
    sealed = _seal_number(treatment.pk)
    if sealed:
        return (Reason(code="treatment-sealed", params={"number": sealed[0]}),)
    if kind == "void" or kind in ON_A_NEEDLE:
        about = replaces_id if kind == "void" else needle_id
        reason = reason_against(course.tally, ActInCount(None, kind, about))
        if reason is not None and not _was_before(reason, course, kind, about, at):
            return (_with_time(reason, course, about),)
    if kind == "insertion":
        return _against_insertion(treatment, course, target_id)
    return ()


def _was_before(
    reason: Reason, course: Course, kind: str, needle_id: UUID | None, at: datetime
) -> bool:
    """A twitch that one tablet kept back while another took the needle out was a twitch."""
    if reason.code != "needle-already-out" or kind == "removal" or needle_id is None:
        return False
    out_at = course.needles[needle_id].out_at
    return out_at is not None and at <= out_at


def _with_time(reason: Reason, course: Course, needle_id: UUID | None) -> Reason:
    """The rules know no clock: since when a needle is out is put into the sentence here."""
    if reason.code != "needle-already-out" or needle_id is None:
        return reason
    out_at = course.needles[needle_id].out_at
    return Reason(code=reason.code, params={"time": written(out_at, "H:i") if out_at else ""})


def _against_insertion(treatment: Treatment, course: Course, target_id: UUID | None) -> Reasons:
    """What can't be written down: no end of needles, or a target that was never planned here."""
    if len(course.needles) >= MOST_NEEDLES:
        return (Reason(code="too-many-needles", params={"most": MOST_NEEDLES}),)
    plan = plan_of(target_id) if target_id else None
    if plan is None or plan.target.visit_id != treatment.visit_id:
        return (Reason(code="target-not-planned"),)
    return ()


def reasons_against_signing(
    *, by: Member, treatment: Treatment, course: Course, on: date, acts_seen: int | None = None
) -> Reasons:
    """Everything that is missing before a treatment can be signed, all at once.

    acts_seen: how many acts the page showed that is being signed; None where that isn't known.
    """
    if by.organisation_id != treatment.organisation_id:
        raise ValueError("the treatment is of another organisation")
    found = list(reasons_against_signature(course.tally, acts_seen=acts_seen))
    if open_event(course) is not None:
        found.append(Reason(code="sign-event-open"))
    # Who can't sign at all isn't told which of the muscles they may not needle.
    if not by.is_practitioner:
        found.append(Reason(code="sign-not-practitioner", params={"name": by.name}))
    else:
        # Of the muscles that were needled, not planned: the signature stands for what was done.
        found += reasons_against(by, muscles_needled(course), on=on)
    return tuple(found)


def muscles_needled(course: Course) -> list[str]:
    """Muscles of the needles that went in, each once.

    Without those that the atlas has dropped since: they were judged when the needle went in, and a
    treatment that nobody may sign any more would stay open for ever.
    """
    muscles = {needle.target.muscle for needle in course.needles.values()}
    return sorted(muscle for muscle in muscles if muscle in atlas().muscles)


def last_act(course: Course) -> Act | None:
    """What Undo in the bar takes back: the newest act that holds. None when that is a count or an
    account: an Undo there would reach behind it, and what was counted would no longer hold."""
    newest = next(
        (act for act in reversed(course.acts) if act.kind != "void" and may_be_undone(course, act)),
        None,
    )
    # Older acts can still be undone from the list, where one sees what one does.
    counted = max((act.number for act in course.acts if act.kind in STAYS), default=0)
    return newest if newest is not None and newest.number > counted else None


def may_be_undone(course: Course, act: Act) -> bool:
    """Whether nothing stands against a void of this act."""
    return reason_against(course.tally, ActInCount(None, "void", act.pk)) is None
