"""The diary: one day, all practitioners side by side."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.visits.queries import practitioners, under_treatment, visits_of_day
from filiform.clinic.visits.transitions import transitions_for
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS
from filiform.clinic.visits.workplace import names_where_needed, workplaces
from filiform.clinic.web.fields import day_asked
from filiform.clinic.web.times import at_site


@require_safe
@staff("see-patients")
def diary(request: StaffRequest) -> HttpResponse:
    day = _day(request.GET.get("day", ""))
    people = {one.pk: one for one in practitioners(request.user.organisation)}
    sites = names_where_needed(request.user.organisation)
    columns: dict[UUID, list[dict[str, object]]] = {key: [] for key in people}
    for visit in visits_of_day(request.user.organisation, day):
        people.setdefault(visit.practitioner_id, visit.practitioner)
        columns.setdefault(visit.practitioner_id, []).append(
            {
                "visit": visit,
                "state": STATES_IN_WORDS[visit.state],
                "transitions": transitions_for(
                    visit,
                    request.user,
                    # The only state with a button in which needling may have been begun.
                    under_treatment=visit.state == "in-room" and under_treatment(visit),
                ),
                "begins": at_site(visit.planned_at, visit.site_id),
                "ends": at_site(visit.planned_at + timedelta(minutes=visit.minutes), visit.site_id),
                "site": sites.get(visit.site_id, ""),
                "off": visit.state in ("cancelled", "missed", "left"),
            }
        )
    context = {
        "day": day,
        "is_today": day == timezone.localdate(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "workplaces": workplaces(request),
        "columns": [(people[key], rows) for key, rows in columns.items()],
    }
    return render(request, "visits/diary.html", context)


def _day(text: str) -> date:
    """The day asked for; today where the address holds none that exists."""
    return day_asked(text) or timezone.localdate()
