"""The step "consent" on the rail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from filiform.clinic.assessment.queries import targets
from filiform.clinic.consent import queries
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


def state(visit: Visit, *, by: Member, on: date) -> StepState:
    """waiting: nothing is chosen to agree to. attention: missing or incomplete. refused: taken
    back. done: it holds."""
    reasons = queries.reasons_against(visit)
    says = queries.visit_state(visit).says
    if not reasons:
        return StepState("done", says)
    # Before the targets are asked about: taken back is told, also when nothing is left to agree to.
    if reasons[0].code == "consent-withdrawn":
        return StepState("refused", says, reasons)
    if not targets(visit):
        return StepState("waiting", says, reasons)
    return StepState("attention", says, reasons)
