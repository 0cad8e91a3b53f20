"""What changes money. Each action decides inside its own transaction: an organisation's writes
follow one another (`facts.recording`), so two people at two desks can't take the same amount twice,
nor give two receipts one number.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language

from filiform.clinic.facts.amending import ChangedMeanwhile, amended, in_place, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.payments import money, queries
from filiform.clinic.payments.ledger import Bill
from filiform.clinic.payments.models import (
    CashCount,
    MoneyRule,
    Package,
    PackageSale,
    PackageUse,
    Payment,
    PaymentReceipt,
    VisitPrice,
)
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.visits.models import Visit

PaymentRefusals = tuple[Reason, ...]


class _No(Exception):
    """Leaves the transaction without a trace; carries why."""

    def __init__(self, code: str, **params: Any) -> None:
        self.reason = Reason(code, params=params)


def _told(amount: int, currency: str) -> str:
    return money.written(amount, currency, get_language() or "en")


# --- paying ---------------------------------------------------------------------------------------


def pay(
    *,
    by: Member,
    payment_id: UUID,
    amount: int,
    how: str,
    visit: Visit | None = None,
    sale: PackageSale | None = None,
) -> Payment | PaymentRefusals:
    """Money for a visit or a package, with a receipt's number. payment_id: made with the form, so
    that a trembling finger pays once."""
    try:
        with recording("payment-taken", by=by) as entry:
            if (there := _sent_before(by, payment_id)) is not None:
                entry.about(there, patient=there.patient, again=True)
                return there
            # Read inside: what is due now and not what the page showed.
            account, currency, of = _account(visit, sale)
            # More would be a tip or a slip of a zero; neither is the clinic's to keep.
            if amount > account.to_pay:
                raise _No(
                    "payment-more-than-due",
                    got=_told(amount, currency),
                    due=_told(account.to_pay, currency),
                )
            row = _keep(by, of, payment_id, kind="payment", amount=amount, how=how)
            entry.about(row, patient=of.patient, how=how)
    except _No as no:
        return (no.reason,)
    return row


def refund(
    *, by: Member, payment: Payment, payment_id: UUID, amount: int, how: str, why: str
) -> Payment | PaymentRefusals:
    """Money given back of a payment, with a receipt of its own. Raises ValueError without a why,
    and ChangedMeanwhile."""
    if not why.strip():
        raise ValueError("money is given back with a reason; none was given")
    try:
        with recording("payment-refunded", by=by) as entry:
            if (there := _sent_before(by, payment_id)) is not None:
                entry.about(there, patient=there.patient, again=True)
                return there
            # What the page showed may have been corrected or voided at the other desk.
            _still_current(payment)
            left = payment.amount - queries.refunded(payment.origin)
            # A refund of a refund would be a payment without a visit.
            if payment.kind != "payment" or amount > left:
                raise _No(
                    "refund-more-than-paid",
                    got=_told(amount, payment.currency),
                    left=_told(max(0, left), payment.currency),
                )
            of = payment.visit or payment.sale
            assert of is not None  # noqa: S101 - every payment is for one of them
            row = _keep(
                by, of, payment_id, kind="refund", amount=amount, how=how,
                refund_of=payment.origin, why=why.strip(),
            )  # fmt: skip
            entry.about(row, patient=payment.patient, how=how)
    except _No as no:
        return (no.reason,)
    return row


def correct(
    *, by: Member, payment: Payment, amount: int, how: str, why: str
) -> Payment | PaymentRefusals:
    """A payment that was written down wrongly: its amount or its way, as it really was. Raises
    ValueError without a why, and ChangedMeanwhile."""
    if not why.strip():
        raise ValueError("a payment is corrected with a reason; none was given")
    try:
        with recording("payment-corrected", by=by) as entry:
            _check_change(payment, amount)
            row = amended(payment, by=by, why=why, amount=amount, how=how)
            entry.about(row, patient=payment.patient)
    except _No as no:
        return (no.reason,)
    return row


def void(*, by: Member, payment: Payment, why: str) -> PaymentRefusals:
    """A payment that never was. Its receipt keeps its number and says that it is void. Raises
    ValueError without a why."""
    try:
        with recording("payment-voided", by=by) as entry:
            _check_change(payment, 0)
            entry.about(voided(payment, by=by, why=why), patient=payment.patient)
    except _No as no:
        return (no.reason,)
    return ()


def _sent_before(by: Member, payment_id: UUID) -> Payment | None:
    return Payment.objects.filter(organisation=by.organisation, pk=payment_id).first()


def _still_current(row: Payment | PackageSale) -> None:
    """Raises ChangedMeanwhile for a row that was amended or voided since it was read."""
    if not type(row).objects.current().filter(pk=row.pk).exists():
        raise ChangedMeanwhile


def _check_change(payment: Payment, amount: int) -> None:
    """Whether a payment may have been of this amount, with everything else as it is."""
    if payment.kind == "refund":
        of = payment.refund_of or payment.origin
        # By its origin: it may have been corrected since the refund.
        original = Payment.objects.current().filter(origin=of).first()
        others = queries.refunded(of) - payment.amount
        if original is not None and amount + others > original.amount:
            raise _No(
                "refund-more-than-paid",
                got=_told(amount, payment.currency),
                left=_told(original.amount - others, payment.currency),
            )
        return
    back = queries.refunded(payment.origin)
    if amount < back:
        raise _No("payment-has-refund", back=_told(back, payment.currency))
    account, currency, _of = _account(payment.visit, payment.sale)
    # As if this payment weren't there yet.
    most = account.costs - account.paid + payment.amount
    # What was once more than is due now may stay, or become less.
    if amount > max(most, payment.amount):
        raise _No("payment-more-than-due", got=_told(amount, currency), due=_told(most, currency))


def _account(visit: Visit | None, sale: PackageSale | None) -> tuple[Bill[UUID], str, Any]:
    if visit is not None:
        found = queries.account_of(visit)
        return found.account, found.currency, visit
    if sale is not None:
        _still_current(sale)
        return queries.sale_account(sale).account, sale.currency, sale
    raise ValueError("a payment is for a visit or for a package; neither was given")


def _keep(by: Member, of: Any, payment_id: UUID, **values: Any) -> Payment:
    is_sale = isinstance(of, PackageSale)
    currency = of.currency if is_sale else queries.currency_of(by.organisation_id)
    now = timezone.now()
    row = in_place(
        Payment(
            pk=payment_id,
            origin=payment_id,
            organisation=by.organisation,
            recorded_by=by,
            patient_id=of.patient_id,
            site_id=of.site_id,
            visit=None if is_sale else of,
            sale=of if is_sale else None,
            currency=currency,
            # The till is closed by the clock on that site's wall.
            taken_on=queries.day_at(of.site, now),
            taken_by=by,
            **values,
        )
    )
    _number(row, by)
    return row


def _number(payment: Payment, by: Member) -> PaymentReceipt:
    """The next number of the site's year. Nobody else can take it meanwhile: the organisation is
    held, and the database would refuse the second."""
    year = payment.taken_on.year
    mine = PaymentReceipt.objects.filter(site=payment.site_id, year=year)
    # The highest and not how many: a number that was given is never given again.
    last = mine.aggregate(last=Max("number"))["last"] or 0
    return in_place(
        PaymentReceipt(
            organisation=by.organisation,
            recorded_by=by,
            patient_id=payment.patient_id,
            site_id=payment.site_id,
            year=year,
            number=last + 1,
            # Of the origin: a corrected payment keeps its receipt.
            payment=payment.origin,
        )
    )


# --- prices ---------------------------------------------------------------------------------------


def set_price(*, by: Member, visit: Visit, amount: int, why: str) -> VisitPrice | PaymentRefusals:
    """What this visit costs, whatever was booked; 0 waives it. Raises ValueError without a why."""
    if not why.strip():
        raise ValueError("a price is changed with a reason; none was given")
    try:
        with recording("visit-price-set", by=by) as entry:
            account = queries.account_of(visit)
            # The difference has to be given back first, with a receipt of its own.
            if amount < account.account.paid:
                raise _No("price-below-paid", paid=_told(account.account.paid, account.currency))
            before = VisitPrice.objects.current().filter(visit=visit).first()
            if before is not None:
                row = amended(before, by=by, why=why, amount=amount)
            else:
                row = in_place(
                    VisitPrice(
                        organisation=by.organisation, recorded_by=by, patient_id=visit.patient_id,
                        visit=visit, amount=amount, currency=account.currency, why=why.strip(),
                    )
                )  # fmt: skip
            entry.about(row, patient=visit.patient)
    except _No as no:
        return (no.reason,)
    return row


def set_currency(*, by: Member, currency: str) -> MoneyRule | PaymentRefusals:
    """The currency of the clinic, before the first amount: sums of two currencies are none.
    Raises KeyError for one that we don't know."""
    # Only for its KeyError.
    money.currency(currency)
    try:
        with recording("currency-set", by=by) as entry:
            before = queries.rule_of(by.organisation_id)
            if queries.has_amounts(by.organisation_id):
                raise _No("currency-fixed", now=queries.currency_of(by.organisation_id))
            if before is not None:
                row = amended(before, by=by, currency=currency)
            else:
                row = in_place(
                    MoneyRule(organisation=by.organisation, recorded_by=by, currency=currency)
                )
            entry.about(row, currency=currency)
    except _No as no:
        return (no.reason,)
    return row


