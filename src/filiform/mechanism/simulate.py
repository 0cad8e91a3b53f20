"""What will the tissue do? Time courses after a dose of needling, each with its spread."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from filiform.arrays import Floats, Ints
from filiform.mechanism.engine import PRECISE, Tolerances
from filiform.mechanism.ensemble import Traits, draw, ensemble, release, weights_for
from filiform.mechanism.table import of_patients, parameters, states
from filiform.mechanism.workers import run_patients

BAND = 0.9
"""Share of virtual patients between low and high."""

HOURS_MIN, HOURS_MAX = 0.01, 8760.0
"""From half a minute (design value: shorter is no course, and 1e-320 is zero to the engine)."""
PATIENTS_MAX = 10_000


class SimulationOutOfBounds(ValueError):
    """A number lies outside what the model can be asked: name, value, allowed."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(f"{name} {value} can't be used; allowed is {allowed}")
        self.name = name


class NeedlingDose(msgspec.Struct, frozen=True):
    """Needling of one trigger point and what goes with it.

    insertions, twitches, dwell_min: in each session. interval_days: between sessions; the first
    is at hour 0. load: share of the usual perpetuating load that stays after hour 0: 1 nothing
    is changed, 0 it is taken away. stretch, exercise, heat: daily, from hour 0 on.
    """

    insertions: int = 10
    twitches: int = 5
    dwell_min: float = 0.0
    sessions: int = 1
    interval_days: float = 7.0
    stretch: bool = False
    exercise: bool = False
    heat: bool = False
    load: float = 1.0

    def checked(self) -> NeedlingDose:
        """The same dose. Raises SimulationOutOfBounds naming the argument and its bounds."""
        table = parameters()
        for name, value, own in (
            ("insertions", self.insertions, "insertions"),
            ("twitches", self.twitches, "twitches"),
            ("dwell_min", self.dwell_min, "dwell"),
            ("sessions", self.sessions, "sessions"),
            ("load", self.load, "load"),
        ):
            low, high = table[own].low, table[own].high
            if not low <= value <= high:
                raise SimulationOutOfBounds(name, value, f"{low:g} to {high:g}")
        low, high = table["interval"].low / 24, table["interval"].high / 24
        if not low <= self.interval_days <= high:
            raise SimulationOutOfBounds("interval_days", self.interval_days, f"{low:g} to {high:g}")
        if self.twitches and not self.insertions:
            raise SimulationOutOfBounds(
                "twitches", self.twitches, "0 where there are no insertions"
            )
        return self

    def as_parameters(self) -> dict[str, float]:
        """The model's own names and units."""
        return {
            "insertions": float(self.insertions),
            "twitches": float(self.twitches),
            "dwell": self.dwell_min,
            # A session without a needle is none, so that a control differs in nothing else.
            "sessions": float(self.sessions if self.insertions else 0),
            # The model counts in hours, people in days.
            "interval": self.interval_days * 24,
            "stretching": float(self.stretch),
            "exercise": float(self.exercise),
            "heat": float(self.heat),
            "load": self.load,
        }

    def session_hours(self, until: float) -> list[float]:
        """Hours at which sessions begin, before `until`."""
        begins = [count * self.interval_days * 24 for count in range(self.sessions)]
        return [hour for hour in begins if hour < until and self.insertions]


class StateBand(msgspec.Struct, frozen=True):
    """One state over the hours: half of the patients lie below median, `BAND` in low to high."""

    unit: str
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Prediction(msgspec.Struct, frozen=True):
    """The answer. release: the version of the model and its ensemble."""

    hours: tuple[float, ...]
    states: dict[str, StateBand]
    patients: int
    release: str
    band: float = BAND


class Courses(msgspec.Struct, frozen=True):
    """Every patient's course: values as (patients, hours, states); places in the ensemble."""

    hours: np.ndarray
    names: tuple[str, ...]
    values: np.ndarray
    places: np.ndarray

    def of(self, state: str) -> Floats:
        found: Floats = self.values[:, :, self.names.index(state)]
        return found


AFTER_SESSION = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 12.0, 18.0, 24.0, 36.0, 48.0)


