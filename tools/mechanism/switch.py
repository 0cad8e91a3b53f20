"""The two stable states of one virtual patient, and how needling moves between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tools.mechanism.plots import BLUE, GREY, RED, Line, figure

from filiform.mechanism.ensemble import Ensemble
from filiform.mechanism.simulate import NeedlingDose
from filiform.mechanism.table import of_patients, parameters, starting
from filiform.mechanism.workers import run_patients

LOADS = tuple(round(0.05 * step, 2) for step in range(31))
LONG_HOURS = 2 * 8760.0
DAYS = tuple(range(0, 169, 2))


COURSES = {
    "one session, load stays": (NeedlingDose(insertions=10, twitches=5), GREY),
    "three, load stays": (NeedlingDose(insertions=10, twitches=5, sessions=3), RED),
    "one session, load halved": (NeedlingDose(insertions=10, twitches=5, load=0.5), BLUE),
}


@dataclass(frozen=True)
class Patient:
    """values, start: one row of the ensemble, upper: its active state."""

    values: np.ndarray
    start: np.ndarray


def settled(patient: Patient, load: float, *, healthy: bool) -> float:
    """Contracture, healthy = 1, at which the patient settles from one of the two sides."""
    start = patient.start
    if healthy:
        start = np.array([parameters()[name].value for name in starting()])
    seen = run_patients(
        of_patients(), patient.values[None], start[None], {"sessions": 0.0, "load": load},
        np.array([0.0, LONG_HOURS]), ["contracture"],
    )  # fmt: skip
    return float(seen[0, -1, 0])


def _contracture(
    patients: Ensemble, starts: np.ndarray, dose: NeedlingDose, hour: float
) -> np.ndarray:
    seen: np.ndarray = run_patients(
        of_patients(), patients.values, starts, dose.as_parameters(), np.array([0.0, hour]),
        ["contracture"],
    )[:, -1, 0]  # fmt: skip
    return seen


def clearest(patients: Ensemble) -> Patient:
    """The patient who shows the switch best: two states at the usual load, as far apart as may
    be; one session brings her down for good only if the load is halved, three do without that."""
    healthy = np.array([parameters()[name].value for name in starting()])
    everybody = np.tile(healthy, (len(patients), 1))
    low = _contracture(patients, everybody, NeedlingDose(insertions=0, twitches=0), LONG_HOURS)
    active = patients.starts[:, starting().index("sarcomeres_contracted")]
    apart = active / parameters()["contracted_at_rest"].value - low
    ends = [
        (_contracture(patients, patients.starts, dose, DAYS[-1] * 24.0) - low) / apart
        for dose, _colour in COURSES.values()
    ]
    shows = (ends[0] > 0.9) & (ends[1] < 0.2) & (ends[2] < 0.2) & (apart > 1)
    at = int(np.argmax(np.where(shows, apart, 0)))
    return Patient(patients.values[at], patients.starts[at])


def course(patient: Patient, dose: NeedlingDose) -> list[float]:
    """Contracture on DAYS after this dose."""
    hours = np.array(DAYS, float) * 24
    seen = run_patients(
        of_patients(), patient.values[None], patient.start[None], dose.as_parameters(), hours,
        ["contracture"],
    )  # fmt: skip
    return [float(v) for v in seen[0, :, 0]]


def figures(patient: Patient) -> dict[str, str]:
    upper = [settled(patient, load, healthy=False) for load in LOADS]
    lower = [settled(patient, load, healthy=True) for load in LOADS]
    highest = float(np.ceil(max(upper) * 1.4))
    return {
        "switch-states": figure(
            "Where contracture settles, from above and from below", "load, usual = 1",
            "contracture, healthy = 1",
            [Line(LOADS, upper, "coming from active", RED),
             Line(LOADS, lower, "coming from healthy", BLUE, dashed=True)],
            y=(0, highest),
        ),
        "switch-course": figure(
            "After needling, with and without taking load away", "days",
            "contracture, healthy = 1",
            [Line(DAYS, course(patient, dose), name, colour)
             for name, (dose, colour) in COURSES.items()],
            y=(0, highest),
        ),
    }  # fmt: skip


def words(patient: Patient) -> str:
    """What the figures show, in one sentence each."""
    ends = {name: course(patient, dose)[-1] for name, (dose, _colour) in COURSES.items()}
    upper, lower = settled(patient, 1, healthy=False), settled(patient, 1, healthy=True)
    lines = [f"At the usual load this patient settles at {upper:.1f} or at {lower:.1f}."]
    lines += [f"After {DAYS[-1]} days: {name}: {end:.1f}." for name, end in ends.items()]
    return " ".join(lines)
