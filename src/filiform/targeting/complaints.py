"""Which complaint a text means: an exact id, a known name, or a refusal with the nearest three.

A name is a set of words. Side, duration and small words say nothing of the complaint, so "pain in
the right shoulder" is shoulder pain; every other word counts, so "lateral hip pain" never becomes
lateral elbow pain for one shared word.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import msgspec
from rapidfuzz import fuzz

from filiform.words import Words

SILENT = frozenset(
    (
        *("a", "an", "and", "at", "for", "from", "has", "her", "his", "in", "is", "my", "of", "on"),
        *("or", "the", "to", "with", "around", "into", "since", "left", "right", "both", "side"),
        *("sided", "sides", "one", "bilateral", "unilateral", "chronic", "acute", "subacute"),
        *("persistent", "recurrent", "severe", "mild", "moderate", "year", "years", "month"),
        *("months", "week", "weeks", "day", "days", "long", "old", "new", "patient"),
        *("میں", "کا", "کی", "کے", "سے", "اور", "یا", "پر", "دائیں", "بائیں", "دونوں", "طرف"),
        *("پرانا", "شدید", "ہے", "میرے", "میرا"),
    )
)
"""Words that don't tell one complaint from another, in both languages."""
NEAREST = 3


class UnknownComplaintError(ValueError):
    """Nobody knows this name. One line: what was got, the nearest three, what to do."""

    def __init__(self, message: str, nearest: tuple[Words, ...]) -> None:
        super().__init__(message)
        self.nearest = nearest


class OtherNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Further names of a complaint by language."""

    en: tuple[str, ...] = ()
    ur: tuple[str, ...] = ()


class KnownComplaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What patients come with; every field is explained in data/complaints.toml.

    share: of 1000 patients of a physiotherapist. where: areas on the left, meant for both sides.
    """

    id: str
    name: Words
    share: float
    studied_as: tuple[str, ...] = ()
    counts_of: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    also: OtherNames = OtherNames()

    def names(self) -> tuple[str, ...]:
        """All that it may be called, its id first."""
        return (self.id, self.name.en, self.name.ur, *self.studied_as, *self.also.en, *self.also.ur)


@cache
def complaints() -> dict[str, KnownComplaint]:
    """All complaints by id. Raises ValueError when two of them share a name."""
    text = (files("filiform.targeting") / "data" / "complaints.toml").read_text("utf-8")
    read = msgspec.convert(tomllib.loads(text)["complaint"], tuple[KnownComplaint, ...])
    found: dict[frozenset[str], str] = {}
    for one in read:
        for name in one.names():
            if found.setdefault(_words(name), one.id) != one.id:
                raise ValueError(f'complaints.toml: "{name}" is a name of two complaints')
    return {one.id: one for one in read}


def taken(text: str) -> tuple[KnownComplaint, ...]:
    """The complaints that a text means; several are parted by semicolons; "" means none.

    Raises UnknownComplaintError naming the nearest three.
    """
    # The second is the semicolon of an Urdu keyboard.
    parts = [part for part in re.split(r"[;؛]", text) if part.strip()]
    return tuple(dict.fromkeys(_one(part) for part in parts))


def _one(text: str) -> KnownComplaint:
    known = complaints()
    # A name as it stands always counts, even one of silent words alone.
    if exact := _exact().get(_plain(text)):
        return known[exact]
    words = _words(text)
    # "Left side" has no word left that tells anything; it must not match a name.
    if (found := _by_words().get(words)) and words:
        return known[found]
    near = _nearest(text)
    # Whoever wrote Urdu is answered with Urdu names, whatever the page's language is.
    urdu = bool(re.search(r"[\u0600-\u06ff]", text))
    nearest = ", ".join(f'"{one.ur if urdu else one.en}"' for one in near)
    shown = text.strip()[:60]
    raise UnknownComplaintError(
        f'complaint "{shown}": not a known name; nearest are {nearest}; '
        "take one of these, or leave the complaint out",
        near,
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _words(text: str) -> frozenset[str]:
    """The words that tell, without side, duration and small words; numbers tell nothing."""
    return frozenset(w for w in _plain(text).split() if not w.isdigit()) - SILENT


@cache
def _exact() -> dict[str, str]:
    return {_plain(name): one.id for one in complaints().values() for name in one.names()}


@cache
def _by_words() -> dict[frozenset[str], str]:
    return {_words(name): one.id for one in complaints().values() for name in one.names()}


def _nearest(text: str) -> tuple[Words, ...]:
    """Names of the three complaints whose names are written most alike."""
    # "No complaint" is an answer, never a guess at what somebody complains of.
    patients = [one for one in complaints().values() if one.id != "no-complaint"]
    alike = {one.id: max(_alike(text, name) for name in one.names()) for one in patients}
    first = sorted(alike, key=lambda one: alike[one], reverse=True)
    return tuple(complaints()[one].name for one in first[:NEAREST])


def _alike(text: str, name: str) -> tuple[float, float]:
    """How well the words of a name that tell are found in the text, then the whole of both."""
    told, wanted = _telling(text), _telling(name)
    # "Pain" stands in every second name: alone it makes nothing alike.
    found = [max((fuzz.ratio(one, word) for word in told), default=0.0) for one in wanted]
    initials = "".join(word[0] for word in _plain(name).split())
    if _plain(text) == initials and len(initials) >= NEAREST:
        found = [100.0]
    mean = sum(found) / len(found) if found else 0.0
    # A word half like another tells nothing; two words found tell more than one.
    return round(mean * sum(one >= 70 for one in found), 1), fuzz.ratio(_plain(text), _plain(name))


def _telling(text: str) -> list[str]:
    return sorted(_words(text) - {"pain", "painful", "ache", "درد"})
