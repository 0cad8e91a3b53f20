"""Why a pack must not be opened for this patient. Pure; `queries` gathers what it asks about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from filiform.reasons import Reason
from filiform.times import written

Size = tuple[float, float]
"""Diameter and length of a needle, in millimetres."""


@dataclass(frozen=True, slots=True)
class PackAsked:
    """One lot from which packs are to be opened. used: its serial number was opened before."""

    lot: str
    expires_on: date
    size: Size
    recalled: str = ""
    """Why the lot was recalled; "" when it was not"""
    used: bool = False


def size_text(size: Size) -> str:
    """ "0.25 × 40 mm" """
    return f"{size[0]:.2f} × {size[1]:g} mm"


def day_words(day: date) -> dict[str, str]:
    """The day for the sentences of both languages."""
    return {"day": written(day, "j M Y", "en"), "day_ur": written(day, "j M Y", "ur")}


def reasons_against_pack(
    asked: PackAsked, *, planned: Collection[Size], on: date
) -> tuple[Reason, ...]:
    """Everything that stands against opening it, worst first. planned: sizes in the plan."""
    found = []
    if asked.recalled:
        params = {"lot": asked.lot, "why": asked.recalled}
        found.append(Reason(code="pack-recalled", params=params, sources=("safety.md E",)))
    if asked.used:
        params = {"lot": asked.lot}
        found.append(Reason(code="pack-used", params=params, sources=("safety.md E",)))
    # On its last day it may still be used: a label's date is the last good one.
    if asked.expires_on < on:
        params = {"lot": asked.lot, **day_words(asked.expires_on)}
        found.append(Reason(code="pack-expired", params=params, sources=("safety.md E",)))
    if asked.size not in planned:
        sizes = ", ".join(size_text(size) for size in sorted(set(planned))) or "–"
        params = {"got": size_text(asked.size), "planned": sizes}
        found.append(Reason(code="pack-size", params=params, sources=("procedure.md 1",)))
    return tuple(found)
