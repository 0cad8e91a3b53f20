"""A second examiner palpates what another one has, without seeing what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.vocabulary import FINDINGS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page

ANSWERS = {"yes": True, "no": False}


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("record-clinical", saw_what="targets")
def second(request: StaffRequest, visit: Visit) -> HttpResponse:
    rows = _rows(request, visit)
    if request.method != "POST":
        context = {"rows": rows}
        return step_page(request, "assessment/second", visit=visit, step="targets", context=context)
    kept = 0
    for row in rows:
        answer = request.POST.get(row["name"], "")
        if answer in ANSWERS:
            present, place = ANSWERS[answer], {k: row[k] for k in ("muscle", "side", "finding")}
            actions.find(by=request.user, visit=visit, present=present, as_second=True, **place)
            kept += 1
    says = ngettext("%(count)s answer is kept.", "%(count)s answers are kept.", kept)
    messages.success(request, says % {"count": kept} if kept else _("Nothing was answered."))
    return redirect("assessment:targets", visit_id=visit.pk)


def _rows(request: StaffRequest, visit: Visit) -> list[dict[str, Any]]:
    """What somebody else found, one way or the other, and this member has not yet looked for."""
    names = dict(FINDINGS)
    return [
        {
            "muscle": row.muscle,
            "side": row.side,
            "finding": row.finding,
            "asks": names[row.finding],
            # Without the first answer anywhere in it: the page's source must not tell it either.
            "name": f"{row.muscle}:{row.side}:{row.finding}",
        }
        for row in queries.findings(visit)
        if row.present is not None
        and row.finding in names
        and row.recorded_by_id != request.user.pk
    ]
