"""Fit the model's parameters on simulated patients of the training part.

    python tools/targeting/fit.py [TRIALS] [PATIENTS]

A random walk: each trial changes one or two parameters of the best ones so far and is kept when
the mean log score over the training patients, half from the drawing alone and half after five
findings, gets better. Prints the best; copy it into data/parameters.toml. Held-out patients and
the published cases are never looked at here.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from filiform.targeting import evaluation, knowledge, network, priors
from filiform.targeting.knowledge import Parameters, parameters
from filiform.targeting.simulate import Examiner, patients

# Bounds. Essential and leak stay off the extremes that simulated patients would allow: these draw
# after the atlas, and real ones keep to it less.
STEPS: dict[str, tuple[float, float]] = {
    "essential": (0.5, 0.9),
    "spillover": (0.1, 0.6),
    "leak": (0.01, 0.25),
    "observation_patches": (1.5, 12.0),
    "undrawn": (0.02, 1.5),
    "undrawn_limit": (1.0, 30.0),
    "expected_active": (1.5, 4.0),
    "repeated": (0.2, 0.9),
}


def use(chosen: Parameters) -> None:
    """Let every room of targeting work with these parameters."""
    for name, module in list(sys.modules.items()):
        if name.startswith("filiform.targeting") and hasattr(module, "parameters"):
            module.parameters = lambda: chosen  # type: ignore[attr-defined]
    for cached in (network.network, priors.general, priors.by_complaint):
        cached.cache_clear()


def changed(best: Parameters, random: np.random.Generator) -> Parameters:
    values: dict[str, Any] = msgspec.structs.asdict(best)
    for name in random.choice(list(STEPS), size=int(random.integers(1, 3)), replace=False):
        low, high = STEPS[name]
        factor = float(np.exp(random.normal(0, 0.35)))
        values[name] = round(float(np.clip(values[name] * factor, low, high)), 4)
    if random.random() < 0.1:
        values["blur_steps"] = int(random.integers(1, 4))
    return Parameters(**values)


def main(trials: int, count: int) -> None:
    who = list(patients(evaluation.TRAINING_KEY, count))
    cases = [(one.case, one) for one in who[: count // 2]]
    for one in who[count // 2 :]:
        examiner = Examiner(one)
        suggested = evaluation.with_findings(one, 5)[0].findings
        results = tuple(examiner.examine(f.muscle, f.side, f.finding) for f in suggested)
        cases.append((replace(one.case, findings=results), one))
    random = np.random.default_rng(5)
    best, lowest = parameters(), float("inf")
    for trial in range(trials):
        chosen = changed(best, random) if trial else best
        use(chosen)
        judged = evaluation.judge(cases, evaluation.RANKERS["model"])
        found = evaluation.scores(judged, probabilities=True)
        if found.log_score is not None and found.log_score < lowest:
            best, lowest = chosen, found.log_score
            print(trial, round(lowest, 4), found.hit, found.found, flush=True)
            print(
                "   ",
                {k: v for k, v in msgspec.structs.asdict(best).items() if k in STEPS},
                best.blur_steps,
                round(found.calibration_error or 0, 4),
                flush=True,
            )
    use(best)
    knowledge.parameters = parameters


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [60, 200][len(numbers) :]))
