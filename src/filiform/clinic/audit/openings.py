"""Who opened a patient's record: what the patient may ask to see, built from the audit's entries.

The front desk shows and prints it; the patient's own page can show the same. It tells who, in
which role, when and which page, and nothing of what stood there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.audit.vocabulary import action_words
from filiform.clinic.facts.models import Entry
from filiform.clinic.patients.files import files_of
from filiform.clinic.staff.models import Member

MONTHS_BACK = 12
MOST = 2000
"""Openings that are read at all; a patient in treatment has some hundred a year."""


@dataclass(frozen=True)
class RecordOpening:
    """One person with one page on one day; a page that was opened again has several times."""

    by: Member | None
    action: str
    times: list[datetime] = field(default_factory=list)
    """To the minute: a page that was loaded twice in one was opened once."""

    @property
    def page(self) -> str:
        return action_words(self.action)


@dataclass(frozen=True)
class OpeningsOfDay:
    on: date
    openings: list[RecordOpening]


@dataclass(frozen=True)
class Openings:
    """The latest day first; in a day the earliest first. `is_cut` when there were more."""

    since: date
    days: list[OpeningsOfDay]
    is_cut: bool = False

    @property
    def people(self) -> int:
        """How many different people."""
        return len({one.by.pk for day in self.days for one in day.openings if one.by})


def openings(patient: UUID, organisation: UUID, *, now: datetime) -> Openings:
    """Everything of the last twelve months, in the current time zone."""
    since = now - timedelta(days=365 * MONTHS_BACK // 12)
    rows = list(_entries(patient, organisation, since)[: MOST + 1])
    kept = rows[:MOST]
    days = [
        OpeningsOfDay(on, _one_day(list(entries)))
        for on, entries in groupby(kept, key=lambda row: timezone.localtime(row.at).date())
    ]
    return Openings(timezone.localtime(since).date(), days, is_cut=len(rows) > MOST)


def _entries(patient: UUID, organisation: UUID, since: datetime) -> QuerySet[Entry]:
    """The last one first. `cds-answered` is another record system that was told of the patient."""
    # Of all files of the person: who asks who has read about them asks about no file.
    files = files_of(patient)
    opened = Entry.objects.filter(patient__in=files, organisation=organisation, at__gte=since)
    seen = opened.filter(action__startswith="saw-") | opened.filter(action="cds-answered")
    return seen.select_related("by").order_by("-at", "-id")


def _one_day(entries: list[Entry]) -> list[RecordOpening]:
    found: dict[tuple[object, str], RecordOpening] = {}
    # They come last first; within a day one reads from the morning on.
    for entry in reversed(entries):
        key = (entry.by_id, entry.action)
        times = found.setdefault(key, RecordOpening(entry.by, entry.action)).times
        minute = entry.at.replace(second=0, microsecond=0)
        if minute not in times:
            times.append(minute)
    return list(found.values())
