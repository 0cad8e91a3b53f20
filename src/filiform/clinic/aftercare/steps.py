"""The state of the step in the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from filiform.clinic.aftercare.models import AdviceGiven
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """Done when the patient was told; attention when needled and not told yet."""
    if AdviceGiven.objects.current().filter(visit=visit).exists():
        return StepState("done", _("Patient was told"))
    needled = Act.objects.current().filter(treatment__visit=visit, kind="insertion").exists()
    if needled:
        return StepState("attention", _("Patient not told yet"))
    return StepState("waiting", _("After the needling"))
