"""Pages about one patient."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from filiform.clinic.access.guards import StaffRequest, View, note_reading, staff
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.versions import versions_of
from filiform.clinic.patients.models import Patient
from filiform.clinic.web.kept import kept_page


@prepared
def _here(patient: UUID, organisation: UUID) -> QuerySet[Patient]:
    return Patient.objects.filter(pk=patient, organisation=organisation)


def patient_page(
    permission: str, *, saw_what: str = "", kept: bool = False
) -> Callable[[View], View]:
    """Loads the patient of the organisation by `patient_id`; passes `patient`.

    Somebody else's patient does not exist (404). `saw_what` names the page in the audit; the
    opening of it (GET, whole page) is noted. kept: the page shows only what is recorded about the
    patient, and is composed once for each version of that (`web.kept`).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def load(
            request: StaffRequest, *args: Any, patient_id: UUID, **kwargs: Any
        ) -> HttpResponse:
            organisation = request.user.organisation_id
            # Read before the patient: what is written in between makes the page too old, never too
            # new.
            versions = versions_of(patient_id, organisation) if kept else None
            patient = _here.first(patient_id, organisation)
            if patient is None:
                raise Http404
            note_reading(request, saw_what, patient.pk)

            def compose() -> HttpResponse:
                return view(request, *args, patient=patient, **kwargs)

            if versions is None:
                return compose()
            return kept_page(request, (view.__qualname__, versions), compose)

        return staff(permission)(load)

    return decorate
