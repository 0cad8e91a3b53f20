"""The step: proposals and choices, the clinic beside home."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.queries import targets
from filiform.clinic.patients.files import files_of
from filiform.clinic.programme import care, queries
from filiform.clinic.programme.forms import ExerciseDoseForm
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.templatetags.exercise_figure import build_of
from filiform.clinic.programme.vocabulary import (
    BASES,
    CAUSE_KINDS,
    CAUSE_STATES,
    CERTAINTIES,
    DECISIONS,
    GRADES,
    KINDS,
)
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.outcomes import SCALES
from filiform.programme import Goal, proposed
from filiform.reasons import Reason

AS_BUTTONS = 12
"""Programmes by name of which each has a button; more are chosen from a list (design value)."""


@visit_page("see-clinical", saw_what="programme", kept=True)
@require_safe
def programme(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    return board_page(request, visit)


def board_page(
    request: StaffRequest,
    visit: Visit,
    *,
    refused: ExerciseDoseForm | None = None,
    at: UUID | None = None,
    reasons: tuple[Reason, ...] = (),
) -> HttpResponse:
    """The page, or its fragment for htmx; a refused dose comes back at its row, other refusals
    with their reasons on top."""
    today = timezone.localdate()
    goals = care.goal_lines(visit)
    board = queries.board(
        visit,
        on=today,
        # The first score: where the course begins is not moved by how it went.
        goals=[Goal(activity=line.goal.activity, score=line.first) for line in goals],
    )
    return step_page(
        request,
        "programme/programme",
        visit=visit,
        step="programme",
        context={
            "board": board,
            "forms": _dose_forms(board, refused, at),
            "names": {muscle: one.name for muscle, one in atlas().muscles.items()},
            "targets": list(dict.fromkeys((t.muscle, t.side) for t in targets(visit))),
            "needled": queries.is_needled(visit),
            "build": build_of(visit.patient),
            "kinds": KINDS,
            "bases": BASES,
            **_round_it(request, visit, board, today),
            "goals": goals,
            "refused_reasons": reasons,
            # What was open before the tap stays open after it.
            "open_part": request.POST.get("at", ""),
        },
        status=422 if refused is not None or reasons else 200,
    )


def _round_it(
    request: StaffRequest, visit: Visit, board: queries.Board, today: date
) -> dict[str, Any]:
    """What stands round the programme: the plan of care, causes, templates, what was done."""
    plan = care.plan_of(visit)
    used = care.used(plan) if plan else None
    # Of home alone: nobody ticks what is done in the clinic.
    rows = [one.row for part in board.home for one in part.choices if one.row is not None]
    lines = care.lines_of(rows, files_of(visit.patient), on=today)
    return {
        "plan": plan,
        "plan_used": used,
        # So many may still be booked; the diary proposes times for them.
        "plan_left": max(0, plan.visits - used[0]) if plan and used else 0,
        "plan_reasons": care.to_look_again(plan, on=today) if plan else (),
        "plan_meant": care.planned(plan) if plan else proposed(board.course.plan, on=today),
        "review_scale": SCALES[board.course.plan.review.measure].name,
        "asked": care.asked_causes(visit),
        "cause_states": CAUSE_STATES,
        "cause_kinds": CAUSE_KINDS,
        "decisions": DECISIONS,
        "grades": GRADES,
        "certainties": CERTAINTIES,
        "templates": care.templates(request.user.organisation),
        "as_buttons": AS_BUTTONS,
        "done": care.done_at(visit),
        "too_painful": care.too_painful(lines),
        "lines": {line.row.item: line for line in lines},
        "scores": range(11),
        "today": today,
    }


def _dose_forms(
    board: queries.Board, refused: ExerciseDoseForm | None, at: UUID | None
) -> dict[UUID, ExerciseDoseForm]:
    rows: list[ProgrammeItem] = [
        choice.row
        for part in (*board.clinic, *board.home)
        for choice in part.choices
        if choice.row is not None
    ]
    forms = {row.pk: ExerciseDoseForm(row=row) for row in rows}
    if refused is not None and at in forms:
        # With what was typed and why it can't be; the others show what holds.
        forms[at] = refused
    return forms
