"""What visits cost, what was paid and what was given back. Everything here is a fact.

Amounts are whole numbers of the currency's smallest unit (`money`). A mistake is amended or voided
with a reason; the row that was wrong stays.
"""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact


class MoneyRule(Fact):
    """In which currency the clinic is paid; the current one holds."""

    currency = models.CharField(max_length=3)
    """ISO 4217"""


class VisitPrice(PatientFact):
    """What a visit costs where it is not what was booked: reduced, waived (0), or charged though
    the patient did not come."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)


class Package(Fact):
    """Several visits that are sold together."""

    name = models.CharField(max_length=80)
    name_ur = models.CharField(max_length=80, blank=True)
    visits = models.PositiveSmallIntegerField()
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    valid_days = models.PositiveSmallIntegerField()
    """From the day of sale"""


class PackageSale(PatientFact):
    """A package that a patient bought, as it was on that day."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    visits = models.PositiveSmallIntegerField()
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    sold_on = models.DateField()
    expires_on = models.DateField()


class PackageUse(PatientFact):
    """A visit that a package covers."""

    sale = models.ForeignKey(PackageSale, models.PROTECT, related_name="uses")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="+")


class Payment(PatientFact):
    """Money that came in for a visit or a package, or was given back."""

    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="+")
    sale = models.ForeignKey(PackageSale, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    """payment, refund"""
    amount = models.BigIntegerField()
    """Above 0, for a refund, too"""
    currency = models.CharField(max_length=3)
    how = models.CharField(max_length=10)
    """cash, card, bank, wallet"""
    taken_on = models.DateField()
    """The day at the site: takings are counted by it, whoever corrects what later"""
    taken_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    refund_of = models.UUIDField(null=True)
    """Id of the payment, as it was first recorded, that was given back"""
    origin = models.UUIDField()
    """Id of its first version: what receipts and refunds name, however often it is corrected"""

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "taken_on"], name="payment_day"),
            models.Index(fields=["visit"], name="payment_visit"),
            models.Index(fields=["origin"], name="payment_origin"),
        ]

    @property
    def signed(self) -> int:
        """What it adds to what was paid."""
        return -self.amount if self.kind == "refund" else self.amount


class PaymentReceipt(PatientFact):
    """The number of a paper that says a payment was taken. Numbers of a site run from 1 in each
    year without a gap: one is given in the transaction of its payment, or not at all."""

    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    payment = models.UUIDField(unique=True)
    """The `origin` of the payment"""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "year", "number"], name="receipt_number")
        ]


class CashCount(Fact):
    """The till, counted at the end of a day."""

    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    counted = models.BigIntegerField()
    expected = models.BigIntegerField()
    """What the facts said at that moment"""
    currency = models.CharField(max_length=3)

    class Meta:
        indexes = [models.Index(fields=["site", "day"], name="cash_count_day")]
