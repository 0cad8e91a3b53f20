"""Pages about one visit."""

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
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import visit_of
from filiform.clinic.web.kept import kept_page
from filiform.clinic.web.times import use_zone


@prepared
def _whose(visit: UUID, organisation: UUID) -> QuerySet[Visit, tuple[UUID, str]]:
    return Visit.objects.filter(pk=visit, organisation=organisation).values_list(
        "patient", "site__time_zone"
    )


def visit_page(
    permission: str, *, saw_what: str = "", kept: bool = False
) -> Callable[[View], View]:
    """Loads the visit of the organisation by `visit_id`; passes `visit` (patient, site, episode
    and practitioner come with it).

    kept: the page shows only what is recorded about the patient, and is composed once for each
    version of that (`web.kept`).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def load(request: StaffRequest, *args: Any, visit_id: UUID, **kwargs: Any) -> HttpResponse:
            organisation = request.user.organisation_id

            def compose() -> HttpResponse:
                visit = visit_of.first(visit_id, organisation)
                if visit is None:
                    raise Http404
                # What happened at a site is told by the clock on its wall, whoever reads it where.
                use_zone(visit.site.time_zone)
                if not kept:
                    note_reading(request, saw_what, visit.patient_id)
                return view(request, *args, visit=visit, **kwargs)

            if not kept:
                return compose()
            # Only whose visit it is, until it is known whether the page has to be composed.
            whose = _whose(visit_id, organisation)
            if not whose:
                raise Http404
            patient, zone = whose[0]
            use_zone(zone)
            note_reading(request, saw_what, patient)
            # Read before the page is composed: what is written meanwhile is the next version's.
            versions = versions_of(patient, organisation)
            return kept_page(request, (view.__qualname__, versions), compose)

        return staff(permission)(load)

    return decorate
