"""Words: a text in every language that Filiform speaks.

Clinical data (muscle names, rule texts, exercises) carries its own translations, so that
the command line, the web pages and the FHIR documents say the same thing.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["en", "ur"]
LANGUAGES: tuple[Language, ...] = ("en", "ur")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in English and Urdu. English is the master and never empty."""

    en: str
    ur: str = ""

    def __post_init__(self) -> None:
        if not self.en.strip():
            raise ValueError("The English text is empty; English is the master text.")

    def in_language(self, language: str) -> str:
        """The text in `language` ("en", "ur", "ur-pk"); English where a translation is missing."""
        # Browsers ask for "ur-PK"; the country says nothing of the words.
        if language.split("-")[0] == "ur" and self.ur:
            return self.ur
        return self.en

    def __str__(self) -> str:
        return self.en


def counted(number: int, noun: str) -> str:
    """ "1 problem", "3 problems": English for what a command prints. noun: its plural ends in s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
