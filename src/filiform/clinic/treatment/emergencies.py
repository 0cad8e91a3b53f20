"""What to do when something goes wrong at the couch: the text behind the red button.

Pure: data in, values out. How urgent a sign is stands in `filiform.warning_signs` alone; an
emergency names the signs that belong to it.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.warning_signs import EVERYTHING, Urgency, signs, what_to_do
from filiform.words import Words

Vital = Literal["pulse", "pressure", "saturation", "consciousness"]
GRADES = ("mild", "moderate", "serious", "critical")
"""As the classes of safety D2; the order is that of gravity."""


class GuideStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do, in words that are read while doing it."""

    do: Words
    sources: tuple[str, ...]


class Emergency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """needles: "out" all now, "leave" them, "" as it is. stops: no further needling in this visit.
    grade: proposed at its end. vitals: what is measured. Fields: data/emergencies.toml."""

    id: str
    event: str
    name: Words
    needles: Literal["out", "leave", ""]
    stops: bool
    grade: Literal["mild", "moderate", "serious", "critical"]
    signs: tuple[str, ...]
    vitals: tuple[Vital, ...]
    step: tuple[GuideStep, ...]

    @property
    def go(self) -> tuple[tuple[Words, Words], ...]:
        """Signs that send the patient to an emergency department: how each is felt, what to do."""
        found = [signs()[name] for name in self.signs]
        urgent = [one for one in found if one.urgency(EVERYTHING) is Urgency.EMERGENCY]
        return tuple((one.felt, what_to_do(Urgency.EMERGENCY).do) for one in urgent)

    @property
    def is_opinion(self) -> bool:
        """Some step rests on usual first aid, not on a source that was read."""
        return any("EXPERT" in step.sources for step in self.step)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    emergency: tuple[Emergency, ...]


@cache
def emergencies() -> dict[str, Emergency]:
    """All by id, in the order of the buttons. Raises ValueError for a sign that nobody knows."""
    found = read_toml("filiform.clinic.treatment", "emergencies.toml", _File).emergency
    for one in found:
        # At loading: a sign without an entry would miss from the list of when to go to hospital.
        unknown = set(one.signs) - set(signs())
        if unknown:
            raise ValueError(f"emergencies.toml, {one.id}: no warning sign {sorted(unknown)}")
    return {one.id: one for one in found}


PULSES = tuple(range(30, 181, 10))
PRESSURES = (
    *("70/40", "80/50", "90/60", "100/60", "110/70", "120/80"),
    *("130/80", "140/90", "160/100", "180/110", "200/120"),
)
SATURATIONS = (100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 85, 80, 75, 70)
"""Values that can be tapped; steps coarse enough for a gloved thumb (design values)."""
CONSCIOUSNESS = ("alert", "confused", "voice", "pain", "unresponsive")
"""ACVPU, as in early-warning scores."""
CALLED = ("ambulance", "colleague", "lead", "family", "doctor")
OUTCOMES = ("recovered", "home-advised", "emergency", "ambulance", "left")
FOLLOW_UPS_H = (2, 24, 72, 168)
"""Hours until the patient is asked again (safety D2: a lung can take days to show)."""
