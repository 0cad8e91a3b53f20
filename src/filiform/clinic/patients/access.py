"""Pages about one patient."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from filiform.clinic.access.guards import StaffRequest, View, note_reading, staff
from filiform.clinic.patients.models import Patient


def patient_page(permission: str, *, saw_what: str = "") -> Callable[[View], View]:
    """Loads the patient of the organisation by `patient_id`; passes `patient`.

    Somebody else's patient does not exist (404). `saw_what` names the page in the audit; the
    opening of it (GET, whole page) is noted.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def load(
            request: StaffRequest, *args: Any, patient_id: UUID, **kwargs: Any
        ) -> HttpResponse:
            patient = Patient.objects.filter(
                pk=patient_id, organisation=request.user.organisation_id
            ).first()
            if patient is None:
                raise Http404
            note_reading(request, saw_what, patient)
            return view(request, *args, patient=patient, **kwargs)

        return staff(permission)(load)

    return decorate
