"""How deep a needle may go, and which needle reaches there. All lengths in millimetres.

needling note ─────────────┐
the note in a slim body ───┤
longest needle used there ─┤
cap (grip, body mass) ─────┼──► limit = the smallest; it says which one it is
published distance ────────┤
measured depth x 0.70 ─────┘

Nothing makes a limit deeper but a depth that somebody measured on this patient and stands for.
"""

from __future__ import annotations

import math

import msgspec

from filiform.anatomy import Muscle
from filiform.planning.distances import SAFE_SHARE, Distance, Predicted, nearest_mm, predict
from filiform.planning.knowledge import Cap, LimitBasis, NeedleRule, knowledge
from filiform.planning.patient import Body

TENTING = 1.20
"""Needle needed per depth, for the tissue that rises round it (PROCEDURE-1)."""

SHAFT_IN = 2 / 3
"""At least a third of the shaft stays outside, to grip a needle that breaks (SAFETY-C)."""

MEASURED_MARGIN_MM = 5.0
"""Least distance to a measured structure; hand-held ultrasound errs by up to 10 % (FOL20), the
number is a design value."""

MARGIN_SHARE, LEAST_MARGIN_MM = 0.10, 1.0
NEEDLE_RULE = "longest-needle"
PLAUSIBLE_NEEDLES = 3.0
SLIM_BMI = 18.5
SLIM_SHARE = 0.75
"""Share of a note's range up to SLIM_BMI: about the median by which the caps of PROCEDURE-6.3
shrink there (0.60 to 0.80). A design value, for muscles that nobody measured by build."""
SLIM_FROM_MM = 10.0
"""Notes that end before this are about thin layers of face and hand, where a quarter is less than
the margin of a proposal (design value)."""
AVERAGE_BMI = 24.0
"""Build that the needling notes are written for ("average"); the number is a design value."""


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """One source's answer to "how deep at most?".

    rule: id of a cap or a distance, or "needling-note", "note-slim", "note-less-fat",
    "longest-needle", "measured-depth". how: how the number came about. confidence: "design value"
    where it was chosen for software, else how far the source was read.
    """

    limit_mm: float
    rule: str
    basis: LimitBasis
    how: str
    confidence: str
    sources: tuple[str, ...]


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The deepest point of the needle tip: the smallest of `bounds`.

    usual_mm: range of the needling note, None where it gives none.
    fold_mm: how far the note goes inside a lifted fold where `limit_mm` is a perpendicular number.
    overruled_mm: what the note, or before a measurement the general limit, would allow.
    """

    limit_mm: float
    basis: LimitBasis
    rule: str
    confidence: str
    sources: tuple[str, ...]
    bounds: tuple[Bound, ...]
    usual_mm: tuple[float, float] | None = None
    fold_mm: float | None = None
    cap: Cap | None = None
    overruled_mm: float | None = None
    distances: tuple[Predicted, ...] = ()

    @property
    def danger_mm(self) -> float:
        """The limit by what lies there, leaving aside how long a needle is used."""
        kept = [one.limit_mm for one in self.bounds if one.rule != NEEDLE_RULE]
        return max(min(kept, default=self.limit_mm), self.limit_mm)

    @property
    def ceiling_mm(self) -> float:
        """Where a proposal has to end: a margin above the limit. Towards a danger it is a tenth of
        the way; towards the end of the needle 1 mm is enough, for a third of it is outside."""
        return min(self.danger_mm - margin_mm(self.danger_mm), self.limit_mm - LEAST_MARGIN_MM)


def margin_mm(limit_mm: float) -> float:
    """What a proposal leaves above a danger: a tenth, at least 1 mm (design value: the pleura
    moves by less than 1 mm with breath in most people, CHU18, and a hand is no steadier)."""
    # Rounded to what a scale shows: a tenth of a millimetre is less than anybody can steer.
    return max(round(MARGIN_SHARE * limit_mm, 1), LEAST_MARGIN_MM)


def cap_for(muscle: Muscle, grip: str, point: str, bmi: float | None) -> Cap | None:
    """The strictest cap for a muscle in a grip; `point` is "" where none is named."""
    # Several caps may speak of one place (a region's and a point's); none loosens another.
    fitting = [cap for cap in knowledge().caps if cap.covers(muscle.id, grip, point)]
    return min(fitting, key=lambda cap: cap.limit_mm.at(bmi), default=None)


def distances_for(muscle: Muscle, grip: str, point: str) -> tuple[Distance, ...]:
    return tuple(one for one in knowledge().distances if one.covers(muscle.id, grip, point))


def limit_for(muscle: Muscle, grip: str, body: Body, point: str = "") -> Limit | None:
    """The limit in a grip; None where no source gives a depth that holds for this body.

    Every number that was published is of adults: a child has a limit only by a measurement that
    somebody stands for.
    """
    if body.is_child:
        measured_mm, longest_mm = body.measured_depth_mm, longest_needle_mm(muscle, None, point)
        if measured_mm is None or not body.measurement_is_signed:
            return None
        # What can hardly be a depth opens nothing: not the number itself, and no adult's either.
        if not is_plausible(measured_mm, longest_mm):
            return None
        # Body-mass index means another thing in a child: of adults only the strictest counts.
        body = msgspec.structs.replace(body, height_cm=None, weight_kg=None)
    usual = muscle.needling.depth
    cap = cap_for(muscle, grip, point, body.bmi)
    known = distances_for(muscle, grip, point)
    # A longest needle or a distance alone says nothing about where the muscle is worked, so
    # without a note or a cap there is no limit at all rather than a deep one.
    bounds = [*_of_note(muscle, body, known), *_of_cap(cap, body)]
    if not bounds:
        return None
    bounds.append(_of_needle(muscle, body, point))
    bounds += [bound for one in known if (bound := _of_distance(one, body))]
    # Of equals the first stands: the note before the cap, for it names the muscle.
    least = min(bounds, key=lambda bound: bound.limit_mm)
    limit = Limit(
        limit_mm=least.limit_mm,
        basis=least.basis,
        rule=least.rule,
        confidence=least.confidence,
        sources=least.sources,
        bounds=tuple(sorted(bounds, key=lambda bound: bound.limit_mm)),
        usual_mm=(usual.low_mm, usual.high_mm) if usual else None,
        fold_mm=usual.high_mm if cap and cap.fold and usual else None,
        cap=cap,
        overruled_mm=usual.high_mm if usual else None,
        distances=tuple(found for one in known if (found := predict(one, body))),
    )
    return _with_measurement(limit, body, longest_needle_mm(muscle, body.bmi, point))


def _of_note(muscle: Muscle, body: Body, known: tuple[Distance, ...]) -> list[Bound]:
    """The end of the note's range, and what remains of it in a slim body."""
    note = muscle.needling
    if note.depth is None:
        return []
    high_mm = note.depth.high_mm
    found = [
        Bound(
            limit_mm=high_mm,
            rule="needling-note",
            basis=note.depth_basis,
            how="end of the note's range",
            confidence=note.confidence,
            sources=note.sources,
        )
    ]
    # Unknown build is the slimmest: a height that nobody entered must not deepen a limit.
    slim = body.bmi is None or body.bmi <= SLIM_BMI
    if slim and high_mm >= SLIM_FROM_MM:
        # To the half millimetre below: no scale shows finer, and no rounding goes deeper.
        found.append(_slim(math.floor(SLIM_SHARE * high_mm * 2) / 2))
    thinner = [_less_fat(high_mm, one, body) for one in known if _fat_by_build(one, body)]
    return found + thinner


