"""Choosing with one tap, another dose, taking out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.programme import actions, queries
from filiform.clinic.programme.forms import ExerciseDoseForm
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.views.programme import board_page
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import say


@visit_page("record-clinical")
@require_POST
def choose(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """One proposal with its proposed dose."""
    programme = queries.proposals(visit, on=timezone.localdate())
    phase, item_id = request.POST.get("phase", ""), request.POST.get("item", "")
    item = queries.find(programme, phase, item_id)
    if item is None:
        messages.warning(
            request, _("This is not proposed any more: the targets have changed since.")
        )
        return back(request, visit)
    actions.choose(by=request.user, visit=visit, phase=phase, item=item, release=programme.release)
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def choose_all(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """All proposals, or those of one muscle."""
    actions.choose_all(
        by=request.user,
        visit=visit,
        on=timezone.localdate(),
        muscle=request.POST.get("muscle", ""),
    )
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def dose(request: StaffRequest, *, visit: Visit, row_id: UUID) -> HttpResponse:
    row = row_of(visit, row_id)
    form = ExerciseDoseForm(request.POST, row=row)
    if form.is_valid():
        changed = actions.change_dose(
            by=request.user, row=row, dose=form.dose(), note=form.cleaned_data["note"]
        )
        if isinstance(changed, tuple):
            for reason in changed:
                form.add_error(None, say(reason, get_language() or "en"))
    if form.errors:
        return board_page(request, visit, refused=form, at=row.pk)
    return back(request, visit)


@visit_page("record-clinical")
@require_POST
def remove(request: StaffRequest, *, visit: Visit, row_id: UUID) -> HttpResponse:
    actions.remove(by=request.user, row=row_of(visit, row_id))
    return back(request, visit)


def row_of(visit: Visit, row_id: UUID) -> ProgrammeItem:
    """Any version of an item of this visit: a page that is a little old still works."""
    row = ProgrammeItem.objects.filter(pk=row_id, visit=visit).first()
    if row is None:
        raise Http404
    return row


def back(request: StaffRequest, visit: Visit) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return board_page(request, visit)
    # Nothing but a plain id gets into an address that the browser follows.
    place = f"#{at}" if (at := request.POST.get("at", "")).replace("-", "").isalnum() else ""
    return HttpResponseRedirect(reverse("programme:programme", args=[visit.pk]) + place)
