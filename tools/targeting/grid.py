"""How surely each fitted parameter of the model is known: a grid of values, patients drawn anew.

    python -m tools.targeting.grid [PATIENTS]

Each parameter of fit.STEPS is set to some values about the stored one, the others staying, and a
line under a ceiling is fitted anew to each for all muscles: else a value would win by a shift of
all small probabilities, which is no knowledge. Judged is the mean log score of muscles of the given
cases, without and with the complaint, and of simulated training patients. The interval holds the
best value in 95 % of draws of patients with replacement. Cases held back are never looked at. Half
an hour.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec
import numpy as np
from tools.targeting import calibration, fit

from filiform.arrays import Floats
from filiform.targeting import inference
from filiform.targeting.evaluation import TRAINING_KEY
from filiform.targeting.knowledge import parameters
from filiform.targeting.simulate import patients

FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)
DRAWS, SEED = 400, 5


def best_value(
    values: Sequence[float], scores: Sequence[Floats]
) -> tuple[float, tuple[float, float]]:
    """The value with the lowest sum over parts of mean scores, and its 95 % interval.

    scores: of each part (values, patients), lower is better; a patient is drawn with all values.
    """
    random = np.random.default_rng(SEED)
    told = np.array(values)
    found = []
    for _ in range(DRAWS):
        picked = [random.integers(0, part.shape[1], part.shape[1]) for part in scores]
        total = sum(part[:, some].mean(axis=1) for part, some in zip(scores, picked, strict=True))
        found.append(told[int(np.argmin(total))])
    whole = sum(part.mean(axis=1) for part in scores)
    # Values of a grid have nothing between them: the nearest one that holds the quantile.
    low, high = np.percentile(found, [2.5, 97.5], method="nearest")
    return float(told[int(np.argmin(whole))]), (float(low), float(high))


def main(count: int) -> None:
    people, cases = list(patients(TRAINING_KEY, count)), fit.given()
    inference.as_said = lambda chance, _: chance
    stored = parameters()
    for name, (low, high) in fit.STEPS.items():
        here = float(getattr(stored, name))
        values = sorted({round(float(np.clip(here * by, low, high)), 4) for by in FACTORS})
        rows: tuple[list[Floats], list[Floats]] = ([], [])
        for value in values:
            fit.use(msgspec.structs.replace(stored, **{name: value}))
            both = fit.parts(*fit.judged(cases, people), cases, people, least=0.0)
            at = calibration.fitted(both)
            for row, one in zip(rows, both, strict=True):
                row.append(calibration.by_patient(at, one))
        parts = [np.stack(one) for one in rows]
        best, (first, last) = best_value(values, parts)
        totals = np.round(sum(one.mean(axis=1) for one in parts), 3).tolist()
        print(f"{name}: stored {here:g}, best {best:g} [{first:g} to {last:g}]", flush=True)
        print(f"  {dict(zip(values, totals, strict=True))}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
