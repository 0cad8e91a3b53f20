"""Careful reading of FHIR elements from plain JSON.

Records in the wild leave out what is required and put strings where objects belong. These
functions take what is there, and raise ResourceError in words where a meaning would have to be
guessed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from filiform.disclosure import Coding, Side
from filiform.exchange.fhir.errors import ResourceError, notice
from filiform.letters import as_read

Json = dict[str, Any]

_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T(.*))?$")
_CLOCK = re.compile(r"^(\d{2}):(\d{2}).*([+-])(\d{2}):(\d{2})$")
_LEFT, _RIGHT, _BOTH = "7771000", "24028007", "51440002"


def an_object(value: object) -> Json:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects of a list; a single object stands for a list of one."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def a_text(value: object) -> str:
    """A string as it is read; "" for anything else. Unseen characters would hide a name or code
    from the rules that look for it."""
    if not isinstance(value, str):
        return ""
    # Nearly every string of a record: codes, ids, dates. A long one has a million of them.
    if value.isascii() and value.isprintable():
        return value.strip()
    return as_read(value, lines=True).strip()


def codings_of(concept: object) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept, each once, without those that lack a code."""
    found = [
        Coding(a_text(one.get("system")), a_text(one.get("code")), a_text(one.get("display")))
        for one in objects(an_object(concept).get("coding"))
        if a_text(one.get("code"))
    ]
    return tuple(dict.fromkeys(found))


def text_of(concept: object) -> str:
    """What a CodeableConcept says: its text, else the first display, else the first code."""
    if isinstance(concept, str):
        return a_text(concept)
    whole = an_object(concept)
    stated = a_text(whole.get("text"))
    if stated:
        return stated
    codings = objects(whole.get("coding"))
    # All displays before any code: a person reads this.
    named = (a_text(one.get(key)) for key in ("display", "code") for one in codings)
    return next((text for text in named if text), "")


def code_of(concept: object) -> str:
    """The first code of a CodeableConcept, or the bare string that stands in its place."""
    if isinstance(concept, str):
        return a_text(concept).lower()
    codings = codings_of(concept)
    return (codings[0].code if codings else a_text(an_object(concept).get("text"))).lower()


def first_day(value: object, name: str) -> date | None:
    """The day of a FHIR date, or the first day of a bare year or month. None when absent."""
    return _day(value, name, last=False)


def last_day(value: object, name: str) -> date | None:
    """The day of a FHIR date, or the last day of a bare year or month. None when absent."""
    return _day(value, name, last=True)


def _day(value: object, name: str, *, last: bool) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _parsed(value, name, last)
    raise _no_date(value, name)


@lru_cache(maxsize=4_096)
def _parsed(value: str, name: str, last: bool) -> date:
    """Remembered: what happened in one visit carries one and the same time."""
    match = _DATE.match(value)
    if match is None:
        raise _no_date(value, name)
    year, month, day = (int(part) if part else None for part in match.groups()[:3])
    try:
        if year is None or month is None:
            # The whole year may be meant, so a beginning is early and an end late.
            return date(year or 0, 12, 31) if last else date(year or 0, 1, 1)
        if day is None:
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        return _widened(date(year, month, day), match[4], last=last)
    except (ValueError, OverflowError, calendar.IllegalMonthError):  # also out of the calendar
        said = repr(str(value)[:40])
        raise ResourceError(notice("not-a-day", name=name, value=said)) from None


def _no_date(value: object, name: str) -> ResourceError:
    return ResourceError(notice("not-a-date", name=name, value=repr(str(value)[:40])))


def _widened(day: date, clock: str | None, *, last: bool) -> date:
    """The day as written or as it was in Greenwich, whichever makes what happened last longer.

    The record's zone is not the clinic's: 01:30 on Sunday in Auckland is still Saturday here,
    and what began then is taken today.
    """
    match = _CLOCK.match(clock) if clock else None
    if match is None:
        return day
    ahead = int(match[4]) * 60 + int(match[5])
    minutes = int(match[1]) * 60 + int(match[2]) - (ahead if match[3] == "+" else -ahead)
    there = day + timedelta(days=minutes // 1440)
    return max(day, there) if last else min(day, there)


def sites_and_side(places: Iterable[object]) -> tuple[str, Side | None]:
    """Body sites as text, and the side if exactly one is named."""
    texts: list[str] = []
    sides: set[str] = set()
    for place in places:
        texts.append(text_of(place))
        codes = {coding.code for coding in codings_of(place)}
        # Whole words: "cleft palate" holds "left".
        words = set(re.findall(r"[a-z]+", texts[-1].lower()))
        sides |= {"left"} if _LEFT in codes or "left" in words else set()
        sides |= {"right"} if _RIGHT in codes or "right" in words else set()
        sides |= {"left", "right"} if _BOTH in codes or "bilateral" in words else set()
    side: Side | None = None
    if sides:
        side = "bilateral" if len(sides) == 2 else ("left" if "left" in sides else "right")
    return ", ".join(text for text in texts if text), side


def a_number(value: object) -> float | None:
    """A JSON number, or a number written as text ("<0.5" is not one)."""
    # Python counts True as 1; a yes is no value of 1.
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None
