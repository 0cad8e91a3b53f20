"""Booking a visit, and taking in somebody who stands at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.visits import actions
from filiform.clinic.visits.forms import BookingForm, first_values


@require_http_methods(["GET", "HEAD", "POST"])
@patient_page("book-visits")
def book(request: StaffRequest, patient: Patient) -> HttpResponse:
    """A time in the diary, or with the second button: now."""
    by = request.user
    if request.method != "POST":
        form = BookingForm(initial=first_values(patient, by), patient=patient, by=by)
        return render(request, "visits/book.html", {"form": form, "patient": patient})
    walks_in = "now" in request.POST
    form = BookingForm(_for_now(request) if walks_in else request.POST, patient=patient, by=by)
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
    at = date_format(localtime(visit.planned_at), "SHORT_DATETIME_FORMAT")
    messages.success(request, _("Booked for %(at)s.") % {"at": at})
    return redirect(f"{reverse('visits:diary')}?day={form.cleaned_data['day']:%Y-%m-%d}")


def _for_now(request: StaffRequest) -> dict[str, str]:
    """What was sent, with this very moment in place of the time; a clash can't be avoided by
    somebody who has come already."""
    now = localtime()
    return {**request.POST.dict(), "day": f"{now:%Y-%m-%d}", "at": f"{now:%H:%M}", "anyway": "on"}
