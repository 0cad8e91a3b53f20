"""Fit the model's parameters and what it says: half by cases, half by simulated patients.

    python -m tools.targeting.fit [TRIALS] [PATIENTS]

A random walk from the stored parameters: each trial changes a few of them and is kept when the sum
of two mean log scores gets better: over the published cases of the given part, from the drawing
alone and with the complaint, and over simulated training patients who don't share the model's
secrets. Then what is said is fitted to what came true: a line in the odds' logarithm under a
ceiling, to the muscles that are shown, and the lowest ceiling that the data leave possible is
taken. With TRIALS = 0 only that. Prints what is best; copy it into data/parameters.toml. Held-out
patients and the cases held back are never looked at here, and a parameter on a bound of its search
is called out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from tools.targeting import calibration

from filiform.targeting import inference, knowledge, network, priors, published, territory
from filiform.targeting.case import PainCase
from filiform.targeting.evaluation import (
    SHOWN_FROM,
    TRAINING_KEY,
    Judged,
    muscles_of_network,
    scores,
)
from filiform.targeting.inference import infer
from filiform.targeting.knowledge import Parameters, parameters
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
    muscular = muscles_of_network()
    return told, [Judged(infer(one.case).source, one.causes, "", muscular) for one in people]


def parts(
    by_case: Sequence[Judged],
    by_patient: Sequence[Judged],
    cases: Sequence[Any],
    people: Sequence[Any],
    least: float = SHOWN_FROM,
) -> tuple[calibration.Part, calibration.Part]:
    """What the model computes for given cases and for simulated patients, before it is said."""
    numbers = {one: at for at, one in enumerate(dict.fromkeys(report.id for _, report in cases))}
    whose = [numbers[report.id] for _, report in cases]
    return (
        calibration.part(by_case, whose, [bool(case.complaint) for case, _ in cases], least),
        calibration.part(
            by_patient, range(len(by_patient)), [bool(one.case.complaint) for one in people], least
        ),
    )


def calibrate(cases: Sequence[Any], people: Sequence[Any]) -> None:
    """Prints the fit, its parts alone, its spread, and how other forms do on cases left out."""
    both = parts(*judged(cases, people), cases, people)
    print("most probable:", calibration.in_words(calibration.fitted(both)))
    for name, one in zip(("cases alone", "patients alone"), both, strict=True):
        print(f"  {name}:", calibration.in_words(calibration.fitted([one])))
    low, high = calibration.spread(both)
    print("  from", calibration.in_words(low), "to", calibration.in_words(high))
    print("to be said:", calibration.in_words(calibration.cautious(both)))
    for form in calibration.FORMS:
        print(f"  left out, {form}: {calibration.cross_validated(both[0], both[1:], form):.4f}")


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
    use(best)
    inference.as_said = lambda chance, _: chance
    calibrate(cases, people)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [60, 150][len(numbers) :]))
