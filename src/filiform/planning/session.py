"""Judging all targets of one visit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from filiform.anatomy import Muscle, atlas
from filiform.planning.notes import named, number
from filiform.planning.patient import OutOfBounds
from filiform.reasons import Reason, Weight

MOST_FIRST_VISIT = 3
MOST_PER_VISIT = 8
"""Needles (targets) in a visit: 1 to 3 in the first, 8 at most later (PROCEDURE-3)."""
SAME_MUSCLE_DAYS = 5
SAME_MUSCLE_USUAL_DAYS = 7
OTHER_MUSCLE_HOURS = 72
MOST_VISITS = 6
"""Visits with needling before the series has to be justified anew (PROCEDURE-3)."""

_SIDES = ("left", "right", "midline", "bilateral")
Target = tuple[str, str]


def check_session(
    targets: Sequence[Target],
    *,
    first_visit: bool = False,
    visits_before: int = 0,
    days_since: Mapping[Target, float] | None = None,
) -> tuple[Reason, ...]:
    """Reasons about a visit as a whole; strictest first.

    targets: (muscle id, side) of every planned trigger point, a pair once per point.
    visits_before: visits of this episode with needling. days_since: days since a muscle on a side
    was last needled. Raises KeyError for an unknown muscle, OutOfBounds for an unknown side.
    """
    for _, side in targets:
        if side not in _SIDES:
            raise OutOfBounds(f"side: got {side!r}; allowed: {', '.join(_SIDES)}")
    muscles = [(atlas().muscle(muscle_id), side) for muscle_id, side in targets]
    found = [
        *_both_lungs(muscles),
        *_both_sides_of_neck(muscles),
        *_number_of_points(len(targets), first_visit),
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


def _too_soon(
    muscles: list[tuple[Muscle, str]], days_since: Mapping[Target, float]
) -> list[Reason]:
    found: list[Reason] = []
    for muscle, side in Counter((m.id, s) for m, s in muscles):
        days = days_since.get((muscle, side))
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
