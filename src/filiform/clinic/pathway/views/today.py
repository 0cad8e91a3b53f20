"""The day's page: where everybody lands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.pathway.attention import attention
from filiform.clinic.pathway.next_thing import next_things
from filiform.clinic.pathway.rows import DayRow, day_rows
from filiform.clinic.visits.queries import counts_of_day, visits_of_day
from filiform.clinic.visits.transitions import transitions_for
from filiform.clinic.web.kept import kept_for_clinic


@require_safe
@staff("see-patients")
@kept_for_clinic
def today(request: StaffRequest) -> HttpResponse:
    """The day's visits with the one next thing of each, and what must not wait beside them."""
    by = request.user
    now, on = timezone.now(), timezone.localdate()
    everybody = request.GET.get("who", "" if by.is_practitioner else "all") == "all"
    shown = visits_of_day(by.organisation, on, practitioner=None if everybody else by)
    count_mine, count_all = counts_of_day(by, on)
    following = next_things(shown, on=on, now=now)
    rows = [
        DayRow(
            visit,
            following[visit.pk],
            [one for one in transitions_for(visit, by) if one[0] != "done"],
        )
        for visit in shown
    ]
    context = {
        "rows": rows,
        "listed": day_rows(rows, request, everybody=everybody),
        "now": now,
        "on": on,
        "everybody": everybody,
        "count_mine": count_mine,
        "count_all": count_all,
        "attention": attention(by, on=on, now=now),
    }
    return render(request, "pathway/today.html", context)
