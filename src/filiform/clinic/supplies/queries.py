"""What is read of stock, packs, containers and needlesticks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.supplies.knowledge import NeedlestickTask, needlestick_steps
from filiform.clinic.supplies.models import (
    ContainerEvent,
    Lot,
    LotRecall,
    NeedleProduct,
    Needlestick,
    NeedlestickStep,
    OpenedPack,
    SharpsContainer,
    StockMove,
)
from filiform.clinic.supplies.refusing import PackAsked, Size, reasons_against_pack, size_text
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

COLLECTED_SHOWN = timedelta(days=30)
"""So long a collected container stays on the page (design value)."""
SOON = timedelta(days=60)
"""A lot that expires within is shown as such (design value)."""


@prepared
def _lots(organisation: UUID) -> QuerySet[Lot]:
    return (
        Lot.objects.filter(
            organisation=organisation, replaced_by__isnull=True, product__replaced_by__isnull=True
        )
        .exclude(is_void=True)
        .select_related("product")
        .order_by("expires_on", "number")
    )


@prepared
def _recalled(organisation: UUID) -> QuerySet[LotRecall, tuple[UUID, str]]:
    return (
        LotRecall.objects.filter(organisation=organisation, replaced_by__isnull=True)
        .exclude(is_void=True)
        .exclude(is_drill=True)
        .values_list("lot", "reason")
    )


def lots_of(organisation: UUID) -> list[Lot]:
    """Lots with their products, the next to expire first."""
    return _lots(organisation)


def tracks(organisation: UUID) -> bool:
    """Whether the clinic keeps its needles here at all: then a needle has to come from a pack."""
    return bool(_lots(organisation))


def products_of(organisation: UUID) -> list[NeedleProduct]:
    return list(
        NeedleProduct.objects.current()
        .filter(organisation=organisation)
        .order_by("diameter_mm", "length_mm", "brand")
    )


def recalled(organisation: UUID) -> dict[UUID, str]:
    """Lot → why it was recalled; drills are none."""
    return dict(_recalled(organisation))


@prepared
def _with_serial(organisation: UUID, serial: str) -> QuerySet[OpenedPack, UUID]:
    return (
        OpenedPack.objects.filter(
            organisation=organisation, serial=serial, replaced_by__isnull=True
        )
        .exclude(is_void=True)
        .values_list("lot", flat=True)
    )


def asked_of(lot: Lot, serial: str = "") -> PackAsked:
    """A lot with what speaks against opening a pack of it."""
    organisation = lot.organisation_id
    # Of this lot: two makers may count from the same number.
    used = bool(serial) and lot.pk in set(_with_serial(organisation, serial))
    return PackAsked(
        lot=lot.number,
        expires_on=lot.expires_on,
        size=size_of(lot.product),
        recalled=recalled(organisation).get(lot.pk, ""),
        used=used,
    )


def size_of(product: NeedleProduct) -> Size:
    return product.diameter_mm, product.length_mm


def stock(organisation: UUID) -> dict[tuple[UUID, UUID], int]:
    """(lot, site) → packs that are there by the record; below zero when more were opened than
    ever came."""
    found: dict[tuple[UUID, UUID], int] = defaultdict(int)
    came = StockMove.objects.current().filter(organisation=organisation)
    # Summed by the database, two statements for the whole shelf: rows grow with every needle.
    for lot, site, packs in came.values_list("lot", "site").annotate(n=Sum("packs")):
        found[lot, site] += packs
    opened = OpenedPack.objects.current().filter(organisation=organisation)
    for lot, site, packs in opened.values_list("lot", "site").annotate(n=Sum("packs")):
        found[lot, site] -= packs
    return found


@dataclass
class LotLine:
    """A lot on the page of supplies. packs: by site."""

    lot: Lot
    packs: dict[UUID, int]
    recalled: str
    days: int
    """Until it expires; below zero when it has"""

    @property
    def total(self) -> int:
        return sum(self.packs.values())

    @property
    def usable(self) -> bool:
        return not self.recalled and self.days >= 0


@dataclass
class ProductLine:
    """A product with its lots. to_order: so many packs are left that it has to be ordered."""

    product: NeedleProduct
    lots: list[LotLine] = field(default_factory=list)

    @property
    def size(self) -> str:
        return size_text(size_of(self.product))

    @property
    def packs(self) -> int:
        """Packs that may be used: neither recalled nor expired."""
        # A lot below zero is a receipt that nobody entered: it must not eat the packs of another.
        return sum(max(line.total, 0) for line in self.lots if line.usable)

    @property
    def to_order(self) -> bool:
        return self.packs <= self.product.reorder_at

    @property
    def order_packs(self) -> int:
        """Up to three times the reorder point (design value)."""
        return max(3 * self.product.reorder_at - self.packs, 1)


def supplies_of(organisation: UUID, on: date) -> list[ProductLine]:
    """Everything on the shelf, by product."""
    lines = {product.pk: ProductLine(product) for product in products_of(organisation)}
    there, gone = stock(organisation), recalled(organisation)
    for lot in lots_of(organisation):
        packs = {site: n for (one, site), n in there.items() if one == lot.pk}
        days = (lot.expires_on - on).days
        # An expired lot leaves the page once its last pack is gone.
        if lot.product_id in lines and (any(packs.values()) or days >= 0):
            line = LotLine(lot, packs, gone.get(lot.pk, ""), days)
            lines[lot.product_id].lots.append(line)
    return list(lines.values())


@dataclass(frozen=True)
class PackChoice:
    """A lot that can be opened for a size. packs: how many cover what the plan still needs."""

    lot: Lot
    size: Size
    packs: int
    left: int

    @property
    def says(self) -> str:
        return size_text(self.size)


@dataclass(frozen=True)
class PackSuggestion:
    """What to take from the shelf for a plan.

    choices: what expires first stands first. passed: lots that lie there and must not be opened,
    with why; who goes to the shelf sees them, too. short: size → needles that no lot holds.
    """

    choices: list[PackChoice] = field(default_factory=list)
    passed: list[tuple[Lot, Reason]] = field(default_factory=list)
    short: dict[Size, int] = field(default_factory=dict)


def suggest_packs(
    organisation: UUID, site: UUID, needed: dict[Size, int], on: date
) -> PackSuggestion:
    """Packs of this site's shelf for each size that is needed, the next to expire first.

    needed: size → needles that no opened pack holds yet.
    """
    if not needed:  # nearly always: all are open, and the sums over the shelf are spared
        return PackSuggestion()
    there, gone = stock(organisation), recalled(organisation)
    found = PackSuggestion(short=dict(needed))
    empty: dict[Size, Lot] = {}
    for lot in lots_of(organisation):
        size, left = size_of(lot.product), there.get((lot.pk, site), 0)
        if size not in needed:
            continue
        # Without a serial number: the shelf holds packs of which nobody knows theirs yet.
        asked = PackAsked(lot.number, lot.expires_on, size, recalled=gone.get(lot.pk, ""))
        against = reasons_against_pack(asked, planned=needed, on=on)
        if against and left > 0:
            found.passed.append((lot, against[0]))
        elif not against and left > 0:
            _take(found, lot, left)
        elif not against:
            empty.setdefault(size, lot)
    # The pack in the hand counts for more than the shelf's record: an empty shelf is only the
    # second choice, but it is one.
    for size, lot in empty.items():
        if all(choice.size != size for choice in found.choices):
            _take(found, lot, there.get((lot.pk, site), 0))
    order = list(needed)
    found.choices.sort(key=lambda choice: order.index(choice.size))
    return found


def _take(found: PackSuggestion, lot: Lot, left: int) -> None:
    """As many packs of a lot as are still needed and are there; left <= 0: as many as needed."""
    size, per_pack = size_of(lot.product), lot.product.needles_per_pack
    short = found.short.pop(size, 0)
    if not short:
        return
    # Whole packs, rounded up: half a pack can't be opened.
    packs = -(-short // per_pack)
    taken = min(packs, left) if left > 0 else packs
    found.choices.append(PackChoice(lot, size, taken, left))
    if short > taken * per_pack:
        found.short[size] = short - taken * per_pack


# --- containers -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ContainerLine:
    container: SharpsContainer
    state: str
    since: datetime


def containers_of(organisation: UUID) -> list[ContainerLine]:
    """Containers that are not collected yet, and those collected within 30 days."""
    rows = SharpsContainer.objects.current().filter(organisation=organisation)
    last: dict[UUID, ContainerEvent] = {}
    for event in ContainerEvent.objects.filter(organisation=organisation).order_by("recorded_at"):
        # In their order, so the last one stays.
        last[event.container_id] = event
    found = []
    for row in rows.select_related("site").order_by("-recorded_at"):
        latest = last.get(row.pk)
        if latest is None:
            found.append(ContainerLine(row, "open", row.recorded_at))
        elif latest.kind != "collected" or latest.recorded_at > timezone.now() - COLLECTED_SHOWN:
            found.append(ContainerLine(row, latest.kind, latest.recorded_at))
    return found


# --- needlesticks ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepLine:
    """due: the latest moment; None where there is none. done: the row, or None."""

    code: str
    step: NeedlestickTask
    due: datetime | None
    done: NeedlestickStep | None
    late: bool


@dataclass(frozen=True)
class NeedlestickLine:
    row: Needlestick
    steps: list[StepLine]

    @property
    def open(self) -> int:
        return sum(line.done is None for line in self.steps)


def needlesticks_of(organisation: UUID, now: datetime) -> list[NeedlestickLine]:
    """The newest first, each with every step of the data."""
    rows = Needlestick.objects.current().filter(organisation=organisation).order_by("-happened_at")
    done: dict[UUID, dict[str, NeedlestickStep]] = defaultdict(dict)
    steps = NeedlestickStep.objects.current().filter(organisation=organisation)
    for step in steps.select_related("recorded_by").order_by("-recorded_at"):
        # The newest first, so the oldest row of a step is what stays: when it was really done.
        done[step.needlestick_id][step.step] = step
    return [
        NeedlestickLine(
            row, [_step_line(row, code, done[row.pk], now) for code in needlestick_steps()]
        )
        for row in rows
    ]


def _step_line(
    row: Needlestick, code: str, done: dict[str, NeedlestickStep], now: datetime
) -> StepLine:
    step = needlestick_steps()[code]
    due = row.happened_at + timedelta(minutes=step.within_min) if step.within_min else None
    kept = done.get(code)
    return StepLine(code, step, due, kept, kept is None and due is not None and due < now)


def product_with(organisation: Organisation | UUID, gtin: str) -> NeedleProduct | None:
    key = organisation if isinstance(organisation, UUID) else organisation.pk
    return NeedleProduct.objects.current().filter(organisation=key, gtin=gtin).first()
