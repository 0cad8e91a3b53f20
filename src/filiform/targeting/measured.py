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

    as_good: on the same cases not shown to be worse than the model with the complaint (McNemar,
    p of 0.05 or more); None for the model itself.
    """

    method: str
    first: float
    first_between: Interval
    three: float
    three_between: Interval
    as_good: bool | None = None


class RoundFigures(msgspec.Struct, frozen=True):
    """Cases held back of one round: how many, share with a true muscle among three by drawing and
    complaint, and its 95 % interval."""

    cases: int
    three: float
    three_between: Interval


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
    methods = found.figures[GROUP]
    apart = {
        one.second: one.p >= 0.05
        for one in found.compared
        if one.group == GROUP and one.first == SHOWN[0]
    }
    rows = tuple(
        MethodFigures(
            name,
            methods[name].hit["1"],
            methods[name].intervals["hit@1"],
            methods[name].hit["3"],
            methods[name].intervals["hit@3"],
            apart.get(name),
        )
        for name in SHOWN
    )
    apart_by_round = {
        name: found.figures[group][SHOWN[0]]
        for name in ROUNDS
        if (group := f"{GROUP}, {name} round") in found.figures
    }
    rounds = {
        name: RoundFigures(one.patients, one.hit["3"], one.intervals["hit@3"])
        for name, one in apart_by_round.items()
    }
    return MeasuredRanking(release, methods[SHOWN[0]].patients, rows, rounds)


@cache
def measured() -> MeasuredRanking:
    """The stored figures. Raises msgspec.DecodeError on a defect."""
    raw = (files("filiform.targeting") / "data" / "measured.json").read_bytes()
    return msgspec.json.decode(raw, type=MeasuredRanking)
