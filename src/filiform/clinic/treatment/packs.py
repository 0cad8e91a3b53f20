"""Packs at the couch: which may be opened, which needle comes from which, what doesn't agree.

A pack is opened by an act like any other, so it waits in the tablet's queue, is undone with a
reason, and is covered by the signature. The stock falls in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from filiform.clinic.assessment.queries import plans
from filiform.clinic.supplies import queries as supplies
from filiform.clinic.supplies.actions import (
    note_opened,
    pack_of_scan,
    reasons_to_refuse,
    take_back_opened,
)
from filiform.clinic.supplies.models import Lot
from filiform.clinic.supplies.queries import PackChoice
from filiform.clinic.supplies.refusing import Size, day_words, size_text
from filiform.clinic.treatment.counting import SPOILT
from filiform.reasons import Reason, Reasons

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.course import Course
    from filiform.clinic.treatment.models import Act, Treatment
    from filiform.clinic.visits.models import Visit

NEEDLE_WITHOUT_PACK = "needle-without-pack"
"""Noted with a needle that is in and comes from no pack that was opened here."""


def pack_details(
    given: Mapping[str, Any], *, by: Member, treatment: Treatment, course: Course, now: datetime
) -> tuple[dict[str, Any], Reasons]:
    """What the act says of its packs, or why they must not be opened and which can be instead."""
    carrier = serial = ""
    if given.get("scan"):
        found = pack_of_scan(by=by, text=str(given["scan"]), chosen=str(given.get("chosen") or ""))
        if isinstance(found, Reason):
            return {}, (found,)
        lot, code = found
        carrier, serial = code.carrier, code.serial
    else:
        # No lot has this id, so "none given" is answered like "not known here".
        asked = str(given.get("lot") or UUID(int=0))
        lots = Lot.objects.current().filter(organisation=by.organisation_id, pk=asked)
        known = lots.select_related("product").first()
        if known is None:
            return {}, (Reason(code="pack-lot-unknown"),)
        lot = known
    packs = int(given.get("packs") or 1)
    planned, today = sizes_planned(treatment.visit), timezone.localdate(now)
    reasons = reasons_to_refuse(lot=lot, packs=packs, serial=serial, planned=set(planned), on=today)
    if reasons:
        return {}, reasons + _instead_of(lot, treatment.visit, planned, course, today)
    product = lot.product
    return {
        "lot": str(lot.pk),
        # The lot's own words, beside its id: the act is signed and must read without the shelf.
        "number": lot.number,
        "expires_on": lot.expires_on.isoformat(),
        "brand": product.brand,
        "diameter_mm": product.diameter_mm,
        "length_mm": product.length_mm,
        "packs": packs,
        "needles": packs * product.needles_per_pack,
        "serial": serial,
        "carrier": carrier,
    }, ()


def _instead_of(
    lot: Lot, visit: Visit, planned: Counter[Size], course: Course, on: date
) -> Reasons:
    """What to take from the shelf where a pack was refused: of its size, or, where that is not
    planned, of each size that is still to be opened."""
    size = supplies.size_of(lot.product)
    needed = {size: 1} if size in planned else sizes_to_open(planned, course)
    found = supplies.suggest_packs(visit.organisation_id, visit.site_id, needed, on)
    return tuple(
        Reason(
            code="pack-instead",
            params={
                "size": choice.says,
                "lot": choice.lot.number,
                **day_words(choice.lot.expires_on),
            },
        )
        for choice in found.choices
    )


def sizes_to_open(planned: Counter[Size], course: Course) -> dict[Size, int]:
    """Size → planned needles that no opened pack holds yet."""
    have: Counter[Size] = Counter()
    for pack in course.packs:
        have[pack_size(pack)] += pack.details["needles"]
    return {size: n - have[size] for size, n in planned.items() if n > have[size]}


def sizes_planned(visit: Visit) -> Counter[Size]:
    """Size → planned targets, each for one needle."""
    return Counter(
        (plan.diameter_mm, plan.length_mm) for _target, plan in plans(visit) if plan is not None
    )


def pack_size(act: Act) -> Size:
    return act.details["diameter_mm"], act.details["length_mm"]


def packs_of_needles(course: Course) -> dict[UUID, Act]:
    """Needle → the opened pack that it comes from, as far as the record can tell; a needle that
    no opened pack accounts for is left out.

    What an insertion says of its pack is signed and stays. But a pack may be taken back because it
    was of another lot, or be opened here after its needle went in: such a needle comes from the
    first pack of its size that has one to spare, or its lot would be unknown or wrong for ever.
    """
    open_packs = {str(pack.pk): pack for pack in course.packs}
    spare = Counter({key: pack.details["needles"] for key, pack in open_packs.items()})
    # Needles that never went through the skin have left the pack all the same.
    spare.subtract(_spoilt(course))
    found: dict[UUID, Act] = {}
    # First those whose own pack holds, so that nobody else is given their place.
    for needle in course.needles.values():
        key = needle.act.details.get("pack", {}).get("act")
        if key in open_packs:
            found[needle.id] = open_packs[key]
            spare[key] -= 1
    for needle in course.needles.values():
        if needle.id in found:
            continue
        size = needle.act.details["diameter_mm"], needle.act.details["length_mm"]
        for key, pack in open_packs.items():
            if pack_size(pack) == size and spare[key] > 0:
                found[needle.id] = pack
                spare[key] -= 1
                break
    return found


def _spoilt(course: Course) -> Counter[str]:
    """Opened pack → needles of it that never went through the skin: they have left it, too."""
    return Counter(
        act.details["pack"]["act"]
        for act, void in course.undone_needles
        if void.details.get("reason") == SPOILT and act.details.get("pack")
    )


def pack_with(course: Course, size: Size) -> dict[str, Any]:
    """The first opened pack with such a needle left, as the insertion keeps it; {} for none."""
    taken = _spoilt(course)
    # Only needles that name the pack: one that came from no pack must not take the needle for
    # which somebody has just opened this one.
    for needle in course.needles.values():
        if needle.act.details.get("pack"):
            taken[needle.act.details["pack"]["act"]] += 1
    for pack in course.packs:
        if pack_size(pack) == size and taken[str(pack.pk)] < pack.details["needles"]:
            told = pack.details
            names = ("lot", "number", "expires_on", "brand")
            return {"pack": {"act": str(pack.pk)} | {name: told[name] for name in names}}
    return {}


def without_pack(treatment: Treatment, needle: Mapping[str, Any]) -> Reasons:
    """Noted with a needle that no opened pack holds, in a clinic that keeps its packs here."""
    if needle.get("pack") or not supplies.tracks(treatment.organisation_id):
        return ()
    size = size_text((needle["diameter_mm"], needle["length_mm"]))
    return (Reason(code=NEEDLE_WITHOUT_PACK, params={"size": size}),)


def move_stock(act: Act, course: Course, *, by: Member, treatment: Treatment) -> None:
    """What an act means for the shelf: packs that were opened, or weren't after all."""
    if act.kind == "pack":
        told = act.details
        lot = Lot.objects.select_related("product").get(pk=told["lot"])
        note_opened(
            by=by,
            visit=treatment.visit,
            lot=lot,
            act=act.pk,
            packs=told["packs"],
            serial=told["serial"],
            carrier=told["carrier"],
        )
    # The course before the void: afterwards the pack isn't among the opened ones.
    elif act.kind == "void" and act.replaces_id in {pack.pk for pack in course.packs}:
        take_back_opened(by=by, act=act.replaces_id, why=act.details.get("reason", ""))


