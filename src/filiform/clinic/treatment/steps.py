"""The step "treat" on the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.treatment import queries
from filiform.clinic.treatment.course import course_of
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """waiting: not begun (the treat page itself lists what stands against it). attention: needles
    are in, a count did not add up, or it is not signed yet. done: signed."""
    treatment = queries.treatment_of(visit)
    if treatment is None:
        return StepState("waiting", _("Not started"))
    if queries.is_sealed(treatment):
        return StepState("done", _("Signed, no. %(number)s") % {"number": treatment.seal.number})
    needles = len(queries.needles_of(treatment))
    if needles:
        says = ngettext("%(n)s needle in", "%(n)s needles in", needles) % {"n": needles}
        return StepState("attention", says)
    # Asked last, as it reads all acts; while a needle is in it isn't the first concern.
    if course_of(queries.acts_of(treatment, whole=False)).tally.unaccounted:
        return StepState("attention", _("The needles don't add up"))
    return StepState("attention", _("Not signed yet"))
