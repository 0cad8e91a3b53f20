"""The diary: one day, all practitioners side by side."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.visits.queries import practitioners, under_treatment, visits_of_day
from filiform.clinic.visits.transitions import transitions_for
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS


@require_safe
@staff("see-patients")
def diary(request: StaffRequest) -> HttpResponse:
    day = _day(request.GET.get("day", ""))
    people = {one.pk: one for one in practitioners(request.user.organisation)}
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
                "ends": visit.planned_at + timedelta(minutes=visit.minutes),
                "off": visit.state in ("cancelled", "missed", "left"),
            }
        )
    context = {
        "day": day,
        "is_today": day == timezone.localdate(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "columns": [(people[key], rows) for key, rows in columns.items()],
    }
    return render(request, "visits/diary.html", context)


def _day(text: str) -> date:
    """The day asked for; today where the address holds none that exists."""
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()
