"""One visit: where it goes on, its state, its episode."""

from __future__ import annotations

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.visits import actions
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.forms import DischargeForm, EpisodeForm
from filiform.clinic.visits.models import COUCH_STATES, STATES, Visit
from filiform.clinic.visits.queries import open_episodes, under_treatment
from filiform.clinic.visits.transitions import may_move, transitions_for
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS
from filiform.clinic.web.addresses import way_back
from filiform.reasons import Reason, say


@require_safe
@visit_page("see-patients")
def visit_card(request: StaffRequest, visit: Visit) -> HttpResponse:
    """When, with whom, for what; and every transition that is open. For the desk as well."""
    stays = under_treatment(visit) or visit.state in COUCH_STATES
    context = {
        "visit": visit,
        "patient": visit.patient,
        "stays": Reason(code="visit-stays") if stays else None,
        "state": STATES_IN_WORDS[visit.state],
        # The card leads to the diary's own page for it, which asks why.
        "transitions": [
            one
            for one in transitions_for(visit, request.user, under_treatment=stays)
            if one[0] != "cancelled"
        ],
        "discharged": getattr(visit.episode, "discharge", None) if visit.episode else None,
    }
    return render(request, "visits/visit.html", context)


@require_POST
@visit_page("book-visits")
def move(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One of the transitions that are made by hand."""
    to = request.POST.get("to", "")
    # No button leads here: a state that somebody typed is refused as one that is not allowed.
    if to not in STATES or not may_move(request.user, to):
        raise PermissionDenied
    if to == "cancelled":
        # The diary asks why and writes to the patient: a visit is cancelled there alone.
        return redirect("diary:cancel", visit.pk)
    try:
        if visit.state in COUCH_STATES:  # also where an older release left no treatment
            raise actions.MoveRefused(Reason("visit-under-treatment", params={"wanted": to}))
        actions.move(by=request.user, visit=visit, to=to)
    except actions.MoveRefused as refusal:
        _tell(request, refusal)
    return _back(request)


@require_POST
@visit_page("record-clinical")
def begin(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The patient comes into the room; the visit opens at its next step."""
    try:
        actions.begin(by=request.user, visit=visit)
    except actions.MoveRefused as refusal:
        _tell(request, refusal)
        return _back(request)
    # From a list one goes on in the list.
    if request.POST.get("then"):
        return _back(request)
    return redirect("pathway:open", visit.pk)


def _tell(request: StaffRequest, refusal: actions.MoveRefused) -> None:
    for reason in refusal.reasons:
        messages.error(request, say(in_words(reason), get_language() or "en"))


def in_words(reason: Reason) -> Reason:
    """The reason with the names of the states in place of their codes."""
    named = {
        key: str(STATES_IN_WORDS.get(str(value), value)) for key, value in reason.params.items()
    }
    return msgspec.structs.replace(reason, params=named)


def _sent(request: StaffRequest) -> QueryDict | None:
    """What a form was filled in with; an empty form that was sent is not the same as none."""
    return request.POST if request.method == "POST" else None


def _back(request: StaffRequest) -> HttpResponse:
    usual = reverse("pathway:today")
    return HttpResponseRedirect(way_back(request, request.POST.get("then", ""), usual))


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("record-clinical")
def episode(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Is this visit for a complaint that is known, or for a new one?"""
    known = open_episodes(visit.patient)
    form = EpisodeForm(_sent(request), episodes=known)
    if request.method == "POST" and form.is_valid():
        # None for a new complaint: that begins with its history, which opens the episode.
        chosen = form.episodes.get(form.cleaned_data["episode"])
        if chosen is None:
            return redirect("assessment:story", visit.pk)
        actions.put_into_episode(by=request.user, visit=visit, episode=chosen)
        return redirect("pathway:open", visit.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "visit": visit, "patient": visit.patient, "episodes": known}
    return render(request, "visits/episode.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("record-clinical")
def discharge(request: StaffRequest, visit: Visit) -> HttpResponse:
    """End the episode that this visit belongs to."""
    form = DischargeForm(_sent(request))
    episode = visit.episode
    # Before the form is looked at: there is nothing that could be closed.
    if request.method == "POST" and episode is None:
        messages.error(request, _("This visit has no complaint yet. Take the history first."))
        return redirect("assessment:story", visit.pk)
    if request.method == "POST" and episode is not None and form.is_valid():
        actions.discharge(
            by=request.user,
            episode=episode,
            outcome=form.cleaned_data["outcome"],
            on=timezone.localdate(),
        )
        messages.success(request, _("The episode is closed."))
        return redirect("chart:patient", visit.patient_id)
    status = 422 if form.errors else 200
    context = {"form": form, "visit": visit, "patient": visit.patient}
    return render(request, "visits/discharge.html", context, status=status)
