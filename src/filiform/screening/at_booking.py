"""The few questions that are asked before somebody books a needling visit by themselves.

They are questions of `asking`, none of their own: which of them is said by `data/at_booking.toml`.
The answers are screened like any others (`engine.screen`).
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from typing import NamedTuple

import msgspec

from filiform.disclosure import Disclosure
from filiform.screening.asking import questions
from filiform.screening.results import Question
from filiform.screening.rulebook import RuleError, data_folder, red_flags, rules


class AtBooking(NamedTuple):
    """signs: shown as one list with "none of these". questions: asked one by one."""

    signs: tuple[Question, ...]
    questions: tuple[Question, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in (*self.signs, *self.questions))


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of rules and red flags, in the order in which they are asked."""

    signs: tuple[str, ...]
    questions: tuple[str, ...]


@cache
def chosen() -> Chosen:
    """What the data names. Raises RuleError naming an id that no rule or red flag has."""
    raw = tomllib.loads((data_folder() / "at_booking.toml").read_text("utf-8"))
    try:
        found = msgspec.convert(raw, Chosen)
    except msgspec.ValidationError as error:
        raise RuleError(f"at_booking.toml: {error}") from None
    known = {rule.id for rule in rules()} | {flag.id for flag in red_flags()}
    for one in (*found.signs, *found.questions):
        if one not in known:
            raise RuleError(f"at_booking.toml: no rule or red flag {one!r}")
    return found


def asked_at_booking(disclosure: Disclosure, *, on: date) -> AtBooking:
    """The questions for this person on the day of the visit.

    disclosure: what is known before anything was asked; its age and sex leave out questions that
    make no sense.
    """
    sensible = {one.id: one for one in questions(disclosure, on=on)}
    named = chosen()
    return AtBooking(
        signs=tuple(sensible[one] for one in named.signs if one in sensible),
        questions=tuple(sensible[one] for one in named.questions if one in sensible),
    )
