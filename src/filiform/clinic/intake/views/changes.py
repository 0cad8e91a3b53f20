""" "Has anything changed since last time?", asked before each treatment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, queries, sections
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.addresses import way_back


@require_http_methods(["GET", "POST"])
@visit_page("record-disclosure", saw_what="change-check")
def changes(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One tap for "no"; "yes" leads to the disclosure and back."""
    if request.method == "GET":
        context = {
            "visit": visit,
            "patient": visit.patient,
            "check": queries.change_check(visit),
            "changed_since": queries.changed_since_asked(visit),
            "sections": sections.sections(visit.patient),
        }
        return render(request, "intake/changes.html", context)
    value = request.POST.get("changed", "")
    if value not in ("yes", "no"):
        return HttpResponse(status=400)
    actions.confirm_unchanged(by=request.user, visit=visit, changed=value == "yes")
    if value == "yes":
        address = reverse("intake:disclosure", args=[visit.patient_id])
        return HttpResponseRedirect(f"{address}?visit={visit.pk}")
    messages.success(request, _("Recorded: nothing has changed."))
    return HttpResponseRedirect(_next(request, visit))


def _next(request: StaffRequest, visit: Visit) -> str:
    usual = reverse("pathway:open", args=[visit.pk])
    return way_back(request, request.POST.get("next", ""), usual)
