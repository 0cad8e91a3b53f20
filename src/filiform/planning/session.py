"""Judging all targets of one visit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from filiform.anatomy import Muscle, atlas
from filiform.planning.knowledge import knowledge
from filiform.planning.notes import named, number
from filiform.planning.patient import OutOfBounds
from filiform.reasons import Reason, Weight

MOST_FIRST_VISIT = 3
MOST_PER_VISIT = 8
"""Trigger points in a visit: 1 to 3 in the first, 8 at most later (PROCEDURE-3)."""
MOST_INSERTIONS = 10
"""Needles through the skin in a visit (PROCEDURE-3: trials and billing bands, 1 to 10)."""
MOST_OVER_ONE_LUNG = 3
"""Needles over one lung in a visit. A design value: as many as points in a first visit; no study
counts pneumothorax by the number of needles."""
MOST_PASSES_FIRST, MOST_PASSES = 30, 80
"""Passes in a visit: the points allowed times the 10 passes that trials used (design values)."""
SAME_MUSCLE_DAYS = 5
SAME_MUSCLE_USUAL_DAYS = 7
OTHER_MUSCLE_HOURS = 72
MOST_VISITS = 6
"""Visits with needling before the series has to be justified anew (PROCEDURE-3)."""

_SIDES = ("left", "right", "midline", "bilateral")
MuscleAndSide = tuple[str, str]


class Dose(msgspec.Struct, frozen=True):
    """What one trigger point gets: needles through the skin, and passes of the tip to depth."""

    insertions: int = 1
    passes: int = 1


class SessionDose(msgspec.Struct, frozen=True):
    """What a visit gives in all, beside the most that is usual in it."""

    points: int
    insertions: int
    passes: int
    most_points: int
    most_insertions: int
    most_passes: int


def dose_of(technique: str, passes: int) -> Dose:
    """The dose of a written plan; an unknown technique counts as one insertion."""
    known = {one.id: one.insertions for one in knowledge().techniques.technique}
    return Dose(insertions=known.get(technique, 1), passes=passes)


def session_dose(doses: Sequence[Dose], *, first_visit: bool = False) -> SessionDose:
    """The sum over the points of a visit, one dose for each."""
    return SessionDose(
        points=len(doses),
        insertions=sum(dose.insertions for dose in doses),
        # Each insertion makes all its passes.
        passes=sum(dose.insertions * dose.passes for dose in doses),
        most_points=MOST_FIRST_VISIT if first_visit else MOST_PER_VISIT,
        most_insertions=MOST_INSERTIONS,
        most_passes=MOST_PASSES_FIRST if first_visit else MOST_PASSES,
    )


def check_needles(needles: Sequence[MuscleAndSide]) -> tuple[Reason, ...]:
    """Reasons about the needles that went in: over both lungs, too many in all, or over one lung.

    needles: (muscle id, side) of every insertion of the visit, whether it is out again or not.
    A plan may be kept to and the needles be too many all the same: they are counted as they go in.
    Raises KeyError for an unknown muscle.
    """
    muscles = [(atlas().muscle(muscle_id), side) for muscle_id, side in needles]
    return (
        # No plan is for both; a target that was taken back may have had its needle already.
        *_both_lungs(muscles),
        *_insertions(len(needles)),
        *_over_one_lung(muscles, [Dose()] * len(needles)),
    )


def check_session(
    targets: Sequence[MuscleAndSide],
    *,
    doses: Sequence[Dose] = (),
    first_visit: bool = False,
    visits_before: int = 0,
    days_since: Mapping[MuscleAndSide, float] | None = None,
) -> tuple[Reason, ...]:
    """Reasons about a visit as a whole; strictest first.

    targets: (muscle id, side) of every planned trigger point, a pair once per point. doses: of
    each of them, in the same order; where they are not planned yet, one insertion and one pass.
    visits_before: visits of this episode with needling. days_since: days since a muscle on a side
    was last needled.
    Raises KeyError for an unknown muscle, OutOfBounds for an unknown side, or for another number
    of doses than of targets.
    """
    for _, side in targets:
        if side not in _SIDES:
            raise OutOfBounds(f"side: got {side!r}; allowed: {', '.join(_SIDES)}")
    if doses and len(doses) != len(targets):
        raise OutOfBounds(f"doses: got {len(doses)}; allowed: one for each of {len(targets)}")
    # Before anything is planned the least is assumed, so that choosing targets warns of nothing
    # that the plan may not bring.
    given = list(doses) or [Dose()] * len(targets)
    muscles = [(atlas().muscle(muscle_id), side) for muscle_id, side in targets]
    found = [
        *_both_lungs(muscles),
        *_both_sides_of_neck(muscles),
        *_number_of_points(len(targets), first_visit),
        *_dose_of_visit(given, first_visit),
        *_over_one_lung(muscles, given),
        *_too_soon(muscles, days_since or {}),
    ]
    if visits_before >= MOST_VISITS:
        params: dict[str, str | int | float] = {"got": visits_before, "most": MOST_VISITS}
        found.append(Reason("plan-many-visits", Weight.RELATIVE, params, (), ("PROCEDURE-3",)))
    return tuple(sorted(found, key=lambda reason: reason.weight.rank))


def _sides(muscles: Iterable[tuple[Muscle, str]]) -> set[str]:
    sides = {side for _, side in muscles}
    return sides | {"left", "right"} if "bilateral" in sides else sides


def _list_of(muscles: Iterable[tuple[Muscle, str]], language: str) -> str:
    comma = "، " if language == "ur" else ", "
    return comma.join(dict.fromkeys(muscle.name.in_language(language) for muscle, _ in muscles))


def _both_lungs(muscles: list[tuple[Muscle, str]]) -> list[Reason]:
    over_lung = [(muscle, side) for muscle, side in muscles if muscle.over_lung]
    # One collapsed lung leaves the other to breathe with (SA121).
    if not {"left", "right"} <= _sides(over_lung):
        return []
    params: dict[str, str | int | float] = {
        "muscles": _list_of(over_lung, "en"),
        "muscles_ur": _list_of(over_lung, "ur"),
    }
    sources = ("SA121", "IrMJ22")
    return [Reason("plan-thorax-bilateral", Weight.ABSOLUTE, params, (), sources)]


def _both_sides_of_neck(muscles: list[tuple[Muscle, str]]) -> list[Reason]:
    neck = [entry for entry in muscles if entry[0].needling.one_side]
    if not {"left", "right"} <= _sides(neck):
        return []
    params: dict[str, str | int | float] = {
        "muscles": _list_of(neck, "en"),
        "muscles_ur": _list_of(neck, "ur"),
    }
    return [Reason("plan-neck-bilateral", Weight.RELATIVE, params, (), ("SAFETY-C",))]


def _number_of_points(count: int, first_visit: bool) -> list[Reason]:
    params: dict[str, str | int | float] = {"got": count, "most": MOST_PER_VISIT}
    if count > MOST_PER_VISIT:
        return [Reason("plan-too-many-points", Weight.RELATIVE, params, (), ("PROCEDURE-3",))]
    if first_visit and count > MOST_FIRST_VISIT:
        params["most"] = MOST_FIRST_VISIT
        sources = ("PROCEDURE-3",)
        return [Reason("plan-too-many-points-first", Weight.PRECAUTION, params, (), sources)]
    return []


def _dose_of_visit(doses: list[Dose], first_visit: bool) -> list[Reason]:
    # Skin and muscle count apart: a needle through the skin may bleed, a pass may tear.
    given = session_dose(doses, first_visit=first_visit)
    found = _insertions(given.insertions)
    params: dict[str, str | int | float] = {"got": given.passes, "most": given.most_passes}
    if given.passes > given.most_passes:
        # Over what a first visit should bear, or over what any visit should.
        weight = Weight.PRECAUTION if given.passes <= MOST_PASSES else Weight.RELATIVE
        found.append(Reason("plan-too-many-passes", weight, params, (), ("PROCEDURE-3",)))
    return found


def _insertions(count: int) -> list[Reason]:
    if count <= MOST_INSERTIONS:
        return []
    params: dict[str, str | int | float] = {"got": count, "most": MOST_INSERTIONS}
    return [Reason("plan-too-many-insertions", Weight.RELATIVE, params, (), ("PROCEDURE-3",))]


def _over_one_lung(muscles: list[tuple[Muscle, str]], doses: list[Dose]) -> list[Reason]:
    """Every needle over a lung is another chance to reach it; they are counted by side."""
    found: list[Reason] = []
    for side in ("left", "right"):
        there = [
            (muscle, dose)
            for (muscle, where), dose in zip(muscles, doses, strict=True)
            if muscle.over_lung and side in _sides([(muscle, where)])
        ]
        count = sum(dose.insertions for _, dose in there)
        if count > MOST_OVER_ONE_LUNG:
            named_ = [(muscle, side) for muscle, _ in there]
            params: dict[str, str | int | float] = {
                "got": count,
                "most": MOST_OVER_ONE_LUNG,
                "muscles": _list_of(named_, "en"),
                "muscles_ur": _list_of(named_, "ur"),
            }
            sources = ("SAFETY-C", "PROCEDURE-3")
            found.append(Reason("plan-many-over-lung", Weight.RELATIVE, params, (), sources))
    return found


def _too_soon(
    muscles: list[tuple[Muscle, str]], days_since: Mapping[MuscleAndSide, float]
) -> list[Reason]:
    found: list[Reason] = []
    for muscle, side in Counter((m.id, s) for m, s in muscles):
        days = days_since.get((muscle, side))
        # Side by side: soreness of the left calf says nothing against the right.
        if days is None or days >= SAME_MUSCLE_USUAL_DAYS:
            continue
        params = named(atlas().muscles[muscle], days=number(days), least=SAME_MUSCLE_DAYS)
        weight = Weight.RELATIVE if days < SAME_MUSCLE_DAYS else Weight.PRECAUTION
        code = "plan-too-soon" if days < SAME_MUSCLE_DAYS else "plan-rather-soon"
        found.append(Reason(code, weight, params, (), ("PROCEDURE-3",)))
    recent = [days for target, days in days_since.items() if days * 24 < OTHER_MUSCLE_HOURS]
    others = {target for target, days in days_since.items() if days * 24 < OTHER_MUSCLE_HOURS}
    if recent and any((muscle.id, side) not in others for muscle, side in muscles):
        least: dict[str, str | int | float] = {
            "hours": number(round(min(recent) * 24)),
            "least": OTHER_MUSCLE_HOURS,
        }
        found.append(
            Reason("plan-other-muscles-soon", Weight.PRECAUTION, least, (), ("PROCEDURE-3",))
        )
    return found
