"""Everything that stands against a needle in this visit, in one list, and where it is mended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from filiform.clinic.pathway.gathering import before_needling
from filiform.clinic.pathway.state import NEEDLING_STEPS, Pathway
from filiform.clinic.visits.vocabulary import STEPS
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

SENT_IN = "safety-sent-in"
"""What came in from home is looked at on a page of its own, not on that of the step."""

STATE_MENDED_AT = {"to-sign": "treatment:treat"}
"""State of a visit → where it is mended, if not on the visit's own page."""


def reasons_against_needling(visit: Visit, *, by: Member, on: date) -> tuple[Reason, ...]:
    """All reasons in the order in which they are mended; empty when a needle may go in.

    Always computed from the record as it is at this moment; nothing kept is asked.
    """
    return before_needling(visit, by=by, on=on).against


def reasons_with_addresses(visit: Visit, *, by: Member, on: date) -> list[tuple[Reason, str]]:
    """For pages: the same, each with the page where it is mended (`pathway/_gate.html`)."""
    pathway = before_needling(visit, by=by, on=on)
    return [(reason, where_mended(reason, pathway, visit)) for reason in pathway.against]


def where_mended(reason: Reason, pathway: Pathway, visit: Visit) -> str:
    """The address of the page on which a reason can be mended: that of the step which gave it;
    "" where there is none, as for the papers of the person who needles."""
    if reason in pathway.papers:
        return ""
    if reason.code == SENT_IN:
        name = "intake:sent-in"
    else:
        gave = (step for step in NEEDLING_STEPS if reason in pathway.steps[step].reasons)
        step = next(gave, None)
        of_state = STATE_MENDED_AT.get(pathway.visit_state, "visits:visit")
        name = STEPS[step][2] if step else of_state
    return reverse(name, args=[visit.pk])
