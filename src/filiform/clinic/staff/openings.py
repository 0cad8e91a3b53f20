"""When a site is open on a day: its weekly hours, and the exceptions laid over them.

The one place that answers it: the public pages, booking and the owner's list of visits to call
all ask here. Times are wall times of the site; a period whose end is not after its start ends on
the following day, as in `Site.opening_hours`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.models import OpeningException, Organisation, Site

Hours = tuple[tuple[str, str], ...]
"""Periods of a day in order, each "HH:MM" to "HH:MM"; none is closed."""


class Exceptional(Protocol):
    """What of an exception decides; an `OpeningException`, or a test's own."""

    first_on: date
    last_on: date
    hours: Sequence[Sequence[str]]
    also_closed_days: bool


Laid = TypeVar("Laid", bound=Exceptional)


@dataclass(frozen=True)
class DayOpening:
    """hours: of this day. because: the exception they come from; None for the weekly hours."""

    hours: Hours
    because: OpeningException | None = None


def opening_on(site: Site, day: date) -> DayOpening:
    """The hours of a site on a day, with the reason when they are not the weekly ones."""
    return merged(site.opening_hours, exceptions_of(site.pk, day, day), day)


def openings_between(site: Site, first: date, last: date) -> dict[date, DayOpening]:
    """The same for every day from `first` to `last`, both included, by one query."""
    # Once for all days: a diary asks for a week, booking for two months.
    laid = exceptions_of(site.pk, first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: merged(site.opening_hours, laid, day) for day in days}


def merged(
    weekly: Mapping[str, Sequence[Sequence[str]]], exceptions: Iterable[OpeningException], day: date
) -> DayOpening:
    """The weekly hours of a day, or those of the exception that rules it."""
    usual = in_order(weekly.get(str(day.weekday()), ()))
    ruling = ruling_on(exceptions, day)
    if ruling is None:
        return DayOpening(usual)
    # Ramadan's hours don't open a clinic on its Sunday; nor is that day closed because of them.
    if ruling.hours and not usual and not ruling.also_closed_days:
        return DayOpening(usual)
    return DayOpening(in_order(ruling.hours), ruling)


def ruling_on(exceptions: Iterable[Laid], day: date) -> Laid | None:
    """Of several exceptions on one day the shortest rules: Eid lies within a month of other
    hours. Of equally long ones it is the one that comes last in `exceptions`."""
    found = None
    for one in exceptions:
        if one.first_on <= day <= one.last_on and (found is None or _days(one) <= _days(found)):
            found = one
    return found


def in_order(periods: Iterable[Sequence[str]]) -> Hours:
    return tuple(sorted((start, end) for start, end in periods))


@prepared
def _exceptions_of(site: UUID, first: date, last: date) -> QuerySet[OpeningException]:
    return (
        OpeningException.objects.current()
        .filter(site=site, first_on__lte=last, last_on__gte=first)
        .order_by("recorded_at", "pk")
    )


def exceptions_of(site: UUID, first: date, last: date) -> list[OpeningException]:
    """Those that hold on any day from `first` to `last`, in the order of recording."""
    return _exceptions_of(site, first, last)


def coming_exceptions(site: Site, *, on: date) -> list[OpeningException]:
    """Those that hold on `on` or later, by their days."""
    rows = OpeningException.objects.current().filter(site=site, last_on__gte=on)
    return list(rows.order_by("first_on", "last_on", "pk"))


def exception_in(organisation: Organisation, exception_id: UUID) -> OpeningException | None:
    """A current one of the organisation; None when amended, voided or elsewhere."""
    rows = OpeningException.objects.current().filter(organisation=organisation, pk=exception_id)
    return rows.select_related("site").first()


def _days(exception: Exceptional) -> int:
    return (exception.last_on - exception.first_on).days