def _fat_by_build(distance: Distance, body: Body) -> bool:
    """What lies over the muscle was measured by body mass in people of this sex."""
    by_build = distance.kind == "muscle" and distance.per_bmi_mm > 0
    return by_build and bool(distance.groups(body.sex))


def _less_fat(high_mm: float, distance: Distance, body: Body) -> Bound:
    """The note's end moves towards the skin by as much as the fat over the muscle is thinner."""
    # Only the build moves the end of the note, not the sex: women have more fat over the muscle
    # and less muscle (HUN11, UMA24), and the notes do not say for whom they were written.
    bmi = distance.bmi_from if body.bmi is None else max(body.bmi, distance.bmi_from)
    less_mm = distance.per_bmi_mm * max(AVERAGE_BMI - bmi, 0.0)
    return Bound(
        # Never 0, which means that the grip is not allowed.
        limit_mm=max(math.floor((high_mm - less_mm) * 2) / 2, 0.5),
        rule="note-less-fat",
        basis="expert",
        how=f"the note less {distance.per_bmi_mm:g} mm for each kg/m2 below {AVERAGE_BMI:g}",
        confidence="design value",
        sources=distance.sources,
    )


def _slim(limit_mm: float) -> Bound:
    return Bound(
        limit_mm=max(limit_mm, 0.5),
        rule="note-slim",
        basis="expert",
        how=f"{SLIM_SHARE:.0%} of the note's range up to {SLIM_BMI:g} kg/m2 or unknown",
        confidence="design value",
        sources=("PROCEDURE-6.3",),
    )


def _of_cap(cap: Cap | None, body: Body) -> list[Bound]:
    if cap is None:
        return []
    bound = Bound(
        limit_mm=cap.limit_mm.at(body.bmi),
        rule=cap.id,
        basis="expert",
        how="chosen for the region and body mass",
        confidence="design value",
        sources=("PROCEDURE-6.3", *cap.sources),
    )
    return [bound]


