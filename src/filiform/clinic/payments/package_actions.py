"""What changes packages: offered, sold, used for a visit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from filiform.clinic.facts.amending import in_place, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.payments import queries
from filiform.clinic.payments.models import Package, PackageSale, PackageUse
from filiform.clinic.payments.refusing import PaymentRefused, amount_told, still_current
from filiform.reasons import Reasons

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.visits.models import Visit


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


def undo_sale(*, by: Member, sale: PackageSale, why: str) -> Reasons:
    """A sale that should not have been: nothing of it used, everything paid given back."""
    try:
        with recording("package-sale-undone", by=by) as entry:
            found = queries.sale_account(sale)
            # Each is undone by itself first, so that each has its own reason.
            if found.used or found.account.paid:
                raise PaymentRefused(
                    "sale-in-use",
                    used=found.used,
                    paid=amount_told(found.account.paid, sale.currency),
                )
            entry.about(voided(sale, by=by, why=why), patient=sale.patient)
    except PaymentRefused as no:
        return (no.reason,)
    return ()


def use_package(*, by: Member, visit: Visit, sale: PackageSale) -> PackageUse | Reasons:
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
    except PaymentRefused as no:
        return (no.reason,)
    return row


def _check_use(visit: Visit, sale: PackageSale, *, covered: bool) -> None:
    if covered:
        raise PaymentRefused("package-visit-covered")
    still_current(sale)
    found = queries.sale_account(sale)
    if found.left < 1:
        raise PaymentRefused("package-used-up", visits=sale.visits)
    # The day of the visit counts, not that of the desk: it may be written down a day later.
    if queries.day_at(visit.site, visit.planned_at) > sale.expires_on:
        raise PaymentRefused("package-expired", day=sale.expires_on.isoformat())
    account = queries.account_of(visit)
    if account.account.paid:
        raise PaymentRefused(
            "package-visit-paid", paid=amount_told(account.account.paid, account.currency)
        )


def give_back_use(*, by: Member, visit: Visit, why: str) -> Reasons:
    """The visit is no longer one of the package's: it has one more left, and the visit is owed."""
    with recording("package-use-given-back", by=by) as entry:
        row = PackageUse.objects.current().filter(visit=visit).first()
        if row is None:
            entry.about(visit, patient=visit.patient, known=True)
            return ()
        entry.about(voided(row, by=by, why=why), patient=visit.patient)
    return ()
