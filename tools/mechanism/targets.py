"""The published results, and the same quantities in the ensemble."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from filiform.mechanism.ensemble import Ensemble
from filiform.mechanism.simulate import NeedlingDose
from filiform.mechanism.table import of_patients, parameters, starting
from filiform.mechanism.workers import run_patients

NPRS_ERROR = 1.44
"""Standard error of measurement on the 0-10 scale: MDC 4.0 / (1.96 * sqrt(2)), Kovacs 2008."""
THRESHOLD_ERROR = 0.2
"""Error of a pressure threshold as a share: at least 21.4 % in the shoulder, Othman 2024 (OTH24)
as listed in outcomes.md, rounded down."""

RECORDED = (
    "endplate_noise", "stiffness", "perfusion", "oxygen", "ph", "substance_p", "cgrp",
    "bradykinin", "tnf_alpha", "il_1beta", "il_6", "serotonin", "noradrenaline", "opioid",
    "endplates_silenced", "fibres_regenerating", "pain", "pressure_threshold", "soreness",
)  # fmt: skip
OTHERS = ("bradykinin", "tnf_alpha", "il_1beta", "il_6", "serotonin", "noradrenaline")

EARLY = (0, 0.1, 0.25, 0.3, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36, 48, 60, 72, 120, 168)
WEEKS = tuple(24.0 * day for day in (0, 7, 14, 21, 28, 35, 42, 56, 70, 84))

PROTOCOLS: dict[str, tuple[NeedlingDose, tuple[float, ...]]] = {
    "one": (NeedlingDose(insertions=10, twitches=6), EARLY),
    "no-twitch": (NeedlingDose(insertions=10, twitches=0), EARLY),
    "five": (NeedlingDose(insertions=5, twitches=3), EARLY),
    "fifteen": (NeedlingDose(insertions=15, twitches=3), EARLY),
    "three-weekly": (NeedlingDose(insertions=10, twitches=6, sessions=3), WEEKS),
    "two-weekly": (NeedlingDose(insertions=10, twitches=6, sessions=2), (0.0, 336.0)),
    "five-daily": (
        NeedlingDose(insertions=10, twitches=6, sessions=5, interval_days=1),
        (0.0, 216.0),
    ),
    "ten": (
        NeedlingDose(insertions=10, twitches=6, sessions=10, interval_days=3.5),
        (0.0, 31.5 * 24 + 90 * 24),
    ),
}


@dataclass
class Runs:
    """Courses of the whole ensemble under each protocol, made when first asked for."""

    patients: Ensemble
    made: dict[str, np.ndarray] = field(default_factory=dict)

    def at(self, protocol: str, state: str, hour: float) -> np.ndarray:
        """One value per patient."""
        hours = PROTOCOLS[protocol][1]
        course: np.ndarray = self.course(protocol)[:, hours.index(hour), RECORDED.index(state)]
        return course

    def ratio(self, protocol: str, state: str, hour: float) -> np.ndarray:
        return self.at(protocol, state, hour) / self.at(protocol, state, 0)

    def course(self, protocol: str) -> np.ndarray:
        """(patients, hours, RECORDED)."""
        if protocol not in self.made:
            dose, hours = PROTOCOLS[protocol]
            self.made[protocol] = run_patients(
                of_patients(), self.patients.values, self.patients.starts,
                dose.as_parameters(), np.array(hours, float), RECORDED,
            )  # fmt: skip
        return self.made[protocol]

    def healthy(self) -> np.ndarray:
        """Healthy muscle of the same people needled once without twitches, at EARLY."""
        if "healthy" not in self.made:
            start = np.array([parameters()[name].value for name in starting()])
            self.made["healthy"] = run_patients(
                of_patients(), self.patients.values, np.tile(start, (len(self.patients), 1)),
                NeedlingDose(insertions=10, twitches=0, load=0).as_parameters(),
                np.array(EARLY, float), RECORDED,
            )  # fmt: skip
        return self.made["healthy"]


@dataclass(frozen=True)
class Target:
    """A published result; low, high: between them the model counts as a hit."""

    id: str
    use: str
    source: str
    n: str
    what: str
    value: float | None
    low: float
    high: float
    note: str


def _number(text: str, otherwise: float) -> float:
    return float(text) if text else otherwise


def published() -> tuple[Target, ...]:
    with (Path(__file__).with_name("targets.tsv")).open(encoding="utf-8", newline="") as file:
        return tuple(
            Target(
                row["id"], row["use"], row["source"], row["n"], row["what"],
                float(row["value"]) if row["value"] else None,
                _number(row["low"], -np.inf), _number(row["high"], np.inf), row["note"],
            )
            for row in csv.DictReader(file, delimiter="\t")
        )  # fmt: skip


def _mean(seen: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ seen)


def _variance(seen: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ (seen - weights @ seen) ** 2)


def pain_spread(runs: Runs, weights: np.ndarray, weeks: tuple[float, ...]) -> float:
    """Pooled standard deviation of measured pain in both arms, over these hours."""
    before = runs.at("three-weekly", "pain", 0)
    arms = [_variance(before, weights)] + [
        _variance(runs.at("three-weekly", "pain", hour), weights) for hour in weeks
    ]
    return float(np.sqrt((arms[0] + np.mean(arms[1:])) / 2 + NPRS_ERROR**2))


def pain_change(runs: Runs, weeks: tuple[float, ...]) -> np.ndarray:
    """Mean difference to no needling over these hours, per patient; untreated pain stays."""
    later = np.mean([runs.at("three-weekly", "pain", hour) for hour in weeks], axis=0)
    change: np.ndarray = later - runs.at("three-weekly", "pain", 0)
    return change


def pain_smd(weeks: tuple[float, ...]) -> Callable[[Runs, np.ndarray], float]:
    return lambda runs, weights: (
        _mean(pain_change(runs, weeks), weights) / pain_spread(runs, weights, weeks)
    )


def threshold_smd(runs: Runs, weights: np.ndarray) -> float:
    before = runs.at("three-weekly", "pressure_threshold", 0)
    laters = [runs.at("three-weekly", "pressure_threshold", hour) for hour in WEEKS[1:]]
    error = (THRESHOLD_ERROR * _mean(before, weights)) ** 2
    after = np.mean([_variance(later, weights) for later in laters])
    spread = np.sqrt((_variance(before, weights) + after) / 2 + error)
    return float(_mean(np.mean(laters, axis=0) - before, weights) / spread)


FIRST_WEEKS = WEEKS[1:4]
LATER_WEEKS = WEEKS[4:]
SPANS = {"pain-weeks-1-3": FIRST_WEEKS, "pain-weeks-4-12": LATER_WEEKS}


def _others(runs: Runs) -> np.ndarray:
    whole: np.ndarray = np.mean([runs.at("one", state, 0) for state in OTHERS], axis=0)
    return whole


def _peak(runs: Runs, protocol: str) -> np.ndarray:
    highest: np.ndarray = runs.course(protocol)[:, :, RECORDED.index("soreness")].max(axis=1)
    return highest


@dataclass(frozen=True)
class Fit:
    """One result for the weights: a value per patient, its aim and how near."""

    seen: np.ndarray
    aim: float
    within: float


FITTED: dict[str, Callable[[Runs], np.ndarray]] = {
    "noise-ratio": lambda runs: runs.ratio("one", "endplate_noise", 0.5),
    "pain-weeks-1-3": lambda runs: pain_change(runs, FIRST_WEEKS),
    "pain-weeks-4-12": lambda runs: pain_change(runs, LATER_WEEKS),
    "pain-at-once": lambda runs: runs.ratio("one", "pain", 0.1),
    "substance-p-before": lambda runs: runs.at("one", "substance_p", 0),
    "ph-before": lambda runs: runs.at("one", "ph", 0),
    "others-before": _others,
    "soreness-peak": lambda runs: _peak(runs, "one"),
    "soreness-24h": lambda runs: runs.at("one", "soreness", 24),
}


def fitted(runs: Runs, weights: np.ndarray) -> list[Fit]:
    """What the weights are fitted to; a standardised difference is turned into points of pain
    with the spread that the present weights give."""
    fits = []
    for one in published():
        if one.use == "fit" and one.value is not None:
            spread = 1.0
            if one.id in SPANS:
                spread = pain_spread(runs, weights, SPANS[one.id])
            within = (one.high - one.low) / 2 / 1.96 * spread
            fits.append(Fit(FITTED[one.id](runs), one.value * spread, within))
    return fits


def _steepest(runs: Runs, weights: np.ndarray) -> float:
    sampled = (0.1, 6, 12, 24, 48, 72)
    means = [_mean(runs.at("one", "soreness", hour), weights) for hour in sampled]
    falls = np.diff(means) / np.diff(sampled)
    at = int(np.argmin(falls))
    return round((sampled[at] + sampled[at + 1]) / 2)


def _correlation(runs: Runs, weights: np.ndarray) -> float:
    pain = runs.ratio("one", "pain", 0.5)
    noise = runs.ratio("one", "endplate_noise", 0.5)
    both = weights @ ((pain - weights @ pain) * (noise - weights @ noise))
    return float(both / np.sqrt(_variance(pain, weights) * _variance(noise, weights)))


def _healthy(state: str) -> Callable[[Runs, np.ndarray], float]:
    def found(runs: Runs, weights: np.ndarray) -> float:
        course = runs.healthy()[:, :, RECORDED.index(state)]
        return _mean(course[:, EARLY.index(0.3)] / course[:, 0], weights)

    return found


def _share(protocol: str, state: str, hour: float) -> Callable[[Runs, np.ndarray], float]:
    return lambda runs, weights: _mean(runs.ratio(protocol, state, hour), weights)


def _strongest(runs: Runs, weights: np.ndarray) -> float:
    sampled = (3, 24, 72, 168)
    course = runs.healthy()[:, :, RECORDED.index("tnf_alpha")]
    means = [_mean(course[:, EARLY.index(hour)], weights) for hour in sampled]
    return float(sampled[int(np.argmax(means))])


def _left(state: str, hour: float) -> Callable[[Runs, np.ndarray], float]:
    def found(runs: Runs, weights: np.ndarray) -> float:
        course = runs.course("one")[:, :, RECORDED.index(state)]
        left = course[:, EARLY.index(hour)] / course.max(axis=1)
        return _mean(left, weights)

    return found


MODEL: dict[str, Callable[[Runs, np.ndarray], float]] = {
    "noise-ratio": lambda runs, w: _mean(FITTED["noise-ratio"](runs), w),
    "pain-weeks-1-3": pain_smd(FIRST_WEEKS),
    "substance-p-before": lambda runs, w: _mean(FITTED["substance-p-before"](runs), w),
    "ph-before": lambda runs, w: _mean(FITTED["ph-before"](runs), w),
    "others-before": lambda runs, w: _mean(_others(runs), w),
    "soreness-peak": lambda runs, w: _mean(_peak(runs, "one"), w),
    "soreness-24h": lambda runs, w: _mean(FITTED["soreness-24h"](runs), w),
    "substance-p-10min": _share("one", "substance_p", 0.25),
    "flow-15min": _healthy("perfusion"),
    "oxygen-15min": _healthy("oxygen"),
    "flow-resting": lambda runs, w: _mean(runs.at("one", "perfusion", 0), w),
    "pain-at-once": _share("one", "pain", 0.1),
    "noise-pain-correlation": _correlation,
    "noise-two-weekly": _share("two-weekly", "endplate_noise", 336.0),
    "threshold-at-once": _share("one", "pressure_threshold", 0.1),
    "threshold-48h": _share("one", "pressure_threshold", 48),
    "threshold-72h": _share("one", "pressure_threshold", 72),
    "threshold-weeks": threshold_smd,
    "pain-weeks-4-12": pain_smd(LATER_WEEKS),
    "pain-weeks-0-12": pain_smd(WEEKS[1:]),
    "responders-gerber": lambda runs, w: _mean(
        (runs.ratio("three-weekly", "pain", 504.0) <= 0.5).astype(float), w
    ),
    "responders-turo": lambda runs, w: _mean(
        (runs.ratio("three-weekly", "stiffness", 504.0) <= 0.95).astype(float), w
    ),
    "stiffness-30min": _share("one", "stiffness", 0.5),
    "stiffness-24h": _share("one", "stiffness", 24),
    "stiffness-72h": _share("one", "stiffness", 72),
    "soreness-all": lambda runs, w: _mean((_peak(runs, "one") >= 1).astype(float), w),
    "soreness-48h": lambda runs, w: _mean(runs.at("one", "soreness", 48), w),
    "soreness-72h": lambda runs, w: _mean(runs.at("one", "soreness", 72), w),
    "soreness-steepest": _steepest,
    "soreness-insertions": lambda runs, w: _mean(
        _peak(runs, "fifteen") / _peak(runs, "five"), w
    ),
    "opioid-at-once": lambda runs, w: _mean(runs.at("one", "opioid", 0.1), w),
    "substance-p-5d": _share("one", "substance_p", 120),
    "tnf-after-1": _share("one", "tnf_alpha", 120),
    "tnf-after-5": _share("five-daily", "tnf_alpha", 216.0),
    "repair-3d": _left("endplates_silenced", 72),
    "regeneration-7d": _left("fibres_regenerating", 168),
    "inflammation-time": _strongest,
    "twitches-6": lambda runs, w: _mean(
        runs.at("one", "pain", 168) / runs.at("no-twitch", "pain", 168), w
    ),
    "ten-sessions": lambda runs, w: _mean(
        runs.ratio("ten", "pain", PROTOCOLS["ten"][1][1]) - 1, w
    ),
}  # fmt: skip
