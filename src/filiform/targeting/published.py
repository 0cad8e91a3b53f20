"""Published case reports: which were given to the fit, which held back, and how each was ranked.

data/published_cases.jsonl holds reports whose text was read, hardly any in full: what hurt by the
report's words, the muscles that it blames, how that was confirmed. They are split once by their id:
the given half may be looked at to choose parameters; the other is held back for the figures.

A report names muscles, rarely sides, so both sides of a source count as one, by the larger score.
Reports blame muscles because they were treated with relief: a truth of its kind, no more.
Two more methods add what palpation could do: the first questions that our own list of next
examinations asks, answered by whether the report blames the muscle, which nobody in a clinic could
know (an upper bound), and answered by an examiner of the published agreement. And as a page shows
numbers of muscles only, every figure is told once more among trigger points alone.
They were collected in rounds, each after the held-back cases of those before had been scored:
nothing that the model was by then can owe anything to a later round, so the rounds are told apart.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec
import numpy as np

from filiform.arrays import Bools, Floats
from filiform.targeting import baselines
from filiform.targeting.case import CaseError, PainCase, PalpationFinding, Side, read_case
from filiform.targeting.evaluation import Judged, Scores, examined_so_far, scores
from filiform.targeting.inference import infer
from filiform.targeting.intervals import mcnemar
from filiform.targeting.network import network
from filiform.targeting.ranking import covers_drawing
from filiform.targeting.simulate import Examiner, SimulatedPatient

MISSED_BEYOND = 5
REACHED = 0.25
"""A muscle whose zones reach less of the drawing than this can't be found from it."""
COMPARED_AT = 3
"""Methods are compared by hits among so many."""
QUESTIONS = 3
"""So many questions of palpation are answered; fewer where our own examination stops before."""
TRUTHFUL, EXAMINED = "model, complaint, truthful answers", "model, complaint, examiner's answers"
Part = Literal["given", "held back"]
Round = Literal["first", "second", "third"]
ROUNDS: tuple[Round, ...] = get_args(Round)


class PublishedCase(msgspec.Struct, frozen=True):
    """One report. words: what hurt, by the report. read: "full", "abstract", "notes" (our
    clinical notes of a report) or "page" (a clinic's page, not reviewed). laterality: "reported",
    "not reported" (then drawn on the right) or "midline". areas_specific: it says exactly where it
    hurt. collected: in which round. complaint: "" where none of ours fits."""

    id: str
    pain: tuple[str, ...]
    muscles_found: tuple[str, ...]
    areas_specific: bool
    complaint: str = ""
    citation: str = ""
    read: str = "notes"
    words: str = ""
    laterality: str = ""
    confirmation: str = ""
    note: str = ""
    collected: Round = "first"

    @property
    def part(self) -> Part:
        """Fixed by the id alone: the first byte of its SHA-256, even is held back."""
        return "given" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "held back"

    @property
    def fresh(self) -> bool:
        """Held back of the newest round: its figures are told, its places and misses are not, so
        that the next mending can't be made after them."""
        return self.part == "held back" and self.collected == ROUNDS[-1]


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


class Comparison(msgspec.Struct, frozen=True):
    """Two methods on the same cases, by hits among the first three.

    first_only, second_only: cases hit by one of them only. p: McNemar's, exact.
    """

    group: str
    first: str
    second: str
    cases: int
    first_only: int
    second_only: int
    p: float


class Published(msgspec.Struct, frozen=True):
    """figures: by group ("held back", "held back, second round", ...) and method.

    trigger_points, compared_trigger_points: the same where only muscles are ranked, hits alone.
    answers, asked: mean number of questions of palpation that were answered, and of muscles that
    they went to, by group and method.
    ranks: of every true muscle with the complaint told, by case. misses: likewise. Both without
    the fresh cases.
    """

    figures: dict[str, dict[str, Scores]]
    compared: tuple[Comparison, ...]
    ranks: dict[str, dict[str, int]]
    misses: tuple[Miss, ...]
    trigger_points: dict[str, dict[str, Scores]]
    compared_trigger_points: tuple[Comparison, ...]
    answers: dict[str, dict[str, float]]
    asked: dict[str, dict[str, float]]


@dataclass(frozen=True, eq=False)
class _Ready:
    told: PublishedCase
    drawing: PainCase
    whole: PainCase


