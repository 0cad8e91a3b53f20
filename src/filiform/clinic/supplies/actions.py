"""What changes supplies. Each is one transaction with its audit entry."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.clinic.facts.amending import hold, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.prepared import insert
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.supplies import queries
from filiform.clinic.supplies.models import (
    ContainerEvent,
    Lot,
    LotRecall,
    NeedleProduct,
    Needlestick,
    NeedlestickStep,
    OpenedPack,
    RecallContact,
    SharpsContainer,
    StockMove,
)
from filiform.clinic.supplies.refusing import Size, reasons_against_pack
from filiform.clinic.supplies.scanning import NotACode, PackCode, readings
from filiform.clinic.supplies.vocabulary import MOST_PACKS
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site
    from filiform.clinic.visits.models import Visit


def add_product(*, by: Member, key: UUID | None = None, **fields: Any) -> NeedleProduct:
    """A kind of needle. gtin: up to 14 digits, or none. key: made with the form, as of all that
    follow: the same one twice is one."""
    gtin = str(fields.pop("gtin", "") or "")
    with recording("needle-product-added", by=by) as entry:
        if there := sent_before(NeedleProduct, key, entry):
            return there
        product = NeedleProduct.objects.create(
            pk=key or new_id(),
            organisation=by.organisation,
            recorded_by=by,
            # As a pack's code has it: 8, 12 and 13 digits are the same number with zeros in front.
            gtin=gtin.zfill(14) if gtin else "",
            **fields,
        )
        entry.about(product)
    return product


def receive(
    *,
    by: Member,
    product: NeedleProduct,
    site: Site,
    number: str,
    expires_on: date,
    packs: int,
    carrier: str = "",
    move_id: UUID | None = None,
) -> StockMove:
    """Packs came in. A lot that is known already is the same lot, and so is what the same `move_id`
    sent twice says."""
    key = move_id or new_id()
    with recording("needles-received", by=by) as entry:
        there = StockMove.objects.filter(pk=key, organisation=by.organisation_id).first()
        if there is not None:
            entry.about(there, again=True)
            return there
        lot = _lot(by, product, number.strip(), expires_on)
        move = StockMove.objects.create(
            pk=key,
            organisation=by.organisation,
            recorded_by=by,
            lot=lot,
            site=site,
            kind="receipt",
            packs=packs,
            carrier=carrier,
        )
        entry.about(move, packs=packs)
    return move


def _lot(by: Member, product: NeedleProduct, number: str, expires_on: date) -> Lot:
    # Two receipts at once would make two lots of one number, and a recall asks for one of them.
    hold(by.organisation)
    known = Lot.objects.current().filter(product=product, number=number).first()
    return known or Lot.objects.create(
        organisation=by.organisation,
        recorded_by=by,
        product=product,
        number=number,
        expires_on=expires_on,
    )


def take_stock(*, by: Member, lot: Lot, site: Site, found: int) -> StockMove | None:
    """So many packs of a lot are really there; the difference is recorded, None when there is
    none."""
    with recording("needles-counted", by=by) as entry:
        # The difference of two counts at once would be taken off twice.
        hold(by.organisation)
        there = queries.stock(by.organisation_id).get((lot.pk, site.pk), 0)
        # Also without a difference: that somebody counted is worth knowing.
        entry.about(lot, there=there, found=found)
        if found == there:
            return None
        move = StockMove.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            lot=lot,
            site=site,
            kind="counted",
            packs=found - there,
        )
        entry.about(move)
    return move


# --- at the couch ---------------------------------------------------------------------------------


def pack_of_scan(*, by: Member, text: str, chosen: str = "") -> tuple[Lot, PackCode] | Reason:
    """The lot that a scan names, or why it can't be taken.

    chosen: the lot that somebody read on the pack, when the scanner left a separator out. A lot
    that the clinic received decides by itself. One that it never received is registered here: the
    pack is in the hand, and a recall has to find it.
    """
    read = _read(by, text)
    if isinstance(read, Reason):
        return read
    product, ways = read
    # A lot that came in settles what a lost separator left open, without asking anybody.
    lots = Lot.objects.current().filter(product=product, number__in=[way.lot for way in ways])
    known = {lot.number: lot for lot in lots.select_related("product")}
    matching = [way for way in ways if way.lot in known]
    # Read by a person off the pack: it goes before what the shelf knows.
    if chosen:
        matching = [way for way in ways if way.lot == chosen]
    if len(matching or ways) > 1:
        told = ", ".join(dict.fromkeys(way.lot for way in ways))
        return Reason(code="pack-ambiguous", params={"ways": told})
    way = (matching or ways)[0]
    if way.lot in known:
        return known[way.lot], way
    # A lot without its expiry date could be opened on any day.
    if not way.lot or way.expires_on is None:
        return Reason(code="pack-lot-unknown")
    return _lot(by, product, way.lot, way.expires_on), way


def read_scan(*, by: Member, text: str) -> tuple[NeedleProduct, PackCode] | Reason:
    """What a scan of packs that come in says, to be looked at before it is stored."""
    read = _read(by, text)
    if isinstance(read, Reason):
        return read
    product, ways = read
    if len(ways) > 1:
        told = ", ".join(dict.fromkeys(way.lot for way in ways))
        return Reason(code="pack-ambiguous", params={"ways": told})
    return product, ways[0]


def _read(by: Member, text: str) -> tuple[NeedleProduct, list[PackCode]] | Reason:
    try:
        ways = readings(text)
    except NotACode:
        return Reason(code="pack-unread", params={"got": text.strip()[:60] or "–"})
    product = queries.product_with(by.organisation_id, ways[0].gtin)
    if product is None:
        return Reason(code="pack-unknown", params={"gtin": ways[0].gtin})
    return product, ways


def reasons_to_refuse(
    *, lot: Lot, packs: int, serial: str, planned: set[Size], on: date
) -> tuple[Reason, ...]:
    """Why packs of this lot must not be opened for this plan; empty when they may."""
    if not 1 <= packs <= MOST_PACKS:
        return (Reason(code="pack-number", params={"got": packs, "most": MOST_PACKS}),)
    return reasons_against_pack(queries.asked_of(lot, serial), planned=planned, on=on)


def note_opened(
    *, by: Member, visit: Visit, lot: Lot, act: UUID, packs: int, serial: str, carrier: str
) -> OpenedPack:
    """The stock's side of an opened pack, inside the transaction of the act that says so."""
    # Not `recording`: the act that says so is the audit's entry, and they stand or fall together.
    return insert(
        OpenedPack(
            organisation_id=by.organisation_id,
            recorded_by=by,
            patient_id=visit.patient_id,
            visit_id=visit.pk,
            site_id=visit.site_id,
            lot_id=lot.pk,
            act=act,
            packs=packs,
            needles=packs * lot.product.needles_per_pack,
            serial=serial,
            carrier=carrier,
        )
    )


