"""The state of the step in the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from filiform.clinic.aftercare.models import AdviceGiven
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.treatment.models import Act
from filiform.clinic.treatment.queries import treatment_of
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


@prepared
def _told(visit: UUID) -> QuerySet[AdviceGiven, UUID]:
    return AdviceGiven.objects.current().filter(visit=visit).values_list("pk", flat=True)[:1]


@prepared
def _needled(visit: UUID) -> QuerySet[Act, UUID]:
    return (
        Act.objects.current()
        .filter(treatment__visit=visit, kind="insertion")
        .values_list("pk", flat=True)[:1]
    )


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """Done when the patient was told; attention when needled and not told yet."""
    if _told(visit.pk):
        return StepState("done", _("Patient told"))
    if treatment_of(visit) is not None and _needled(visit.pk):
        return StepState("attention", _("Patient not yet told"))
    return StepState("waiting", _("After needling"))
