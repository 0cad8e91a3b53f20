"""The step: proposals and choices, the clinic beside home."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.queries import targets
from filiform.clinic.programme import queries
from filiform.clinic.programme.forms import ExerciseDoseForm
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.vocabulary import BASES, KINDS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page


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
) -> HttpResponse:
    """The page, or its fragment for htmx; a refused dose comes back at its row."""
    today = timezone.localdate()
    board = queries.board(visit, on=today)
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
            "kinds": KINDS,
            "bases": BASES,
        },
        status=422 if refused is not None else 200,
    )


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
        forms[at] = refused
    return forms
