"""One event: what is known, who was told, what is judged."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, View, note_reading, staff
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.events import actions, queries
from filiform.clinic.events.forms import AssessForm, ReopenForm, StepForm
from filiform.clinic.events.letter import letter_values
from filiform.clinic.events.models import SafetyEvent
from filiform.clinic.events.vocabulary import HOW, KINDS, SOURCES
from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.once import made_by
from filiform.clinic.web.times import use_zone
from filiform.outcomes.events import is_serious
from filiform.outcomes.events import register as known
from filiform.reasons import Reason, say


def event_page(permission: str, *, saw_what: str = "") -> Callable[[View], View]:
    """Passes `event` as it is judged today; another clinic's does not exist (404)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def load(request: StaffRequest, *args: Any, event_id: UUID, **kwargs: Any) -> HttpResponse:
            found = queries.event_of(event_id, request.user.organisation_id)
            if found is None:
                raise Http404
            use_zone(found.site.time_zone)
            if found.patient_id is not None:
                note_reading(request, saw_what, found.patient_id)
            return view(request, *args, event=found, **kwargs)

        return staff(permission)(load)

    return decorate


@event_page("work-checks", saw_what="event")
@require_http_methods(["GET", "POST"])
def event(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    """POST judges; the front desk reads and notes, and judges nothing."""
    may_judge = request.user.may("see-clinical")
    form = AssessForm(request.POST or None, event=event)
    if request.method == "POST":
        if not may_judge:
            return HttpResponse(status=403)
        if form.is_valid():
            # Judged by somebody else since the form was opened: theirs must not be written over
            # unseen.
            if form.cleaned_data["version"] != event.pk:
                raise ChangedMeanwhile
            changes = form.changes()
            actions.assess(by=request.user, event=event, why=changes.pop("why"), **changes)
            messages.success(request, _("Recorded. What was there before stays readable."))
            return redirect("events:event", event.root)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "events/event.html", _context(event, form, may_judge), status=status)


def _context(event: SafetyEvent, form: AssessForm, may_judge: bool) -> dict[str, Any]:
    steps = queries.steps_of(event)
    now = timezone.now()
    return {
        "event": event,
        "form": form,
        "may_judge": may_judge,
        "kind": KINDS.get(event.kind, event.kind),
        "source": SOURCES[event.source],
        "grades": {one.id: one.name for one in known().grade},
        "causalities": {one.id: one.name for one in known().causality},
        "serious": is_serious(event.grade, event.criteria),
        "where": muscle_in_words(event.muscle, event.side) if event.muscle else "",
        "duties": [
            (one, one.met is None and one.due_at <= now) for one in queries.duties_of(event, steps)
        ],
        "steps": steps,
        "history": queries.history(event),
        "couch": event.couch.actions if event.couch else [],
        "step_form": StepForm(),
        "reopen_form": ReopenForm(),
        "ways": HOW,
        "way_names": dict(HOW),
    }


@event_page("see-clinical")
@require_POST
def take(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    actions.take(by=request.user, event=event)
    return redirect("events:event", event.root)


@event_page("see-clinical")
@require_POST
def step(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    form = StepForm(request.POST)
    # Without the steps: a duty that was met may be sent again, and is told so below.
    owed = {one.duty.id for one in queries.duties_of(event, [])}
    if not form.is_valid() or form.cleaned_data["duty"] not in {"", *owed}:
        messages.warning(
            request, _("Nothing was recorded: choose a duty from the list, or write a note.")
        )
    else:
        duty = form.cleaned_data["duty"]
        made = actions.step(
            by=request.user,
            event=event,
            kind="told" if duty else "note",
            key=made_by(request),
            **form.cleaned_data,
        )
        if made is None:
            messages.warning(request, _("This was recorded already; the first record stays."))
    return redirect("events:event", event.root)


@event_page("see-clinical")
@require_POST
def close(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    answer = actions.close(by=request.user, event=event)
    if isinstance(answer, tuple):
        for reason in answer:
            messages.error(request, _said(reason))
    else:
        messages.success(request, _("Closed."))
    return redirect("events:event", event.root)


def _said(reason: Reason) -> str:
    return say(reason, get_language() or "en")


@event_page("see-clinical")
@require_POST
def reopen(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    form = ReopenForm(request.POST)
    if form.is_valid():
        actions.reopen(by=request.user, event=event, why=form.cleaned_data["why"])
    else:
        messages.warning(request, _("Write what more is known."))
    return redirect("events:event", event.root)


@event_page("see-clinical")
@require_safe
def letter(request: StaffRequest, *, event: SafetyEvent) -> HttpResponse:
    """The draft of the letter to the patient, in their language."""
    if event.patient is None:
        raise Http404
    language = "ur" if event.patient.language == "ur" else "en"
    with override(language):
        values = letter_values(event, by=request.user)
    return pdf_page(
        request,
        "events/papers/letter.typ",
        values,
        name=f"{event.patient.file_number}-{timezone.localdate(event.happened_at)}",
        saw_what="event-letter",
        patient=event.patient,
        language=language,
        subject=event,
    )