def default_hours(dose: NeedlingDose, until: float) -> Floats:
    """Hours to be answered: dense after each session, then wider, up to `until`."""
    # Steps in hours up to an end in hours: 24 to 122 points, as many as a chart can show.
    step = next((s for s, end in ((3, 72), (6, 168), (12, 672), (24, 2016)) if until <= end), 72)
    # Rounded: 0.1 added many times must still meet the hour that a session begins.
    wanted = {round(float(hour), 6) for hour in np.arange(0.0, until, step)} | {until}
    # The first twelve only: each adds 15 hours to be answered, and a long series must be quick.
    for begin in dose.session_hours(until)[:12]:
        wanted |= {round(begin + after, 6) for after in AFTER_SESSION if begin + after < until}
    return np.array(sorted(wanted))


def courses(
    dose: NeedlingDose,
    hours: Floats,
    *,
    places: Ints,
    record: Sequence[str] | None = None,
    tolerances: Tolerances = PRECISE,
) -> Courses:
    """Courses of the virtual patients at these places of the ensemble. Raises EngineMissing."""
    held, names = ensemble(), tuple(record or states())
    begins_at_zero = hours[0] == 0
    # The engine starts at hour 0, where the patient's starting values hold.
    asked = hours if begins_at_zero else np.concatenate([[0.0], hours])
    values = run_patients(
        of_patients(),
        held.values[places],
        held.starts[places],
        dose.checked().as_parameters(),
        asked,
        [states()[name].model for name in names],
        tolerances,
    )
    return Courses(hours, names, values if begins_at_zero else values[:, 1:], places)


def bands(found: Courses, weights: Floats | None = None) -> dict[str, StateBand]:
    """Median and band of every state; weights: of the patients, equal where None."""
    share = (1 - BAND) / 2
    values = _quantiles(found.values, weights, (share, 0.5, 1 - share))
    return {
        name: StateBand(
            states()[name].unit,
            low=_tuple(values[0, :, at]),
            median=_tuple(values[1, :, at]),
            high=_tuple(values[2, :, at]),
        )
        for at, name in enumerate(found.names)
    }


def _tuple(values: Floats) -> tuple[float, ...]:
    # Adding zero turns -0.0 into 0.0, which would be printed with its sign.
    return tuple(float(value) for value in np.round(values, 5) + 0.0)


def _quantiles(values: Floats, weights: Floats | None, shares: Sequence[float]) -> Floats:
    """Quantiles over the patients; with weights the inverse of the weighted distribution."""
    if weights is None:
        plain: Floats = np.quantile(values, shares, axis=0)
        return plain
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    reached = np.cumsum(weights[order], axis=0) / weights.sum()
    found = []
    for share in shares:
        # A hair less, for weights that add up to a share only up to rounding.
        first = (reached < share - 1e-12).sum(axis=0, keepdims=True)
        place = np.minimum(first, len(values) - 1)
        found.append(np.take_along_axis(ordered, place, axis=0)[0])
    return np.array(found)


def check_run(*, hours: float, patients: int) -> None:
    """Raises SimulationOutOfBounds for a run that is too short, too long or too large."""
    if not HOURS_MIN <= hours <= HOURS_MAX:
        raise SimulationOutOfBounds("hours", hours, f"{HOURS_MIN:g} to {HOURS_MAX:g}")
    if not 1 <= patients <= PATIENTS_MAX:
        raise SimulationOutOfBounds("patients", patients, f"1 to {PATIENTS_MAX}")


def simulate(
    dose: NeedlingDose,
    *,
    until_hours: float = 72.0,
    patients: int = 500,
    seed: int = 1,
    traits: Traits | None = None,
    hours: Floats | None = None,
    record: Sequence[str] | None = None,
    tolerances: Tolerances = PRECISE,
) -> Prediction:
    """The band of virtual patients after this dose. Raises SimulationOutOfBounds, EngineMissing."""
    check_run(hours=until_hours, patients=patients)
    dose.checked()
    asked = default_hours(dose, until_hours) if hours is None else hours
    places = draw(weights_for(traits or Traits()), patients, seed)
    found = courses(dose, asked, places=places, record=record, tolerances=tolerances)
    return Prediction(_tuple(asked), bands(found), patients, release())
