"""What came in, read from the payments: a site's day, and lists of days to take along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.diary.models import Appointment
from filiform.clinic.payments.models import CashCount, Payment, PaymentReceipt

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Site

EXPORTED = 20_000
"""Payments in one list at most (design value)."""


@dataclass
class Takings:
    """What came in on a day at a site, by way and by person; refunds are taken off."""

    payments: list[Payment] = field(default_factory=list)
    by_way: dict[str, int] = field(default_factory=dict)
    by_person: dict[Member, int] = field(default_factory=dict)
    total: int = 0

    @property
    def cash(self) -> int:
        return self.by_way.get("cash", 0)


def takings(site: Site, day: date) -> Takings:
    rows = payments_between(site.organisation_id, day, day).filter(site=site)
    found = Takings(payments=list(rows[:EXPORTED]))
    for row in found.payments:
        # By the person and not by the name: two of the desk may be called alike, and each counts
        # their own till.
        who = row.taken_by
        found.by_way[row.how] = found.by_way.get(row.how, 0) + row.signed
        found.by_person[who] = found.by_person.get(who, 0) + row.signed
        found.total += row.signed
    return found


def payments_between(organisation: UUID, first: date, last: date) -> QuerySet[Payment]:
    rows = Payment.objects.current().filter(
        organisation=organisation, taken_on__gte=first, taken_on__lte=last
    )
    return rows.select_related("taken_by", "patient", "visit", "sale__package", "site").order_by(
        "taken_on", "recorded_at"
    )


def receipts_for(payments: Iterable[Payment]) -> dict[UUID, PaymentReceipt]:
    rows = PaymentReceipt.objects.filter(payment__in=[one.origin for one in payments])
    return {row.payment: row for row in rows}


def services_of(visits: Iterable[UUID]) -> dict[UUID, str]:
    rows = Appointment.objects.filter(visit__in=list(visits), service__isnull=False)
    return dict(rows.values_list("visit", "service__name"))


def counts_of(site: Site, day: date) -> list[CashCount]:
    rows = CashCount.objects.current().filter(site=site, day=day)
    return list(rows.select_related("recorded_by").order_by("-recorded_at"))
