"""Where a visit is taken up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.pathway.rail import next_step, rail
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import open_episodes


@require_safe
@visit_page("see-clinical")
def open_visit(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Go to the step that is next; ask first which complaint it is for, if several could be."""
    if visit.episode_id is None and open_episodes(visit.patient):
        return redirect("visits:episode", visit.pk)
    entry = next_step(rail(visit, by=request.user, on=timezone.localdate()), visit)
    return redirect(entry.url if entry else "pathway:today")
