"""Mechanisms: what will the tissue do? A model of a hypothesis, simulated with its spread."""

from filiform.mechanism.engine import PRECISE, QUICK, EngineMissing
from filiform.mechanism.ensemble import (
    StateMeasurement,
    Traits,
    draw,
    effective,
    narrowed,
    release,
    weights_for,
)
from filiform.mechanism.export import sbml
from filiform.mechanism.simulate import (
    BAND,
    Courses,
    NeedlingDose,
    Prediction,
    SimulationOutOfBounds,
    StateBand,
    bands,
    check_run,
    courses,
    default_hours,
    simulate,
)
from filiform.mechanism.table import Parameter, State, parameters, states

__all__ = [
    "BAND",
    "PRECISE",
    "QUICK",
    "Courses",
    "EngineMissing",
    "NeedlingDose",
    "Parameter",
    "Prediction",
    "SimulationOutOfBounds",
    "State",
    "StateBand",
    "StateMeasurement",
    "Traits",
    "bands",
    "check_run",
    "courses",
    "default_hours",
    "draw",
    "effective",
    "narrowed",
    "parameters",
    "release",
    "sbml",
    "simulate",
    "states",
    "weights_for",
]