def take_back_opened(*, by: Member, act: UUID, why: str) -> None:
    """The act was undone: the packs are on the shelf after all."""
    # None is left when it is undone twice.
    for row in OpenedPack.objects.current().filter(organisation=by.organisation_id, act=act):
        voided(row, by=by, why=why or "undone")


# --- recall ---------------------------------------------------------------------------------------


def recall_lot(
    *,
    by: Member,
    lot: Lot,
    reason: str,
    is_drill: bool,
    took_ms: int,
    patients: int,
    needles: int,
    key: UUID | None = None,
) -> LotRecall:
    """From now on no pack of this lot is opened; a drill changes nothing but leaves its time."""
    done = "recall-drilled" if is_drill else "lot-recalled"
    with recording(done, by=by) as entry:
        if there := sent_before(LotRecall, key, entry):
            return there
        row = LotRecall.objects.create(
            pk=key or new_id(),
            organisation=by.organisation,
            recorded_by=by,
            lot=lot,
            reason=reason,
            is_drill=is_drill,
            took_ms=took_ms,
            patients=patients,
            needles=needles,
        )
        entry.about(row, patients=patients, needles=needles)
    return row


def tell_patient(
    *, by: Member, recall: LotRecall, patient: Patient, how: str, note: str = "",
    contact_id: UUID | None = None,
) -> RecallContact:  # fmt: skip
    """The same `contact_id` sent twice is one call."""
    contact_id = contact_id or new_id()
    with recording("recall-patient-told", by=by) as entry:
        there = RecallContact.objects.filter(pk=contact_id, recall=recall, patient=patient).first()
        if there is not None:
            entry.about(there, patient=patient, again=True)
            return there
        row = RecallContact.objects.create(
            pk=contact_id,
            organisation=by.organisation,
            recorded_by=by,
            patient=patient,
            recall=recall,
            how=how,
            note=note,
        )
        entry.about(row, patient=patient, how=how)
    return row


# --- sharps ---------------------------------------------------------------------------------------


def open_container(
    *, by: Member, site: Site, place: str, key: UUID | None = None
) -> SharpsContainer:
    with recording("sharps-container-opened", by=by) as entry:
        if there := sent_before(SharpsContainer, key, entry):
            return there
        row = SharpsContainer.objects.create(
            pk=key or new_id(),
            organisation=by.organisation,
            recorded_by=by,
            site=site,
            place=place.strip(),
        )
        entry.about(row)
    return row


def move_container(
    *, by: Member, container: SharpsContainer, kind: str, note: str = ""
) -> ContainerEvent:
    """kind: full or collected; what has happened already stays as it is."""
    done = "sharps-container-full" if kind == "full" else "sharps-container-collected"
    with recording(done, by=by) as entry:
        there = ContainerEvent.objects.current().filter(container=container, kind=kind).first()
        if there is not None:
            entry.about(there, again=True)
            return there
        row = ContainerEvent.objects.create(
            organisation=by.organisation, recorded_by=by, container=container, kind=kind, note=note
        )
        entry.about(row)
    return row


def report_needlestick(
    *, by: Member, happened_at: datetime, report_id: UUID | None = None, **told: Any
) -> Needlestick:
    """The same `report_id` sent twice is the same injury."""
    key = report_id or new_id()
    with recording("needlestick-reported", by=by) as entry:
        there = Needlestick.objects.filter(pk=key, organisation=by.organisation_id).first()
        if there is not None:
            entry.about(there, again=True)
            return there
        row = Needlestick.objects.create(
            pk=key, organisation=by.organisation, recorded_by=by, happened_at=happened_at, **told
        )
        entry.about(row)
    return row


def do_step(*, by: Member, needlestick: Needlestick, step: str, note: str = "") -> NeedlestickStep:
    with recording("needlestick-step-done", by=by) as entry:
        there = needlestick.steps.filter(step=step).first()
        if there is not None:
            entry.about(there, step=step, again=True)
            return there
        row = NeedlestickStep.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            needlestick=needlestick,
            step=step,
            note=note,
        )
        entry.about(row, step=step)
    return row
