"""Everything that stands against a needle in this visit, in one list, and where it is mended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from filiform.clinic.pathway.gathering import before_needling
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

MENDED_AT = (
    ("changes-", "assessment:safety"),
    ("safety-sent-in", "intake:sent-in"),
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

    Always computed from the record as it is at this moment; nothing kept is asked.
    """
    return before_needling(visit, by=by, on=on).against


def where_mended(reason: Reason, visit: Visit) -> str:
    """The address of the page on which a reason can be mended; "" where there is none."""
    for beginning, name in MENDED_AT:
        # The first that fits, so a longer beginning stands before its shorter one in the table.
        if reason.code.startswith(beginning):
            return reverse(name, args=[visit.pk])
    return ""


def with_addresses(reasons: tuple[Reason, ...], visit: Visit) -> list[tuple[Reason, str]]:
    """For pages: every reason with the address where it is mended (`pathway/_gate.html`)."""
    return [(reason, where_mended(reason, visit)) for reason in reasons]
