"""Everything that stands against a needle in this visit, in one list. The only door to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from filiform.clinic.assessment.judgement import reasons_of_plan, reasons_of_safety
from filiform.clinic.assessment.queries import targets
from filiform.clinic.consent.queries import reasons_against as against_by_consent
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.intake.queries import change_check
from filiform.clinic.staff.credentials import reasons_against
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

NEEDLING_STATES = ("in-room", "needles-in")

STATE_REASONS = {
    "booked": "visit-not-begun",
    "here": "visit-not-begun",
    "to-sign": "visit-to-sign",
    "done": "visit-over",
    "cancelled": "visit-over",
    "missed": "visit-over",
    "left": "visit-over",
}

MENDED_AT = (
    ("changes-", "assessment:safety"),
    ("safety-", "assessment:safety"),
    ("targets-", "assessment:targets"),
    ("plan-", "assessment:plan"),
    ("consent-", "consent:consent"),
    ("visit-to-sign", "treatment:treat"),
    ("visit-", "visits:visit"),
)
"""Beginning of a code → the page on which it is mended."""


def reasons_against_needling(visit: Visit, *, by: Member, on: date) -> tuple[Reason, ...]:
    """All reasons in the order in which they are mended; empty when a needle may go in.

    Who needles, what screening says, whether changes were asked for, targets and plan, consent,
    and whether the visit is under way.
    """
    with one_reading():
        return (
            *_credentials(visit, by, on),
            *reasons_of_safety(visit, on),
            *_changes(visit),
            *reasons_of_plan(visit, on),
            *against_by_consent(visit),
            *_state(visit),
        )


def _credentials(visit: Visit, by: Member, on: date) -> tuple[Reason, ...]:
    return reasons_against(by, [target.muscle for target in targets(visit)], on=on)


def _changes(visit: Visit) -> tuple[Reason, ...]:
    return () if change_check(visit) else (Reason("changes-not-asked"),)


def _state(visit: Visit) -> tuple[Reason, ...]:
    if visit.state in NEEDLING_STATES:
        return ()
    return (Reason(STATE_REASONS[visit.state]),)


def where_mended(reason: Reason, visit: Visit) -> str:
    """The address of the page on which a reason can be mended; "" where there is none."""
    for beginning, name in MENDED_AT:
        if reason.code.startswith(beginning):
            return reverse(name, args=[visit.pk])
    return ""


def with_addresses(reasons: tuple[Reason, ...], visit: Visit) -> list[tuple[Reason, str]]:
    """For pages: every reason with the address where it is mended (`pathway/_gate.html`)."""
    return [(reason, where_mended(reason, visit)) for reason in reasons]
