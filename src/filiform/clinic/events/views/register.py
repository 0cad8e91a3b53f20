"""The list that is worked from top to bottom, and reporting by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.events import actions, queries
from filiform.clinic.events.forms import ReportForm
from filiform.clinic.events.vocabulary import KINDS, SHOWN, SOURCES
from filiform.clinic.treatment.models import AdverseEvent
from filiform.outcomes.events import register as known

SHOWN_BEFORE = 20
"""Events from before the register that are listed at once; more move up as these are taken in."""


@staff("work-checks")
@require_safe
def register(request: StaffRequest) -> HttpResponse:
    shown = "closed" if request.GET.get("shown") == "closed" else "open"
    before = queries.not_yet_graded(request.user.organisation)
    context = {
        # One more than is shown tells whether there are more.
        "before": list(before[: SHOWN_BEFORE + 1]) if shown == "open" else [],
        "shown_before": f":{SHOWN_BEFORE}",
        "may_judge": request.user.may("see-clinical"),
        "rows": queries.worklist(request.user, shown=shown, now=timezone.now()),
        "shown": shown,
        "showns": SHOWN,
        "kinds": KINDS,
        "sources": SOURCES,
        "grades": {one.id: one.name for one in known().grade},
    }
    return render(request, "events/register.html", context)


@staff("see-clinical")
@require_POST
def take_in(request: StaffRequest, couch_id: UUID) -> HttpResponse:
    """Taken in twice, it is one event."""
    found = AdverseEvent.objects.current().filter(
        pk=couch_id, organisation=request.user.organisation_id, treatment__isnull=False
    )
    couch = found.select_related("patient", "treatment__visit__site").first()
    if couch is None:
        raise Http404
    made = actions.take_in(by=request.user, couch=couch)
    return redirect("events:event", made.root)


@staff("work-checks")
@require_http_methods(["GET", "POST"])
def report(request: StaffRequest) -> HttpResponse:
    """By hand: an event, a near miss, a needle that was found later."""
    number = request.GET.get("file", "")[:20]
    form = ReportForm(request.POST or None, by=request.user, file_number=number)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = actions.report(
            by=request.user,
            patient=form.patient,
            happened_at=given["moment"],
            **{name: given[name] for name in ("event_id", "site", "kind", "grade", "text")},
        )
        messages.success(request, _("It is in the register."))
        return redirect("events:event", made.root)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "events/report.html", {"form": form}, status=status)
