"""A group of visits booked at once: proposed first, then all of them or none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.diary import actions
from filiform.clinic.diary.forms import SeveralForm
from filiform.clinic.diary.queries import proposals
from filiform.clinic.diary.slots import Slot
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member
from filiform.clinic.web.times import at_site
from filiform.reasons import say


@require_http_methods(["GET", "HEAD", "POST"])
@patient_page("book-visits")
def several(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Asks for how many and how often, proposes free times, books those that stay ticked."""
    given: dict[str, Any] = {"patient": patient, "by": request.user}
    if request.method != "POST":
        return _page(request, patient, SeveralForm(initial=_first(request), **given))
    form = SeveralForm(request.POST, **given)
    if not form.is_valid():
        return _page(request, patient, form)
    if "book" in request.POST:
        times = _ticked(request, form)
        refused = _booked(request, patient, form, times) if times else None
        if times and refused is None:
            first = at_site(times[0][1], form.wanted()["site"].pk)
            return redirect(f"{reverse('diary:diary')}?view=week&day={first.date().isoformat()}")
        if not times:
            messages.error(request, _("No time is ticked, so nothing is booked."))
        for reason in refused.reasons if refused else ():
            messages.error(request, say(reason, get_language() or "en"))
    return _page(request, patient, form, proposed=_proposed(form))


def _proposed(form: SeveralForm) -> list[dict[str, object]]:
    data, wanted = form.cleaned_data, form.wanted()
    days = form.days()
    found = proposals(
        **wanted, days=days, at=data["at"], now=timezone.now(),
        practitioner=form.people.get(data["practitioner"]),
    )  # fmt: skip
    return [_row(day, slot, form, data["until"]) for day, slot in zip(days, found, strict=True)]


def _row(day: date, slot: Slot | None, form: SeveralForm, until: date | None) -> dict[str, object]:
    if slot is None:
        return {"day": day, "slot": None}
    at = at_site(slot.start, form.wanted()["site"].pk)
    return {
        "day": day,
        "slot": slot,
        "at": at,
        "person": form.people[str(slot.person)],
        "value": f"{slot.start.isoformat()} {slot.person}",
        "late": until is not None and at.date() > until,
    }


def _ticked(request: StaffRequest, form: SeveralForm) -> list[tuple[Member, datetime]]:
    """What was ticked; what is no time of somebody who works here is left out."""
    found = []
    # No more than were asked for, whatever was sent.
    for value in request.POST.getlist("slot")[: form.cleaned_data["count"]]:
        text, _space, person = value.partition(" ")
        member = form.people.get(person)
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        if member is not None and at.tzinfo is not None:
            found.append((member, at))
    return sorted(found, key=lambda one: one[1])


def _booked(
    request: StaffRequest,
    patient: Patient,
    form: SeveralForm,
    times: list[tuple[Member, datetime]],
) -> actions.NotFree | None:
    """None when all are booked; else why none is."""
    episode = form.episodes.get(form.cleaned_data["episode"])
    try:
        made = actions.take_several(
            times=times, by=request.user, patient=patient, episode=episode, **form.wanted()
        )
    except actions.NotFree as refused:
        messages.error(request, _("Nothing is booked: one of the times is not free any more."))
        return refused
    said = ngettext("%(count)s visit is booked.", "%(count)s visits are booked.", len(made))
    messages.success(request, said % {"count": len(made)})
    return None


def _first(request: StaffRequest) -> dict[str, Any]:
    """What a plan of care asks for in the address: how many, until when, for what."""
    values: dict[str, Any] = {"day": timezone.localdate(), "at": "10:00", "every": 7, "count": 6}
    for name in ("count", "every", "until", "episode", "service", "practitioner", "site", "day"):
        if request.GET.get(name):
            values[name] = request.GET[name]
    return values


def _page(
    request: StaffRequest,
    patient: Patient,
    form: SeveralForm,
    proposed: list[dict[str, object]] | None = None,
) -> HttpResponse:
    if not form.is_bound:
        for name, things in (("service", form.services), ("site", form.sites)):
            form.initial.setdefault(name, next(iter(things), ""))
    context = {"form": form, "patient": patient, "proposed": proposed}
    status = 422 if form.errors else 200
    return render(request, "diary/several.html", context, status=status)
