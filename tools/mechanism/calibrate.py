"""Make the ensemble of virtual patients, and test it on what was left out.

    python tools/mechanism/calibrate.py            ensemble, report and figures (some minutes)
    python tools/mechanism/calibrate.py --report   only report and figures, for the ensemble held

Method (docs/reference/mechanism-calibration.md):
1. Candidates: parameters drawn from the priors of parameters.tsv (log-normal, `low` to `high` is
   the central 90 %), fixed seed; age and duration of pain beside them.
2. Each candidate is brought to its untreated steady state; who then has an active trigger point
   (`ACTIVE`) stays.
3. Weights: of all weights over these patients that come near the published results marked "fit"
   in targets.tsv, those with the greatest entropy (prevalence weighting of a virtual population).
4. Results marked "held out" take no part in 3. Both kinds are compared and reported.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from filiform.mechanism import ensemble as held
from filiform.mechanism.ensemble import Ensemble
from filiform.mechanism.table import of_patients, parameters, starting
from filiform.mechanism.workers import run_patients

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools.mechanism import report, targets

SEED = 20240711
CANDIDATES = 24_000
TARGET = Path(__file__).parents[2] / "src/filiform/mechanism/data/ensemble.npz"
CLIP_SD = 2.5
ACTIVE = {"pain": (2.5, 9.3), "ph": (6.3, 7.28), "contracture": (1.5, 20.0)}
"""Steady states of patients who come with an active trigger point (assumed)."""
UNTREATED_HOURS = 2 * 8760.0
AGE_SLOWS = 0.006
"""Repair rates fall by this share per year of age above 45 (assumed)."""
MONTHS_CENTRAL = 0.3
"""Exponent: own central sensitisation grows with the duration of pain over 12 months (assumed)."""
MONTHS_RECOVERY = -0.15
"""Exponent: recovery of endplates slows with the duration of pain over 12 months (assumed)."""


def candidates(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values (candidates, of_patients), ages in years, duration of pain in months."""
    own = [parameters()[name] for name in of_patients()]
    spread = np.array([np.log(one.high / one.low) / (2 * 1.645) for one in own])
    middle = np.array([one.value for one in own])
    normal = np.clip(random.standard_normal((CANDIDATES, len(own))), -CLIP_SD, CLIP_SD)
    values = middle * np.exp(spread * normal)
    ages = random.uniform(18, 85, CANDIDATES)
    months = np.clip(np.exp(random.normal(np.log(12), 1.1, CANDIDATES)), 1, 360)
    names = list(of_patients())
    for name in ("k_reinnervation", "k_regeneration", "k_cleaning"):
        values[:, names.index(name)] *= 1 - AGE_SLOWS * (ages - 45)
    values[:, names.index("central_own")] *= (months / 12) ** MONTHS_CENTRAL
    values[:, names.index("k_recovery")] *= (months / 12) ** MONTHS_RECOVERY
    return values.astype("f4").astype(float), ages, months


def untreated(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The steady states without needling, and who has an active trigger point in them."""
    start = np.array([parameters()[name].value for name in starting()])
    names = list(starting())
    start[names.index("endplates_sound")] = 0.05
    start[names.index("endplates_dysfunctional")] = 0.95
    seen = run_patients(
        of_patients(), values, np.tile(start, (len(values), 1)), {"sessions": 0.0},
        np.array([0.0, UNTREATED_HOURS]), [*starting(), *ACTIVE],
    )[:, -1]  # fmt: skip
    states, marks = np.maximum(seen[:, : len(names)], 0), seen[:, len(names) :]
    active = np.ones(len(values), bool)
    for at, (low, high) in enumerate(ACTIVE.values()):
        active &= (marks[:, at] >= low) & (marks[:, at] <= high)
    for none in ("endplates_silenced", "dilation", "gating", "inflammation"):
        states[:, names.index(none)] = 0
    return states, active


def entropy_weights(seen: np.ndarray, aims: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Weights w that minimise KL(w | equal) + sum(((w @ seen - aims) / within)^2) / 2.

    seen: (patients, results); aims, within: published value and its uncertainty. Solved in the
    dual by damped Newton steps.
    """
    pull = np.zeros(seen.shape[1])
    scaled, wanted = (seen - aims) / within, np.zeros(seen.shape[1])
    for _step in range(200):
        weights = _tilted(scaled, pull)
        mean = weights @ scaled
        gap = mean - wanted - pull
        spread = (weights[:, None] * (scaled - mean)).T @ (scaled - mean)
        step = np.linalg.solve(spread + np.eye(len(pull)), gap)
        pull = pull + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-9))
        if np.abs(step).max() < 1e-10:
            break
    return _tilted(scaled, pull)


def _tilted(scaled: np.ndarray, pull: np.ndarray) -> np.ndarray:
    logs = -scaled @ pull
    weights = np.exp(logs - logs.max())
    whole: np.ndarray = weights / weights.sum()
    return whole


def calibrated() -> tuple[Ensemble, targets.Runs]:
    """The ensemble and the runs that its weights rest on."""
    random = np.random.default_rng(SEED)
    values, ages, months = candidates(random)
    states, active = untreated(values)
    print(f"{active.sum()} of {CANDIDATES} candidates have an active trigger point")
    found = Ensemble(
        values[active], states[active].astype("f4").astype(float),
        np.full(active.sum(), 1 / active.sum()), ages[active], months[active],
    )  # fmt: skip
    runs = targets.Runs(found)
    weights = found.weights
    for _round in range(8):
        fits = targets.fitted(runs, weights)
        weights = entropy_weights(
            np.column_stack([fit.seen for fit in fits]),
            np.array([fit.aim for fit in fits]),
            np.array([fit.within for fit in fits]),
        )
    print(f"weights are worth {held.effective(weights):.0f} equal patients")
    return Ensemble(found.values, found.starts, weights, found.age_years, found.months), runs


def write(found: Ensemble) -> None:
    np.savez_compressed(
        TARGET,
        names=np.array(of_patients()),
        states=np.array(starting()),
        values=found.values.astype("f4"),
        starts=found.starts.astype("f4"),
        weights=found.weights.astype("f4"),
        age_years=found.age_years.astype("f4"),
        months=found.months.astype("f4"),
    )
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB")


def main() -> int:
    if "--report" in sys.argv:
        found = held.ensemble()
        runs = targets.Runs(found)
    else:
        found, runs = calibrated()
        write(found)
    report.write(runs, found.weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