# --- packages -------------------------------------------------------------------------------------


def offer_package(
    *, by: Member, name: str, name_ur: str, visits: int, price: int, valid_days: int,
    key: UUID | None = None,
) -> Package:  # fmt: skip
    """key: made with the form; the same one twice is one package."""
    with recording("package-offered", by=by) as entry:
        if there := sent_before(Package, key, entry):
            return there
        row = in_place(
            Package(
                pk=key or new_id(), organisation=by.organisation, recorded_by=by,
                name=name, name_ur=name_ur, visits=visits, price=price, valid_days=valid_days,
                currency=queries.currency_of(by.organisation_id),
            )
        )  # fmt: skip
        entry.about(row)
    return row


def end_package(*, by: Member, package: Package, why: str) -> None:
    """It is sold no more; those that were sold stay what they are."""
    with recording("package-ended", by=by) as entry:
        entry.about(voided(package, by=by, why=why))


def sell(
    *, by: Member, patient: Patient, package: Package, site: Site, sale_id: UUID
) -> PackageSale:
    """A package for a patient, to be paid like a visit. sale_id: made with the form."""
    with recording("package-sold", by=by) as entry:
        there = PackageSale.objects.filter(organisation=by.organisation, pk=sale_id).first()
        if there is not None:
            entry.about(there, patient=there.patient, again=True)
            return there
        day = queries.day_at(site, timezone.now())
        row = in_place(
            PackageSale(
                pk=sale_id,
                organisation=by.organisation,
                recorded_by=by,
                patient=patient,
                package=package,
                site=site,
                # Copied: what was sold stays as it was sold when the offer changes.
                visits=package.visits,
                price=package.price,
                currency=package.currency,
                sold_on=day,
                expires_on=day + timedelta(days=package.valid_days),
            )
        )
        entry.about(row, patient=patient)
    return row


