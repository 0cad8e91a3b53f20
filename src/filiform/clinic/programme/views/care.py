"""Causes, goals, the plan of care, what was done in the clinic, a step down."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.queries import story
from filiform.clinic.patients.files import files_of
from filiform.clinic.programme import actions, care, care_actions, queries
from filiform.clinic.programme.forms import CarePlanForm, CauseForm, DoneForm, GoalForm, ScoreForm
from filiform.clinic.programme.models import PatientGoal
from filiform.clinic.programme.views.choose import back, row_of
from filiform.clinic.programme.views.programme import board_page
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.programme import CarePlanned


@visit_page("record-clinical")
@require_POST
def cause(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    form = CauseForm(request.POST)
    if not form.is_valid():
        return _unusable(request, visit, form)
    care_actions.answer_cause(by=request.user, visit=visit, **form.cleaned_data)
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def plan(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """Set the plan of care, or decide at its review."""
    form = CarePlanForm(request.POST)
    if not form.is_valid():
        return _unusable(request, visit, form)
    decided = form.cleaned_data.pop("decided")
    told = story(visit)
    complaint = COMPLAINTS.get(told.complaint_code) if told else None
    return _answer(
        request,
        visit,
        care_actions.plan_care(
            by=request.user,
            visit=visit,
            plan=CarePlanned(**form.cleaned_data),
            indication=complaint.indication if complaint else "",
            decided=decided,
        ),
    )


@visit_page("record-clinical")
@require_POST
def goal(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    form = GoalForm(request.POST)
    if not form.is_valid():
        return _unusable(request, visit, form)
    return _answer(
        request, visit, care_actions.set_goal(by=request.user, visit=visit, **form.cleaned_data)
    )


@visit_page("record-clinical")
@require_POST
def score(request: StaffRequest, *, visit: Visit, goal_id: UUID) -> HttpResponse:
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _unusable(request, visit, form)
    goal = _goal(visit, goal_id)
    answer = care_actions.score_goal(
        by=request.user, visit=visit, goal=goal, score=form.cleaned_data["score"]
    )
    return _answer(request, visit, answer)


@visit_page("record-clinical")
@require_POST
def drop(request: StaffRequest, *, visit: Visit, goal_id: UUID) -> HttpResponse:
    care_actions.drop_goal(by=request.user, goal=_goal(visit, goal_id))
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def done(request: StaffRequest, *, visit: Visit, row_id: UUID) -> HttpResponse:
    """Done at this visit, with the dose that stands there, and the response."""
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _unusable(request, visit, form)
    row = row_of(visit, row_id)
    answer = actions.record_done(
        by=request.user, row=row, dose=queries.dose_of(row), **form.cleaned_data
    )
    return _answer(request, visit, answer)


@visit_page("record-clinical")
@require_POST
def easier(request: StaffRequest, *, visit: Visit, row_id: UUID) -> HttpResponse:
    """The step down goes onto the patient's paper, in every stretch of time of the exercise."""
    row = row_of(visit, row_id)
    same = [one for one in queries.chosen(visit) if one.item == row.item]
    lines = care.lines_of(same, files_of(visit.patient), on=timezone.localdate())
    # No step down, no button: whoever asks for it has a page of another release.
    step = next((line.easier for line in lines if line.easier), None)
    if step is None:
        raise Http404
    said = step.in_language(visit.patient.language)
    for one in same:
        # The practitioner's own words stay; the step stands before them, once.
        note = one.note if said in one.note else f"{said} {one.note}".strip()[:300]
        actions.change_dose(by=request.user, row=one, dose=queries.dose_of(one), note=note)
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def keep(request: StaffRequest, *, visit: Visit, row_id: UUID) -> HttpResponse:
    """It hurt twice, and the practitioner decides that it stays: in every stretch of time."""
    row = row_of(visit, row_id)
    same = [one for one in queries.chosen(visit) if one.item == row.item]
    # Only while what was on the screen holds: tapped twice, it was looked at once.
    if row.pk in {one.pk for one in same}:
        for one in same:
            actions.keep_as_it_is(by=request.user, row=one)
    return back(request, visit)


def _goal(visit: Visit, goal_id: UUID) -> PatientGoal:
    for line in care.goal_lines(visit):
        if line.goal.pk == goal_id:
            return line.goal
    raise Http404


def _answer(request: StaffRequest, visit: Visit, answer: object) -> HttpResponse:
    if isinstance(answer, tuple):
        return board_page(request, visit, reasons=answer)
    return back(request, visit)


def _unusable(request: StaffRequest, visit: Visit, form: forms.Form) -> HttpResponse:
    """What the form can't read, in its own words; nothing was recorded."""
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        messages.error(request, f"{label or _('Your answer')}: {' '.join(map(str, errors))}")
    return back(request, visit)
