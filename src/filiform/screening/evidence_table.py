"""The table of what a resource of a record can prove (`data/proves.toml`), ready to be asked.

Words are matched as the texts of records are read (`words_of`), so that the table may be
written with accents and capitals and a record without.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from typing import Literal

import msgspec

from filiform.screening.folding import words_of
from filiform.screening.rulebook import RuleError, data_folder

Becomes = Literal["proves", "asks", "nothing", "gone"]


class PhrasePart(msgspec.Struct, frozen=True):
    """One word of a phrase. open: what it ends with may stand anywhere in it ("*检查*")."""

    begin: str
    end: str = ""
    starred: bool = False
    open: bool = False

    def fits(self, word: str) -> bool:
        if not self.starred:
            return word == self.begin
        if not word.startswith(self.begin):
            return False
        return self.end in word if self.open else word.endswith(self.end)


class Pattern(msgspec.Struct, frozen=True):
    """A phrase, word by word."""

    parts: tuple[PhrasePart, ...]

    def at(self, words: tuple[str, ...], place: int) -> bool:
        """Whether the phrase stands at this place."""
        if place + len(self.parts) > len(words):
            return False
        return all(part.fits(words[place + n]) for n, part in enumerate(self.parts))


class Phrases:
    """Many phrases, looked up by their first word where that is written out."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._by_word: dict[str, list[Pattern]] = {}
        self._open: list[Pattern] = []
        for phrase in phrases:
            pattern = _pattern(phrase)
            if not pattern.parts:
                continue
            first = pattern.parts[0]
            if not first.starred:
                self._by_word.setdefault(first.begin, []).append(pattern)
            else:
                self._open.append(pattern)
        # Looser than the patterns, and enough to tell of most texts that none of them is there.
        self._may_be_open = re.compile(
            "|".join(
                f"(?:^| ){re.escape(first.begin)}" if first.begin else re.escape(first.end)
                for first in (pattern.parts[0] for pattern in self._open)
            )
        )

    def where(self, words: tuple[str, ...]) -> list[tuple[int, int]]:
        """(start, end) of every phrase that stands in the words."""
        opening = self._open
        # A laboratory sends texts by the hundred thousand, and hardly one holds a phrase.
        if opening and not self._may_be_open.search(" ".join(words)):
            opening = []
        if not opening and self._by_word.keys().isdisjoint(words):
            return []
        return [
            (place, place + len(pattern.parts))
            for place, word in enumerate(words)
            for pattern in (*self._by_word.get(word, ()), *opening)
            if pattern.at(words, place)
        ]

    def within(self, words: tuple[str, ...]) -> bool:
        return bool(self.where(words))


def _pattern(phrase: str) -> Pattern:
    parts: list[PhrasePart] = []
    for token in phrase.split():
        begin, star, end = token.partition("*")
        apart = words_of(token.strip("*"))
        # Chinese and Japanese are read sign by sign, so that a word stands anywhere already.
        if not star or len(apart) > 1:
            parts += [PhrasePart(word) for word in apart]
            continue
        last = "".join(words_of(end.rstrip("*")))
        parts.append(
            PhrasePart("".join(words_of(begin)), last, starred=True, open=end.endswith("*"))
        )
    return Pattern(tuple(parts))


class ProcedureRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of procedure and what becomes of the disease, device and operation it names."""

    id: Literal["looking", "removing", "doing"]
    what: str
    proves: str
    why: str
    disease: Becomes
    device: Becomes
    operation: Becomes
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class WordsRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words and codes that mean the same for what is proved. atc: prefixes or ranges."""

    what: str
    proves: str
    why: str = ""
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    resource: tuple[WordsRow, ...]
    procedure: tuple[ProcedureRow, ...]
    looking_yet_doing: WordsRow
    observation: dict[str, WordsRow]
    medicine: dict[str, WordsRow]


@cache
def table() -> Table:
    """The table. Raises RuleError naming the field on a defect."""
    raw = tomllib.loads((data_folder() / "proves.toml").read_text("utf-8"))
    try:
        return msgspec.convert(raw, Table)
    except msgspec.ValidationError as error:
        raise RuleError(f"proves.toml: {error}") from None


@cache
def phrases_of(group: str, name: str) -> Phrases:
    """The phrases of a row: ("procedure", "looking"), ("observation", "negative") ..."""
    if group == "procedure":
        row = next(one for one in table().procedure if one.id == name)
        return Phrases(row.words)
    if group == "unless":
        return Phrases(next(one for one in table().procedure if one.id == name).unless)
    if group == "looking_yet_doing":
        return Phrases(table().looking_yet_doing.words)
    rows = table().observation if group == "observation" else table().medicine
    return Phrases(rows[name].words)


@cache
def codes_of(group: Literal["observation", "medicine"], name: str) -> frozenset[str]:
    rows = table().observation if group == "observation" else table().medicine
    return frozenset(rows[name].codes)


@lru_cache(maxsize=5_000)
def procedure_row(words: tuple[str, ...]) -> ProcedureRow:
    """Which row of the table a procedure of that name falls under."""
    rows = {row.id: row for row in table().procedure}
    if phrases_of("procedure", "removing").within(words) and not phrases_of(
        "unless", "removing"
    ).within(words):
        return rows["removing"]
    looks = phrases_of("procedure", "looking").within(words)
    if looks and not phrases_of("looking_yet_doing", "").within(words):
        return rows["looking"]
    return rows["doing"]
