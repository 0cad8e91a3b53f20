"""Fit the model's parameters and what it says: half by cases, half by simulated patients.

    python tools/targeting/fit.py [TRIALS] [PATIENTS]

A random walk from the stored parameters: each trial changes a few of them and is kept when the sum
of two mean log scores gets better: over the published cases of the given part, from the drawing
alone and with the complaint, and over simulated training patients who don't share the model's
secrets. Then the line in the odds' logarithm between what is computed and what came true is fitted
to both (Newton). Prints what is best; copy it into data/parameters.toml. Held-out patients and the
cases held back are never looked at here, and a parameter on a bound of its search is called out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from filiform.targeting import knowledge, network, priors, published, territory
from filiform.targeting.case import PainCase
from filiform.targeting.evaluation import TRAINING_KEY, Judged, scores
from filiform.targeting.inference import infer
from filiform.targeting.knowledge import Parameters, parameters
from filiform.targeting.problem import Floats
from filiform.targeting.simulate import patients

# Not other_sources_scale: reports of needling blame muscles only and would drive it to nothing.
STEPS: dict[str, tuple[float, float]] = {
    "not_looked_for": (0.1, 1.0),
    "spillover": (0.1, 0.7),
    "over_itself": (0.2, 0.9),
    "observation_patches": (1.2, 12.0),
    "undrawn": (0.05, 1.5),
    "undrawn_limit": (0.5, 30.0),
}
Asked = tuple[PainCase, frozenset[int]]


def use(chosen: Parameters) -> None:
    """Let every room of targeting work with these parameters."""
    for name, module in list(sys.modules.items()):
        if name.startswith("filiform.targeting") and hasattr(module, "parameters"):
            module.parameters = lambda: chosen  # type: ignore[attr-defined]
    caches = (network.network, priors.by_complaint, priors.by_muscle, territory.felt_there)
    for cached in (*caches, knowledge.other_sources):
        cached.cache_clear()


def changed(best: Parameters, random: np.random.Generator) -> Parameters:
    values: dict[str, Any] = msgspec.structs.asdict(best)
    for name in random.choice(list(STEPS), size=int(random.integers(1, 4)), replace=False):
        low, high = STEPS[name]
        factor = float(np.exp(random.normal(0, 0.4)))
        values[name] = round(float(np.clip(values[name] * factor, low, high)), 4)
    return Parameters(**values)


def given() -> list[tuple[PainCase, published.PublishedCase]]:
    """Every case of the given part twice: its drawing, and with the complaint."""
    ready = [published._read(at, line) for at, line in enumerate(published.published_cases(), 1)]
    mine = [one for one in ready if one.told.part == "given"]
    return [(case, one.told) for one in mine for case in (one.drawing, one.whole)]


def judged(cases: Sequence[Any], people: Sequence[Any]) -> tuple[list[Judged], list[Judged]]:
    told = [published._judged(infer(case).source, one) for case, one in cases]
    return told, [Judged(infer(one.case).source, one.causes, "") for one in people]


def line(ones: Sequence[Judged]) -> tuple[float, float]:
    """Shift and slope of the log odds, by Newton's method."""
    said = np.concatenate([one.scores for one in ones])
    true = np.concatenate([np.isin(np.arange(len(one.scores)), list(one.truth)) for one in ones])
    some = said > 1e-3
    odds, came = np.log(said[some] / (1 - said[some])), true[some].astype(float)
    at: Floats = np.array([0.0, 1.0])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(at[0] + at[1] * odds)))
        weight, off = chance * (1 - chance), came - chance
        slope = np.array([off.sum(), (off * odds).sum()])
        cross = (weight * odds).sum()
        at = at + np.linalg.solve([[weight.sum(), cross], [cross, (weight * odds**2).sum()]], slope)
    return float(at[0]), float(at[1])


def main(trials: int, count: int) -> None:
    people, cases = list(patients(TRAINING_KEY, count)), given()
    random = np.random.default_rng(5)
    best, lowest = parameters(), float("inf")
    for trial in range(trials):
        chosen = changed(best, random) if trial else best
        use(chosen)
        both = [scores(ones, probabilities=True) for ones in judged(cases, people)]
        total = sum(one.log_score or 0.0 for one in both)
        if total < lowest:
            best, lowest = chosen, total
            told = {name: getattr(best, name) for name in STEPS}
            print(trial, round(total, 3), [one.hit for one in both], told, flush=True)
    for name, bounds in STEPS.items():
        if getattr(best, name) in bounds:
            print(f"{name} lies on the bound of its search: widen it or set it by design")
    use(msgspec.structs.replace(best, said_slope=1.0, said_shift=0.0))
    lines = [line(ones) for ones in judged(cases, people)]
    shift, slope = np.mean(lines, axis=0)
    print(f"said_shift = {shift:.2f}, said_slope = {slope:.2f}; by cases and patients {lines}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [60, 150][len(numbers) :]))
