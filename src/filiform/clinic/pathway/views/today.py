"""The day's page: where everybody lands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.pathway.attention import attention
from filiform.clinic.pathway.next_thing import NextThing, next_things, turning_points
from filiform.clinic.pathway.rows import DayRow, day_rows
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import counts_of_day, visits_of_day
from filiform.clinic.visits.transitions import transitions_for
from filiform.clinic.visits.workplace import names_where_needed, workplaces
from filiform.clinic.web.kept import good_until, kept_for_clinic
from filiform.clinic.web.times import next_midnight, zone_of


@require_safe
@staff("see-patients")
@kept_for_clinic
def today(request: StaffRequest) -> HttpResponse:
    """The day's visits with the one next thing of each, and what must not wait beside them.

    The page is kept until somebody writes, or until something on it turns by itself: a patient
    becomes late, a check falls due, the day ends.
    """
    by = request.user
    now = timezone.now()
    on = localdate(now)
    # Who treats nobody has no visits of their own to see.
    everybody = request.GET.get("who", "" if by.is_practitioner else "all") == "all"
    shown = visits_of_day(by.organisation, on, practitioner=None if everybody else by)
    count_mine, count_all = counts_of_day(by, on)
    following = _next_of_each(shown, now)
    found = attention(by, on=on, now=now)
    turns = [*turning_points(shown), *found.turns_at, next_midnight(now)]
    good_until(request, now=now, until=min(moment for moment in turns if moment > now))
    sites = names_where_needed(by.organisation)
    # By the state alone, for everybody whom this reader may move.
    one_of = {visit.state: visit for visit in shown}
    moves = {state: transitions_for(visit, by) for state, visit in one_of.items()}
    open_to = {state: [one for one in some if one[0] != "done"] for state, some in moves.items()}
    rows = [DayRow(visit, following[visit.pk], open_to[visit.state]) for visit in shown]
    context = {
        "rows": rows,
        "listed": day_rows(rows, request, everybody=everybody, sites=sites),
        "on": on,
        "everybody": everybody,
        "count_mine": count_mine,
        "count_all": count_all,
        "attention": found,
        "workplaces": workplaces(request),
    }
    return render(request, "pathway/today.html", context)


def _next_of_each(visits: Sequence[Visit], now: datetime) -> dict[UUID, NextThing]:
    """Each visit is judged on the day that it is at its own site, as `start` will judge it."""
    by_day: dict[date, list[Visit]] = {}
    for visit in visits:
        by_day.setdefault(localdate(now, zone_of(visit.site_id)), []).append(visit)
    found: dict[UUID, NextThing] = {}
    for day, some in by_day.items():
        found |= next_things(some, on=day, now=now)
    return found
