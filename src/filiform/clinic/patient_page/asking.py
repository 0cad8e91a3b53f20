"""A check as a phone asks it: all signs on one screen, then the bruise, then the soreness.

    signs ──emergency──▶ settled at once
      │ none, or marked
    bruise ──▶ where (if there is one) ──▶ soreness ──▶ settled

Answers travel from screen to screen as tokens "field=value" in the form itself, so that nothing is
kept on the server before it is whole, and a second phone begins afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from filiform.letters import whole_number
from filiform.outcomes import FollowUpQuestion
from filiform.outcomes.followup import table
from filiform.warning_signs import signs
from filiform.words import Words

SCREENS = ("signs", "bruise", "where", "soreness")
OWN_SCREEN = {"bruise": "bruise", "soreness_nprs": "soreness"}
"""Questions that have a screen of their own; every other is a picture on the first."""


@dataclass(frozen=True)
class Tile:
    """A picture to tap. token: the answer; picture: an icon's name."""

    token: str
    felt: Words
    picture: str


def tiles(questions: Iterable[FollowUpQuestion]) -> list[Tile]:
    """What can be tapped on the first screen, the most dangerous first."""
    found = []
    for question in questions:
        if question.kind not in ("yes-no", "choice") or question.id in OWN_SCREEN:
            continue
        # A tile for each worse answer: "a large bruise" is tapped, not looked for in a list.
        for value in _worse_values(question):
            sign = _sign(question.id, value)
            felt = signs()[sign].felt
            token = f"{question.id}={'yes' if value is True else value}"
            found.append(Tile(token, felt, f"sign-{question.id}"))
    return found


def _worse_values(question: FollowUpQuestion) -> list[bool | str]:
    """Every answer but the harmless one, which stands first in the table."""
    if question.kind == "yes-no":
        return [True]
    return [choice.id for choice in question.choices[1:]]


def _sign(field: str, value: bool | str) -> str:
    """The sign of an answer. Raises StopIteration for an answer that no rule knows; a test of the
    table finds that."""
    return next(rule.sign for rule in table().rule if rule.field == field and value in rule.is_)


def known(tokens: Iterable[str], questions: Sequence[FollowUpQuestion]) -> list[str]:
    """The tokens that answer one of these questions; what somebody made up is left out."""
    asked = {question.id: question for question in questions}
    found = []
    # Each once, in the order of the taps.
    for token in dict.fromkeys(tokens):
        field, _, value = token.partition("=")
        question = asked.get(field)
        if question is not None and _value(question, value) is not None:
            found.append(token)
    return found


def report_of(
    tokens: Iterable[str], questions: Sequence[FollowUpQuestion], *, other: str = ""
) -> dict[str, Any]:
    """Fields of `CheckReport`. Of two answers to one question the worse one counts."""
    asked = {question.id: question for question in questions}
    found: dict[str, Any] = {}
    for token in tokens:
        field, _, text = token.partition("=")
        question = asked[field]
        value = _value(question, text)
        # Two tiles of one question can both be tapped; the milder must not hide the graver.
        if field not in found or _rank(question, value) > _rank(question, found[field]):
            found[field] = value
    if other.strip():
        found["other"] = other.strip()
    return found


def _value(question: FollowUpQuestion, text: str) -> Any:
    """The answer as the report takes it; None for one that the question doesn't have."""
    if question.kind == "yes-no":
        return {"yes": True, "no": False}.get(text)
    if question.kind == "choice":
        return text if text in [choice.id for choice in question.choices] else None
    if question.kind == "scale":
        number = whole_number(text, digits=2)
        return number if number is not None and number <= 10 else None
    return None


def _rank(question: FollowUpQuestion, value: Any) -> int:
    if question.kind == "choice":
        return [choice.id for choice in question.choices].index(value)
    return int(value)


def following(screen: str, report: dict[str, Any], questions: Sequence[FollowUpQuestion]) -> str:
    """The next screen; "" when everything was asked."""
    asked = {question.id for question in questions}
    rest = SCREENS[SCREENS.index(screen) + 1 :] if screen in SCREENS else SCREENS
    for one in rest:
        if one == "bruise" and "bruise" not in asked:
            continue
        # Where it is matters for a bruise alone.
        if one == "where" and report.get("bruise", "none") == "none":
            continue
        if one == "soreness" and "soreness_nprs" not in asked:
            continue
        return one
    return ""
