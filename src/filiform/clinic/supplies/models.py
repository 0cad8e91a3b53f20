"""What needles the clinic has, where each pack went, and where sharps end.

Stock is never a number that somebody overwrites: it is the sum of what came in and what was counted
(`StockMove`) less the packs that were opened (`OpenedPack`). So an opened pack is the fall of the
stock, and the two can't disagree.
"""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact


class NeedleProduct(Fact):
    """One kind of needle as it is bought: its size decides where it may be used."""

    brand = models.CharField(max_length=80)
    diameter_mm = models.FloatField()
    length_mm = models.FloatField()
    coating = models.CharField(max_length=40, blank=True)
    handle = models.CharField(max_length=40, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    """14 digits, padded with zeros in front, as in the pack's code; "" where it bears none"""
    needles_per_pack = models.PositiveSmallIntegerField(default=1)
    reorder_at = models.PositiveSmallIntegerField(default=0)
    """Packs: at so many or fewer it is to be ordered"""
    supplier = models.CharField(max_length=120, blank=True)
    supplier_phone = models.CharField(max_length=20, blank=True)


class Lot(Fact):
    """What was made in one go, and so is recalled in one go."""

    product = models.ForeignKey(NeedleProduct, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    expires_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "number"], name="lot_number")]


class StockMove(Fact):
    """Packs that came to a place or were found there otherwise than the record says.

    kind: receipt, counted (the difference that a stock-taking found), discarded.
    packs: how many more (or, below zero, fewer). carrier: what was scanned, whole.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    packs = models.SmallIntegerField()
    carrier = models.CharField(max_length=200, blank=True)


class OpenedPack(PatientFact):
    """Packs of one lot that were opened for a treatment with one tap, or by one scan.

    act: the treatment's act that says so; the same act twice is one opening. A void takes it back.
    needles: in all of these packs together.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="opened")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="opened_packs")
    act = models.UUIDField(db_index=True)
    packs = models.PositiveSmallIntegerField()
    needles = models.PositiveSmallIntegerField()
    serial = models.CharField(max_length=40, blank=True)
    carrier = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "serial"], name="pack_serial"),
            # A recall asks for all packs of a lot among a million.
            models.Index(fields=["lot", "visit"], name="pack_of_lot"),
        ]


class LotRecall(Fact):
    """A lot must not be used any more. is_drill: only rehearsed; packs can still be opened."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="recalls")
    reason = models.CharField(max_length=300)
    is_drill = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(default=0)
    """How long the search for the patients took"""
    patients = models.PositiveIntegerField(default=0)
    needles = models.PositiveIntegerField(default=0)


class RecallContact(PatientFact):
    """A patient of a recall was told. how: call, letter, no-answer."""

    recall = models.ForeignKey(LotRecall, models.PROTECT, related_name="contacts")
    how = models.CharField(max_length=12)
    note = models.CharField(max_length=300, blank=True)


class SharpsContainer(Fact):
    """One sharps container from its assembly to its collection."""

    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    place = models.CharField(max_length=80)
    """Where it stands: "Room 2" """


class ContainerEvent(Fact):
    """kind: full (closed, at three quarters), collected."""

    container = models.ForeignKey(SharpsContainer, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)


class Needlestick(Fact):
    """A used needle went into a member of staff (or somebody else). Its steps have deadlines."""

    injured = models.CharField(max_length=120)
    happened_at = models.DateTimeField()
    device = models.CharField(max_length=120, blank=True)
    depth = models.CharField(max_length=20)
    """scratch, skin, deep"""
    blood_seen = models.BooleanField(default=False)
    source_known = models.BooleanField(default=False)
    how = models.CharField(max_length=500, blank=True)


class NeedlestickStep(Fact):
    """One step of `data/needlestick.toml` that was done."""

    needlestick = models.ForeignKey(Needlestick, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=30)
    note = models.CharField(max_length=300, blank=True)
