"""Pages about one visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from filiform.clinic.access.guards import StaffRequest, View, note_reading, staff
from filiform.clinic.visits.models import Visit


def visit_page(permission: str, *, saw_what: str = "") -> Callable[[View], View]:
    """Loads the visit of the organisation by `visit_id`; passes `visit` (patient, site, episode
    and practitioner come with it)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def load(request: StaffRequest, *args: Any, visit_id: UUID, **kwargs: Any) -> HttpResponse:
            visit = (
                Visit.objects.filter(pk=visit_id, organisation=request.user.organisation_id)
                .select_related("patient", "site", "episode", "practitioner")
                .first()
            )
            if visit is None:
                raise Http404
            note_reading(request, saw_what, visit.patient)
            return view(request, *args, visit=visit, **kwargs)

        return staff(permission)(load)

    return decorate
