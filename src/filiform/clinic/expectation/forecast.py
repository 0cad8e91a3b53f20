"""Bands for a page: virtual patients after a dose, narrowed by what was measured.

The courses depend only on dose and traits and hold no patient's data, so a few are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from filiform.mechanism import (
    QUICK,
    Courses,
    NeedlingDose,
    StateBand,
    StateMeasurement,
    Traits,
    bands,
    courses,
    draw,
    effective,
    narrowed,
    weights_for,
)

PATIENTS = 500
SEED = 1
STATES = ("pain_nprs", "soreness_nprs", "range_relative", "pressure_threshold_kpa")
TWO_WEEKS = (
    0, 0.1, 0.5, 1, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60, 72, 96, 120, 144, 168, 192, 216, 240, 264,
    288, 312, 336,
)  # fmt: skip
TWELVE_WEEKS = (
    *TWO_WEEKS,
    *(24 * day for day in range(16, 57, 4)),
    *(24 * d for d in (63, 70, 77, 84)),
)
FEW = 12.0
"""Weights worth fewer patients than this say: what was measured is unlike the model (design)."""


@dataclass(frozen=True)
class Forecast:
    """What is expected. worth: how many equally weighted virtual patients stand behind it."""

    hours: tuple[float, ...]
    bands: dict[str, StateBand]
    before: dict[str, StateBand]
    worth: float
    used: int

    @property
    def narrowed(self) -> bool:
        return self.used > 0

    @property
    def unlike(self) -> bool:
        """What was measured lies where hardly any virtual patient is."""
        return self.worth < FEW

    def at(self, state: str, hour: float) -> tuple[float, float, float]:
        """Low, median and high at the nearest hour that was simulated."""
        place = int(np.argmin(np.abs(np.array(self.hours) - hour)))
        band = self.bands[state]
        return band.low[place], band.median[place], band.high[place]


# Some doses and kinds of patients: a page asks several times for the same people.
@lru_cache(maxsize=24)
def people(dose: NeedlingDose, traits: Traits, hours: tuple[float, ...], patients: int) -> Courses:
    """Courses of virtual patients like this one. Raises EngineMissing."""
    places = draw(weights_for(traits), patients, SEED)
    # Looser than the command line's, which is asked to be exact; a page is waited for.
    return courses(dose, np.array(hours, float), places=places, record=STATES, tolerances=QUICK)


def forecast(
    dose: NeedlingDose,
    traits: Traits,
    measured: Sequence[StateMeasurement] = (),
    *,
    hours: tuple[float, ...] = TWO_WEEKS,
    patients: int = 0,
) -> Forecast:
    """The band, narrowed by what was measured. patients: 0 for as many as a page has. Raises
    EngineMissing."""
    patients = patients or PATIENTS
    found = people(dose, traits, hours, patients)
    equal = np.full(patients, 1 / patients)
    weights = equal
    if measured:
        predicted = {
            state: _at(found, state, [one.hour for one in measured if one.state == state])
            for state in {one.state for one in measured}
        }
        weights = narrowed(equal, predicted, measured)
    # Kept beside the narrowed one, so that a page can show what measuring has changed.
    wide = bands(found)
    return Forecast(
        hours,
        bands(found, weights) if measured else wide,
        wide,
        effective(weights),
        len(measured),
    )


def _at(found: Courses, state: str, hours: Sequence[float]) -> np.ndarray:
    """Each virtual patient's value at these hours, straight between the simulated ones."""
    values = found.of(state)
    # Measured at any minute, simulated at some hours.
    return np.array([np.interp(hours, found.hours, course) for course in values])