def _of_needle(muscle: Muscle, body: Body, point: str) -> Bound:
    """No deeper than the longest needle used there reaches with a third of its shaft outside."""
    longest_mm = longest_needle_mm(muscle, body.bmi, point)
    return Bound(
        # Down, never to the nearest: every rounding of a limit goes towards the skin.
        limit_mm=float(math.floor(deepest_reach_mm(longest_mm))),
        rule=NEEDLE_RULE,
        basis="expert",
        how=f"two thirds of the longest needle used there, {longest_mm:g} mm",
        confidence="design value",
        sources=("PROCEDURE-1", "PROCEDURE-7"),
    )


def _of_distance(distance: Distance, body: Body) -> Bound | None:
    """A published danger as a bound. 70 % of a mean is our choice and not called published."""
    found = nearest_mm(distance, body) if distance.kind == "danger" else None
    if found is None:
        return None
    mm, how = found
    # What nobody read again is not called published, even where it was printed somewhere.
    chosen = how == "70-percent-of-mean" or distance.read == "unconfirmed"
    return Bound(
        limit_mm=max(math.floor(mm * 10) / 10, 0.1),
        rule=distance.id,
        basis="expert" if chosen else "published",
        how=how,
        confidence="design value" if how == "70-percent-of-mean" else distance.read,
        sources=distance.sources,
    )


def is_plausible(measured_mm: float, longest_mm: float) -> bool:
    """Whether a measured depth can raise a limit: not three times the longest needle used there
    (design value), which no body is deep; a slip of the comma is."""
    return measured_mm <= PLAUSIBLE_NEEDLES * longest_mm


def _with_measurement(limit: Limit, body: Body, longest_mm: float) -> Limit:
    """Less where less was measured; more only where somebody stands for the measurement."""
    measured_mm = body.measured_depth_mm
    if measured_mm is None:
        return limit
    # Near the skin the 5 mm are the stricter, deeper down the 70 %: both have to hold.
    safe_mm = min(SAFE_SHARE * measured_mm, measured_mm - MEASURED_MARGIN_MM)
    bound = Bound(
        # Here 0 is meant: nothing is left between the skin and the margin.
        limit_mm=max(math.floor(safe_mm * 10) / 10, 0.0),
        rule="measured-depth",
        basis="measured",
        how=f"{SAFE_SHARE:.0%} of the depth, at least {MEASURED_MARGIN_MM:g} mm short of it",
        confidence="measured",
        sources=("measured on this patient", "YNG08", "FOL20"),
    )
    lowers = bound.limit_mm < limit.limit_mm
    # A grip that is not allowed stays so; a child's number never goes past an adult's.
    raises = body.measurement_is_signed and limit.limit_mm > 0 and not body.is_child
    # 250 for 25.0 must not read as "never beyond 175 mm".
    raises = raises and is_plausible(measured_mm, longest_mm)
    if not (lowers or raises):
        # The number stays in view, so that whoever reads the plan sees what it did not do.
        return msgspec.structs.replace(limit, bounds=(*limit.bounds, bound))
    return msgspec.structs.replace(
        limit,
        limit_mm=bound.limit_mm,
        basis=bound.basis,
        rule=bound.rule,
        confidence=bound.confidence,
        sources=bound.sources,
        # A signed measurement takes the place of all general numbers; an unsigned one joins them.
        bounds=(bound,) if raises else (bound, *limit.bounds),
        fold_mm=None,
        overruled_mm=limit.limit_mm,
    )


def needle_rule(muscle_id: str, point: str) -> NeedleRule | None:
    for rule in knowledge().needles.needle:
        # The first that fits: no muscle's point is under two of them.
        if muscle_id in rule.muscles and (not rule.points or point in rule.points):
            return rule
    return None


def longest_needle_mm(muscle: Muscle, bmi: float | None, point: str = "") -> float:
    """The longest needle for a muscle: region, note and needle table, whichever is shortest."""
    rule = needle_rule(muscle.id, point)
    if rule is None:
        # The first that fits, the lung before the neck; the last region is everywhere.
        lengths = [next(r.longest_mm for r in knowledge().needles.region if r.covers(muscle))]
    # A longer needle only for a body that is known to need it; unknown build gets the usual one.
    elif rule.long_from_bmi is not None and bmi is not None and bmi > rule.long_from_bmi:
        # The note's own length does not hold here: it was written for an average build.
        return rule.long_mm or rule.longest_mm
    else:
        lengths = [rule.longest_mm]
    if muscle.needling.length:
        lengths.append(muscle.needling.length.high_mm)
    return min(lengths)


def may_pass_mm(length_mm: float, muscle: Muscle, grip: str, point: str) -> float:
    """How deep a needle could go: straight over the lung to its hub, else with a third outside."""
    # A pneumothorax does not forgive a hand that slips to the hub, other tissue mostly does.
    pleura = any(one.over_lung for one in distances_for(muscle, grip, point))
    to_the_hub = pleura and grip == "flat"
    return length_mm if to_the_hub else deepest_reach_mm(length_mm)


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
        # Skin and vessels of old age bruise sooner; a thinner needle leaves a smaller hole.
        high = min(high, 0.25)
    return min(low, high), high
