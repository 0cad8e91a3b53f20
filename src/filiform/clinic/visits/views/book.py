"""Booking a visit, and taking in somebody who stands at the desk."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.visits import actions
from filiform.clinic.visits.forms import BookingForm, first_values
from filiform.clinic.web.times import at_site, written


@require_http_methods(["GET", "HEAD", "POST"])
@patient_page("book-visits")
def book(request: StaffRequest, patient: Patient) -> HttpResponse:
    """A time in the diary, or with the second button: now."""
    by = request.user
    if request.method != "POST":
        form = BookingForm(initial=first_values(patient, by), patient=patient, by=by)
        return render(request, "visits/book.html", {"form": form, "patient": patient})
    walks_in = "now" in request.POST
    now = timezone.now()
    form = (
        BookingForm(_for_now(request, now), patient=patient, by=by, now=now)
        if walks_in
        else BookingForm(request.POST, patient=patient, by=by)
    )
    if not form.is_valid():
        context = {"form": form, "patient": patient}
        return render(request, "visits/book.html", context, status=422)
    if walks_in:
        visit = actions.walk_in(by=by, patient=patient, **form.booking())
        messages.success(request, _("%(name)s has arrived.") % {"name": patient.name})
        return redirect("pathway:today")
    visit = actions.book(
        by=by, patient=patient, planned_at=form.cleaned_data["planned_at"], **form.booking()
    )
    at = written(at_site(visit.planned_at, visit.site_id), "l, j F Y, H:i")
    messages.success(request, _("Booked for %(at)s.") % {"at": at})
    return redirect(f"{reverse('visits:diary')}?day={form.cleaned_data['day'].isoformat()}")


def _for_now(request: StaffRequest, now: datetime) -> dict[str, str]:
    """What was sent, with this very moment in place of the time; a clash can't be avoided by
    somebody who has come already."""
    here = localtime(now)
    return {**request.POST.dict(), "day": f"{here:%Y-%m-%d}", "at": f"{here:%H:%M}", "anyway": "on"}
