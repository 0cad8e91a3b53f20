"""Why an act, or the signature, can't be: answered as reasons, decided by the server alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.assessment.queries import plan_of
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment.course import Course
from filiform.clinic.treatment.models import Act, Seal, Treatment
from filiform.clinic.treatment.vocabulary import MOST_NEEDLES, ON_A_NEEDLE
from filiform.clinic.web.times import written
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

Reasons = tuple[Reason, ...]


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
    if kind == "void":
        return _against_void(course, replaces_id)
    if kind in ON_A_NEEDLE:
        reasons = _against_needle(course, needle_id, kind, at)
        if reasons:
            return reasons
    if kind == "count" and course.needles_in:
        return (Reason(code="count-needles-in", params={"needles": len(course.needles_in)}),)
    if kind == "insertion":
        return _against_insertion(treatment, course, target_id)
    return ()


def _against_void(course: Course, replaces_id: UUID | None) -> Reasons:
    wrong = next((act for act in course.acts if act.pk == replaces_id), None)
    if wrong is None:
        return (Reason(code="void-unknown"),)
    if wrong.kind == "void":
        return (Reason(code="void-of-void"),)
    if wrong.pk in course.undone:
        return (Reason(code="void-again"),)
    needle = course.needles.get(wrong.pk)
    if needle is not None and needle.later:
        return (Reason(code="void-has-later", params={"later": len(needle.later)}),)
    return ()


def _against_needle(course: Course, needle_id: UUID | None, kind: str, at: datetime) -> Reasons:
    """A twitch that one tablet kept back while another took the needle out was a twitch."""
    needle = course.needles.get(needle_id) if needle_id else None
    if needle is None:
        undone = needle_id in course.undone
        return (Reason(code="needle-undone" if undone else "needle-unknown"),)
    before = kind != "removal" and needle.out_at is not None and at <= needle.out_at
    if needle.removal is not None and kind != "place" and not before:
        out_at = written(needle.out_at, "H:i")
        return (Reason(code="needle-already-out", params={"time": out_at}),)
    return ()


def _against_insertion(treatment: Treatment, course: Course, target_id: UUID | None) -> Reasons:
    """What can't be written down: no end of needles, or a target that was never planned here."""
    if len(course.needles) >= MOST_NEEDLES:
        return (Reason(code="too-many-needles", params={"most": MOST_NEEDLES}),)
    plan = plan_of(target_id) if target_id else None
    if plan is None or plan.target.visit_id != treatment.visit_id:
        return (Reason(code="target-not-planned"),)
    return ()


def reasons_against_signing(
    *, by: Member, treatment: Treatment, course: Course, on: date
) -> Reasons:
    """Everything that is missing before a treatment can be signed, all at once."""
    if by.organisation_id != treatment.organisation_id:
        raise ValueError("the treatment is of another organisation")
    found: list[Reason] = []
    needles = len(course.needles_in)
    if needles:
        found.append(Reason(code="sign-needles-in", params={"needles": needles}))
    elif course.mismatch:
        found.append(Reason(code="sign-mismatch"))
    elif not course.count_holds:
        again = course.count is not None
        found.append(Reason(code="sign-count-again" if again else "sign-count-missing"))
    if not by.is_practitioner:
        found.append(Reason(code="sign-not-practitioner", params={"name": by.name}))
    else:
        found += reasons_against(by, muscles_needled(course), on=on)
    return tuple(found)


def muscles_needled(course: Course) -> list[str]:
    """Muscles of the needles that went in, each once."""
    return sorted({needle.target.muscle for needle in course.needles.values()})


def last_act(course: Course) -> Act | None:
    """The newest act that can be undone."""
    return next(
        (
            act
            for act in reversed(course.acts)
            if act.kind != "void"
            and act.pk not in course.undone
            and not (act.pk in course.needles and course.needles[act.pk].later)
        ),
        None,
    )
