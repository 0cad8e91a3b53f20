"""How a muscle is needled safely: needle, grip, depth limit, technique, dose, or why not."""

from filiform.planning.checks import check
from filiform.planning.knowledge import Named, Technique, knowledge
from filiform.planning.limits import longest_needle_mm
from filiform.planning.patient import MEASURED_BY, Body, OutOfBounds
from filiform.planning.plan import Depth, NeedlePlan, NeedleSize, as_json, suggest
from filiform.planning.session import (
    Dose,
    SessionDose,
    check_needles,
    check_session,
    dose_of,
    session_dose,
)
from filiform.words import Words

_known = knowledge()

TECHNIQUES: tuple[tuple[str, Words], ...] = tuple(
    (technique.id, technique.name) for technique in _known.techniques.technique
)
"""Ways to needle, as (id, name) for forms."""
POSITIONS: tuple[tuple[str, Words], ...] = tuple(
    (position.id, position.name) for position in _known.techniques.position
)
GRIPS: tuple[tuple[str, Words], ...] = tuple(
    (grip.id, grip.name) for grip in _known.techniques.grip
)
NEEDLE_DIAMETERS_MM: tuple[float, ...] = _known.needles.diameters_mm
NEEDLE_LENGTHS_MM: tuple[float, ...] = _known.needles.lengths_mm


def has_current(technique: str) -> bool:
    """Whether a technique passes a current through the needles; an unknown one does not."""
    return any(one.id == technique and one.current for one in _known.techniques.technique)


__all__ = [
    "GRIPS",
    "MEASURED_BY",
    "NEEDLE_DIAMETERS_MM",
    "NEEDLE_LENGTHS_MM",
    "POSITIONS",
    "TECHNIQUES",
    "Body",
    "Depth",
    "Dose",
    "Named",
    "NeedlePlan",
    "NeedleSize",
    "OutOfBounds",
    "SessionDose",
    "Technique",
    "as_json",
    "check",
    "check_needles",
    "check_session",
    "dose_of",
    "has_current",
    "knowledge",
    "longest_needle_mm",
    "session_dose",
    "suggest",
]
