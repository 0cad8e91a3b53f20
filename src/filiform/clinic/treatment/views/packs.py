"""Packs that are not the suggested ones, and what became of single needles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.facts.models import new_id
from filiform.clinic.supplies.camera import with_camera
from filiform.clinic.supplies.queries import lots_of, recalled, size_of
from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.supplies.vocabulary import MOST_PACKS
from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.treatment.packs import sizes_planned
from filiform.clinic.treatment.views.treat import treatment_or_404
from filiform.clinic.treatment.vocabulary import FATES
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.reasons import Reason


class PackForm(forms.Form):
    """One scan, or a lot from the list."""

    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    scan = forms.CharField(
        label=_("Scan, or type the line under the code"), required=False, max_length=200
    )
    chosen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    lot = forms.UUIDField(required=False)
    packs = forms.IntegerField(
        label=_("How many packs"), initial=1, min_value=1, max_value=MOST_PACKS, required=False
    )


@require_http_methods(["GET", "POST"])
@visit_page("record-clinical", saw_what="treatment")
def packs(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Open a pack by the camera, a keyboard scanner, or from the list."""
    treatment = treatment_or_404(visit)
    form = PackForm(request.POST or None)
    refused: tuple[Reason, ...] = ()
    if request.method == "POST" and form.is_valid():
        answer = actions.record_act(
            by=request.user,
            treatment=treatment,
            act_id=form.cleaned_data["act_id"],
            kind="pack",
            at=timezone.now(),
            details=form.cleaned_data,
        )
        if not isinstance(answer, tuple):
            return redirect("treatment:treat", visit.pk)
        refused = answer
    return with_camera(
        render(
            request,
            "treatment/packs.html",
            _pack_context(visit, form, refused),
            status=422 if refused or form.errors else 200,
        )
    )


def _pack_context(visit: Visit, form: PackForm, refused: tuple[Reason, ...]) -> dict[str, Any]:
    today, planned = timezone.localdate(), sizes_planned(visit)
    gone = recalled(visit.organisation_id)
    lots = [
        (lot, size_text(size_of(lot.product)))
        for lot in lots_of(visit.organisation_id)
        # The list offers what may be opened; a scan of anything else is refused with its reason.
        if size_of(lot.product) in planned and lot.pk not in gone and lot.expires_on >= today
    ]
    ways = [
        way
        for reason in refused
        if reason.code == "pack-ambiguous"
        for way in str(reason.params["ways"]).split(", ")
    ]
    return {
        "visit": visit,
        "patient": visit.patient,
        "form": form,
        "refused": refused,
        "lots": lots,
        "ways": ways,
        "fresh": new_id(),
    }


@require_http_methods(["GET", "POST"])
@visit_page("record-clinical", saw_what="treatment")
def fates(request: StaffRequest, visit: Visit) -> HttpResponse:
    """What became of each needle, where it is not simply in the bin."""
    treatment = treatment_or_404(visit)
    refused: tuple[Reason, ...] = ()
    if request.method == "POST":
        refused = _record_fates(request, treatment)
        if not refused:
            return redirect("treatment:treat", visit.pk)
    course = queries.course(treatment)
    rows = [
        (number, needle, muscle_in_words(needle.target.muscle, needle.target.side))
        for number, needle in enumerate(course.needles.values(), start=1)
    ]
    context = {
        "visit": visit,
        "patient": visit.patient,
        "rows": rows,
        "fates": FATES.items(),
        "refused": refused,
        "sealed": queries.is_sealed(treatment),
    }
    return render(request, "treatment/fates.html", context, status=422 if refused else 200)


def _record_fates(request: StaffRequest, treatment: Treatment) -> tuple[Reason, ...]:
    """One act for each needle whose fate was chosen anew; stops at the first refusal.

    No transaction spans them: what was said of one needle holds whatever is refused of the next,
    and sent again, what is stored already is passed over.
    """
    needles = queries.course(treatment).needles
    for name, fate in request.POST.items():
        if not name.startswith("fate-") or not fate:
            continue
        try:
            key = UUID(name.removeprefix("fate-"))
        except ValueError as error:
            raise Http404 from error
        # A needle that another tablet has undone meanwhile is not here; the act says so in words.
        if key in needles and needles[key].fate == fate:
            continue
        answer = actions.record_act(
            by=request.user,
            treatment=treatment,
            act_id=new_id(),
            kind="fate",
            at=timezone.now(),
            needle=key,
            details={"fate": fate},
        )
        if isinstance(answer, tuple):
            return answer
    return ()
