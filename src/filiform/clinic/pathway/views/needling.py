"""The two doors of a treatment: the first needle, and the signature."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.pathway import actions
from filiform.clinic.treatment.forms import MomentField
from filiform.clinic.treatment.views.before import checked_from, show_before
from filiform.clinic.treatment.views.treat import (
    asked_by_script,
    refusal,
    show_ready_page,
    show_treatment_page,
    treatment_or_404,
    unusable,
)
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@require_POST
@visit_page("record-clinical")
def start(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The list before the first needle comes with the button; whatever it lacks is told on it."""
    if asked_by_script(request):
        return _begun_without_a_line(request, visit)
    checked = checked_from(request.POST, timezone.now())
    answer = actions.start(by=request.user, visit=visit, on=timezone.localdate(), before=checked)
    if isinstance(answer, tuple):
        visit.refresh_from_db()
        return show_before(request, visit, checked=checked, status=422)
    return redirect("treatment:treat", visit.pk)


class BegunForm(forms.Form):
    """A start from the waiting queue of a tablet."""

    act_id = forms.UUIDField()
    at = MomentField()
    sent_at = MomentField()
    anyway = forms.CharField(required=False)

    def as_begun(self, now: datetime) -> actions.Begun:
        """Moved to our clock; nobody begins in the future, or longer ago than a session lasts."""
        data = self.cleaned_data
        # Both are told by the tablet's clock, which may be wrong; how far they lie apart isn't.
        ago = min(max(data["sent_at"] - data["at"], timedelta(0)), LONGEST)
        return actions.Begun(data["act_id"], now - ago, anyway=data["anyway"] == "yes")


LONGEST = timedelta(hours=12)
"""How long a page is shown without a line (web/filiform/treatment/worker.js)"""


def _begun_without_a_line(request: StaffRequest, visit: Visit) -> HttpResponse:
    now = timezone.now()
    form = BegunForm(request.POST)
    if not form.is_valid():
        return refusal(unusable(form))
    begun = form.as_begun(now)
    checked = checked_from(request.POST, now, oldest=LONGEST)
    answer = actions.start(
        by=request.user, visit=visit, on=timezone.localdate(), before=checked, begun=begun
    )
    if isinstance(answer, tuple):
        return refusal(answer)
    return JsonResponse({"stored": str(begun.id)})


@require_safe
@visit_page("record-clinical", saw_what="treatment")
def ready(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The treatment page as it is at its first moment: what a tablet goes on with when the line
    dies before the start. Begun already, it is the treatment page itself."""
    return show_ready_page(request, visit)


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
    # "²" is a digit, too, and no number; of six digits no treatment has acts.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
