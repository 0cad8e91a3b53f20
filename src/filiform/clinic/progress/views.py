"""Did it help, and did it harm: as the last step of a visit, and over all visits of a patient."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare.vocabulary import TAGS, URGENCIES
from filiform.clinic.patients.access import patient_page
from filiform.clinic.programme.care import home_lines
from filiform.clinic.progress import actions, scores, treatments
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.progress.picture import picture
from filiform.clinic.progress.score_forms import OutcomeScoreForm
from filiform.clinic.progress.soreness import FRAME, sore_curves
from filiform.clinic.progress.vocabulary import SIDES
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.workspace import step_page
from filiform.letters import whole_number
from filiform.outcomes.instruments import instruments

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit


@visit_page("see-clinical", saw_what="progress", kept=True)
@require_safe
def step(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    return step_page(
        request,
        "progress/progress",
        visit=visit,
        step="progress",
        context=_context(request, visit.patient, visit),
    )


@patient_page("see-clinical", saw_what="progress", kept=True)
@require_safe
def patient_progress(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    return render(request, "progress/patient.html", _context(request, patient, None))


@patient_page("see-clinical", saw_what="outcome-scores")
@require_http_methods(["GET", "POST"])
def outcome_scores(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    """Every measure's course, and entering a score, which is for who treats."""
    may_write = request.user.may("record-clinical")
    if request.method == "POST" and not may_write:
        return HttpResponse(status=403)
    form = OutcomeScoreForm(request.POST or None, activities=scores.psfs_activities(patient))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        about = [line.strip() for line in given["about"].splitlines() if line.strip()]
        actions.record_score(
            by=request.user,
            patient=patient,
            scale=given["scale"],
            taken_at=moment_of(given["taken_on"]),
            items=given["numbers"],
            total=given["total"],
            # The field is filled in with PSFS's activities whatever measure is chosen.
            about=about if given["scale"] == "psfs" else (),
            score_id=given["score_id"],
        )
        return redirect("progress:scores", patient.pk)
    context = {
        "patient": patient,
        "courses": scores.courses(patient),
        "form": form if may_write else None,
        "may_write": may_write,
        "licences": instruments(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "progress/scores.html", context, status=status)


@patient_page("record-clinical")
@require_POST
def void_score(request: StaffRequest, *, patient: Patient, score_id: UUID) -> HttpResponse:
    row = OutcomeScore.objects.current().filter(pk=score_id, patient=patient).first()
    if row is None:
        raise Http404
    why = request.POST.get("why", "").strip()[:300]
    if why:
        actions.void_score(by=request.user, row=row, why=why)
    else:
        messages.warning(request, _("Say why the score is withdrawn."))
    return redirect("progress:scores", patient.pk)


def moment_of(day: date) -> datetime:
    """A day's score counts at noon; today's now, so that it stands after the visit's start."""
    here = timezone.localtime()
    if day == here.date():
        return here
    return timezone.make_aware(datetime.combine(day, time(12)))


def _context(request: StaffRequest, patient: Patient, visit: Visit | None) -> dict[str, Any]:
    number = whole_number(request.GET.get("page", ""), digits=4) or 1
    rows, older = treatments.treatments(patient, page=number)
    return {
        "patient": patient,
        "picture": picture(patient, episode=visit.episode if visit else None),
        "treatments": rows,
        "page": number,
        "older": older,
        "newer_page": number - 1,
        "older_page": number + 1,
        "home": home_lines(patient, on=timezone.localdate()),
        "sore": sore_curves(patient),
        "sore_frame": FRAME,
        "effects": treatments.side_effects(patient),
        "tags": TAGS,
        "sides": SIDES,
        "urgencies": URGENCIES,
    }
