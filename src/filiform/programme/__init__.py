"""What goes with the needling: stretches, exercises, self-release, manual therapy, advice."""

from filiform.programme.knowledge import knowledge
from filiform.programme.model import ExerciseDose, Item, Kind, Phase, Programme, dose_words
from filiform.programme.propose import as_json, propose
from filiform.words import Words

PHASES: tuple[tuple[str, Words], ...] = tuple(
    (phase.id, phase.name) for phase in knowledge().phases
)
"""Phases as (id, name), in order."""

KINDS: tuple[tuple[Kind, Words], ...] = (
    ("stretch", Words(en="Stretch", ur="اسٹریچ")),
    ("exercise", Words(en="Exercise", ur="ورزش")),
    ("self-release", Words(en="Self-release", ur="خود دبانا")),
    ("manual-therapy", Words(en="Manual therapy", ur="ہاتھ سے علاج")),
    ("advice", Words(en="Advice", ur="مشورہ")),
)
"""Kinds of items as (id, name)."""

__all__ = [
    "KINDS",
    "PHASES",
    "ExerciseDose",
    "Item",
    "Kind",
    "Phase",
    "Programme",
    "as_json",
    "dose_words",
    "knowledge",
    "propose",
]
