"""How deep a needle may go, and which needle reaches there. All lengths in millimetres.

needling note ──► usual range ─┐
cap (region, BMI, grip) ───────┼──► limit = the smallest, with where it comes from
measured depth x 0.70 ─────────┘
"""

from __future__ import annotations

import math

import msgspec

from filiform.anatomy import Muscle
from filiform.planning.knowledge import Basis, Cap, NeedleRule, knowledge
from filiform.planning.patient import Body

SAFE_SHARE = 0.70
"""Share of a measured or predicted depth that may be used (YNG08 and others: 70 to 75 %)."""

TENTING = 1.20
"""Needle needed per depth, for the tissue that rises round it (PROCEDURE-1)."""

SHAFT_IN = 2 / 3
"""At least a third of the shaft stays outside, to grip a needle that breaks (SAFETY-C)."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The deepest point of the needle tip.

    usual_mm: range of the needling note, None where it gives none.
    fold_mm: how far the note goes inside a lifted fold where `limit_mm` is a perpendicular number.
    rule: id of the cap, or "needling-note", "longest-needle" or "measured-depth".
    overruled_mm: what another source would allow; shown where it is more than the limit.
    """

    limit_mm: float
    basis: Basis
    rule: str
    confidence: str
    sources: tuple[str, ...]
    usual_mm: tuple[float, float] | None = None
    fold_mm: float | None = None
    cap: Cap | None = None
    overruled_mm: float | None = None


def cap_for(muscle: Muscle, grip: str, point: str, bmi: float | None) -> Cap | None:
    """The strictest cap for a muscle in a grip; `point` is "" where none is named."""
    fitting = [cap for cap in knowledge().caps if cap.covers(muscle.id, grip, point)]
    return min(fitting, key=lambda cap: cap.limit_mm.at(bmi), default=None)


def limit_for(muscle: Muscle, grip: str, body: Body, point: str = "") -> Limit | None:
    """The limit in a grip; None where neither a cap nor a note gives a depth."""
    usual = muscle.needling.depth
    usual_mm = (usual.low_mm, usual.high_mm) if usual else None
    cap = cap_for(muscle, grip, point, body.bmi)
    if cap is not None:
        limit = Limit(
            limit_mm=cap.limit_mm.at(body.bmi),
            basis=cap.basis,
            rule=cap.id,
            confidence="design",
            sources=("PROCEDURE-6.3", *cap.sources),
            usual_mm=usual_mm,
            fold_mm=usual.high_mm if cap.fold and usual else None,
            cap=cap,
            overruled_mm=usual.high_mm if usual else None,
        )
    elif usual is not None:
        limit = _from_note(muscle, body, point, usual.high_mm, usual_mm)
    else:
        return None
    return _with_measurement(limit, body.measured_depth_mm)


def _from_note(
    muscle: Muscle, body: Body, point: str, high_mm: float, usual_mm: tuple[float, float] | None
) -> Limit:
    """The note's range, and no deeper than the longest needle reaches with a third outside."""
    reach_mm = math.floor(longest_needle_mm(muscle, body.bmi, point) * SHAFT_IN)
    note = muscle.needling
    checked = note.confidence == "checked"
    return Limit(
        limit_mm=min(high_mm, reach_mm),
        basis="published" if checked else "expert",
        rule="needling-note" if high_mm <= reach_mm else "longest-needle",
        confidence=note.confidence,
        sources=note.sources if high_mm <= reach_mm else (*note.sources, "PROCEDURE-7"),
        usual_mm=usual_mm,
        overruled_mm=high_mm,
    )


def _with_measurement(limit: Limit, measured_depth_mm: float | None) -> Limit:
    if measured_depth_mm is None:
        return limit
    safe_mm = math.floor(SAFE_SHARE * measured_depth_mm * 10) / 10
    if safe_mm >= limit.limit_mm:
        return limit
    return msgspec.structs.replace(
        limit,
        limit_mm=safe_mm,
        basis="measured",
        rule="measured-depth",
        confidence="measured",
        sources=("measured on this patient", "YNG08"),
        fold_mm=None,
        overruled_mm=limit.limit_mm,
    )


def needle_rule(muscle_id: str, point: str) -> NeedleRule | None:
    for rule in knowledge().needles.needle:
        if muscle_id in rule.muscles and (not rule.points or point in rule.points):
            return rule
    return None


def longest_needle_mm(muscle: Muscle, bmi: float | None, point: str = "") -> float:
    """The longest needle for a muscle: region, note and needle table, whichever is shortest."""
    rule = needle_rule(muscle.id, point)
    if rule is None:
        lengths = [next(r.longest_mm for r in knowledge().needles.region if r.covers(muscle))]
    elif rule.long_from_bmi is not None and bmi is not None and bmi > rule.long_from_bmi:
        return rule.long_mm or rule.longest_mm
    else:
        lengths = [rule.longest_mm]
    if muscle.needling.length:
        lengths.append(muscle.needling.length.high_mm)
    return min(lengths)


def length_needed_mm(depth_mm: float) -> float:
    """The length that reaches a depth with 20 % for tenting and a third of the shaft outside."""
    return depth_mm * TENTING / SHAFT_IN


def deepest_reach_mm(length_mm: float) -> float:
    """How deep a needle goes before less than a third of its shaft is outside."""
    return length_mm * SHAFT_IN


def thickness_range_mm(muscle: Muscle, body: Body) -> tuple[float, float]:
    """Thinnest and thickest needle of the note; 0.25 mm at most from 75 years on (SAFETY-A1)."""
    span = muscle.needling.diameter
    usual = knowledge().needles.usual_diameter_mm[muscle.region]
    low, high = (span.low_mm, span.high_mm) if span else (usual, usual)
    if body.is_older:
        high = min(high, 0.25)
    return min(low, high), high
