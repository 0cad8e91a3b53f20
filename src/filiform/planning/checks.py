"""Judging a plan that somebody has written: needle, depth, technique, number of passes."""

from __future__ import annotations

import math

from filiform.anatomy import Muscle, atlas
from filiform.disclosure import Sex
from filiform.planning import notes
from filiform.planning.knowledge import Technique, knowledge
from filiform.planning.limits import (
    Limit,
    deepest_reach_mm,
    length_needed_mm,
    limit_for,
    longest_needle_mm,
    may_pass_mm,
    thickness_range_mm,
)
from filiform.planning.notes import named, number
from filiform.planning.patient import Body
from filiform.planning.plan import check_side
from filiform.reasons import Reason, Weight

_SAID_OF_THE_LIMIT = frozenset(
    {
        *("plan-body-mass-unknown", "plan-grip-not-allowed", "plan-lumbar-lateral"),
        *("plan-point-not-needled", "plan-forearm-girth", "plan-child-general"),
        *("plan-fold-only", "plan-age-unknown", "plan-child-implausible"),
        # Who measured what stays with the plan: it is what a deeper needle was allowed by.
        *("plan-measured-wins", "plan-measured-raises", "plan-measured-unsigned"),
        "plan-measured-implausible",
    }
)

_NEAR_MM = 0.005
"""Two steel sizes nearer than this are the same size."""


