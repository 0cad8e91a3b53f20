"""Moving a booked visit, and taking it out of the diary."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.diary import actions
from filiform.clinic.diary.forms import CancelForm, MoveForm, values_of
from filiform.clinic.sending.queries import newest_about
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.actions import MoveRefused
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.views.visit import in_words
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.times import at_site, written
from filiform.reasons import Reason, say


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("book-visits")
def move(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Another time, practitioner or room: typed here, or dropped in the diary."""
    given: dict[str, Any] = {"patient": visit.patient, "by": request.user, "visit": visit}
    if request.method != "POST":
        at = at_site(visit.planned_at, visit.site_id)
        return _page(request, visit, MoveForm(initial=values_of(visit, at), **given))
    form = MoveForm(request.POST, **given)
    if not form.is_valid():
        return _page(request, visit, form)
    try:
        actions.reschedule(visit=visit, by=request.user, **form.change())
    except MoveRefused as refusal:
        return _refused(request, visit, refusal.reasons)
    except actions.NotFree as refusal:
        form.reasons = refusal.reasons
        for reason in refusal.reasons:
            form.add_error("at", say(reason, get_language() or "en"))
        return _page(request, visit, form)
    there = at_site(visit.planned_at, visit.site_id)
    messages.success(request, _("Moved to %(at)s.") % {"at": written(there, "l, j F Y, H:i")})
    say_who_knows(request, visit, "moved")
    # To the day on which it stands now: whoever moved it wants to see it there.
    usual = f"{reverse('diary:diary')}?day={there.date().isoformat()}"
    return HttpResponseRedirect(way_back(request, request.POST.get("then", ""), usual))


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("book-visits")
def cancel(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Out of the diary, with a reason."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(visit=visit, by=request.user, because=form.cleaned_data["because"])
        except MoveRefused as refusal:
            return _refused(request, visit, refusal.reasons)
        messages.success(request, _("The visit is cancelled. Its time is free."))
        say_who_knows(request, visit, "cancelled")
        day = at_site(visit.planned_at, visit.site_id).date()
        return redirect(f"{reverse('diary:diary')}?day={day.isoformat()}")
    context = {"form": form, "visit": visit, "patient": visit.patient}
    status = 422 if form.errors else 200
    return render(request, "diary/cancel.html", context, status=status)


def say_who_knows(request: StaffRequest, visit: Visit, kind: str) -> None:
    """Whether a message about the change is on its way to the patient, or somebody has to call."""
    told = newest_about([visit.pk], [kind]).get(visit.pk)
    # Nobody is told of what they asked for themselves.
    if told is None or (told.state == "stopped" and not told.to_call):
        return
    patient = visit.patient
    if not told.to_call:
        messages.info(request, _("The patient is notified."))
    elif patient.phone:
        words = {"name": patient.name, "phone": patient.phone}
        messages.warning(
            request,
            _("No message is sent to %(name)s automatically. Call them: %(phone)s.") % words,
        )
    else:
        words = {"name": patient.name}
        messages.warning(
            request, _("%(name)s can't be reached: no telephone number is known.") % words
        )


def _page(request: StaffRequest, visit: Visit, form: MoveForm) -> HttpResponse:
    context = {
        "form": form,
        "visit": visit,
        "patient": visit.patient,
        "then": request.POST.get("then", ""),
    }
    return render(request, "diary/move.html", context, status=422 if form.errors else 200)


def _refused(request: StaffRequest, visit: Visit, reasons: tuple[Reason, ...]) -> HttpResponse:
    for reason in reasons:
        messages.error(request, say(in_words(reason), get_language() or "en"))
    return redirect("visits:visit", visit.pk)
