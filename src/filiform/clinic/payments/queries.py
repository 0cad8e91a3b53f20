"""What was paid and what is owed, read from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from filiform.clinic.diary.models import Appointment
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients.files import files_of, of_files
from filiform.clinic.payments import ledger, money
from filiform.clinic.payments.ledger import Balance, Bill
from filiform.clinic.payments.models import (
    MoneyRule,
    Package,
    PackageSale,
    PackageUse,
    Payment,
    PaymentReceipt,
    VisitPrice,
)
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import on_day
from filiform.clinic.web.times import SiteMoment, at_site, bounds, zone_named, zones
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation, Site

DUE_STATES = frozenset({"in-room", "needles-in", "to-sign", "done"})
"""A visit is owed from the moment it has begun. Who left, did not come or cancelled owes nothing
unless somebody sets a price for it by hand."""
VISITS_SHOWN = 50


@dataclass(frozen=True)
class VisitAccount:
    """A visit with what it costs and what was paid. covered_by: the package that covers it."""

    visit: Visit
    account: Bill[UUID]
    currency: str
    service: Words | None = None
    covered_by: PackageSale | None = None

    @property
    def at(self) -> SiteMoment:
        """When it is, by the clock of its site."""
        return at_site(self.visit.planned_at, self.visit.site_id)


@dataclass(frozen=True)
class SaleAccount:
    """A package of a patient: how many visits are left, and whether it is paid."""

    sale: PackageSale
    account: Bill[UUID]
    used: int

    @property
    def left(self) -> int:
        return self.sale.visits - self.used

    def is_usable(self, on: date) -> bool:
        return self.left > 0 and on <= self.sale.expires_on


def currency_of(organisation: UUID) -> str:
    rule = rule_of(organisation)
    return rule.currency if rule else money.USUAL


def rule_of(organisation: UUID) -> MoneyRule | None:
    return _rules.first(organisation)


@prepared
def _rules(organisation: UUID) -> QuerySet[MoneyRule]:
    rows = MoneyRule.objects.current().filter(organisation=organisation)
    return rows.order_by("-recorded_at")[:1]


def has_amounts(organisation: UUID) -> bool:
    """Whether anything was ever recorded in the clinic's currency."""
    return any(
        model.objects.filter(organisation=organisation).exists()
        for model in (Payment, VisitPrice, PackageSale)
    )


# --- visits ---------------------------------------------------------------------------------------


def accounts_of(visits: Sequence[Visit], organisation: UUID) -> list[VisitAccount]:
    """Each visit's account, in the order given; four queries however many there are."""
    keys = [visit.pk for visit in visits]
    currency = currency_of(organisation)
    booked = {
        row.visit_id: row
        for row in Appointment.objects.filter(visit__in=keys).select_related("service")
    }
    prices = {row.visit_id: row for row in VisitPrice.objects.current().filter(visit__in=keys)}
    uses = PackageUse.objects.current().filter(visit__in=keys).select_related("sale__package")
    covers = {row.visit_id: row.sale for row in uses}
    paid = paid_by("visit", keys)
    return [
        _visit_account(visit, currency, booked, prices, covers, paid.get(visit.pk, 0))
        for visit in visits
    ]


def account_of(visit: Visit) -> VisitAccount:
    return accounts_of([visit], visit.organisation_id)[0]


def _visit_account(
    visit: Visit,
    currency: str,
    booked: dict[UUID, Appointment],
    prices: dict[UUID, VisitPrice],
    covers: dict[UUID, PackageSale],
    paid: int,
) -> VisitAccount:
    appointment, price = booked.get(visit.pk), prices.get(visit.pk)
    service = appointment.service if appointment else None
    sale = covers.get(visit.pk)
    account = Bill(
        key=visit.pk,
        # What somebody set by hand goes before what was booked.
        price=price.amount if price else _booked_price(appointment, currency),
        paid=paid,
        is_due=price is not None or visit.state in DUE_STATES,
        covered=sale is not None,
    )
    name = Words(service.name, service.name_ur) if service else None
    return VisitAccount(visit, account, currency, name, sale)


def _booked_price(appointment: Appointment | None, currency: str) -> int | None:
    if appointment is None or appointment.price is None:
        return None
    return _asked(appointment.price, appointment.currency, currency)


def _asked(price: Decimal, booked_in: str, currency: str) -> int | None:
    """The price of the day of booking. One in another currency, or finer than ours, is none: nobody
    can be asked for it, and the desk sets a price."""
    if booked_in != currency:
        return None
    try:
        return money.smallest(price, currency)
    except money.NotMoney:
        return None


