"""What the programme room knows: stretches, companions of muscle groups, phases."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeVar

import msgspec

from filiform.anatomy import atlas
from filiform.data_files import read_toml
from filiform.programme.doses import reasons_against_dose
from filiform.programme.model import NEEDED, ExerciseDose, ItemBasis, ItemKind, ProgrammePart
from filiform.words import Words

ROOM = "filiform.programme"


class Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch for some muscles. angles: joint angles in degrees, for the practitioner.

    dose: sets, repetitions and hold of its own, in place of the phase's.
    """

    id: str
    muscles: frozenset[str]
    basis: ItemBasis
    sources: tuple[str, ...]
    angles: str
    name: Words
    how: tuple[Words, ...]
    cautions: tuple[str, ...]
    dose: ExerciseDose | None = None
    easier: Words | None = None
    harder: Words | None = None


class CompanionGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Muscles that share their companions."""

    id: str
    name: Words
    muscles: frozenset[str]


class Companion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise, self-release, manual technique or advice of some groups or of everyone.

    sided: done with one arm or leg, or laid on one side of the body: it is for the side of the
    target. Nobody walks on the left. easier, harder: one step down and one step up.
    """

    id: str
    kind: ItemKind
    part: ProgrammePart
    phases: tuple[str, ...]
    name: Words
    how: tuple[Words, ...]
    sources: tuple[str, ...]
    basis: ItemBasis
    groups: frozenset[str] = frozenset()
    dose: ExerciseDose | None = None
    cautions: tuple[str, ...] = ()
    only: Literal["", "needled"] = ""
    sided: bool = False
    easier: Words | None = None
    harder: Words | None = None


class Caution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to mind. when: rules of screening, or facts of `choice.Facts`, that leave out what
    bears the caution; reason: the code that says so. silent: a caution that acts on facts and is
    not for the card, because who is free of them would only be frightened.
    """

    text: Words
    when: frozenset[str] = frozenset()
    reason: str = ""
    silent: bool = False
    sources: tuple[str, ...] = ()


class PhasePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phase; stretch: the dose of stretches in it, None where there are none."""

    id: str
    name: Words
    from_hours: int
    stretch: ExerciseDose | None = None


class Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The step down and up of every stretch that has none of its own."""

    easier: Words
    harder: Words
    sources: tuple[str, ...]


class Stretches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stretch: tuple[Stretch, ...]


class Companions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: tuple[CompanionGroup, ...]
    companion: tuple[Companion, ...]
    caution: dict[str, Caution]


class Phases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phase: tuple[PhasePlan, ...]
    stretch_steps: Steps
    general: tuple[Companion, ...]


class ProgrammeKnowledge(msgspec.Struct, frozen=True, kw_only=True):
    """stretch_of, group_of: by muscle id."""

    phases: tuple[PhasePlan, ...]
    general: tuple[Companion, ...]
    companions: tuple[Companion, ...]
    cautions: dict[str, Caution]
    stretch_steps: Steps
    stretch_of: dict[str, Stretch]
    group_of: dict[str, CompanionGroup]


@cache
def knowledge() -> ProgrammeKnowledge:
    """Everything in data/, checked. Raises ValueError naming the file, entry and defect."""
    stretches = read_toml(ROOM, "stretches.toml", Stretches).stretch
    companions = read_toml(ROOM, "companions.toml", Companions)
    phases = read_toml(ROOM, "phases.toml", Phases)
    cautions = companions.caution
    known_phases = {phase.id for phase in phases.phase}
    known_groups = {group.id for group in companions.group}
    for entry in (*companions.companion, *phases.general):
        # A misspelt phase would drop an exercise in silence, a misspelt caution a warning.
        strangers = (
            (set(entry.phases) - known_phases)
            | (entry.groups - known_groups)
            | (set(entry.cautions) - set(cautions))
        )
        if strangers:
            raise ValueError(f"programme/data, {entry.id}: unknown {sorted(strangers)}")
    for stretch in stretches:
        if strangers := set(stretch.cautions) - set(cautions):
            raise ValueError(f"stretches.toml, {stretch.id}: unknown {sorted(strangers)}")
    doses = [(one.id, one.dose) for one in stretches]
    doses += [(one.id, one.dose) for one in (*companions.companion, *phases.general)]
    for name, dose in doses:
        if reasons_against_dose(dose):
            raise ValueError(f"programme/data, {name}: the dose {dose} is out of bounds")
    return ProgrammeKnowledge(
        phases=phases.phase,
        general=phases.general,
        companions=companions.companion,
        cautions=cautions,
        stretch_steps=phases.stretch_steps,
        stretch_of=_by_muscle("stretches.toml", stretches),
        group_of=_by_muscle("companions.toml", companions.group),
    )


MuscleEntry = TypeVar("MuscleEntry", Stretch, CompanionGroup)


def _by_muscle(name: str, entries: tuple[MuscleEntry, ...]) -> dict[str, MuscleEntry]:
    """Raises ValueError unless every muscle of the atlas has exactly one entry."""
    found: dict[str, MuscleEntry] = {}
    for entry in entries:
        for muscle_id in entry.muscles:
            if muscle_id in found:
                raise ValueError(f"{name}: {muscle_id} is in {found[muscle_id].id} and {entry.id}")
            found[muscle_id] = entry
    # Both ways: a new muscle without a stretch is as wrong as a stretch for none.
    if difference := set(found) ^ set(atlas().muscles):
        raise ValueError(f"{name}: without an entry, or not in the atlas: {sorted(difference)}")
    return found


@cache
def library(muscle_id: str) -> dict[ProgrammePart, tuple[str, ...]]:
    """Ids of everything there is for a muscle, by what it does; NEEDED in order, then the rest.

    Raises KeyError for an unknown muscle.
    """
    known = knowledge()
    group = known.group_of[muscle_id].id
    found: dict[ProgrammePart, tuple[str, ...]] = dict.fromkeys(NEEDED, ())
    found["stretch"] = (known.stretch_of[muscle_id].id,)
    for companion in (*known.companions, *known.general):
        if not companion.groups or group in companion.groups:
            found[companion.part] = (*found.get(companion.part, ()), companion.id)
    return found
