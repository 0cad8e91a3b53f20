"""What a programme is made of. Doses count per side; holds are in seconds, minutes in minutes."""

from __future__ import annotations

from typing import Literal

import msgspec

from filiform.reasons import Reason
from filiform.words import Words

ItemKind = Literal["stretch", "exercise", "self-release", "manual-therapy", "advice"]
ItemBasis = Literal["tested", "inverse-of-action", "guideline", "design"]
"""tested: a study measured it. inverse-of-action: the posture is the reverse of what the muscle
does. guideline: agreed practice. design: chosen for this system."""


ProgrammePart = Literal[
    "stretch", "activation", "strength", "control", "movement", "self-release", "manual-therapy",
    "heat-cold", "habit",
]  # fmt: skip
"""What an item does for the muscle. activation: it works at all, with little load. strength: it
bears load. control: it works at the right moment. movement: the whole body. habit: what keeps its
points alive."""
NEEDED: tuple[ProgrammePart, ...] = (
    "stretch", "activation", "strength", "control", "self-release", "manual-therapy", "heat-cold",
    "habit",
)  # fmt: skip
"""What the library has for every muscle."""


class ExerciseDose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much. None means that the part does not apply."""

    sets: int | None = None
    reps: int | None = None
    hold_s: int | None = None
    times_per_day: int | None = None
    days_per_week: int | None = None
    minutes: int | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do or to know.

    id: unique in a phase ("cross-body:right"). muscle: the first target it is for, "" for all;
    muscles: every target it is for. side: where it is done, "" for what has no side. angles:
    joint angles for the practitioner, "" for none. easier, harder: the step down when it hurts,
    the step up when it is easy; None where there is none to take.
    """

    id: str
    kind: ItemKind
    muscle: str
    muscles: tuple[str, ...]
    side: str
    name: Words
    how: tuple[Words, ...]
    dose: ExerciseDose | None
    dose_words: Words | None
    cautions: tuple[Words, ...]
    sources: tuple[str, ...]
    basis: ItemBasis
    part: ProgrammePart
    angles: str = ""
    easier: Words | None = None
    harder: Words | None = None


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time; from_hours counts from the treatment. more: what would suit as well, kept
    off the card so that the card gets done."""

    id: str
    name: Words
    from_hours: int
    items: tuple[Item, ...]
    more: tuple[Item, ...] = ()


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a needling. left_out: what was not proposed, and why.

    factors: muscle id → what the atlas names as keeping its trigger points going.
    """

    phases: tuple[Phase, ...]
    left_out: tuple[Reason, ...]
    factors: dict[str, tuple[str, ...]]
    release: str


def dose_words(dose: ExerciseDose) -> Words:
    """A dose as people say it, in both languages."""
    english: list[str] = []
    urdu: list[str] = []
    # "3 rounds of 10 times"; a single repetition is said by its sets alone ("3 times").
    if dose.sets is not None and dose.reps is not None and dose.reps > 1:
        rounds = "" if dose.sets == 1 else f"{dose.sets} rounds of "
        english.append(f"{rounds}{dose.reps} times")
        urdu.append(f"{dose.reps} بار" if dose.sets == 1 else f"{dose.reps} بار کے {dose.sets} دور")
    elif dose.sets is not None and dose.minutes is None:
        english.append("once" if dose.sets == 1 else f"{dose.sets} times")
        urdu.append(f"{dose.sets} بار")
    if dose.hold_s is not None:
        english.append(f"hold {dose.hold_s} {'second' if dose.hold_s == 1 else 'seconds'}")
        urdu.append(f"{dose.hold_s} سیکنڈ روکیں")
    if dose.minutes is not None:
        english.append(f"{dose.minutes} {'minute' if dose.minutes == 1 else 'minutes'}")
        urdu.append(f"{dose.minutes} منٹ")
    # Once a day goes without saying beside "every day".
    if dose.times_per_day is not None and dose.times_per_day > 1:
        english.append(f"{dose.times_per_day} times a day")
        urdu.append(f"دن میں {dose.times_per_day} بار")
    if dose.days_per_week is not None:
        every = dose.days_per_week == 7
        some = "once a week" if dose.days_per_week == 1 else f"{dose.days_per_week} days a week"
        english.append("every day" if every else some)
        urdu.append("روزانہ" if every else f"ہفتے میں {dose.days_per_week} دن")
    return Words(en=", ".join(english), ur="، ".join(urdu))