def paid_by(what: str, keys: Iterable[UUID]) -> dict[UUID, int]:
    """Visit or sale → what was paid for it, refunds taken off."""
    rows = Payment.objects.current().filter(**{f"{what}__in": list(keys)})
    found: dict[UUID, int] = defaultdict(int)
    # `order_by()`: a default order would be grouped by as well, and split the sums.
    for key, kind, amount in rows.values_list(what, "kind").annotate(sum=Sum("amount")).order_by():
        found[key] += -amount if kind == "refund" else amount
    return dict(found)


# --- a patient ------------------------------------------------------------------------------------


def visit_accounts(patient: Patient) -> list[VisitAccount]:
    """Every visit that costs or has cost something, the newest first; all files of the person."""
    files = files_of(patient)
    touched = Q(state__in=DUE_STATES)
    for model in (Payment, VisitPrice, PackageUse):
        of_model = model.objects.current().filter(patient__in=files).values("visit")
        touched |= Q(pk__in=of_model)
    rows = Visit.objects.filter(touched, patient__in=files)
    visits = list(rows.select_related("patient", "site", "practitioner").order_by("-planned_at"))
    return accounts_of(visits, patient.organisation_id)


def account_page(patient: Patient, *, page: int = 1) -> tuple[list[VisitAccount], bool]:
    """One page of `visit_accounts`, and whether there are older ones. On the first stands also
    whatever is not settled, however old: nobody would look for it ten pages on."""
    files = files_of(patient)
    found = _bills(patient)
    start = (page - 1) * VISITS_SHOWN
    touched = Q(state__in=DUE_STATES) | Q(pk__in=found.touched)
    newest = Visit.objects.filter(touched, patient__in=files).order_by("-planned_at", "pk")
    keys = list(newest.values_list("pk", flat=True)[start : start + VISITS_SHOWN + 1])
    older = len(keys) > VISITS_SHOWN
    shown = {*keys[:VISITS_SHOWN]}
    if page == 1:
        shown |= {key for key, bill in found.visits.items() if bill.owed}
    rows = Visit.objects.filter(pk__in=shown).select_related("patient", "site", "practitioner")
    return accounts_of(list(rows.order_by("-planned_at", "pk")), patient.organisation_id), older


def sales_of(patient: Patient) -> list[SaleAccount]:
    """The packages of a person, the newest first."""
    rows = PackageSale.objects.current().filter(patient__in=files_of(patient))
    return _sale_accounts(list(rows.select_related("package", "site").order_by("-recorded_at")))


def _sale_accounts(sales: list[PackageSale]) -> list[SaleAccount]:
    keys = [sale.pk for sale in sales]
    used: dict[UUID, int] = defaultdict(int)
    for sale in PackageUse.objects.current().filter(sale__in=keys).values_list("sale", flat=True):
        used[sale] += 1
    paid = paid_by("sale", keys)
    return [
        SaleAccount(one, Bill(one.pk, one.price, paid.get(one.pk, 0)), used[one.pk])
        for one in sales
    ]


def sale_account(sale: PackageSale) -> SaleAccount:
    return _sale_accounts([sale])[0]


def balance_of(patient: Patient) -> Balance:
    """Of all files of the person, from the sums alone: it stands in the banner of every page, and
    as `visit_accounts` with their visits it took 100 ms for somebody with a thousand."""
    found = _bills(patient)
    return ledger.balance([*found.visits.values(), *found.sales])


class _Bills(NamedTuple):
    """visits: of each that has a price or for which something was paid or used. touched: those
    among them about which somebody has recorded something."""

    visits: dict[UUID, Bill[UUID]]
    sales: list[Bill[UUID]]
    touched: set[UUID]


@read_once
def _bills(patient: Patient) -> _Bills:
    currency = currency_of(patient.organisation_id)
    prices: dict[UUID, int | None] = {}
    due: set[UUID] = set()
    for booked, price, booked_in, state in of_files(_booked, patient):
        prices[booked] = _asked(price, booked_in, currency)
        due |= {booked} if state in DUE_STATES else set()
    by_hand = dict(of_files(_priced, patient))
    prices |= by_hand
    due |= by_hand.keys()
    paid: dict[UUID, int] = defaultdict(int)
    paid_for: dict[UUID | None, int] = defaultdict(int)
    for visit, sale, kind, amount in of_files(_paid, patient):
        came = -amount if kind == "refund" else amount
        if visit is None:
            paid_for[sale] += came
        else:
            paid[visit] += came
    covered = set(of_files(_covered, patient))
    visits = {
        one: Bill(one, prices.get(one), paid.get(one, 0), one in due, one in covered)
        for one in {*prices, *paid, *covered}
    }
    sales = [Bill(sale, price, paid_for[sale]) for sale, price in of_files(_sold, patient)]
    return _Bills(visits, sales, {*by_hand, *paid, *covered})


