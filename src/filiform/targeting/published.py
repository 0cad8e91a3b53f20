"""Published case reports: figures apart from everything that is fitted, and why each miss missed.

Reports name muscles without a side, so both sides of a muscle count as one, by the more probable;
the ranks and figures are those of this shorter list. Nothing is fitted to these cases.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from filiform.targeting.case import CaseError, PainCase, read_case
from filiform.targeting.evaluation import Judged, Ranker, Scores, scores
from filiform.targeting.inference import infer
from filiform.targeting.network import network
from filiform.targeting.problem import Floats
from filiform.targeting.ranking import covers_drawing

MISSED_BEYOND = 5
REACHED = 0.25
"""A muscle whose zones reach less of the drawing than this can't be found from it."""


class PublishedCase(msgspec.Struct, frozen=True):
    """One line of cases.jsonl. areas_specific: the report says exactly where it hurt."""

    id: str
    pain: tuple[str, ...]
    muscles_found: tuple[str, ...]
    areas_specific: bool
    citation: str = ""
    note: str = ""


class Miss(msgspec.Struct, frozen=True):
    """A true muscle that is not among the first five.

    why: "not-reached", its zones hardly touch what was drawn; "outranked", others fit better.
    reached: share of the drawing in its zones. before: the first three of the ranking.
    """

    id: str
    areas_specific: bool
    muscle: str
    rank: int
    probability: float
    reached: float
    why: str
    before: tuple[str, ...]


class Published(msgspec.Struct, frozen=True):
    """figures: by "all", "areas specific", "areas not specific"; baselines: hits of simpler ways,
    for all cases. ranks: of every true muscle, by case."""

    figures: dict[str, Scores]
    baselines: dict[str, Scores]
    ranks: dict[str, dict[str, int]]
    misses: tuple[Miss, ...]


def published(lines: Iterable[object], rankers: dict[str, Ranker]) -> Published:
    """Figures for decoded lines of cases.jsonl. Raises CaseError naming the line."""
    cases = [_read(number, line) for number, line in enumerate(lines, start=1)]
    judged = [(told, _judged(infer(case).source, told)) for told, case in cases]
    groups = {
        "all": [one for _, one in judged],
        "areas specific": [one for told, one in judged if told.areas_specific],
        "areas not specific": [one for told, one in judged if not told.areas_specific],
    }
    others = {
        name: [_judged(ranker(case), told) for told, case in cases]
        for name, ranker in rankers.items()
        if name != "model"
    }
    return Published(
        figures={k: scores(ones, probabilities=True) for k, ones in groups.items() if ones},
        baselines={k: scores(ones, probabilities=False) for k, ones in others.items()},
        ranks={told.id: _ranks(one, told) for told, one in judged},
        misses=tuple(
            miss
            for (told, case), (_, one) in zip(cases, judged, strict=True)
            for miss in _misses(told, case, one)
        ),
    )


def _read(number: int, line: object) -> tuple[PublishedCase, PainCase]:
    try:
        told = msgspec.convert(line, PublishedCase)
        known = {source.id for source in network().sources}
        if strangers := [name for name in told.muscles_found if name not in known]:
            raise CaseError(f"muscles_found: unknown {', '.join(strangers)}")
        if not told.muscles_found:
            raise CaseError("muscles_found: expected at least one muscle, got none")
        return told, read_case({"id": told.id, "pain": list(told.pain)})
    except (msgspec.ValidationError, CaseError) as error:
        raise CaseError(f"case {number}: {error}") from None


def _names() -> list[str]:
    """Every source once, in the network's order."""
    return list(dict.fromkeys(source.id for source in network().sources))


def _judged(chances: Floats, told: PublishedCase) -> Judged:
    """Both sides of a source as one, by the larger score."""
    names = {name: at for at, name in enumerate(_names())}
    joined = np.full(len(names), -np.inf)
    for source, chance in zip(network().sources, chances.tolist(), strict=True):
        joined[names[source.id]] = max(joined[names[source.id]], chance)
    return Judged(joined, frozenset(names[one] for one in told.muscles_found), "")


def _ranks(one: Judged, told: PublishedCase) -> dict[str, int]:
    order = np.argsort(-one.scores, kind="stable").tolist()
    names = _names()
    return {name: order.index(names.index(name)) + 1 for name in told.muscles_found}


def _misses(told: PublishedCase, case: PainCase, one: Judged) -> list[Miss]:
    names = _names()
    order = np.argsort(-one.scores, kind="stable").tolist()
    reached = _judged(covers_drawing(case, network()), told).scores
    misses = []
    for name, rank in _ranks(one, told).items():
        if rank > MISSED_BEYOND:
            at = names.index(name)
            share = float(reached[at])
            why = "not-reached" if share < REACHED else "outranked"
            before = tuple(names[other] for other in order[:3])
            chance = float(one.scores[at])
            misses.append(
                Miss(told.id, told.areas_specific, name, rank, chance, share, why, before)
            )
    return misses
