"""Virtual patients: parameter sets with weights, consistent with the published results.

The ensemble is made by tools/mechanism/calibrate.py. A group of patients is drawn from it by
systematic resampling: the same seed gives the same group. Age, duration, central sensitisation
and load shift the weights; measured values narrow them (Bayes' rule over the ensemble).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Literal

import msgspec
import numpy as np

from filiform.arrays import Bools, Floats, Ints
from filiform.mechanism.table import data_bytes, of_patients, starting

VERSION = "1"
Level = Literal["low", "middle", "high"]

AGE_SPREAD_YEARS = 10.0
"""Patients of about this distance in age count with a weight of 0.6 (design value)."""
DURATION_SPREAD = 0.7
"""The same for the natural logarithm of months of pain (design value)."""


class Traits(msgspec.Struct, frozen=True):
    """What is known of a patient before needling; None: not known.

    age_years 5-110, months of pain 0.1-600; central, load: which third of patients is meant.
    """

    age_years: float | None = None
    months: float | None = None
    central: Level | None = None
    load: Level | None = None


class StateMeasurement(msgspec.Struct, frozen=True):
    """One value measured on the patient. state: a name of `table.states`; sd: of the measuring."""

    state: str
    hour: float
    value: float
    sd: float


class Ensemble(msgspec.Struct, frozen=True):
    """values: (patients, of_patients); starts: (patients, starting); weights add up to 1."""

    values: np.ndarray
    starts: np.ndarray
    weights: np.ndarray
    age_years: np.ndarray
    months: np.ndarray

    def parameter(self, name: str) -> Floats:
        found: Floats = self.values[:, of_patients().index(name)]
        return found


@cache
def ensemble() -> Ensemble:
    """The calibrated ensemble of this release. Raises ValueError if it belongs to other tables."""
    with np.load(io.BytesIO(data_bytes("ensemble.npz"))) as held:
        # Columns have no names in the file: an ensemble of other tables would mix up its patients.
        if tuple(held["names"]) != of_patients() or tuple(held["states"]) != starting():
            raise ValueError(
                "ensemble.npz was made for other tables; run tools/mechanism/calibrate.py"
            )
        weights = held["weights"].astype(float)
        return Ensemble(
            held["values"].astype(float),
            held["starts"].astype(float),
            weights / weights.sum(),
            held["age_years"].astype(float),
            held["months"].astype(float),
        )


@cache
def release() -> str:
    """The version of the model: equations, numbers and ensemble."""
    digest = sha256()
    for name in ("trigger_point.ant", "parameters.tsv", "states.tsv", "ensemble.npz"):
        digest.update(data_bytes(name))
    return f"mechanism-{VERSION}-{digest.hexdigest()[:8]}"


def _third(values: Floats, level: Level) -> Bools:
    low, high = np.quantile(values, (1 / 3, 2 / 3))
    below, above = np.asarray(values <= low), np.asarray(values >= high)
    if level == "low":
        return below
    return above if level == "high" else ~(below | above)


def weights_for(traits: Traits) -> Floats:
    """The ensemble's weights for a patient with these traits; they add up to 1."""
    held = ensemble()
    weights = held.weights.copy()
    if traits.age_years is not None:
        distance = (held.age_years - traits.age_years) / AGE_SPREAD_YEARS
        # A bell and no cut: no patient is unlike enough to say nothing, and few are like enough.
        weights *= np.exp(-0.5 * distance**2)
    if traits.months is not None:
        # By the logarithm: from one month to two is as far as from one year to two.
        distance = (np.log(held.months) - np.log(traits.months)) / DURATION_SPREAD
        weights *= np.exp(-0.5 * distance**2)
    for level, name in ((traits.central, "central_own"), (traits.load, "usual_load")):
        if level is not None:
            # 0.02 and not 0: a trait that was misjudged can still be overruled by a measured value.
            weights *= np.where(_third(held.parameter(name), level), 1.0, 0.02)
    whole: Floats = weights / weights.sum()
    return whole


def draw(weights: Floats, patients: int, seed: int) -> Ints:
    """Places in the ensemble of a group of patients: systematic resampling, mixed by the seed.

    A patient of the ensemble may be drawn more than once.
    """
    random = np.random.default_rng(seed)
    # Systematic resampling: one random number for all rungs, and far less noise than one for each.
    ladder = (random.random() + np.arange(patients)) / patients
    chosen = np.searchsorted(np.cumsum(weights), ladder, side="right")
    # Mixed, because the helpers share the patients out in their order.
    return random.permutation(np.minimum(chosen, len(weights) - 1))


def narrowed(
    weights: Floats, predicted: Mapping[str, Floats], measured: Sequence[StateMeasurement]
) -> Floats:
    """Weights after seeing measured values: Bayes' rule with independent normal errors.

    predicted: for each state a row per patient with one column per measurement of that state, in
    their order. Raises ValueError for a state without predictions.
    """
    # In logarithms: a few precise values would underflow a product.
    logs = np.log(np.maximum(weights, 1e-300))
    taken: dict[str, int] = {}
    for one in measured:
        if one.state not in predicted:
            raise ValueError(f"no prediction of {one.state!r} is given for its measured value")
        column = taken.get(one.state, 0)
        taken[one.state] = column + 1
        logs -= 0.5 * ((predicted[one.state][:, column] - one.value) / one.sd) ** 2
    # The largest becomes 1, so that at least one weight survives the exponential.
    new = np.exp(logs - logs.max())
    whole: Floats = new / new.sum()
    return whole


def effective(weights: Floats) -> float:
    """How many equally weighted patients these weights are worth, 1 to their number."""
    return float(weights.sum() ** 2 / (weights**2).sum())
