"""Runs that several tests share; the engine compiles once, and each run is made once."""

from __future__ import annotations

from functools import cache

import numpy as np
from tests.mechanism import reference

from filiform.mechanism import Courses, NeedlingDose, Traits, courses, draw, weights_for
from filiform.mechanism.table import starting, states

PATIENTS = 60
WEEKS = np.array([0, 0.1, 0.5, 1, 3, 6, 12, 24, 48, 72, 168, 336, 504, 672, 1344, 2016], float)


@cache
def course(dose: NeedlingDose) -> Courses:
    """The same 60 virtual patients after this dose, over 12 weeks."""
    places = draw(weights_for(Traits()), PATIENTS, seed=5)
    return courses(dose, WEEKS, places=places)


def at(dose: NeedlingDose, state: str, hour: float) -> float:
    """Median over the patients."""
    found = course(dose)
    return float(np.median(found.of(state)[:, list(WEEKS).index(hour)]))


def reference_start(start: np.ndarray) -> np.ndarray:
    """States in the order of the reference."""
    return np.array([start[starting().index(name)] for name in reference.STATES])


MODEL_NAMES = {state.model: name for name, state in states().items()}