def check(
    muscle_id: str,
    side: str,
    *,
    diameter_mm: float,
    length_mm: float,
    depth_mm: float,
    technique: str,
    passes: int,
    position: str | None = None,
    palpation: str | None = None,
    trp: str = "",
    sex: Sex = "unknown",
    age_years: float | None = None,
    height_cm: float | None = None,
    weight_kg: float | None = None,
    measured_depth_mm: float | None = None,
    measured_by: str = "",
    measured_how: str = "",
    first_visit: bool = False,
) -> tuple[Reason, ...]:
    """Every reason against, or to mind about, one planned needle; strictest first, empty if none.

    first_visit: the patient has never been needled here.
    palpation: "flat" or "pincer"; None for the grip that `suggest` would choose.
    Raises KeyError for an unknown muscle or trigger point, OutOfBounds for an impossible side or
    patient. What the form asks for (needle, depth, technique ...) is answered with reasons.
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
    muscle = atlas().muscle(muscle_id)
    if trp:
        muscle.trigger_point(trp)
    # As `suggest` chooses, so that a plan that was not altered is judged as it was proposed.
    grip = palpation or muscle.needling.usual_grip
    limit = limit_for(muscle, grip, body, trp)
    found = list(notes.about_muscle(muscle, body))
    found += [
        reason
        for reason in notes.about_limit(muscle, grip, body, limit, trp)
        # A written depth is judged below; of the limit only what the writer may not have known.
        if reason.code in _SAID_OF_THE_LIMIT
    ]
    found += notes.about_nerves(muscle)
    found += notes.choose_position(muscle, position, first_visit=first_visit)[1]
    found += _about_grip(muscle, grip)
    found += _about_needle(muscle, body, diameter_mm, length_mm, depth_mm, trp)
    found += _about_passing(muscle, grip, trp, length_mm, limit)
    found += _about_depth(muscle, body, depth_mm, limit)
    found += _about_technique(muscle, technique, passes, depth_mm)
    return tuple(sorted(found, key=lambda reason: reason.weight.rank))


def _about_grip(muscle: Muscle, grip: str) -> list[Reason]:
    known = [entry.id for entry in knowledge().techniques.grip]
    if grip not in known:
        params = named(muscle, got=grip, allowed=", ".join(known))
        return [Reason("plan-grip-unknown", Weight.ABSOLUTE, params)]
    # The note's depth is one inside a lifted fold: straight in it reaches what the fold lifts off.
    # The other way round nothing is nearer.
    if grip == "flat" and muscle.needling.grips == ("pincer",):
        sources = muscle.needling.sources
        return [Reason("plan-fold-needed", Weight.RELATIVE, named(muscle), (), sources)]
    return []


def _about_needle(
    muscle: Muscle, body: Body, diameter_mm: float, length_mm: float, depth_mm: float, point: str
) -> list[Reason]:
    found: list[Reason] = []
    needles = knowledge().needles
    if not any(abs(diameter_mm - known) <= _NEAR_MM for known in needles.diameters_mm):
        allowed = ", ".join(f"{known:.2f}" for known in needles.diameters_mm)
        params = named(muscle, got_mm=number(diameter_mm), allowed=allowed)
        found.append(Reason("plan-diameter-not-listed", Weight.ABSOLUTE, params, (), _NEEDLES))
    else:
        found += _about_thickness(muscle, body, diameter_mm)
    if not any(abs(length_mm - known) <= _NEAR_MM for known in needles.lengths_mm):
        allowed = ", ".join(number(known) for known in needles.lengths_mm)
        params = named(muscle, got_mm=number(length_mm), allowed=allowed)
        found.append(Reason("plan-length-not-listed", Weight.ABSOLUTE, params, (), _NEEDLES))
    longest_mm = longest_needle_mm(muscle, body.bmi, point)
    if length_mm > longest_mm:
        params = named(muscle, got_mm=number(length_mm), longest_mm=number(longest_mm))
        found.append(Reason("plan-needle-too-long", Weight.ABSOLUTE, params, (), _LENGTHS))
    return found + _about_reach(muscle, length_mm, depth_mm)


_NEEDLES = ("PROCEDURE-1",)
_LENGTHS = ("PROCEDURE-1", "PROCEDURE-7")


def _about_thickness(muscle: Muscle, body: Body, diameter_mm: float) -> list[Reason]:
    low, high = thickness_range_mm(muscle, body)
    # Thinner than usual is nobody's harm; only thicker is minded.
    if diameter_mm <= high + _NEAR_MM:
        return []
    code = "plan-thinner-when-older" if body.is_older and high <= 0.25 else "plan-needle-too-thick"
    params = named(muscle, got_mm=number(diameter_mm), low_mm=number(low), high_mm=number(high))
    return [Reason(code, Weight.RELATIVE, params, (), muscle.needling.sources)]


def _about_reach(muscle: Muscle, length_mm: float, depth_mm: float) -> list[Reason]:
    if not (0 < depth_mm < math.inf and 0 < length_mm < math.inf):
        return []  # said elsewhere
    params = named(
        muscle,
        length_mm=number(length_mm),
        depth_mm=number(depth_mm),
        reach_mm=number(int(deepest_reach_mm(length_mm))),
        # Rounded up, and the reach above down: no sentence allows more than the sum.
        needed_mm=number(-(-length_needed_mm(depth_mm) // 1)),
    )
    if depth_mm > deepest_reach_mm(length_mm):
        return [Reason("plan-needle-too-short", Weight.ABSOLUTE, params, (), ("SAFETY-C",))]
    if length_needed_mm(depth_mm) > length_mm:
        return [Reason("plan-needle-little-reserve", Weight.PRECAUTION, params, (), _NEEDLES)]
    return []


def _about_passing(
    muscle: Muscle, grip: str, point: str, length_mm: float, limit: Limit | None
) -> list[Reason]:
    """A needle that can go deeper than the limit is never proposed; planned, it is minded."""
    if limit is None or limit.limit_mm <= 0 or not 0 < length_mm < math.inf:
        return []
    # In a fold the written reason already covers the depth; the length of the needle with it.
    allowed_mm = limit.fold_mm if limit.fold_mm is not None else limit.danger_mm
    passes_mm = may_pass_mm(length_mm, muscle, grip, point)
    if passes_mm <= allowed_mm:
        return []
    params = named(
        muscle,
        length_mm=number(length_mm),
        reach_mm=number(math.floor(passes_mm)),
        limit_mm=number(allowed_mm),
    )
    return [Reason("plan-needle-may-pass", Weight.PRECAUTION, params, (), limit.sources)]


def _about_depth(muscle: Muscle, body: Body, depth_mm: float, limit: Limit | None) -> list[Reason]:
    if not depth_mm > 0:  # NaN is refused too
        params = named(muscle, got_mm=number(depth_mm))
        return [Reason("plan-depth-not-positive", Weight.ABSOLUTE, params)]
    if limit is None:
        # Nothing published, or a child, for whom no adult's number holds.
        params = named(muscle, depth_mm=number(depth_mm))
        # Where nobody has measured adults, a practitioner who stands for it may know; a child is
        # measured first, and no sentence takes the place of it.
        weight = Weight.ABSOLUTE if body.is_child else Weight.RELATIVE
        return [Reason("plan-depth-no-limit-known", weight, params)]
    if limit.limit_mm <= 0:
        return []  # the grip itself is refused
    if depth_mm > limit.limit_mm:
        return [_too_deep(muscle, depth_mm, limit)]
    if limit.usual_mm and depth_mm > limit.usual_mm[1]:
        params = named(
            muscle,
            depth_mm=number(depth_mm),
            usual_mm=number(limit.usual_mm[1]),
            limit_mm=number(limit.limit_mm),
        )
        sources = muscle.needling.sources
        return [Reason("plan-depth-over-usual", Weight.PRECAUTION, params, (), sources)]
    return []


def _too_deep(muscle: Muscle, depth_mm: float, limit: Limit) -> Reason:
    params = named(
        muscle,
        depth_mm=number(depth_mm),
        limit_mm=number(limit.limit_mm),
        rule=limit.rule,
        source=", ".join(limit.sources),
        fold_mm=number(limit.fold_mm or 0),
    )
    # A lifted fold stands off the chest: with a written reason the note's own range may be used.
    if limit.fold_mm is not None and depth_mm <= limit.fold_mm:
        return Reason("plan-depth-fold-only", Weight.RELATIVE, params, (), limit.sources)
    return Reason("plan-depth-over-limit", Weight.ABSOLUTE, params, (), limit.sources)


def _about_technique(
    muscle: Muscle, technique_id: str, passes: int, depth_mm: float
) -> list[Reason]:
    known = {technique.id: technique for technique in knowledge().techniques.technique}
    if technique_id not in known:
        params = named(muscle, got=technique_id, allowed=", ".join(known))
        return [Reason("plan-technique-unknown", Weight.ABSOLUTE, params, (), ("PROCEDURE-2",))]
    technique = known[technique_id]
    found: list[Reason] = []
    if technique.deepest_mm is not None and depth_mm > technique.deepest_mm:
        params = _technique_params(
            muscle, technique, depth_mm=number(depth_mm), deepest_mm=number(technique.deepest_mm)
        )
        found.append(
            Reason("plan-technique-too-deep", Weight.PRECAUTION, params, (), ("PROCEDURE-2",))
        )
    if technique.strokes and muscle.needling.pistoning == "banned":
        params = _technique_params(muscle, technique)
        sources = muscle.needling.sources
        found.append(Reason("plan-no-pistoning", Weight.RELATIVE, params, (), sources))
    if technique.current and muscle.needling.electrical == "avoid":
        params = _technique_params(muscle, technique)
        found.append(Reason("plan-electrical-site", Weight.RELATIVE, params, (), ("PROCEDURE-2",)))
    return found + _about_passes(muscle, technique, passes)


def _about_passes(muscle: Muscle, technique: Technique, passes: int) -> list[Reason]:
    params = _technique_params(muscle, technique, got=passes, most=technique.most_passes)
    if passes < 1:
        return [Reason("plan-passes-none", Weight.ABSOLUTE, params)]
    if passes > technique.most_passes:
        sources = technique.dose_sources
        return [Reason("plan-passes-too-many", Weight.RELATIVE, params, (), sources)]
    return []


def _technique_params(
    muscle: Muscle, technique: Technique, **params: str | int | float
) -> dict[str, str | int | float]:
    return named(
        muscle,
        technique=technique.name.en,
        technique_ur=technique.name.in_language("ur"),
        **params,
    )
