"""How good is the ranking? Simulated patients and published cases, judged the same way.

A patient counts as a hit at k when one of the true sources is among the first k; `found` is the
harsher share of the true sources that are, of the k that could be. Log score and Brier score are
sums over all sources of the body, means over patients; lower is better. The calibration error is
the mean distance, weighted by how many predictions there are, between what was said and what came
true: over all probabilities of at least one in a hundred, and over those that a page shows as a
number (of muscles; joints, roots and nerves are told in words, organs without any).
Patients whose pain has no source of the atlas count for calibration only. Every figure has its
interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import msgspec
import numpy as np

from filiform.anatomy import atlas
from filiform.arrays import Bools, Floats, Ints
from filiform.targeting import baselines
from filiform.targeting.case import PainCase, PalpationFinding, Side
from filiform.targeting.inference import Inference, infer
from filiform.targeting.intervals import SEED, Interval, bootstrap, wilson
from filiform.targeting.network import network
from filiform.targeting.next import next_examinations
from filiform.targeting.simulate import Examiner, SimulatedPatient

DEPTHS = (1, 3, 5)
SHOWN_FROM, SHOWN_LEAST, SHOWN_MOST = 0.03, 4, 8
"""What a page shows: the first four, and up to eight of at least three in a hundred."""
# Bins leave out their upper edge; the last one must hold a probability of 1.
EDGES = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0000001)
CHANCES = 100
"""So often a perfectly calibrated ranking is thrown, to see what few patients alone make."""
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
    """hit, found: by depth, 0 to 1. The rest is None for rankings that give no probabilities.

    intervals: 95 %, by "hit@k", "found@k", "log", "Brier", "error" and "shown": Wilson's for hits,
    the bootstrap's for the rest. curve: of all probabilities from 0.01; shown: of those on a page.
    shown_by_chance: the error that a perfectly calibrated ranking would show on as few patients.
    listed_error: of all sources that a page lists, also those told in words.
    """

    patients: int
    hit: dict[str, float]
    found: dict[str, float]
    log_score: float | None
    brier: float | None
    calibration_error: float | None
    shown_error: float | None
    shown_by_chance: float | None
    listed_error: float | None
    curve: tuple[Bin, ...]
    shown: tuple[Bin, ...]
    intervals: dict[str, Interval]


@dataclass(frozen=True, eq=False)
class Judged:
    """One patient's ranking beside the truth. scores (n); truth: places in the network.
    muscular (n): which are muscles, whose probabilities are shown as numbers."""

    scores: Floats
    truth: frozenset[int]
    region: str
    muscular: Bools


Ranker = Callable[[PainCase], Floats]
RANKERS: dict[str, Ranker] = {
    "model": lambda case: infer(case).source,
    "overlap": baselines.overlap,
    "nearest": baselines.nearest,
    "naive-bayes": baselines.naive_bayes,
}
PROBABILITIES = ("model", "naive-bayes")


def judge(cases: Iterable[tuple[PainCase, SimulatedPatient]], ranker: Ranker) -> list[Judged]:
    muscular = muscles_of_network()
    return [Judged(ranker(case), who.causes, region_of(who), muscular) for case, who in cases]


def muscles_of_network() -> Bools:
    """(n): which sources of the network are muscles."""
    return np.array([source.muscular for source in network().sources])


def region_of(patient: SimulatedPatient) -> str:
    """Region of the first cause: of its muscle, or "other-sources", or "outside-the-atlas"."""
    if patient.first < 0:
        return "outside-the-atlas"
    source = network().sources[patient.first]
    return atlas().muscles[source.id].region if source.muscular else "other-sources"


def with_findings(patient: SimulatedPatient, count: int) -> tuple[PainCase, Inference]:
    """The case after so many examinations of this patient; fewer when the examination stops."""
    return examined_so_far(patient.case, Examiner(patient).examine, count)


def examined_so_far(
    case: PainCase, examine: Callable[[str, Side, str], PalpationFinding], count: int
) -> tuple[PainCase, Inference]:
    """The case after so many answers of `examine`, each to the question suggested next; fewer when
    the examination stops."""
    net, found = network(), infer(case)
    for _ in range(count):
        suggested = next_examinations(found, net)
        if not suggested:
            break
        step = suggested[0]
        result = examine(step.muscle, step.side, step.finding)
        case = replace(case, findings=(*case.findings, result))
        found = infer(case)
    return case, found


def scores(judged: Sequence[Judged], *, probabilities: bool) -> Scores:
    """Figures of some judged patients; at least one."""
    # Without a source in the atlas there is nothing that could be found.
    rows = _ranked_rows([one for one in judged if one.truth])
    hit = {str(d): float(rows[f"hit@{d}"].mean()) for d in DEPTHS}
    found = {str(d): float(rows[f"found@{d}"].mean()) for d in DEPTHS}
    intervals = {f"hit@{d}": _of_hits(rows[f"hit@{d}"]) for d in DEPTHS}
    intervals |= {f"found@{d}": _of_mean(rows[f"found@{d}"]) for d in DEPTHS}
    if not probabilities:
        plain = None, None, None, None, None, None, (), ()
        return Scores(len(judged), hit, found, *plain, intervals)
    said, true = _predictions(judged)
    log = -np.where(true, np.log(said), np.log1p(-said)).sum(axis=1)
    brier = ((said - true) ** 2).sum(axis=1)
    listed = _listed(said)
    shown = listed & np.stack([one.muscular for one in judged])
    whole = said >= EDGES[0]
    intervals |= {"log": _of_mean(log), "Brier": _of_mean(brier)}
    for name, which in (("error", whole), ("shown", shown)):
        intervals[name] = bootstrap(partial(_error_of, said, true, which), len(judged))
    everyone = np.arange(len(judged))
    return Scores(
        len(judged),
        hit,
        found,
        float(log.mean()),
        float(brier.mean()),
        _error_of(said, true, whole, everyone),
        _error_of(said, true, shown, everyone),
        _error_by_chance(said, shown),
        _error_of(said, true, listed, everyone),
        _curve(said[whole], true[whole]),
        _curve(said[shown], true[shown]),
        intervals,
    )


def _ranked_rows(judged: Sequence[Judged]) -> dict[str, Floats]:
    """Of every patient with a source in the atlas: hits and shares found by depth."""
    rows: dict[str, list[float]] = {f"{n}@{d}": [] for n in ("hit", "found") for d in DEPTHS}
    for one in judged:
        order = np.argsort(-one.scores, kind="stable")
        for depth in DEPTHS:
            right = len(one.truth.intersection(order[:depth].tolist()))
            rows[f"hit@{depth}"].append(float(right > 0))
            rows[f"found@{depth}"].append(right / min(depth, len(one.truth)))
    # A region may hold such patients only; a mean of nothing would be no number.
    return {name: np.array(values or [0.0]) for name, values in rows.items()}


def _predictions(judged: Sequence[Judged]) -> tuple[Floats, Bools]:
    # A simpler way may say 0 of what was true; one patient must not make the log score infinite.
    said = np.clip(np.stack([one.scores for one in judged]), 1e-9, 1 - 1e-9)
    true = np.zeros(said.shape, dtype=bool)
    for row, one in enumerate(judged):
        true[row, list(one.truth)] = True
    return said, true


def _listed(said: Floats) -> Bools:
    """Which predictions a page lists."""
    order = np.argsort(-said, axis=1, kind="stable")
    # Sorted twice: from who stands at each place to the place of each.
    place = np.argsort(order, axis=1, kind="stable")
    return (place < SHOWN_LEAST) | ((place < SHOWN_MOST) & (said >= SHOWN_FROM))


def _of_hits(hits: Floats) -> Interval:
    return wilson(round(float(hits.sum())), len(hits))


def _of_mean(values: Floats) -> Interval:
    return bootstrap(lambda some: float(values[some].mean()), len(values))


def _error_of(said: Floats, true: Bools, which: Bools, some: Ints) -> float:
    """Calibration error of some patients: mean distance of said and true over the bins."""
    here = which[some]
    told, came = said[some][here], true[some][here]
    bins = np.digitize(told, EDGES)
    count = np.bincount(bins, minlength=len(EDGES) + 1)
    # Signed within a bin: of what was said at 0.3, three in ten should come true, not each by 0.3.
    apart = np.bincount(bins, told - came, minlength=len(EDGES) + 1)
    return float(np.abs(apart).sum() / max(int(count.sum()), 1))


def _error_by_chance(said: Floats, which: Bools) -> float:
    """Mean calibration error where everything comes true just as often as was said."""
    random = np.random.default_rng(SEED)
    everyone = np.arange(len(said))
    # Truths thrown by the ranking's own words: what error is left is that of few patients.
    drawn = (random.random(said.shape) < said for _ in range(CHANCES))
    return float(np.mean([_error_of(said, true, which, everyone) for true in drawn]))


def _curve(said: Floats, true: Bools) -> tuple[Bin, ...]:
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
