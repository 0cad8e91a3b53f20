"""Loads a check of the organisation; somebody else's does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from filiform.clinic.access.guards import StaffRequest, View, staff
from filiform.clinic.aftercare.models import Check
from filiform.clinic.facts.recording import saw
from filiform.clinic.web.times import use_zone


def check_page(permission: str, *, saw_what: str = "") -> Callable[[View], View]:
    """Passes `check` with patient, owner and treatment; others' checks answer 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def load(request: StaffRequest, *args: Any, check_id: UUID, **kwargs: Any) -> HttpResponse:
            check = (
                Check.objects.filter(pk=check_id, organisation=request.user.organisation_id)
                .select_related(
                    *("patient", "owner", "alarm_taken_by", "treatment__practitioner"),
                    "treatment__visit__site",
                )
                .first()
            )
            if check is None:
                raise Http404
            # Due times are the patient's: by the clock of where they were treated.
            use_zone(check.treatment.visit.site.time_zone)
            # A fragment belongs to a page whose look is noted already.
            if saw_what and request.method == "GET" and not request.headers.get("HX-Request"):
                saw(saw_what, by=request.user, patient=check.patient, subject=check)
            return view(request, *args, check=check, **kwargs)

        return staff(permission)(load)

    return decorate
