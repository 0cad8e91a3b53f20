"""The two doors of a treatment: the first needle, and the signature."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.pathway import actions
from filiform.clinic.treatment.views.before import checked_from, show_before
from filiform.clinic.treatment.views.treat import show_treatment_page, treatment_or_404
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@require_POST
@visit_page("record-clinical")
def start(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The list before the first needle comes with the button; whatever it lacks is told on it."""
    checked = checked_from(request.POST, timezone.now())
    answer = actions.start(by=request.user, visit=visit, on=timezone.localdate(), before=checked)
    if isinstance(answer, tuple):
        visit.refresh_from_db()
        return show_before(request, visit, checked=checked, status=422)
    return redirect("treatment:treat", visit.pk)


@require_POST
@visit_page("record-clinical")
def sign(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One seal, however often the button is pressed."""
    treatment = treatment_or_404(visit)
    answer = actions.sign(
        by=request.user,
        treatment=treatment,
        on=timezone.localdate(),
        acts_seen=_acts_seen(request.POST.get("acts_seen", "")),
    )
    if isinstance(answer, tuple):
        return show_treatment_page(request, visit, status=422, refused=answer)
    messages.success(
        request, _("Signed and sealed as number %(number)s.") % {"number": answer.number}
    )
    return redirect("treatment:record", visit.pk)


def _acts_seen(text: str) -> int | None:
    """How many acts the page showed; None where a request doesn't say, or says no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
