"""Choosing the site whose clock one's pages go by."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.visits.workplace import work_at


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
    back = request.POST.get("then", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "pathway:today"
    return redirect(back)
