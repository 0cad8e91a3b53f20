"""Why a source stands where it does: what speaks for it, what against it, and what else may be.

Codes and names only; sentences are made where they are shown.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from filiform.anatomy.surface import PatchWeights
from filiform.anatomy.zones import zone_matrix
from filiform.targeting.answer import Active, Ranked, TargetingAnswer
from filiform.targeting.case import PainCase
from filiform.targeting.examination import examined
from filiform.targeting.network import SourceSide, blurred

Code = Literal["explains", "leaves", "zone-not-drawn", "zone-free", "found", "not-found"]
WORTH_SAYING = 0.3
"""Share of a usual zone that must be missing or free before it is said (design value)."""
ALTERNATIVES = 3


class Argument(msgspec.Struct, frozen=True):
    """One thing that speaks for or against. about: area names or findings. share: 0 to 1, of the
    drawing for "explains", of the source's usual zone for the two zone codes, else 0."""

    code: Code
    about: tuple[str, ...] = ()
    share: float = 0.0


class Account(msgspec.Struct, frozen=True):
    """alternatives: other sources that account for the same areas, most probable first."""

    source: str
    side: SourceSide
    speaks_for: tuple[Argument, ...]
    speaks_against: tuple[Argument, ...]
    alternatives: tuple[Active, ...]


def account(case: PainCase, answer: TargetingAnswer, source: str, side: str) -> Account:
    """The account of one ranked source. Raises KeyError for one that is not ranked."""
    one = next((r for r in answer.ranked if (r.source, r.side) == (source, side)), None)
    if one is None:
        raise KeyError(f"{source} {side} is not ranked")
    # Nothing is palpated of an organ.
    seen = examined(case.findings).get((one.source, one.side)) if one.side != "midline" else None
    kinds = seen.kinds if seen else {}
    present = tuple(kind for kind, found in kinds.items() if found)
    absent = tuple(kind for kind, found in kinds.items() if not found)
    speaks_for, speaks_against = [], []
    if one.explains:
        speaks_for.append(Argument("explains", one.explains, one.covers))
    if present:
        speaks_for.append(Argument("found", present))
    if one.does_not_explain:
        speaks_against.append(Argument("leaves", one.does_not_explain))
    speaks_against += _zone_points(case, one)
    if absent:
        speaks_against.append(Argument("not-found", absent))
    return Account(
        one.source, one.side, tuple(speaks_for), tuple(speaks_against), _alternatives(answer, one)
    )


def zones_of(one: Ranked) -> tuple[PatchWeights, PatchWeights]:
    """Published essential and spillover zones of a source, of its most probable point."""
    # A muscle's points refer to different places; all of them together would show a zone that no
    # patient has.
    best = max(one.points, key=lambda point: point.probability, default=None)
    row_id = f"{one.source}/{best.trp}" if best else one.source
    return zone_matrix().zones(row_id, "" if one.side == "midline" else one.side)


def _zone_points(case: PainCase, one: Ranked) -> list[Argument]:
    usual = zones_of(one)[0].values
    whole = float(usual.sum())
    drawn = case.drawing.values
    if not whole or not drawn.any():
        return []
    # The same skin that counts neither way in the likelihood must not be held against the source
    # here.
    near = np.maximum(blurred(drawn), drawn)
    points = []
    missing = float((usual * (1 - near)).sum()) / whole
    if missing >= WORTH_SAYING:
        points.append(Argument("zone-not-drawn", (), missing))
    free = float(np.minimum(usual, case.free.values).sum()) / whole
    if free >= WORTH_SAYING:
        points.append(Argument("zone-free", (), free))
    return points


def _alternatives(answer: TargetingAnswer, one: Ranked) -> tuple[Active, ...]:
    wanted = set(one.explains)
    others = (
        Active(other.source, other.side)
        for other in answer.ranked
        if wanted.intersection(other.explains)
        and (other.source, other.side) != (one.source, one.side)
    )
    return tuple(other for _, other in zip(range(ALTERNATIVES), others, strict=False))
