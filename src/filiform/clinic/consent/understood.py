"""What the patient says back, and whether it shows that the text was understood."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import msgspec

from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.consent.models import Consent

Right = Literal["yes", "no", "lung", "elsewhere"]


class SaidBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """right: yes, no, only where a needle comes near the lung, or only where none does."""

    id: str
    right: Right
    says: Words


class TeachBackQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    asks: Words
    answers: tuple[SaidBack, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: tuple[TeachBackQuestion, ...]


@cache
def questions() -> tuple[TeachBackQuestion, ...]:
    """Raises ValueError naming the defect of the table."""
    path = files("filiform.clinic.consent") / "texts" / "teach_back.toml"
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"consent/texts/teach_back.toml: {error}") from None
    return table.question


def shows_it(question: str, answer: str, *, over_lung: bool) -> bool:
    """Whether an answer shows that this part was understood; unknown answers don't."""
    fits: dict[bool, set[Right]] = {True: {"yes", "lung"}, False: {"yes", "elsewhere"}}
    return any(
        one.id == answer and one.right in fits[over_lung]
        for asked in questions()
        if asked.id == question
        for one in asked.answers
    )


def understood(answers: Mapping[str, str], *, over_lung: bool) -> dict[str, bool]:
    """Question → the patient could say it back. answers: question → id of the answer given."""
    return {
        one.id: shows_it(one.id, answers.get(one.id, ""), over_lung=over_lung)
        for one in questions()
    }


def told_back(consent: Consent) -> list[tuple[Words, Words | None, str]]:
    """For pages: each question with the answer that was tapped, and the patient's own words."""
    found = []
    for one in questions():
        # A consent may be older than the question, or than answers to tap.
        given = consent.answers.get(one.id, {})
        chosen = [answer.says for answer in one.answers if answer.id == given.get("chosen")]
        if given:
            found.append((one.asks, chosen[0] if chosen else None, given.get("said", "")))
    return found
