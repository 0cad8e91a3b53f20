"""Pages about one letter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from filiform.clinic.access.guards import StaffRequest, View, note_reading, staff
from filiform.clinic.correspondence import queries
from filiform.clinic.web.times import use_zone


def letter_page(permission: str, *, saw_what: str = "") -> Callable[[View], View]:
    """Passes `letter` in the version that holds; another clinic's does not exist (404)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def load(request: StaffRequest, *args: Any, letter_id: UUID, **kwargs: Any) -> HttpResponse:
            found = queries.letter_of(letter_id, request.user.organisation_id)
            if found is None:
                raise Http404
            use_zone(found.visit.site.time_zone)
            note_reading(request, saw_what, found.patient_id)
            return view(request, *args, letter=found, **kwargs)

        return staff(permission)(load)

    return decorate
