"""Why an act, or the signature, can't be: answered as reasons, decided by the server alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.assessment.queries import plan_of, target_in
from filiform.clinic.consent.queries import covers, is_withdrawn, last_consent
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment.course import Course
from filiform.clinic.treatment.models import Act, Seal, Treatment
from filiform.clinic.treatment.vocabulary import MOST_NEEDLES, NEEDLING_KINDS, ON_A_NEEDLE
from filiform.clinic.web.muscle_names import named
from filiform.clinic.web.times import written
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Target
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
    now: datetime,
) -> Reasons:
    """Empty when the act can be taken. The first thing in the way is answered, in the order in
    which a practitioner would ask."""
    if by.organisation_id != treatment.organisation_id:
        raise ValueError("the treatment is of another organisation")
    sealed = _seal_number(treatment.pk)
    if sealed:
        return (Reason(code="treatment-sealed", params={"number": sealed[0]}),)
    if kind == "void":
        return _against_void(course, replaces_id)
    if kind in ON_A_NEEDLE:
        reasons = _against_needle(course, needle_id, out_too=kind == "place")
        if reasons:
            return reasons
    if kind == "count" and course.needles_in:
        return (Reason(code="count-needles-in", params={"needles": len(course.needles_in)}),)
    if kind in NEEDLING_KINDS:
        return _against_needling(by, treatment, course, kind, target_id, now)
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


def _against_needle(course: Course, needle_id: UUID | None, *, out_too: bool) -> Reasons:
    needle = course.needles.get(needle_id) if needle_id else None
    if needle is None:
        undone = needle_id in course.undone
        return (Reason(code="needle-undone" if undone else "needle-unknown"),)
    if needle.removal is not None and not out_too:
        out_at = written(needle.out_at, "H:i")
        return (Reason(code="needle-already-out", params={"time": out_at}),)
    return ()


def _against_needling(
    by: Member,
    treatment: Treatment,
    course: Course,
    kind: str,
    target_id: UUID | None,
    now: datetime,
) -> Reasons:
    consent = last_consent(treatment.visit)
    if consent is None or is_withdrawn(consent):
        return (Reason(code="needling-consent-withdrawn"),)
    if kind != "insertion":
        return ()
    if course.stop is not None:
        return (Reason(code="needling-stopped"),)
    if len(course.needles) >= MOST_NEEDLES:
        return (Reason(code="too-many-needles", params={"most": MOST_NEEDLES}),)
    target = _planned_target(treatment, target_id)
    if target is None:
        return (Reason(code="target-not-planned"),)
    if not covers(consent, target.muscle, target.side):
        where = named("muscle", [(target.muscle, target.side)])
        return (Reason(code="target-not-agreed", params=dict(where)),)
    return tuple(reasons_against(by, [target.muscle], on=timezone.localdate(now)))


def _planned_target(treatment: Treatment, target_id: UUID | None) -> Target | None:
    """The target, when it is one of the visit's, still chosen, and planned."""
    target = target_in(treatment.visit_id, target_id) if target_id else None
    return target if target is not None and plan_of(target) is not None else None


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
