"""What the register of adverse events knows: grades, causality, duties, published rates.

Pure: data in, values out. Grades are CTCAE's, causality is WHO-UMC's; both in our own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.outcomes.rates import EventRate, rate
from filiform.words import Words

Which = Literal["moderate", "serious", "device", "device-serious"]
DEVICE_KINDS = frozenset({"broken", "stuck-bent"})
"""Events in which the needle itself may be to blame (ids of safety D2)."""


class EventGrade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """classes: of safety D2, which propose this grade."""

    id: str
    name: Words
    means: Words
    classes: tuple[str, ...]
    sources: tuple[str, ...]


class Causality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Words
    means: Words
    sources: tuple[str, ...]


class SeriousFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Words
    sources: tuple[str, ...]


class StudyRate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """like: which of our counts it may stand beside."""

    id: str
    like: Literal["minor", "serious"]
    name: Words
    events: int
    of: int
    sources: tuple[str, ...]

    @property
    def rate(self) -> EventRate:
        return rate(self.events, self.of)


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A report that somebody has to get. Exactly one of hours and working_days is given."""

    id: str
    where: str
    when: Which
    to: Words
    status: Literal["read", "unconfirmed", "design"]
    note: Words
    sources: tuple[str, ...]
    hours: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.working_days is None):
            raise ValueError(f"{self.id}: give hours or working_days, one of them")

    def due(self, known_at: datetime) -> datetime:
        """By when, from when the clinic knew. Working days are Monday to Friday: a day that only
        some keep as a holiday would make the deadline later than the law's."""
        if self.hours is not None:
            return known_at + timedelta(hours=self.hours)
        left, day = self.working_days or 0, known_at
        while left:
            day += timedelta(days=1)
            # Saturdays and Sundays pass without counting.
            left -= day.weekday() < 5
        return day


class _Events(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grade: tuple[EventGrade, ...]
    causality: tuple[Causality, ...]
    serious: tuple[SeriousFor, ...]
    published: tuple[StudyRate, ...]


class _Duties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    duty: tuple[Duty, ...]


@cache
def register() -> _Events:
    """Everything in events.toml. Raises ValueError naming the file and field on a defect."""
    return read_toml("filiform.outcomes", "events.toml", _Events)


@cache
def duties() -> tuple[Duty, ...]:
    return read_toml("filiform.outcomes", "duties.toml", _Duties).duty


def proposed_grade(event_class: str) -> str:
    """CTCAE grade for a class of safety D2; 2 for one that nobody knows: to be looked at."""
    found = (one.id for one in register().grade if event_class in one.classes)
    return next(found, "2")


def is_serious(grade: str, criteria: Iterable[str]) -> bool:
    """By the grade (3 and above) or by any of the criteria: whichever says so."""
    return int(grade) >= 3 or bool(list(criteria))


def duties_for(*, country: str, kind: str, grade: str, criteria: Iterable[str]) -> tuple[Duty, ...]:
    """Who has to be told of an event. country: of the site (ISO 3166). A graver event never has
    fewer duties. Raises ValueError for a grade that is no number."""
    device, serious = kind in DEVICE_KINDS, is_serious(grade, criteria)
    holds = {
        "moderate": int(grade) >= 2 or serious,
        "serious": serious,
        "device": device,
        "device-serious": device and serious,
    }
    return tuple(one for one in duties() if one.where in ("", country) and holds[one.when])