Method = Callable[[_Ready], Floats]
METHODS: Mapping[str, Method] = {
    "model and complaint": lambda one: infer(one.whole).source,
    "model": lambda one: infer(one.drawing).source,
    "overlap": lambda one: baselines.overlap(one.drawing),
    "nearest": lambda one: baselines.nearest(one.drawing),
    "naive-bayes": lambda one: baselines.naive_bayes(one.drawing),
}
AGAINST = (
    ("model", "overlap"),
    ("model", "nearest"),
    ("model and complaint", "overlap"),
    ("model and complaint", "nearest"),
)


def published_cases() -> list[object]:
    """The cases of this release, decoded."""
    text = (files("filiform.targeting") / "data" / "published_cases.jsonl").read_text("utf-8")
    return [msgspec.json.decode(line) for line in text.splitlines()]


def published(
    lines: Iterable[object],
    parts: Sequence[Part] = ("held back", "given"),
    *,
    palpated: bool = True,
) -> Published:
    """Figures for decoded lines of published_cases.jsonl. Raises CaseError naming the line.

    palpated: whether answers of palpation are tried, too, which takes three times as long.
    """
    ready = [_read(number, line) for number, line in enumerate(lines, start=1)]
    # Figures are kept by id: the second would silently stand in for the first.
    if twice := sorted(one for one, n in Counter(r.told.id for r in ready).items() if n > 1):
        raise CaseError(f"id {twice[0]}: stands twice; every case needs its own")
    groups = _groups(ready, parts)
    judged = {
        name: {one.told.id: _judged(method(one), one.told) for one in ready}
        for name, method in METHODS.items()
    }
    answered: dict[str, dict[str, int]] = {}
    asked: dict[str, dict[str, int]] = {}
    for name, answers in ANSWERS.items() if palpated else ():
        judged[name], answered[name], asked[name] = {}, {}, {}
        for one in ready:
            case, found = examined_so_far(one.whole, answers(one.told), QUESTIONS)
            judged[name][one.told.id] = _judged(found.source, one.told)
            answered[name][one.told.id] = len(case.findings)
            asked[name][one.told.id] = len({(each.muscle, each.side) for each in case.findings})
    alone = {
        name: {case: _among_muscles(one) for case, one in ones.items()}
        for name, ones in judged.items()
    }
    told = judged["model and complaint"]
    open_ones = [one for one in ready if not one.told.fresh]
    return Published(
        figures={
            group: {
                name: scores(
                    [found[one.told.id] for one in ones], probabilities=name.startswith("model")
                )
                for name, found in judged.items()
            }
            for group, ones in groups.items()
        },
        compared=_all_compared(groups, judged),
        ranks={one.told.id: _ranks(told[one.told.id], one.told) for one in open_ones},
        misses=tuple(miss for one in open_ones for miss in _misses(one, told[one.told.id])),
        trigger_points={
            group: {
                # Their probabilities are those of `figures`; only the places are others.
                name: scores([found[one.told.id] for one in ones], probabilities=False)
                for name, found in alone.items()
            }
            for group, ones in groups.items()
        },
        compared_trigger_points=_all_compared(groups, alone),
        answers=_means(groups, answered),
        asked=_means(groups, asked),
    )


