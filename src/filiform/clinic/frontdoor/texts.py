"""The texts of the public pages: shipped ones, and the owner's laid over them.

    texts.toml ──► Shipped ─┐
                            ├──► TextsInForce ──► templates, in the reader's language
    PublicText (facts) ─────┘

Everything that patients read as prose has a key. Numbers, pictures and warning signs have not: they
are data of their own, with sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.frontdoor.models import PublicText
from filiform.data_files import read_toml
from filiform.words import Words

TextGroup = Literal["first", "explainer", "questions", "after", "prices", "danger", "words"]
OWN_QUESTION = "question:"


class Shipped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text of texts.toml. adds: the owner's lines come after the shipped ones."""

    group: TextGroup
    title: Words | None = None
    body_en: str = ""
    body_ur: str = ""
    adds: bool = False

    def title_in(self, language: str) -> str:
        return self.title.in_language(language) if self.title else ""

    def body_in(self, language: str) -> str:
        return self.body_ur if language == "ur" and self.body_ur else self.body_en


@dataclass(frozen=True)
class Text:
    """A text as a reader of one language gets it."""

    key: str
    title: str
    body: str
    is_shown: bool = True

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.body.splitlines() if line.strip()]


@dataclass(frozen=True)
class TextState:
    """How a text stands in both languages, for the owner's list.

    own: language → the row in force; without one the shipped text holds.
    """

    key: str
    group: TextGroup
    own: dict[str, PublicText]

    @property
    def is_own(self) -> bool:
        return bool(self.own)

    @property
    def is_shown(self) -> bool:
        return all(row.is_shown for row in self.own.values())

    @property
    def urdu_is_older(self) -> bool:
        """The English was changed after the Urdu was written or looked at."""
        english, urdu = self.own.get("en"), self.own.get("ur")
        if english is None:
            return False
        return urdu is None or urdu.recorded_at < english.recorded_at


class TextsInForce:
    """All texts for one language; as a template asks: `texts.procedure.title`."""

    def __init__(self, rows: Iterable[PublicText], language: str) -> None:
        self.language = "ur" if language.startswith("ur") else "en"
        # Later rows win: two owners who wrote the first one at once left two.
        self._own: dict[tuple[str, str], PublicText] = {
            (row.key, row.language): row for row in rows
        }
        self.explained: set[str] = set()
        """Words of the glossary that the page being composed has explained already"""
        self._keys = list(dict.fromkeys(key for key, _language in self._own))

    def __getitem__(self, key: str) -> Text:
        """Raises KeyError for a key that is neither shipped nor the clinic's own."""
        known = shipped().get(key)
        if known is None and key not in self._keys:
            raise KeyError(key)
        own = self._row(key)
        shows = own is None or own.is_shown
        if known is None:
            assert own is not None  # noqa: S101 - it is among the keys of the rows
            return Text(key, own.title, own.body, shows)
        body = known.body_in(self.language)
        if own is None:
            return Text(key, known.title_in(self.language), body, shows)
        # Ours come first and stay: a list of danger may become longer, never shorter.
        if known.adds:
            body = f"{body}\n{own.body}".strip()
            return Text(key, known.title_in(self.language), body, shows)
        # A heading that the owner left empty is ours.
        return Text(key, own.title or known.title_in(self.language), own.body, shows)

    def questions(self) -> Iterator[Text]:
        """Those that are shown: the shipped ones, then the clinic's own by age."""
        keys = [key for key, text in shipped().items() if text.group == "questions"]
        # Their keys are ids that rise with time.
        own = sorted(key for key in self._keys if key.startswith(OWN_QUESTION))
        for key in [*keys, *own]:
            text = self[key]
            # The owner has hidden it, or emptied its heading in this language.
            if text.is_shown and text.title:
                yield text

    def words(self) -> Iterator[Text]:
        """The glossary."""
        for key, text in shipped().items():
            if text.group == "words":
                yield self[key]

    def _row(self, key: str) -> PublicText | None:
        """The owner's; in English where there is none in the reader's language and none shipped."""
        own = self._own.get((key, self.language))
        if own is None and key not in shipped():
            return self._own.get((key, "en"))
        return own


@cache
def shipped() -> dict[str, Shipped]:
    """Key → text, in the order of the pages. Raises ValueError naming the defect."""
    found = read_toml("filiform.clinic.frontdoor", "texts.toml", dict[str, Shipped])
    for key, text in found.items():
        if not text.adds and (not text.body_en and text.title is None):
            raise ValueError(f"texts.toml: {key} has neither title nor body")
    return found


@prepared
def _in_force(organisation: UUID) -> QuerySet[PublicText]:
    return (
        PublicText.objects.current().filter(organisation=organisation).order_by("recorded_at", "pk")
    )


def texts_of(organisation: UUID, language: str) -> TextsInForce:
    return TextsInForce(_in_force(organisation), language)


def standing(organisation: UUID) -> list[TextState]:
    """Every text with the owner's rows, in the order of the pages."""
    own: dict[str, dict[str, PublicText]] = {}
    for row in _in_force(organisation):
        own.setdefault(row.key, {})[row.language] = row
    rows = [TextState(key, text.group, own.get(key, {})) for key, text in shipped().items()]
    rows += [
        TextState(key, "questions", own[key]) for key in sorted(own) if key.startswith(OWN_QUESTION)
    ]
    return rows


def standing_of(organisation: UUID, key: str) -> TextState | None:
    """None for a key that this clinic doesn't have."""
    return next((one for one in standing(organisation) if one.key == key), None)


def history(organisation: UUID, key: str) -> list[PublicText]:
    """Every row of a text, the newest first."""
    rows = PublicText.objects.filter(organisation=organisation, key=key)
    return list(rows.select_related("recorded_by").order_by("-recorded_at", "-pk"))


def written_in(one: TextState, language: str) -> Text:
    """What the owner's form begins with: their own words, else the shipped ones. Of a text that is
    only added to, the added lines."""
    row, known = one.own.get(language), shipped().get(one.key)
    if row is not None:
        return Text(one.key, row.title, row.body, row.is_shown)
    if known is None or known.adds:
        return Text(one.key, "", "")
    return Text(one.key, known.title_in(language), known.body_in(language))
