"""Which complaints a text means: an exact id, a known name, or a refusal with the nearest three.

Some names are shared: who says "headache" hasn't said which. Such a general name stands for all its
complaints, each as likely as it is common; nothing is decided that wasn't said.

A name is a set of words. Side, duration and small words say nothing of the complaint, so "pain in
the right shoulder" is shoulder pain; every other word counts, so "lateral hip pain" never becomes
lateral elbow pain for one shared word.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
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
ALIKE = {
    "ache": "pain",
    "aches": "pain",
    "aching": "pain",
    "pains": "pain",
    "headaches": "headache",
}
"""Other words for the same: "elbow ache" is elbow pain."""
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


class GeneralName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name that several complaints share; every field is explained in data/complaints.toml."""

    id: str
    name: Words
    of: tuple[str, ...]
    why: str
    asks_first: tuple[str, ...] = ()
    also: OtherNames = OtherNames()

    def names(self) -> tuple[str, ...]:
        """All that it may be called, its id first."""
        return (self.id, self.name.en, self.name.ur, *self.also.en, *self.also.ur)


class _Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/complaints.toml."""

    complaint: tuple[KnownComplaint, ...]
    general: tuple[GeneralName, ...]


@dataclass(frozen=True)
class ToldComplaint:
    """One part of what was told. complaints: all that it may be. general: the name doesn't say
    which. asks_first: sources whose warning comes with the word alone."""

    id: str
    name: Words
    complaints: tuple[KnownComplaint, ...]
    general: bool = False
    asks_first: tuple[str, ...] = ()

    def weights(self) -> dict[str, float]:
        """How likely each of its complaints is: as common as it is among them. The sum is 1."""
        if len(self.complaints) == 1:
            # Also of "no complaint", with which nobody comes.
            return {self.complaints[0].id: 1.0}
        whole = sum(one.share for one in self.complaints)
        return {one.id: one.share / whole for one in self.complaints}


@cache
def _read() -> _Read:
    text = (files("filiform.targeting") / "data" / "complaints.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Read)


@cache
def complaints() -> dict[str, KnownComplaint]:
    """All complaints by id. Raises ValueError on a defect of complaints.toml."""
    return _checked(_read())


def _checked(read: _Read) -> dict[str, KnownComplaint]:
    """Refused are a name with two meanings, and a general name of an unknown complaint, of one that
    nobody comes with, or of a single one without something to ask first."""
    known = {one.id: one for one in read.complaint}
    found: dict[frozenset[str], str] = {}
    every: tuple[KnownComplaint | GeneralName, ...] = (*read.complaint, *read.general)
    for named in every:
        for name in named.names():
            if found.setdefault(_words(name), named.id) != named.id:
                raise ValueError(f'complaints.toml: "{name}" is a name of two complaints')
    for one in read.general:
        # Without a share a complaint has no weight in the mixture.
        if any(name not in known or not known[name].share for name in one.of):
            raise ValueError(f'complaints.toml: "{one.id}" is shared by an unknown complaint')
        if len(set(one.of)) < (1 if one.asks_first else 2):
            raise ValueError(f'complaints.toml: "{one.id}" is general, but of one complaint')
    return known


@cache
def general_names() -> dict[str, GeneralName]:
    """Names that several complaints share, by id."""
    return {one.id: one for one in _read().general}


def told(text: str) -> tuple[ToldComplaint, ...]:
    """What a text names, part by part; several are parted by semicolons; "" names nothing.

    Raises UnknownComplaintError naming the nearest three.
    """
    # The second is the semicolon of an Urdu keyboard.
    parts = [part for part in re.split(r"[;؛]", text) if part.strip()]
    return tuple(dict.fromkeys(_one(part) for part in parts))


def taken(text: str) -> tuple[KnownComplaint, ...]:
    """All complaints that a text may mean. Raises UnknownComplaintError."""
    return tuple(dict.fromkeys(one for part in told(text) for one in part.complaints))


def weights(text: str) -> dict[str, float]:
    """How likely each complaint is by what was told: its parts in equal shares, a general name's by
    how common each is. The sum is 1; empty when nothing was told. Raises UnknownComplaintError."""
    parts = told(text)
    found: dict[str, float] = {}
    for part in parts:
        for name, weight in part.weights().items():
            found[name] = found.get(name, 0.0) + weight / len(parts)
    return found


def _one(text: str) -> ToldComplaint:
    # A name as it stands always counts, even one of silent words alone.
    if exact := _exact().get(_plain(text)):
        return _named(exact)
    words = _words(text)
    # "Left side" has no word left that tells anything; it must not match a name.
    if (found := _by_words().get(words)) and words:
        return _named(found)
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


@cache
def _named(name: str) -> ToldComplaint:
    """A complaint, or all that share a general name, by id."""
    known = complaints()
    if name in known:
        return ToldComplaint(name, known[name].name, (known[name],))
    one = general_names()[name]
    may_be = tuple(known[each] for each in one.of)
    return ToldComplaint(name, one.name, may_be, True, one.asks_first)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _words(text: str) -> frozenset[str]:
    """The words that tell, without side, duration and small words; numbers tell nothing."""
    return frozenset(ALIKE.get(w, w) for w in _plain(text).split() if not w.isdigit()) - SILENT


@cache
def _all() -> dict[str, KnownComplaint | GeneralName]:
    return {**complaints(), **general_names()}


@cache
def _exact() -> dict[str, str]:
    return {_plain(name): one.id for one in _all().values() for name in one.names()}


@cache
def _by_words() -> dict[frozenset[str], str]:
    return {_words(name): one.id for one in _all().values() for name in one.names()}


def _nearest(text: str) -> tuple[Words, ...]:
    """The three, complaints or general names, whose names are written most alike."""
    # "No complaint" is an answer, never a guess at what somebody complains of.
    patients = [one for one in _all().values() if one.id != "no-complaint"]
    alike = {one.id: max(_alike(text, name) for name in one.names()) for one in patients}
    first = sorted(alike, key=lambda one: alike[one], reverse=True)
    return tuple(_all()[one].name for one in first[:NEAREST])


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
