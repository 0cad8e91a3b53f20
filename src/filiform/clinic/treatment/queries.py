"""Reads of the treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from filiform.clinic.treatment.course import Course, course_of
from filiform.clinic.treatment.models import Act, Treatment

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit


def treatment_of(visit: Visit) -> Treatment | None:
    """The treatment of a visit, with its seal; None before it was started."""
    return (
        Treatment.objects.filter(visit=visit)
        .select_related("seal", "seal__signed_by", "practitioner")
        .first()
    )


def is_sealed(treatment: Treatment) -> bool:
    return hasattr(treatment, "seal")


def acts_of(treatment: Treatment, *, whole: bool = True) -> list[Act]:
    """All acts in the order in which the server took them, undone ones too.

    whole: with their targets and who recorded them, each row of those read once. Without, only
    what the count of needles needs: recording an act has to be quick.
    """
    acts = list(Act.objects.filter(treatment=treatment).order_by("number"))
    if whole:
        prefetch_related_objects(acts, "recorded_by", "target")
    return acts


def course(treatment: Treatment) -> Course:
    return course_of(acts_of(treatment))


def _still_in() -> QuerySet[Act]:
    """Insertions that were not undone and have no removal that holds."""
    removal = Act.objects.filter(needle=OuterRef("pk"), kind="removal", replaced_by__isnull=True)
    return Act.objects.filter(kind="insertion", replaced_by__isnull=True).exclude(Exists(removal))


def needles_in(patient: Patient) -> list[Act]:
    """Insertions whose needles are still in a patient, oldest first, over all treatments.

    Nearly always no treatment is open; that is asked first, as it costs a third.
    """
    open_ones = Treatment.objects.filter(patient=patient, seal__isnull=True)
    still_open = list(open_ones.values_list("pk", flat=True))
    if not still_open:
        return []
    return list(
        _still_in()
        .filter(treatment__in=still_open)
        .select_related("target", "treatment")
        .order_by("at")
    )


def needles_of(treatment: Treatment) -> list[Act]:
    """Insertions of one treatment whose needles are still in, oldest first."""
    return list(_still_in().filter(treatment=treatment).select_related("target").order_by("number"))


def sealed_treatments(patient: Patient) -> list[Treatment]:
    """Signed treatments of a patient, newest first."""
    return list(
        Treatment.objects.filter(patient=patient, seal__isnull=False)
        .select_related("seal", "visit", "practitioner")
        .order_by("-started_at")
    )
