"""Which warning signs a message tells of.

    text ──► clauses ──► words as they sound ──► phrases near together ──► not denied ──► signs

A phrase is heard when all of its words stand near each other in a clause, in any order; a word of
five letters or more may have one letter wrong. The phrases are data (phrases.toml). In doubt it is
an alarm: a wrong one costs a telephone call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec
from rapidfuzz.distance import OSA

from filiform.data_files import read_toml
from filiform.listening.sounds import sounds
from filiform.warning_signs import Sign, Urgency, signs

NEAR_WORDS = 4
"""So many other words may stand between the first and the last word of a phrase (design value)."""
LONG_ENOUGH_TO_MISSPELL = 5
DENIED_WITHIN = 3
"""Words between a "no" and what it denies (design value)."""


class Heard(msgspec.Struct, frozen=True):
    """A sign that a message tells of. phrase: the row of phrases.toml, never the writer's words."""

    sign: str
    phrase: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deny_before: str
    deny_after: str
    fine_after: str
    go_on: str
    but: str
    phrases: dict[str, tuple[str, ...]]
    allow: tuple[str, ...]


class _Phrase(msgspec.Struct, frozen=True):
    """words: for each place the sounds that fit it. negative: a "no" belongs to the phrase."""

    text: str
    words: tuple[frozenset[str], ...]
    negative: bool


class _Ear(msgspec.Struct, frozen=True):
    before: frozenset[str]
    after: frozenset[str]
    fine: frozenset[str]
    go_on: frozenset[str]
    clause_ends: re.Pattern[str]
    phrases: dict[str, tuple[_Phrase, ...]]
    allow: tuple[_Phrase, ...]


@cache
def _ear() -> _Ear:
    """Raises ValueError naming the phrase for a sign that the table doesn't know."""
    table = read_toml("filiform.listening", "phrases.toml", _Table)
    unknown = sorted(set(table.phrases) - set(signs()))
    if unknown:
        raise ValueError(f"phrases.toml: no such warning sign: {', '.join(unknown)}")
    before, after = _set(table.deny_before), _set(table.deny_after)
    but = "|".join(map(re.escape, table.but.split()))
    return _Ear(
        before=before,
        after=after,
        fine=_set(table.fine_after),
        go_on=_set(table.go_on),
        clause_ends=re.compile(rf"[.!?;:,\n۔،؟]+|\b(?:{but})\b", re.IGNORECASE),
        phrases={
            sign: tuple(_phrase(text, before | after) for text in texts)
            for sign, texts in table.phrases.items()
        },
        allow=tuple(_phrase(text, frozenset()) for text in table.allow),
    )


def _set(text: str) -> frozenset[str]:
    return frozenset(sounds(text))


def _phrase(text: str, negations: frozenset[str]) -> _Phrase:
    words = tuple(_set(place.replace("/", " ")) for place in text.removeprefix("+").split())
    return _Phrase(text, words, any(place & negations for place in words))


def hear(text: str) -> tuple[Heard, ...]:
    """The signs that ring, in the order of the table, each once; () for a harmless message."""
    found: dict[str, str] = {}
    everything = sounds(text)
    for clause in _clauses(text):
        # Asking what it costs silences its own clause only; what is told beside it is heard.
        if any(_places(phrase, clause) for phrase in _ear().allow):
            continue
        for sign, phrases in _ear().phrases.items():
            for phrase in phrases:
                if sign not in found and _told(phrase, clause):
                    found[sign] = phrase.text
    # Pregnancy and bleeding, fever and redness are often told in two sentences.
    for sign, phrases in _ear().phrases.items():
        for phrase in phrases:
            if sign not in found and "+" in phrase.text and _all_in(phrase, everything):
                found[sign] = phrase.text
    return tuple(Heard(sign, found[sign]) for sign in signs() if sign in found)


def urgency_of(heard: Iterable[Heard | Sign]) -> Urgency | None:
    """How urgent the signs are together, when nothing is known about the writer."""
    table = signs()
    found = [table[one.sign] if isinstance(one, Heard) else one for one in heard]
    urgencies = [urgency for sign in found if (urgency := sign.urgency()) is not None]
    return min(urgencies, key=lambda urgency: urgency.rank, default=None)


def _clauses(text: str) -> list[tuple[str, ...]]:
    return [words for part in _ear().clause_ends.split(text) if (words := sounds(part))]


def _told(phrase: _Phrase, clause: tuple[str, ...]) -> bool:
    places = _places(phrase, clause)
    return bool(places) and (phrase.negative or not _denied(clause, places[0], places[-1]))


def _places(phrase: _Phrase, clause: tuple[str, ...]) -> list[int]:
    """Where the phrase's words stand, sorted; [] when one is missing or they are far apart."""
    each = [
        [at for at, word in enumerate(clause) if _fits(word, wanted)] for wanted in phrase.words
    ]
    if not all(each):
        return []
    for first in each[0]:
        near = [first]
        for options in each[1:]:
            # One word of the clause can't be two words of the phrase.
            left = [at for at in options if at not in near]
            if not left:
                break
            near.append(min(left, key=lambda at: abs(at - first)))
        if len(near) == len(each) and max(near) - min(near) < len(each) + NEAR_WORDS:
            return sorted(near)
    return []


@lru_cache(maxsize=50_000)
def _fits(word: str, wanted: frozenset[str]) -> bool:
    if word in wanted:
        return True
    if len(word) < LONG_ENOUGH_TO_MISSPELL:
        return False
    return any(
        len(one) >= LONG_ENOUGH_TO_MISSPELL
        and one[0] == word[0]
        and OSA.distance(one, word, score_cutoff=1) <= 1
        for one in wanted
    )


def _all_in(phrase: _Phrase, words: tuple[str, ...]) -> bool:
    """Every word of a phrase that is marked with + somewhere in the message."""
    return all(any(_fits(word, wanted) for word in words) for wanted in phrase.words)


def _denied(clause: tuple[str, ...], first: int, last: int) -> bool:
    """ "no chest pain", "dard nahi hai", "saans theek hai"; "no fever or chest pain" too."""
    ear = _ear()
    before = [at for at, word in enumerate(clause[:first]) if word in ear.before]
    if before and (first - before[-1] <= DENIED_WITHIN or clause[first - 1] in ear.go_on):
        return True
    after = clause[last + 1 : last + 1 + DENIED_WITHIN]
    return any(word in ear.after or word in ear.fine for word in after)