def undo_sale(*, by: Member, sale: PackageSale, why: str) -> PaymentRefusals:
    """A sale that should not have been: nothing of it used, everything paid given back."""
    try:
        with recording("package-sale-undone", by=by) as entry:
            found = queries.sale_account(sale)
            # Each is undone by itself first, so that each has its own reason.
            if found.used or found.account.paid:
                raise _No(
                    "sale-in-use", used=found.used, paid=_told(found.account.paid, sale.currency)
                )
            entry.about(voided(sale, by=by, why=why), patient=sale.patient)
    except _No as no:
        return (no.reason,)
    return ()


def use_package(*, by: Member, visit: Visit, sale: PackageSale) -> PackageUse | PaymentRefusals:
    """The visit is one of the package's. The same one twice is once."""
    try:
        with recording("package-used", by=by) as entry:
            there = PackageUse.objects.current().filter(visit=visit).first()
            if there is not None and there.sale_id == sale.pk:
                entry.about(there, known=True)
                return there
            _check_use(visit, sale, covered=there is not None)
            row = in_place(
                PackageUse(
                    organisation=by.organisation, recorded_by=by, patient_id=visit.patient_id,
                    sale=sale, visit=visit,
                )
            )  # fmt: skip
            entry.about(row, patient=visit.patient)
    except _No as no:
        return (no.reason,)
    return row


def _check_use(visit: Visit, sale: PackageSale, *, covered: bool) -> None:
    if covered:
        raise _No("package-visit-covered")
    _still_current(sale)
    found = queries.sale_account(sale)
    if found.left < 1:
        raise _No("package-used-up", visits=sale.visits)
    # The day of the visit counts, not that of the desk: it may be written down a day later.
    if queries.day_at(visit.site, visit.planned_at) > sale.expires_on:
        raise _No("package-expired", day=sale.expires_on.isoformat())
    account = queries.account_of(visit)
    if account.account.paid:
        raise _No("package-visit-paid", paid=_told(account.account.paid, account.currency))


def give_back_use(*, by: Member, visit: Visit, why: str) -> PaymentRefusals:
    """The visit is no longer one of the package's: it has one more left, and the visit is owed."""
    with recording("package-use-given-back", by=by) as entry:
        row = PackageUse.objects.current().filter(visit=visit).first()
        if row is None:
            entry.about(visit, patient=visit.patient, known=True)
            return ()
        entry.about(voided(row, by=by, why=why), patient=visit.patient)
    return ()


# --- the till -------------------------------------------------------------------------------------


def count_cash(
    *, by: Member, site: Site, day: date, counted: int, count_id: UUID | None = None
) -> CashCount:
    """What lies in the till beside what the facts say. A second count stands beside the first.

    count_id: made with the form, so that one count tapped twice is one.
    """
    key = count_id or new_id()
    with recording("cash-counted", by=by) as entry:
        there = CashCount.objects.filter(organisation=by.organisation, pk=key).first()
        if there is not None:
            entry.about(there, again=True)
            return there
        row = in_place(
            CashCount(
                pk=key,
                organisation=by.organisation,
                recorded_by=by,
                site=site,
                day=day,
                counted=counted,
                # Kept with the count: a payment that is corrected later must not make an old count
                # wrong.
                expected=queries.takings(site, day).cash,
                currency=queries.currency_of(by.organisation_id),
            )
        )
        entry.about(row)
    return row
