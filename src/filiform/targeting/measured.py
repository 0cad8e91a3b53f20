"""The figures of the release on the published cases held back, as they were measured.

tools/targeting/report.py writes data/measured.json with the evaluation page: the ranking of two
hundred cases takes seconds, and held-back cases are not to be looked at on every request.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from filiform.targeting.intervals import Interval
from filiform.targeting.published import ROUNDS, Published, Round


class MethodFigures(msgspec.Struct, frozen=True):
    """One method: share of cases with a true muscle first and among three, and 95 % intervals.

    muscles_three: the same where muscles alone are ranked, without joints, roots and organs: wide
    zones bring these first in the simple ways, which makes them look worse than they are.
    as_good: on the same cases, among three muscles, not shown to be worse than the model with the
    complaint (McNemar, p of 0.05 or more); None for the model itself.
    """

    method: str
    first: float
    first_between: Interval
    three: float
    three_between: Interval
    muscles_three: float
    muscles_three_between: Interval
    as_good: bool | None = None


class RoundFigures(msgspec.Struct, frozen=True):
    """Cases held back of one round: how many, share with a true muscle among three by drawing and
    complaint, and its 95 % interval. muscles_three, overlap_three: among three muscles alone, by
    drawing and complaint and by the plain overlap. overlap_as_good: as `MethodFigures.as_good`."""

    cases: int
    three: float
    three_between: Interval
    muscles_three: float
    overlap_three: float
    overlap_as_good: bool


class MeasuredRanking(msgspec.Struct, frozen=True):
    """release: of atlas and model, on which `cases` held back were ranked. rounds: by name, in the
    order in which they were collected."""

    release: str
    cases: int
    rows: tuple[MethodFigures, ...]
    rounds: dict[Round, RoundFigures]


SHOWN = ("model and complaint", "model", "overlap", "nearest")
GROUP = "held back"


def summary(found: Published, release: str) -> MeasuredRanking:
    """What is kept of an evaluation of cases of more than one round."""
    methods, alone = found.figures[GROUP], found.trigger_points[GROUP]
    as_good = {
        (one.group, one.second): one.p >= 0.05
        for one in found.compared_trigger_points
        if one.first == SHOWN[0]
    }
    rows = tuple(
        MethodFigures(
            name,
            methods[name].hit["1"],
            methods[name].intervals["hit@1"],
            methods[name].hit["3"],
            methods[name].intervals["hit@3"],
            alone[name].hit["3"],
            alone[name].intervals["hit@3"],
            as_good.get((GROUP, name)),
        )
        for name in SHOWN
    )
    rounds = {}
    for name in ROUNDS:
        group = f"{GROUP}, {name} round"
        if group in found.figures:
            one, muscles = found.figures[group][SHOWN[0]], found.trigger_points[group]
            rounds[name] = RoundFigures(
                one.patients,
                one.hit["3"],
                one.intervals["hit@3"],
                muscles[SHOWN[0]].hit["3"],
                muscles["overlap"].hit["3"],
                as_good[group, "overlap"],
            )
    return MeasuredRanking(release, methods[SHOWN[0]].patients, rows, rounds)


@cache
def measured() -> MeasuredRanking:
    """The stored figures. Raises msgspec.DecodeError on a defect."""
    raw = (files("filiform.targeting") / "data" / "measured.json").read_bytes()
    return msgspec.json.decode(raw, type=MeasuredRanking)
