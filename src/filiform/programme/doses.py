"""How much of something makes sense: the bounds of a dose, and the refusal outside them."""

from __future__ import annotations

import msgspec

from filiform.programme.model import ExerciseDose
from filiform.reasons import Reason
from filiform.words import Words


class DoseBound(msgspec.Struct, frozen=True):
    """Both ends are allowed; step: what one tap adds."""

    name: Words
    least: int
    most: int
    step: int


BOUNDS: dict[str, DoseBound] = {
    "sets": DoseBound(Words(en="Sets", ur="دور"), 1, 10, 1),
    "reps": DoseBound(Words(en="Repetitions", ur="دہرائی"), 1, 50, 1),
    "hold_s": DoseBound(Words(en="Hold, seconds", ur="روکنا، سیکنڈ"), 1, 300, 5),
    "minutes": DoseBound(Words(en="Minutes", ur="منٹ"), 1, 90, 1),
    "times_per_day": DoseBound(Words(en="Times a day", ur="دن میں کتنی بار"), 1, 12, 1),
    "days_per_week": DoseBound(Words(en="Days a week", ur="ہفتے میں کتنے دن"), 1, 7, 1),
}
"""Parts of an ExerciseDose in the order in which they are said. Design values, wide enough for
every programme of the notes (INTEGRATION-2)."""


def reasons_against_dose(dose: ExerciseDose | None) -> tuple[Reason, ...]:
    """The parts of a dose that are out of bounds, each with what was got and what is allowed."""
    given: dict[str, int] = msgspec.to_builtins(dose) if dose is not None else {}
    return tuple(
        Reason(
            "programme-dose-out-of-bounds",
            params={
                "part": bound.name.en,
                "part_ur": bound.name.in_language("ur"),
                "got": given[part],
                "least": bound.least,
                "most": bound.most,
            },
        )
        for part, bound in BOUNDS.items()
        if part in given and not bound.least <= given[part] <= bound.most
    )
