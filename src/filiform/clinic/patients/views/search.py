"""Find a patient by name, telephone or file number."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.patients import queries
from filiform.clinic.patients.files import closed_among
from filiform.clinic.patients.search import search as search_patients
from filiform.clinic.patients.search import search_near
from filiform.clinic.web.pages import page_or_fragment

LONGEST = 120
"""Characters of a typed text that are looked at."""


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff("see-patients")
def search(request: StaffRequest) -> HttpResponse:
    """The text is posted: a patient's name belongs into no address, log or history."""
    typed = request.POST.get("typed", "").strip()[:LONGEST]
    organisation = request.user.organisation
    found = search_patients(organisation, typed) if typed else queries.last_registered(organisation)
    near = search_near(organisation, typed) if typed and not found else []
    found = found or near
    context = {
        "typed": typed,
        "found": found,
        "only_near": bool(near),
        "closed": closed_among(found),
    }
    return page_or_fragment(request, "patients/search", context)
