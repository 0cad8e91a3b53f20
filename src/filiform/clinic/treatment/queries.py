"""Reads of the treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from filiform.clinic.assessment.models import Target
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.course import Course, course_of
from filiform.clinic.treatment.models import Act, Treatment

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit


@read_once
def treatment_of(visit: Visit) -> Treatment | None:
    """The treatment of a visit, with its seal; None before it was started."""
    return _of_visit.first(visit.pk)


@prepared
def _of_visit(visit: UUID) -> QuerySet[Treatment]:
    return Treatment.objects.filter(visit=visit).select_related(
        "seal", "seal__signed_by", "practitioner"
    )


def is_sealed(treatment: Treatment) -> bool:
    # Read together with the treatment (`_of_visit`); asked of a bare row it is a query.
    return hasattr(treatment, "seal")


@read_once
def acts_of(treatment: Treatment, *, whole: bool = True) -> list[Act]:
    """All acts in the order in which the server took them, undone ones too.

    whole: with their targets and who recorded them, each row of those read once. Without, only
    what the count of needles needs: recording an act has to be quick.
    """
    acts = _acts(treatment.pk)
    return _whole(acts, treatment.pk) if whole else acts


@prepared
def _acts(treatment: UUID) -> QuerySet[Act]:
    return Act.objects.filter(treatment=treatment).order_by("number")


@prepared
def _targets_needled(treatment: UUID) -> QuerySet[Target]:
    # Current or not: a needle may be in a target that has left the plan.
    named = Act.objects.filter(treatment=treatment, target__isnull=False).values("target")
    return Target.objects.filter(pk__in=named)


@prepared
def _who_recorded(treatment: UUID) -> QuerySet[Member]:
    who = Act.objects.filter(treatment=treatment).values("recorded_by")
    return Member.objects.filter(pk__in=who)


def _whole(acts: list[Act], treatment: UUID) -> list[Act]:
    """With targets and members: some five rows of those stand behind forty acts, and joined to
    each act they took longer to make than the acts."""
    targets = {target.pk: target for target in _targets_needled(treatment)}
    members = {member.pk: member for member in _who_recorded(treatment)}
    for act in acts:
        act.target = targets[act.target_id] if act.target_id else None
        act.recorded_by = members[act.recorded_by_id] if act.recorded_by_id else None
    return acts


def needled(treatment: Treatment) -> dict[UUID, tuple[str, str]]:
    """Insertion → muscle and side, undone ones too."""
    rows = _needled(treatment.pk)
    return {act: (muscle, side) for act, muscle, side in rows}


@prepared
def _needled(treatment: UUID) -> QuerySet[Act, tuple[UUID, str, str]]:
    return Act.objects.filter(
        treatment=treatment, kind="insertion", target__isnull=False
    ).values_list("pk", "target__muscle", "target__side")


def course(treatment: Treatment) -> Course:
    return course_of(acts_of(treatment))


@prepared
def _still_in_any(patient: UUID) -> QuerySet[Act]:
    """The same over all treatments of a patient that are not signed."""
    removal = Act.objects.filter(needle=OuterRef("pk"), kind="removal", replaced_by__isnull=True)
    return (
        Act.objects.filter(treatment__patient=patient, treatment__seal__isnull=True)
        .filter(kind="insertion", replaced_by__isnull=True)
        .exclude(Exists(removal))
        .select_related("target", "treatment")
        .order_by("at")
    )


@read_once
def _inside(treatment: UUID) -> tuple[Act, ...]:
    return tuple(_still_in(treatment))


@prepared
def _still_in(treatment: UUID) -> QuerySet[Act]:
    """Insertions that were not undone and have no removal that holds."""
    removal = Act.objects.filter(needle=OuterRef("pk"), kind="removal", replaced_by__isnull=True)
    return (
        Act.objects.filter(treatment=treatment, kind="insertion", replaced_by__isnull=True)
        .exclude(Exists(removal))
        .select_related("target", "treatment")
        .order_by("number")
    )


def needles_in(patient: Patient) -> list[Act]:
    """Insertions whose needles are still in a patient, oldest first, over all treatments.

    Nearly always no treatment is open; that is asked first, as it costs a third.
    """
    still_open = _open(patient.pk)
    # The usual case shares its answer with the treatment page.
    if len(still_open) == 1:
        return list(_inside(still_open[0]))
    return _still_in_any(patient.pk) if still_open else []


@prepared
def _open(patient: UUID) -> QuerySet[Treatment, UUID]:
    # By the visits that have not ended: looking at each treatment of ten years for its seal took
    # as long as all else on the page. A visit can't end before its treatment is signed
    # (`visits.actions`); where a database says otherwise, `filiform check` tells ("seal-absent").
    return Treatment.objects.filter(
        visit__patient=patient, visit__ended_at__isnull=True, seal__isnull=True
    ).values_list("pk", flat=True)


def needles_of(treatment: Treatment) -> list[Act]:
    """Insertions of one treatment whose needles are still in, oldest first."""
    return list(_inside(treatment.pk))
