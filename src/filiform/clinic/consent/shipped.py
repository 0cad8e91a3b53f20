"""The consent texts and the risk table that come with Filiform."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

from filiform.warning_signs import Urgency, public_signs
from filiform.words import Words

T = TypeVar("T")


class ConsentSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One heading with its text. only: "lung" stands in the text when such a muscle is planned."""

    id: str
    heading: str
    text: str
    only: Literal["", "lung"] = ""


class ShippedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language of one version."""

    version: str
    language: str
    title: str
    section: tuple[ConsentSection, ...]

    @property
    def body(self) -> list[dict[str, str]]:
        """As it is stored."""
        return [
            {
                "id": part.id,
                "heading": part.heading,
                "text": part.text,
                "only": part.only,
            }
            for part in self.section
        ]


def _with_signs(text: str, language: str) -> str:
    """{emergency} and {call-today} of a text as the warning signs of that urgency. What is stored
    holds the words themselves: a signed text must not change with the table. Of what is no
    emergency only what the notes on consent name, so that the text stays short enough to be read.
    """
    stop = "۔ " if language == "ur" else ". "
    for urgency in (Urgency.EMERGENCY, Urgency.CALL_TODAY):
        felt = [
            sign.felt.in_language(language)
            for sign in public_signs(urgency)
            if urgency is Urgency.EMERGENCY or any("CONSENT-4" in row.sources for row in sign.row)
        ]
        # The empty last one gives the stop at the end, too.
        text = text.replace(f"{{{urgency.value}}}", stop.join([*felt, ""]).strip())
    return text


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One effect with its frequency in treatments.

    per_100: from, to; of 100 treatments. Both 0 with `rare`: fewer than 1 of 100.
    basis: measured in a study that is named, or the opinion of experts.
    only: "lung" when a muscle over the lung is planned; rules: with the sentence `then` when one of
    these screening rules applies.
    """

    id: str
    name: Words
    says: Words
    basis: Literal["measured", "expert"]
    sources: tuple[str, ...]
    per_100: tuple[int, int] = (0, 0)
    rare: Words | None = None
    only: Literal["", "lung"] = ""
    rules: tuple[str, ...] = ()
    then: Words | None = None


TABLES = ("risks.toml", "teach_back.toml")
"""Files beside the texts that are no texts."""


@cache
def shipped_texts() -> tuple[ShippedText, ...]:
    """All versions in all languages, oldest first. Raises ValueError naming file and field."""
    folder = files("filiform.clinic.consent") / "texts"
    found = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml") and path.name not in TABLES:
            text = _read(path.name, path.read_text(encoding="utf-8"), ShippedText)
            told = tuple(
                msgspec.structs.replace(part, text=_with_signs(part.text, text.language))
                for part in text.section
            )
            found.append(msgspec.structs.replace(text, section=told))
    return tuple(found)


@cache
def risks() -> tuple[Risk, ...]:
    """The risk table in the order of the page: most frequent first."""

    class RiskTable(msgspec.Struct, forbid_unknown_fields=True):
        risk: tuple[Risk, ...]

    path = files("filiform.clinic.consent") / "texts" / "risks.toml"
    return _read(path.name, path.read_text(encoding="utf-8"), RiskTable).risk


def _read(name: str, text: str, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"consent/texts/{name}: {error}") from None
