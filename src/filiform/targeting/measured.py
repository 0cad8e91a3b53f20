"""The figures of the release on the published cases held back, as they were measured.

tools/targeting/report.py writes data/measured.json with the evaluation page: the ranking of some
dozens of cases takes seconds, and held-back cases are not to be looked at on every request.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import get_args

import msgspec

from filiform.targeting.intervals import Interval
from filiform.targeting.published import Published, Round


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
    """release: of atlas and model, on which `cases` held back were ranked. first, second: of the
    cases known when the figures were first looked at, and of those found afterwards."""

    release: str
    cases: int
    rows: tuple[MethodFigures, ...]
    first: RoundFigures
    second: RoundFigures


SHOWN = ("model and complaint", "model", "overlap", "nearest")
GROUP = "held back"


def summary(found: Published, release: str) -> MeasuredRanking:
    """What is kept of an evaluation of cases of both rounds."""
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
    first, second = (_round(found, name) for name in get_args(Round))
    return MeasuredRanking(release, methods[SHOWN[0]].patients, rows, first, second)


def _round(found: Published, name: str) -> RoundFigures:
    one = found.figures[f"{GROUP}, {name} round"][SHOWN[0]]
    return RoundFigures(one.patients, one.hit["3"], one.intervals["hit@3"])


@cache
def measured() -> MeasuredRanking:
    """The stored figures. Raises msgspec.DecodeError on a defect."""
    raw = (files("filiform.targeting") / "data" / "measured.json").read_bytes()
    return msgspec.json.decode(raw, type=MeasuredRanking)
