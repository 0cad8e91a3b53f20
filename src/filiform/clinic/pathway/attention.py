"""What must not wait: the right-hand side of the day's page. Each list is short and indexed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from filiform.clinic.aftercare.models import Check
from filiform.clinic.aftercare.queries import alarms, open_checks
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.staff.credentials import Expiring, expiring_of
from filiform.clinic.staff.credentials import expiring as all_expiring
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import bounds

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation

MOST_OPEN = 40
"""Open treatments that are read at all; a clinic with more has to look at its whole list."""

SHOWN = 6
"""Rows of one kind on the page; behind them stands the whole list."""

WARN_DAYS = 30
"""How long before its end a credential is announced (design value)."""


@dataclass
class Attention:
    """What must not wait, in the order in which it is shown."""

    needles_in: list[Visit] = field(default_factory=list)
    red: list[Check] = field(default_factory=list)
    overdue: list[Check] = field(default_factory=list)
    more_overdue: bool = False
    messages: list[Message] = field(default_factory=list)
    more_messages: bool = False
    unsigned: list[Visit] = field(default_factory=list)
    expiring: list[Expiring] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (
            self.needles_in
            or self.red
            or self.overdue
            or self.messages
            or self.unsigned
            or self.expiring
        )


def attention(by: Member, *, on: date, now: datetime) -> Attention:
    """For one member of staff: clinical things for those who treat, credentials of oneself
    (for the owner: of everybody)."""
    found = Attention()
    organisation = by.organisation
    if by.may("see-clinical"):
        _open_treatments(found, organisation, on)
    if by.may("work-checks"):
        _checks(found, organisation, now)
    if by.may("answer-messages"):
        new = Message.objects.filter(organisation=organisation, state="new")
        found.messages = list(new.order_by("received_at")[: SHOWN + 1])
        found.more_messages = len(found.messages) > SHOWN
        found.messages = found.messages[:SHOWN]
    found.expiring = expiring(by, on=on)
    return found


def _open_treatments(found: Attention, organisation: Organisation, on: date) -> None:
    start, _ = bounds(on)
    # No order in the query: it would make the database walk through all visits by time.
    open_ones = Visit.objects.filter(
        organisation=organisation, ended_at__isnull=True, state__in=("needles-in", "to-sign")
    ).select_related("patient", "practitioner")
    # Today's unsigned ones stand in the list of the day already.
    open_ones = open_ones.exclude(state="to-sign", planned_at__gte=start)
    for visit in sorted(open_ones[:MOST_OPEN], key=lambda visit: visit.planned_at):
        which = found.needles_in if visit.state == "needles-in" else found.unsigned
        which.append(visit)


def _checks(found: Attention, organisation: Organisation, now: datetime) -> None:
    found.red = list(alarms(organisation)[:SHOWN])
    # One more than is shown tells whether there are more, without counting them all.
    rest = list(open_checks(organisation, now=now, until=now)[: SHOWN + 1])
    found.overdue, found.more_overdue = rest[:SHOWN], len(rest) > SHOWN


def expiring(by: Member, *, on: date) -> list[Expiring]:
    """What must be renewed soon or has expired: one's own, for the owner everybody's."""
    if by.is_owner:
        return all_expiring(by.organisation, on, WARN_DAYS)[: 2 * SHOWN]
    return expiring_of([by], on, WARN_DAYS)[: 2 * SHOWN] if by.is_practitioner else []
