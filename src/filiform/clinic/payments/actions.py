"""What changes money. Each action decides inside its own transaction: an organisation's writes
follow one another (`facts.recording`), so two people at two desks can't take the same amount twice,
nor give two receipts one number.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from filiform.clinic.facts.amending import amended, in_place, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.payments import money, queries, till
from filiform.clinic.payments.ledger import Bill
from filiform.clinic.payments.models import (
    CashCount,
    MoneyRule,
    PackageSale,
    Payment,
    PaymentReceipt,
    VisitPrice,
)
from filiform.clinic.payments.refusing import PaymentRefused, amount_told, still_current
from filiform.reasons import Reasons

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.visits.models import Visit


# --- paying ---------------------------------------------------------------------------------------


def pay(
    *,
    by: Member,
    payment_id: UUID,
    amount: int,
    how: str,
    visit: Visit | None = None,
    sale: PackageSale | None = None,
) -> Payment | Reasons:
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
                raise PaymentRefused(
                    "payment-more-than-due",
                    got=amount_told(amount, currency),
                    due=amount_told(account.to_pay, currency),
                )
            row = _keep(by, of, payment_id, kind="payment", amount=amount, how=how)
            entry.about(row, patient=of.patient, how=how)
    except PaymentRefused as no:
        return (no.reason,)
    return row


def refund(
    *, by: Member, payment: Payment, payment_id: UUID, amount: int, how: str, why: str
) -> Payment | Reasons:
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
            still_current(payment)
            left = payment.amount - queries.refunded(payment.origin)
            # A refund of a refund would be a payment without a visit.
            if payment.kind != "payment" or amount > left:
                raise PaymentRefused(
                    "refund-more-than-paid",
                    got=amount_told(amount, payment.currency),
                    left=amount_told(max(0, left), payment.currency),
                )
            of = payment.visit or payment.sale
            assert of is not None  # noqa: S101 - every payment is for one of them
            row = _keep(
                by, of, payment_id, kind="refund", amount=amount, how=how,
                refund_of=payment.origin, why=why.strip(),
            )  # fmt: skip
            entry.about(row, patient=payment.patient, how=how)
    except PaymentRefused as no:
        return (no.reason,)
    return row


def correct(*, by: Member, payment: Payment, amount: int, how: str, why: str) -> Payment | Reasons:
    """A payment that was written down wrongly: its amount or its way, as it really was. Raises
    ValueError without a why, and ChangedMeanwhile."""
    if not why.strip():
        raise ValueError("a payment is corrected with a reason; none was given")
    try:
        with recording("payment-corrected", by=by) as entry:
            _check_change(payment, amount)
            row = amended(payment, by=by, why=why, amount=amount, how=how)
            entry.about(row, patient=payment.patient)
    except PaymentRefused as no:
        return (no.reason,)
    return row


def void(*, by: Member, payment: Payment, why: str) -> Reasons:
    """A payment that never was. Its receipt keeps its number and says that it is void. Raises
    ValueError without a why."""
    try:
        with recording("payment-voided", by=by) as entry:
            _check_change(payment, 0)
            entry.about(voided(payment, by=by, why=why), patient=payment.patient)
    except PaymentRefused as no:
        return (no.reason,)
    return ()


def _sent_before(by: Member, payment_id: UUID) -> Payment | None:
    return Payment.objects.filter(organisation=by.organisation, pk=payment_id).first()


def _check_change(payment: Payment, amount: int) -> None:
    """Whether a payment may have been of this amount, with everything else as it is."""
    if payment.kind == "refund":
        of = payment.refund_of or payment.origin
        # By its origin: it may have been corrected since the refund.
        original = Payment.objects.current().filter(origin=of).first()
        others = queries.refunded(of) - payment.amount
        if original is not None and amount + others > original.amount:
            raise PaymentRefused(
                "refund-more-than-paid",
                got=amount_told(amount, payment.currency),
                left=amount_told(original.amount - others, payment.currency),
            )
        return
    back = queries.refunded(payment.origin)
    if amount < back:
        raise PaymentRefused("payment-has-refund", back=amount_told(back, payment.currency))
    account, currency, _of = _account(payment.visit, payment.sale)
    # As if this payment weren't there yet.
    most = account.costs - account.paid + payment.amount
    # What was once more than is due now may stay, or become less.
    if amount > max(most, payment.amount):
        raise PaymentRefused(
            "payment-more-than-due",
            got=amount_told(amount, currency),
            due=amount_told(most, currency),
        )


def _account(visit: Visit | None, sale: PackageSale | None) -> tuple[Bill[UUID], str, Any]:
    if visit is not None:
        found = queries.account_of(visit)
        return found.account, found.currency, visit
    if sale is not None:
        still_current(sale)
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


def set_price(*, by: Member, visit: Visit, amount: int, why: str) -> VisitPrice | Reasons:
    """What this visit costs, whatever was booked; 0 waives it. Raises ValueError without a why."""
    if not why.strip():
        raise ValueError("a price is changed with a reason; none was given")
    try:
        with recording("visit-price-set", by=by) as entry:
            account = queries.account_of(visit)
            # The difference has to be given back first, with a receipt of its own.
            if amount < account.account.paid:
                raise PaymentRefused(
                    "price-below-paid", paid=amount_told(account.account.paid, account.currency)
                )
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
    except PaymentRefused as no:
        return (no.reason,)
    return row


def set_currency(*, by: Member, currency: str) -> MoneyRule | Reasons:
    """The currency of the clinic, before the first amount: sums of two currencies are none.
    Raises KeyError for one that we don't know."""
    # Only for its KeyError.
    money.currency(currency)
    try:
        with recording("currency-set", by=by) as entry:
            before = queries.rule_of(by.organisation_id)
            if queries.has_amounts(by.organisation_id):
                raise PaymentRefused("currency-fixed", now=queries.currency_of(by.organisation_id))
            if before is not None:
                row = amended(before, by=by, currency=currency)
            else:
                row = in_place(
                    MoneyRule(organisation=by.organisation, recorded_by=by, currency=currency)
                )
            entry.about(row, currency=currency)
    except PaymentRefused as no:
        return (no.reason,)
    return row


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
                expected=till.takings(site, day).cash,
                currency=queries.currency_of(by.organisation_id),
            )
        )
        entry.about(row)
    return row
