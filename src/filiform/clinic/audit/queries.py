"""Reading the audit, quickly however long it has grown.

Pages are cut by key (time and id of the last row shown), never by counting rows, so that page
one thousand costs as much as page one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from filiform.clinic.facts.models import Entry
from filiform.clinic.staff.models import Organisation
from filiform.clinic.web.times import bounds

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """Which entries are asked for; None is all."""

    person: UUID | None = None
    patient: UUID | None = None
    action: str = ""
    day: date | None = None

    @property
    def details(self) -> dict[str, str]:
        """The same as text, for the audit's own entry."""
        parts = {
            "person": self.person,
            "patient": self.patient,
            "action": self.action,
            "day": self.day,
        }
        return {name: str(value) for name, value in parts.items() if value}


@dataclass(frozen=True)
class Cursor:
    """The last row of a page; the next page lies after it."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @staticmethod
    def read(text: str) -> Cursor | None:
        """None for a text that is no cursor."""
        at, _, row = text.partition("_")
        try:
            moment = datetime.fromisoformat(at)
            # At the edges of the calendar an offset leads out of it.
            return Cursor(moment.astimezone(UTC), UUID(row)) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class AuditPage:
    entries: list[Entry] = field(default_factory=list)
    next: Cursor | None = None


def page(
    organisation: Organisation, wanted: Filter, *, zone: ZoneInfo, after: Cursor | None = None
) -> AuditPage:
    """One page of entries, the newest first."""
    rows = list(selection(organisation, wanted, zone=zone, after=after)[: PAGE + 1])
    if len(rows) <= PAGE:
        return AuditPage(rows)
    # The last one shown; the one row more only tells that there is a next page.
    last = rows[PAGE - 1]
    return AuditPage(rows[:PAGE], Cursor(last.at, last.pk))


def selection(
    organisation: Organisation, wanted: Filter, *, zone: ZoneInfo, after: Cursor | None = None
) -> QuerySet[Entry]:
    rows = Entry.objects.filter(organisation=organisation)
    if wanted.person:
        rows = rows.filter(by=wanted.person)
    if wanted.patient:
        rows = rows.filter(patient=wanted.patient)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.day:
        # A range, for `at__date` would compute a day for every entry of the clinic.
        start, end = bounds(wanted.day, zone)
        rows = rows.filter(at__gte=start, at__lt=end)
    if after:
        # The first condition alone lets the index skip to the page; the second cuts it exactly.
        rows = rows.filter(at__lte=after.at).filter(Q(at__lt=after.at) | Q(id__lt=after.id))
    return rows.select_related("by", "patient").order_by("-at", "-id")


DRILLS_SHOWN = 12
DRILL_DUE = timedelta(days=35)
"""After so long without a restore that worked the owner is told; the how-to says once a month."""


@dataclass(frozen=True)
class Drill:
    """One restore drill (`operations.drill`) as its entry tells it. loss: rows that were missing
    in the restored clinic; None when it could not be restored."""

    at: datetime
    passed: bool
    seconds: float
    loss: int | None
    report: str


@dataclass(frozen=True)
class Drills:
    """The newest first. last_passed: the newest that worked; is_due: it is too long ago."""

    done: list[Drill]
    last_passed: Drill | None
    is_due: bool


def drills(organisation: Organisation, *, now: datetime) -> Drills:
    entries = Entry.objects.filter(organisation=organisation, action="restore-drilled")
    done = [_drill(entry) for entry in entries.order_by("-at")[:DRILLS_SHOWN]]
    # Asked apart: the last that worked may lie behind a dozen that failed.
    worked = entries.filter(details__passed=True).order_by("-at").first()
    last = _drill(worked) if worked else None
    return Drills(done, last, is_due=last is None or now - last.at > DRILL_DUE)


def _drill(entry: Entry) -> Drill:
    said = entry.details
    return Drill(
        at=entry.at,
        passed=bool(said.get("passed")),
        seconds=float(said.get("seconds") or 0),
        loss=said.get("loss"),
        report=str(said.get("report", "")),
    )
