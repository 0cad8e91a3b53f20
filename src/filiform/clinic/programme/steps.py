"""The state of the step in the rail."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from filiform.clinic.assessment.queries import targets
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


@prepared
def _phases(visit: UUID) -> QuerySet[ProgrammeItem, str]:
    return ProgrammeItem.objects.current().filter(visit=visit).values_list("phase", flat=True)


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """Done once something is chosen; it waits for targets, never for needles."""
    # The phase alone is read: the rail asks on every page of the visit.
    phases = Counter(_phases(visit.pk))
    if phases:
        clinic = phases["clinic"]
        home = phases.total() - clinic
        return StepState(
            "done", _("%(clinic)s here, %(home)s at home") % {"clinic": clinic, "home": home}
        )
    if targets(visit):
        return StepState("open", _("Nothing chosen yet"))
    return StepState("waiting", _("After the targets"))
