"""Booking a visit, and taking in somebody who stands at the desk."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.diary import actions
from filiform.clinic.diary.forms import TimeForm
from filiform.clinic.diary.rules import CAN_BE_MEANT
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.visits.forms import first_values
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.fields import day_asked
from filiform.clinic.web.times import at_site, written
from filiform.reasons import say
from filiform.times import NotADayOrTime, read_clock


@require_http_methods(["GET", "HEAD", "POST"])
@patient_page("book-visits")
def book(request: StaffRequest, patient: Patient) -> HttpResponse:
    """A time in the diary, or with the second button: now."""
    by = request.user
    if request.method != "POST":
        form = TimeForm(initial=_first(request, patient), patient=patient, by=by)
        return render(request, "diary/book.html", {"form": form, "patient": patient})
    walks_in = "now" in request.POST
    now = timezone.now()
    form = (
        TimeForm(_for_now(request, now), patient=patient, by=by, now=now)
        if walks_in
        else TimeForm(request.POST, patient=patient, by=by)
    )
    visit = _taken(form, patient, request, now if walks_in else None) if form.is_valid() else None
    if visit is None:
        context = {"form": form, "patient": patient}
        return render(request, "diary/book.html", context, status=422)
    # Who has come is on Today; the diary of a planned visit is what the desk looks at next.
    if walks_in:
        messages.success(request, _("%(name)s has arrived.") % {"name": patient.name})
        return redirect("pathway:today")
    at = written(at_site(visit.planned_at, visit.site_id), "l, j F Y, H:i")
    messages.success(request, _("Booked for %(at)s.") % {"at": at})
    return redirect(f"{reverse('diary:diary')}?day={form.cleaned_data['day'].isoformat()}")


def _taken(
    form: TimeForm, patient: Patient, request: StaffRequest, now: datetime | None
) -> Visit | None:
    """The visit; None with the reasons in the form when somebody was quicker."""
    wanted = {"patient": patient, "by": request.user, **form.booking()}
    try:
        if now is not None:
            return actions.walk_in(**wanted, now=now, meant=CAN_BE_MEANT)
        return actions.take(
            **wanted, starts_at=form.cleaned_data["planned_at"], meant=form.overruled()
        )
    except actions.NotFree as refused:
        for reason in refused.reasons:
            form.add_error("at", say(reason, get_language() or "en"))
        form.reasons = refused.reasons
        return None


def _first(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    """The form filled in with the gap of the diary that was tapped, if one was."""
    values = first_values(patient, request.user)
    day = day_asked(request.GET.get("day", ""))
    if day is not None:
        values["day"] = day
    with suppress(NotADayOrTime):
        values["at"] = read_clock(request.GET.get("at", ""))
    for name in ("practitioner", "room", "site", "service", "episode"):
        if request.GET.get(name):
            values[name] = request.GET[name]
    # Empty: as long as the service takes, which is asked for first.
    if TimeForm(patient=patient, by=request.user).services:
        values["minutes"] = ""
    return values


def _for_now(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """What was sent, with this very moment in place of the time; a clash can't be avoided by
    somebody who has come already."""
    here = localtime(now)
    sent = request.POST.dict()
    regions = request.POST.getlist("regions")
    # In the form's own words, so that its checks run as for any other booking.
    at = {"day": f"{here:%Y-%m-%d}", "at": f"{here:%H:%M}", "anyway": "on"}
    return {**sent, **at, "regions": regions}