def _means(
    groups: Mapping[str, Sequence[_Ready]], counts: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    return {
        group: {
            name: sum(found[one.told.id] for one in ones) / len(ones)
            for name, found in counts.items()
        }
        for group, ones in groups.items()
    }


def _truthful(told: PublishedCase) -> Callable[[str, Side, str], PalpationFinding]:
    """Every finding is present in just the muscles that the report blames, on either side."""
    return lambda muscle, side, finding: PalpationFinding(
        muscle, side, finding, muscle in told.muscles_found
    )


def _by_examiner(told: PublishedCase) -> Callable[[str, Side, str], PalpationFinding]:
    """The simulator's examiner, who errs as often as the published kappa of each finding says."""
    place = network().place
    blamed = frozenset(
        place[muscle, side] for muscle in told.muscles_found for side in ("left", "right")
    )
    # By the id, so that a case more or less in the file changes nobody's answers.
    key = int.from_bytes(hashlib.sha256(told.id.encode()).digest()[1:5])
    return Examiner(SimulatedPatient(PainCase(), min(blamed), blamed, key)).examine


ANSWERS = {TRUTHFUL: _truthful, EXAMINED: _by_examiner}
"""Who answers what our list of next examinations asks."""


def _groups(ready: Sequence[_Ready], parts: Sequence[Part]) -> dict[str, list[_Ready]]:
    groups: dict[str, list[_Ready]] = {}
    for part in parts:
        groups[part] = [one for one in ready if one.told.part == part]
        specific = [one for one in groups[part] if one.told.areas_specific]
        groups[f"{part}, areas specific"] = specific
        groups |= _by_round(part, groups[part])
    # A file of one's own may hold no case of a part; a group of nobody has no figures.
    return {name: ones for name, ones in groups.items() if ones}


def _by_round(part: Part, ones: Sequence[_Ready]) -> dict[str, list[_Ready]]:
    """The rounds of a part apart; nothing where there was only one."""
    rounds: dict[str, list[_Ready]] = {}
    for one in ones:
        rounds.setdefault(f"{part}, {one.told.collected} round", []).append(one)
    return rounds if len(rounds) > 1 else {}


def _all_compared(
    groups: Mapping[str, Sequence[_Ready]], judged: Mapping[str, Mapping[str, Judged]]
) -> tuple[Comparison, ...]:
    return tuple(
        _compared(group, ones, first, second, judged)
        for group, ones in groups.items()
        for first, second in AGAINST
    )


def _compared(
    group: str,
    ones: Sequence[_Ready],
    first: str,
    second: str,
    judged: Mapping[str, Mapping[str, Judged]],
) -> Comparison:
    hits = [(_hit(judged[first][one.told.id]), _hit(judged[second][one.told.id])) for one in ones]
    a = sum(one and not other for one, other in hits)
    b = sum(other and not one for one, other in hits)
    return Comparison(group, first, second, len(hits), a, b, mcnemar(a, b))


def _hit(one: Judged) -> bool:
    order = np.argsort(-one.scores, kind="stable")[:COMPARED_AT].tolist()
    return bool(one.truth.intersection(order))


def _read(number: int, line: object) -> _Ready:
    try:
        told = msgspec.convert(line, PublishedCase)
        known = {source.id for source in network().sources}
        # A misspelt muscle could never be found and would count as a miss of the ranking.
        if strangers := [name for name in told.muscles_found if name not in known]:
            raise CaseError(f"muscles_found: unknown {', '.join(strangers)}")
        if not told.muscles_found:
            raise CaseError("muscles_found: expected at least one muscle, got none")
        drawing = {"id": told.id, "pain": list(told.pain)}
        whole = {**drawing, "complaint": told.complaint}
        return _Ready(told, read_case(drawing), read_case(whole))
    except (msgspec.ValidationError, CaseError) as error:
        raise CaseError(f"case {number}: {error}") from None


@cache
def _names() -> dict[str, int]:
    """Place of every source among all, both sides as one."""
    names = dict.fromkeys(source.id for source in network().sources)
    return {name: at for at, name in enumerate(names)}


def _judged(chances: Floats, told: PublishedCase) -> Judged:
    """Both sides of a source as one, by the larger score."""
    names = _names()
    # `nearest` scores below zero, so nothing may start at 0.
    joined = np.full(len(names), -np.inf)
    np.maximum.at(joined, [names[source.id] for source in network().sources], chances)
    truth = frozenset(names[one] for one in told.muscles_found)
    return Judged(joined, truth, "", _muscular())


def _among_muscles(one: Judged) -> Judged:
    """The same ranking without joints, roots, nerves and organs, which have no number on a page."""
    kept = np.flatnonzero(one.muscular)
    truth = frozenset(np.flatnonzero(np.isin(kept, sorted(one.truth))).tolist())
    return Judged(one.scores[kept], truth, one.region, one.muscular[kept])


@cache
def _muscular() -> Bools:
    """Which of the names are muscles."""
    kinds = {source.id: source.muscular for source in network().sources}
    return np.array([kinds[name] for name in _names()])


def _ranks(one: Judged, told: PublishedCase) -> dict[str, int]:
    order = np.argsort(-one.scores, kind="stable").tolist()
    return {name: order.index(_names()[name]) + 1 for name in told.muscles_found}


def _misses(ready: _Ready, one: Judged) -> list[Miss]:
    told, names = ready.told, list(_names())
    order = np.argsort(-one.scores, kind="stable").tolist()
    # Joined by side as the ranking was, by whichever side reaches more.
    reached = _judged(covers_drawing(ready.drawing, network()), told).scores
    misses = []
    for name, rank in _ranks(one, told).items():
        if rank > MISSED_BEYOND:
            at = _names()[name]
            share = float(reached[at])
            why = "not-reached" if share < REACHED else "outranked"
            before = tuple(names[other] for other in order[:3])
            chance = float(one.scores[at])
            misses.append(
                Miss(told.id, told.areas_specific, name, rank, chance, share, why, before)
            )
    return misses
