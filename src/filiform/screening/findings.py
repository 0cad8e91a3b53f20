"""What the value of an observation says: yes, no, in between, nothing, or something else."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Literal

from filiform.screening.context import FoldedSentence, WordSpan, effects
from filiform.screening.evidence_table import codes_of, phrases_of
from filiform.screening.folding import words_of

TestOutcome = Literal["positive", "negative", "unsure", "nothing", "other"]


def outcome(text: str, codes: Collection[str] = ()) -> TestOutcome:
    """What a value or an interpretation says. "other" is a text that is neither yes nor no.

    Codes are certain and come first; a text with a yes and a no in it is unsure.
    """
    for name in ("negative", "unsure", "positive", "nothing"):
        if codes_of("observation", name).intersection(codes):
            return name
    return _said(text)


@lru_cache(maxsize=20_000)
def _said(text: str) -> TestOutcome:
    stripped = text.strip()
    # "+", "++" of a dipstick, "(-)" of a Japanese laboratory hold no word.
    if stripped and not stripped.strip("+-−() （）"):
        # A bare dash stands for no result at all, one in brackets for a no.
        return "positive" if "+" in stripped else "negative" if stripped[0] in "(（" else "nothing"
    words = words_of(text)
    if not words:
        return "nothing"
    if phrases_of("observation", "nothing").within(words):
        return "nothing"
    if phrases_of("observation", "unsure").within(words):
        return "unsure"
    refused = phrases_of("observation", "negative").where(words)
    covered = {place for start, end in refused for place in range(start, end)}
    affirmed = [
        (start, end)
        for start, end in phrases_of("observation", "positive").where(words)
        # "Not detected" holds "detected": what lies inside a no is no yes.
        if not covered.intersection(range(start, end))
    ]
    # Immune to rubella is a good finding, whatever "positive" stands beside it.
    if "immune" in words or "immunity" in words:
        return "negative"
    if refused and affirmed:
        return "unsure"
    if refused:
        return "negative"
    return _denied_or_not(words, affirmed) if affirmed else "other"


def _denied_or_not(words: tuple[str, ...], affirmed: list[WordSpan]) -> TestOutcome:
    """A yes that a word farther off takes back: "keine Fernmetastasen nachweisbar"."""
    on_yes, _ = effects(FoldedSentence(words), affirmed)
    if all("negated" in acting for acting in on_yes.values()):
        return "negative"
    return "unsure" if any("negated" in acting for acting in on_yes.values()) else "positive"


def is_sign_of_immunity(text: str, codes: Collection[str]) -> bool:
    """Whether a test looks for an antibody that a vaccination leaves."""
    if codes_of("observation", "immunity").intersection(codes):
        return True
    return phrases_of("observation", "immunity").within(words_of(text))


def names_a_test(text: str) -> bool:
    """Whether the name of an observation is a test's, so that it says nothing without a value."""
    words = words_of(text)
    return phrases_of("observation", "result").within(words) or phrases_of(
        "procedure", "looking"
    ).within(words)


def is_local_route(text: str, codes: Collection[str]) -> bool:
    """Whether a route or form acts where it is put: "ophthalmic", "cutaneous use"."""
    if codes_of("medicine", "local").intersection(codes):
        return True
    words = words_of(text)
    if phrases_of("medicine", "systemic").within(words):
        return False
    return phrases_of("medicine", "local").within(words)
