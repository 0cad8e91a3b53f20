"""Choosing the site whose clock one's pages go by."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.visits.workplace import work_at
from filiform.clinic.web.addresses import way_back


@require_POST
@staff("see-patients")
def workplace(request: StaffRequest) -> HttpResponse:
    """From now on, times are those of this site; for this session."""
    try:
        site = UUID(request.POST.get("site", ""))
    except ValueError as error:
        raise Http404 from error
    if not work_at(request, site):
        raise Http404
    usual = reverse("pathway:today")
    return HttpResponseRedirect(way_back(request, request.POST.get("then", ""), usual))