# --- what the page shows --------------------------------------------------------------------------


@dataclass(frozen=True)
class PackLine:
    """One opening of packs, and where its needles went. left: in no patient by the record."""

    act: Act
    size: str
    needles: int
    used: int

    @property
    def left(self) -> int:
        return self.needles - self.used

    @property
    def expires_on(self) -> date:
        return date.fromisoformat(self.act.details["expires_on"])


@dataclass(frozen=True)
class PackPanel:
    """choices, passed, short: of `supplies.queries.PackSuggestion`. loose: needles that came from
    no opened pack. first: no needle is in yet, so the packs come first on the page."""

    lines: list[PackLine]
    choices: list[PackChoice]
    passed: list[tuple[Lot, Reason]]
    short: list[tuple[str, int]]
    loose: int
    first: bool

    @property
    def needles(self) -> int:
        return sum(line.needles for line in self.lines)

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)

    @property
    def to_open(self) -> int:
        """Packs that one tap opens."""
        return sum(choice.packs for choice in self.choices)

    @property
    def of_many(self) -> bool:
        """Some opened pack holds several needles, so that some may stay unused."""
        return any(line.needles > line.act.details["packs"] for line in self.lines)


def pack_panel(visit: Visit, course: Course, on: date) -> PackPanel | None:
    """None in a clinic that keeps no packs here."""
    if not supplies.tracks(visit.organisation_id):
        return None
    needed = sizes_to_open(sizes_planned(visit), course)
    found = supplies.suggest_packs(visit.organisation_id, visit.site_id, needed, on)
    return PackPanel(
        lines=pack_lines(course),
        choices=found.choices,
        passed=found.passed,
        short=[(size_text(size), n) for size, n in found.short.items()],
        # As matched now and not as each needle said when it went in: a pack opened late settles it.
        loose=len(course.needles) - len(packs_of_needles(course)),
        # Once needles are in, what is in the patient comes first on the page.
        first=not course.needles and bool(needed),
    )


def pack_lines(course: Course) -> list[PackLine]:
    used = Counter(pack.pk for pack in packs_of_needles(course).values())
    return [
        PackLine(pack, size_text(pack_size(pack)), pack.details["needles"], used[pack.pk])
        for pack in course.packs
    ]
