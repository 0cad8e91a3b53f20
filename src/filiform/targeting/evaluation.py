"""How good is the ranking? Simulated patients and published cases, judged the same way.

A patient counts as a hit at k when one of the true sources is among the first k; `found` is the
harsher share of the true sources that are, of the k that could be. Log score and Brier score are
sums over all sources of the body, means over patients; lower is better. The calibration error is
the mean distance, weighted by how many predictions there are, between what was said and what came
true, over all probabilities of at least one in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec
import numpy as np

from filiform.anatomy import atlas
from filiform.targeting import baselines
from filiform.targeting.case import PainCase
from filiform.targeting.inference import Inference, infer
from filiform.targeting.network import network
from filiform.targeting.next import next_examinations
from filiform.targeting.problem import Floats
from filiform.targeting.simulate import Examiner, SimulatedPatient

DEPTHS = (1, 3, 5)
EDGES = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0000001)
TRAINING_KEY, HELD_OUT_KEY = 1, 2
"""Keys of the simulator: parameters are fitted on the first, figures are told of the second."""


class Bin(msgspec.Struct, frozen=True):
    """Predictions from `low` up to `high`: how many, what was said on the mean, what came true."""

    low: float
    high: float
    predictions: int
    said: float
    true: float


class Scores(msgspec.Struct, frozen=True):
    """hit, found: by depth, 0 to 1. The rest is None for rankings that give no probabilities."""

    patients: int
    hit: dict[str, float]
    found: dict[str, float]
    log_score: float | None
    brier: float | None
    calibration_error: float | None
    curve: tuple[Bin, ...]


@dataclass(frozen=True, eq=False)
class Judged:
    """One patient's ranking beside the truth. scores (n); truth: places in the network."""

    scores: Floats
    truth: frozenset[int]
    region: str


Ranker = Callable[[PainCase], Floats]
RANKERS: dict[str, Ranker] = {
    "model": lambda case: infer(case).source,
    "overlap": baselines.overlap,
    "nearest": baselines.nearest,
    "naive-bayes": baselines.naive_bayes,
}
PROBABILITIES = ("model", "naive-bayes")


def judge(cases: Iterable[tuple[PainCase, SimulatedPatient]], ranker: Ranker) -> list[Judged]:
    return [Judged(ranker(case), who.causes, region_of(who)) for case, who in cases]


def region_of(patient: SimulatedPatient) -> str:
    """Region of the first cause: of its muscle, or "other sources"."""
    source = network().sources[patient.first]
    return atlas().muscles[source.id].region if source.muscular else "other-sources"


def with_findings(patient: SimulatedPatient, count: int) -> tuple[PainCase, Inference]:
    """The case after so many examinations, each the one suggested next; fewer when it stops."""
    examiner, net = Examiner(patient), network()
    case = patient.case
    found = infer(case)
    for _ in range(count):
        suggested = next_examinations(found, net)
        if not suggested:
            break
        step = suggested[0]
        result = examiner.examine(step.muscle, step.side, step.finding)
        case = replace(case, findings=(*case.findings, result))
        found = infer(case)
    return case, found


def scores(judged: Sequence[Judged], *, probabilities: bool) -> Scores:
    """Figures of some judged patients; at least one."""
    hit = dict.fromkeys(DEPTHS, 0.0)
    found = dict.fromkeys(DEPTHS, 0.0)
    for one in judged:
        order = np.argsort(-one.scores, kind="stable")
        for depth in DEPTHS:
            right = len(one.truth.intersection(order[:depth].tolist()))
            hit[depth] += bool(right) / len(judged)
            found[depth] += right / min(depth, len(one.truth)) / len(judged)
    shares = {str(d): v for d, v in hit.items()}, {str(d): v for d, v in found.items()}
    if not probabilities:
        return Scores(len(judged), *shares, None, None, None, ())
    said = np.clip(np.stack([one.scores for one in judged]), 1e-9, 1 - 1e-9)
    true = np.zeros(said.shape, dtype=bool)
    for row, one in enumerate(judged):
        true[row, list(one.truth)] = True
    log_score = -np.where(true, np.log(said), np.log1p(-said)).sum(axis=1).mean()
    brier = ((said - true) ** 2).sum(axis=1).mean()
    curve = _curve(said, true)
    whole = sum(bin_.predictions for bin_ in curve)
    error = sum(abs(bin_.said - bin_.true) * bin_.predictions for bin_ in curve) / max(whole, 1)
    return Scores(len(judged), *shares, float(log_score), float(brier), error, curve)


def _curve(said: Floats, true: Floats) -> tuple[Bin, ...]:
    bins = []
    for low, high in pairwise(EDGES):
        some = (said >= low) & (said < high)
        if some.any():
            told, came = float(said[some].mean()), float(true[some].mean())
            bins.append(Bin(low, min(high, 1.0), int(some.sum()), told, came))
    return tuple(bins)


def by_region(judged: Sequence[Judged]) -> dict[str, Scores]:
    """The model's figures for each region in which a first cause lies."""
    regions = sorted({one.region for one in judged})
    return {
        region: scores([one for one in judged if one.region == region], probabilities=True)
        for region in regions
    }
