"""A proposal of how to needle a muscle: needle, grip, depth, technique, dose, hazards."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from filiform.anatomy import Atlas, Hazard, Muscle, atlas
from filiform.anatomy.model import Approach, Guidance, UsualGrip
from filiform.disclosure import Sex
from filiform.planning import notes
from filiform.planning.distances import Predicted
from filiform.planning.knowledge import LimitBasis, Named, Technique, knowledge
from filiform.planning.limits import (
    Bound,
    Limit,
    deepest_reach_mm,
    length_needed_mm,
    limit_for,
    longest_needle_mm,
    may_pass_mm,
    needle_rule,
    thickness_range_mm,
)
from filiform.planning.patient import Body, OutOfBounds
from filiform.reasons import Reason, reason_json
from filiform.words import Words

TrainingNeeded = Literal["basic", "intermediate", "advanced"]

SIDES = ("left", "right")
TWITCHES = (4, 6)
"""Local twitch responses to aim for; stop at the upper number or at tolerance (PROCEDURE-3)."""
SUPERFICIAL_MM = (5.0, 10.0)
"""Depth of superficial needling (PROCEDURE-2)."""
FACE_SHALLOW_MM = 8.0
"""A muscle as thin as this leaves no room for strokes (design value)."""


class NeedleSize(msgspec.Struct, frozen=True):
    """A needle's size in millimetres of steel."""

    diameter_mm: float
    length_mm: float


class Depth(msgspec.Struct, frozen=True, kw_only=True):
    """How deep the tip goes. `target` ends at least `margin` above `limit`.

    bounds: what every source allows, the strictest first; the limit is the first of them.
    distances: what was published about this place, for this body, with its interval.
    fold_limit: inside a lifted fold, with a written reason; None where the limit is for the fold.
    usual: the needling note's own range, for comparison.
    """

    target: tuple[float, float]
    limit: float
    limit_basis: LimitBasis
    limit_rule: str
    confidence: str
    sources: tuple[str, ...]
    margin: float = 0.0
    fold_limit: float | None = None
    usual: tuple[float, float] | None = None
    bounds: tuple[Bound, ...] = ()
    distances: tuple[Predicted, ...] = ()


class NeedlePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What `suggest` answers. needle and depth_mm are None where the muscle is not to be needled.

    longest_mm: of the needles used here, in this body; no longer one is to be chosen.
    direction: where the tip points; approach: the same as a code. guidance: imaging.
    technique: an id of TECHNIQUES, "none" without a needle. Dose of one trigger point: insertions,
    how often a needle goes through the skin; passes, how often its tip goes to depth, and at most;
    twitches: aim, from-to; dwell_min: minutes left in.
    training: the level in the words of the record's contract; training_level: the note's own.
    release: the atlas it rests on.
    """

    muscle: str
    side: str
    trigger_point: str
    position: str
    positions: tuple[str, ...]
    palpation: Literal["flat", "pincer"]
    direction: Words
    approach: Approach
    guidance: Guidance
    needle: NeedleSize | None
    depth_mm: Depth | None
    longest_mm: float
    hazards: tuple[Hazard, ...]
    technique: str
    technique_notes: str
    insertions: int
    passes: int
    most_passes: int
    twitches: tuple[int, int]
    dwell_min: float
    training: TrainingNeeded
    training_level: str
    privileges: tuple[str, ...]
    over_lung: bool
    stop_signs: tuple[Named, ...]
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]
    release: str


def suggest(
    muscle_id: str,
    side: str,
    *,
    trp: str = "",
    sex: Sex = "unknown",
    age_years: float | None = None,
    height_cm: float | None = None,
    weight_kg: float | None = None,
    position: str | None = None,
    measured_depth_mm: float | None = None,
    measured_by: str = "",
    measured_how: str = "",
    first_visit: bool = False,
) -> NeedlePlan:
    """The usual, safest way to needle a muscle in this patient.

    trp: number of the trigger point, "" for the muscle as a whole. age in years, height in cm,
    weight in kg; measured_depth_mm: perpendicular from skin to bone or danger on this patient,
    measured by whom and how ("ultrasound", "ct", "mri"): both are needed to raise a limit.
    first_visit: the patient has never been needled here and lies down.
    Raises KeyError for an unknown muscle or point, OutOfBounds for an impossible number or side.
    """
    body = Body(
        sex=sex,
        age_years=age_years,
        height_cm=height_cm,
        weight_kg=weight_kg,
        measured_depth_mm=measured_depth_mm,
        measured_by=measured_by,
        measured_how=measured_how,
    )
    check_side(side)
    book = atlas()
    muscle = book.muscle(muscle_id)
    if trp:
        muscle.trigger_point(trp)
    grip = muscle.needling.usual_grip
    limit = limit_for(muscle, grip, body, trp)
    reasons = notes.about_muscle(muscle, body) + notes.about_limit(muscle, grip, body, limit, trp)
    chosen, position_reasons = notes.choose_position(muscle, position, first_visit=first_visit)
    needle, depth, more = _needle_and_depth(muscle, grip, body, limit, trp)
    reasons += position_reasons + more + notes.about_nerves(muscle)
    return _assemble(book, muscle, side, trp, body, grip, chosen, needle, depth, reasons)


def check_side(side: str) -> None:
    """Raises OutOfBounds unless the side is one that a needle can be on."""
    if side not in SIDES:
        raise OutOfBounds(f"side: got {side!r}; allowed: {', '.join(SIDES)}")


def _needle_and_depth(
    muscle: Muscle, grip: UsualGrip, body: Body, limit: Limit | None, trp: str
) -> tuple[NeedleSize | None, Depth | None, tuple[Reason, ...]]:
    if not muscle.needleable or muscle.needling.length is None or limit is None:
        return None, None, ()
    # A child over the lung is refused even with a measurement: it moves, and its lung with it.
    if limit.limit_mm <= 0 or (body.is_child and muscle.over_lung):
        return None, None, ()
    longest_mm = longest_needle_mm(muscle, body.bmi, trp)
    lengths = [
        length
        for length in knowledge().needles.lengths_mm
        if length <= longest_mm and may_pass_mm(length, muscle, grip, trp) <= limit.danger_mm
    ]
    # Where not even the shortest may be used, a length of 0 reaches nothing and gives no target.
    target = _target_mm(muscle, limit, max(lengths, default=0.0))
    reasons = notes.about_target(muscle, limit, target)
    if target is None:
        return None, None, reasons
    needle = NeedleSize(_thickness_mm(muscle, body, trp), _length_mm(target[1], lengths))
    return needle, _depth(limit, target), reasons


def _depth(limit: Limit, target: tuple[float, float]) -> Depth:
    return Depth(
        target=target,
        limit=limit.limit_mm,
        limit_basis=limit.basis,
        limit_rule=limit.rule,
        confidence=limit.confidence,
        sources=limit.sources,
        margin=round(limit.limit_mm - limit.ceiling_mm, 1),
        fold_limit=limit.fold_mm,
        usual=limit.usual_mm,
        bounds=limit.bounds,
        distances=limit.distances,
    )


def _target_mm(muscle: Muscle, limit: Limit, longest_mm: float) -> tuple[float, float] | None:
    """The note's range cut to the limit less its margin, and to what the needle reaches.

    Where the muscle begins deeper than that, over the lung and in the face superficial depth is
    the target; elsewhere there is none: a needle that can't reach the muscle is not offered.
    """
    ceiling_mm = limit.ceiling_mm
    within_mm = deepest_reach_mm(longest_mm)
    # What the longest needle reaches with its reserve for tenting; used before the bare reach.
    comfortable_mm = longest_mm / length_needed_mm(1.0)
    low, high = limit.usual_mm or SUPERFICIAL_MM
    if low > min(ceiling_mm, within_mm):
        shallow = muscle.over_lung or muscle.needling.technique_max == "superficial"
        # Superficial needling works above the muscle (PROCEDURE-2), so it reaches what it aims at;
        # under a limb's muscle it would only pretend to.
        if not shallow or min(ceiling_mm, comfortable_mm) < SUPERFICIAL_MM[0]:
            return None
        low, high = SUPERFICIAL_MM
    # Reserve first: only where the muscle begins below it is the needle used to its reach.
    high = min(high, ceiling_mm, comfortable_mm if comfortable_mm >= low else within_mm)
    step_mm = 1.0 if high >= SUPERFICIAL_MM[1] else 0.5  # no hand works finer than that
    high = math.floor(high / step_mm) * step_mm
    return float(min(low, high)), high


def _length_mm(depth_mm: float, lengths: list[float]) -> float:
    """The shortest needle that reaches with reserve, else the longest of those allowed."""
    needed = length_needed_mm(depth_mm)
    # The table goes from short to long.
    return next((length for length in lengths if length >= needed), lengths[-1])


def _thickness_mm(muscle: Muscle, body: Body, trp: str) -> float:
    rule = needle_rule(muscle.id, trp)
    usual = knowledge().needles.usual_diameter_mm[muscle.region]
    wanted = rule.diameter_mm if rule else usual
    low, high = thickness_range_mm(muscle, body)
    # The rule's usual needle, within what the note and the patient's age leave.
    return min(max(wanted, low), high)


def _technique_id(muscle: Muscle, body: Body, depth: Depth | None) -> str:
    """The gentlest technique that fits the depth and the notes; "none" without a needle."""
    if depth is None:
        return "none"
    # Superficial is a matter of depth first: whatever the note allows, 8 mm leave no room.
    note, shallow_mm = muscle.needling, depth.target[1]
    restrained = note.technique_max != "fast-in-fast-out" or note.pistoning == "banned"
    if shallow_mm <= SUPERFICIAL_MM[1] and (
        note.technique_max == "superficial" or muscle.over_lung or shallow_mm <= FACE_SHALLOW_MM
    ):
        return "superficial"
    if restrained or body.is_older or body.is_child:
        return "deep-static"
    return "fast-in-fast-out"


def _assemble(
    book: Atlas,
    muscle: Muscle,
    side: str,
    trp: str,
    body: Body,
    grip: Literal["flat", "pincer"],
    position: str,
    needle: NeedleSize | None,
    depth: Depth | None,
    reasons: tuple[Reason, ...],
) -> NeedlePlan:
    technique_id = _technique_id(muscle, body, depth)
    technique = _technique_of(technique_id) if needle else None
    # A specialist's level counts as advanced: the record's contract knows three, the note four.
    levels: dict[str, TrainingNeeded] = {"basic": "basic", "intermediate": "intermediate"}
    return NeedlePlan(
        muscle=muscle.id,
        side=side,
        trigger_point=trp,
        position=position,
        positions=muscle.needling.positions,
        palpation=grip,
        direction=muscle.needling.direction,
        approach=muscle.needling.approach,
        guidance=muscle.needling.guidance,
        needle=needle,
        depth_mm=depth,
        longest_mm=longest_needle_mm(muscle, body.bmi, trp),
        hazards=muscle.hazards,
        technique=technique_id,
        technique_notes=muscle.needling.technique_text,
        insertions=technique.insertions if technique else 0,
        passes=technique.passes if technique else 0,
        most_passes=technique.most_passes if technique else 0,
        # Without strokes a twitch may come, and is not sought; the upper number still ends it.
        twitches=TWITCHES if technique_id == "fast-in-fast-out" else (0, TWITCHES[1]),
        dwell_min=technique.dwell_min if technique else 0.0,
        training=levels.get(muscle.training_level, "advanced"),
        training_level=muscle.training_level,
        privileges=tuple(sorted(muscle.privileges)),
        over_lung=muscle.over_lung,
        stop_signs=knowledge().techniques.stop_sign,
        reasons=tuple(sorted(reasons, key=lambda reason: reason.weight.rank)),
        sources=muscle.needling.sources,
        release=book.release,
    )


def _technique_of(technique_id: str) -> Technique:
    # The id is one that `_technique_id` chose, so there is no unknown one to be told about.
    return next(one for one in knowledge().techniques.technique if one.id == technique_id)


def as_json(plan: NeedlePlan, language: str = "en") -> dict[str, object]:
    """The plan as plain JSON values, texts in one language (contract of `filiform plan`)."""
    document: dict[str, object] = msgspec.to_builtins(plan)
    if plan.depth_mm is not None:
        document["depth_mm"] = msgspec.to_builtins(plan.depth_mm) | {
            "distances": [
                msgspec.to_builtins(one) | {"to": one.to.in_language(language)}
                for one in plan.depth_mm.distances
            ]
        }
    document["direction"] = plan.direction.in_language(language)
    document["hazards"] = [
        {
            "structure": hazard.structure.in_language(language),
            "mitigation": hazard.mitigation.in_language(language),
            "evidence": hazard.evidence,
            "confidence": hazard.confidence,
            "sources": list(hazard.sources),
        }
        for hazard in plan.hazards
    ]
    document["stop_signs"] = [sign.name.in_language(language) for sign in plan.stop_signs]
    document["reasons"] = [reason_json(reason, language) for reason in plan.reasons]
    return document