@prepared
def _booked(patient: UUID) -> QuerySet[Appointment, Any]:
    rows = Appointment.objects.filter(visit__patient=patient, price__isnull=False)
    return rows.values_list("visit", "price", "currency", "visit__state")


@prepared
def _priced(patient: UUID) -> QuerySet[VisitPrice, tuple[UUID, int]]:
    return VisitPrice.objects.current().filter(patient=patient).values_list("visit", "amount")


@prepared
def _paid(patient: UUID) -> QuerySet[Payment, tuple[UUID | None, UUID | None, str, int]]:
    rows = Payment.objects.current().filter(patient=patient)
    return rows.values_list("visit", "sale", "kind", "amount")


@prepared
def _covered(patient: UUID) -> QuerySet[PackageUse, UUID]:
    return PackageUse.objects.current().filter(patient=patient).values_list("visit", flat=True)


@prepared
def _sold(patient: UUID) -> QuerySet[PackageSale, tuple[UUID, int]]:
    return PackageSale.objects.current().filter(patient=patient).values_list("pk", "price")


def usable_sales(visit: Visit, on: date) -> list[SaleAccount]:
    """Packages that can cover this visit; the one that ends first leads."""
    found = [one for one in sales_of(visit.patient) if one.is_usable(on)]
    return sorted(found, key=lambda one: one.sale.expires_on)


def payments_of(
    *, visit: Visit | None = None, sale: PackageSale | None = None
) -> list[tuple[Payment, PaymentReceipt | None]]:
    """The payments that hold, the oldest first, each with its receipt."""
    rows = Payment.objects.current().filter(visit=visit) if visit else None
    if rows is None:
        rows = Payment.objects.current().filter(sale=sale)
    found = list(rows.select_related("taken_by", "site").order_by("recorded_at"))
    receipts = {
        one.payment: one
        for one in PaymentReceipt.objects.filter(payment__in=[row.origin for row in found])
    }
    return [(row, receipts.get(row.origin)) for row in found]


def refunded(origin: UUID) -> int:
    """What was given back of a payment."""
    rows = Payment.objects.current().filter(refund_of=origin)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def payment_in(organisation: UUID, payment_id: UUID) -> Payment | None:
    rows = Payment.objects.current().filter(organisation=organisation, pk=payment_id)
    return rows.select_related("visit", "sale", "patient", "site").first()


def receipt_in(organisation: UUID, receipt_id: UUID) -> PaymentReceipt | None:
    rows = PaymentReceipt.objects.filter(organisation=organisation, pk=receipt_id)
    return rows.select_related("patient", "site__organisation").first()


def as_it_is_now(receipt: PaymentReceipt) -> Payment:
    """The newest version of a receipt's payment, voided or not."""
    rows = Payment.objects.filter(origin=receipt.payment, replaced_by__isnull=True)
    return rows.select_related("visit", "sale__package", "patient", "taken_by", "site").get()


def packages(organisation: UUID) -> list[Package]:
    return list(Package.objects.current().filter(organisation=organisation).order_by("visits"))


# --- a day ----------------------------------------------------------------------------------------


def desk(organisation: Organisation, day: date) -> list[VisitAccount]:
    """The day's visits that somebody may pay for, in the order of time."""
    rows = Visit.objects.filter(on_day(day), organisation=organisation)
    rows = rows.exclude(state__in=("cancelled", "missed", "left"))
    visits = list(rows.select_related("patient", "practitioner", "site").order_by("planned_at"))
    return accounts_of(visits, organisation.pk)


LOOKED_BACK = timedelta(days=60)
MOST_LOOKED_AT = 1_000


def still_owed(organisation: Organisation, day: date) -> list[VisitAccount]:
    """Visits of the days before that somebody went home from without paying, the newest first."""
    # The latest midnight of all sites, and without the visits whose own day had begun by then.
    start = max((bounds(day, zone)[0] for zone in zones()), default=bounds(day)[0])
    rows = Visit.objects.filter(
        organisation=organisation, planned_at__lt=start, planned_at__gte=start - LOOKED_BACK
    ).filter(~on_day(day), state__in=DUE_STATES)
    rows = rows.select_related("patient", "practitioner", "site").order_by("-planned_at")
    accounts = accounts_of(list(rows[:MOST_LOOKED_AT]), organisation.pk)
    # Worked out here: what is owed hangs on prices, packages and refunds, in no column.
    return [one for one in accounts if one.account.owed > 0]


def day_at(site: Site, now: datetime) -> date:
    """The day on the wall of a site."""
    return now.astimezone(zone_named(site.time_zone)).date()
