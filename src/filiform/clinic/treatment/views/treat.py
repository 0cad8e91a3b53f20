"""The treatment page: before the start, while needles are in, and until it is signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.count_forms import AccountForm, CountForm
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.treatment.emergencies import emergencies
from filiform.clinic.treatment.forms import ActForm, ResponseForm
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.treatment.packs import PackPanel, pack_panel
from filiform.clinic.treatment.page import TreatmentPage, treatment_page_of, version_of
from filiform.clinic.treatment.page_body import body_on_page
from filiform.clinic.treatment.retests import MEASURES
from filiform.clinic.treatment.tablet_words import tablet_words
from filiform.clinic.treatment.views.before import show_before
from filiform.clinic.treatment.vocabulary import COUCH_WORDS, STOP_REASONS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import Reason, reason_json, say


@require_safe
@visit_page("see-clinical", saw_what="treatment")
def treat(request: StaffRequest, visit: Visit) -> HttpResponse:
    return show_treatment_page(request, visit)


@require_safe
@visit_page("see-clinical")
def state(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The moving part of the page; 304 when nothing moved since the tablet's last look."""
    treatment = queries.treatment_of(visit)
    if treatment is None:
        raise Http404
    # Asked every few seconds by each tablet; nearly always nothing has moved.
    if request.headers.get("X-Treatment-Version") == version_of(visit, treatment):
        return HttpResponseNotModified()
    return show_treatment_page(request, visit, part=True)


@require_POST
@visit_page("record-clinical")
def act(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One act. A tablet's script is told at once that it is stored, and then asks for the moving
    part; a plain form gets the page."""
    by_script = asked_by_script(request)
    treatment = queries.treatment_of(visit)
    if treatment is None:
        if by_script:
            return refusal((Reason(code="act-without-treatment"),))
        raise Http404
    at_hand(treatment, visit)
    form = ActForm(request.POST)
    if not form.is_valid():
        if by_script:
            return refusal(unusable(form))
        return show_treatment_page(request, visit, form=form, status=422)
    answer = actions.record_act(by=request.user, treatment=treatment, **form.as_act())
    if isinstance(answer, tuple):
        if by_script:
            return refusal(answer)
        return show_treatment_page(request, visit, refused=answer, status=422)
    if by_script:
        warnings = [say(reason, get_language() or "en") for reason in despite_of(answer)]
        more = {"warnings": warnings} if warnings else {}
        return JsonResponse({"stored": str(answer.pk), **more})
    return redirect("treatment:treat", visit.pk)


def refusal(reasons: tuple[Reason, ...]) -> JsonResponse:
    """Why an act of a tablet can't be written down. The tablet's queue tells it by this shape from
    a line that is dead, shows it beside the act, and goes on with the next."""
    language = get_language() or "en"
    return JsonResponse({"refused": [reason_json(one, language) for one in reasons]}, status=422)


def unusable(form: forms.Form) -> tuple[Reason, ...]:
    return tuple(
        Reason(code="act-unusable", params={"field": field, "why": str(error)})
        for field, errors in form.errors.items()
        for error in errors
    )


@require_POST
@visit_page("record-clinical")
def all_out(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Every needle on the list at once, after each was counted."""
    treatment = treatment_or_404(visit)
    if request.POST.get("counted") != "yes":
        uncounted = (Reason(code="all-out-not-counted"),)
        return show_treatment_page(request, visit, refused=uncounted, stopping=True, status=422)
    answers = actions.all_out(
        by=request.user, treatment=treatment, removals=_pairs(request), at=timezone.now()
    )
    refused = tuple(
        reason
        for answer in answers
        if isinstance(answer, tuple)
        for reason in answer
        # Another tablet was quicker: that is what was wanted.
        if reason.code != "needle-already-out"
    )
    if refused:
        return show_treatment_page(request, visit, refused=refused, stopping=True, status=422)
    # Another tablet may have put one in since this page was made: then it isn't on the list.
    if not queries.needles_of(treatment):
        messages.success(request, _("All needles are recorded as out."))
    return redirect("treatment:treat", visit.pk)


def _pairs(request: StaffRequest) -> list[tuple[UUID, UUID]]:
    """ "act id:needle" from the page, so that sending it twice changes nothing."""
    try:
        return [
            (UUID(number), UUID(needle))
            for number, _colon, needle in (
                pair.partition(":") for pair in request.POST.getlist("out")
            )
        ]
    except ValueError as error:
        raise Http404 from error


def treatment_or_404(visit: Visit) -> Treatment:
    treatment = queries.treatment_of(visit)
    if treatment is None:
        raise Http404
    return at_hand(treatment, visit)


def at_hand(treatment: Treatment, visit: Visit) -> Treatment:
    """With the visit and the patient that are read already."""
    treatment.visit, treatment.patient = visit, visit.patient
    return treatment


def asked_by_script(request: StaffRequest) -> bool:
    return request.headers.get("X-Treatment-Page") == "yes"


def show_treatment_page(
    request: StaffRequest,
    visit: Visit,
    *,
    part: bool = False,
    status: int = 200,
    refused: tuple[Reason, ...] = (),
    form: Any = None,
    stopping: bool = False,
    ready: bool = False,
    **forms: Any,
) -> HttpResponse:
    """The whole page or its moving part. ready: without a treatment, the page as it will be at its
    first moment; nothing is written. forms: refused forms by their name in the template."""
    today = timezone.localdate()
    with one_reading():
        treatment = queries.treatment_of(visit) or (_not_begun(request, visit) if ready else None)
        if treatment is None:
            return show_before(request, visit, status=status)
        at_hand(treatment, visit)
        whole_log = request.GET.get("log") == "all"
        page = treatment_page_of(visit, treatment, by=request.user, on=today, whole_log=whole_log)
        packs = pack_panel(visit, page.course, today)
        context = {
            "visit": visit,
            "patient": visit.patient,
            "treatment": treatment,
            "page": page,
            "refused": refused,
            "form": form,
            "stopping": stopping,
            "stop_reasons": STOP_REASONS,
            "packs": packs,
            "count_form": CountForm(**rows_of_taps(page, packs)),
            "account_form": _account_form(request, page),
            "response_form": ResponseForm(),
            "now": timezone.now(),
            "ready": treatment._state.adding,  # made here, for the page only
            "words": tablet_words(),
            **COUCH_WORDS,
            "measures": list(MEASURES.values()),
            "guides": list(emergencies().values()),
            "emergency_phone": visit.site.emergency_phone,
            **forms,
        }
        # After the signature nothing is tapped any more; the record has its own pictures.
        context["body"] = None if page.sealed else body_on_page(page)
        name = "treatment/_treatment.html" if part else "treatment/treat.html"
        response = render(request, name, context, status=status)
    response["X-Treatment-Version"] = page.version
    # A refused form or a reader's page would be shown as the state of things when the line is gone.
    if not part and status == 200 and not page.sealed and request.user.may("record-clinical"):
        # The tablet may keep this page for a reload without a line (web/filiform/treatment).
        response["X-Treatment-Keep"] = str(request.user.pk)
    return response


def show_ready_page(request: StaffRequest, visit: Visit) -> HttpResponse:
    return show_treatment_page(request, visit, ready=True)


def _not_begun(request: StaffRequest, visit: Visit) -> Treatment:
    return Treatment(
        organisation=request.user.organisation,
        patient=visit.patient,
        visit=visit,
        practitioner=request.user,
        started_at=timezone.now(),
    )


ROWS_OF_TAPS = (12, 20, 30, 40)
"""Where the row of numbers of a count may end: round, so that it gives no answer away."""


def rows_of_taps(page: TreatmentPage, packs: PackPanel | None) -> dict[str, Any]:
    """How far the numbers of the count go that are one tap each (`CountForm`): past everything
    that can have been opened. What stayed unused has a row where packs hold several needles."""
    likely = max(page.planned, len(page.course.needles), packs.needles if packs else 0)
    last = next((end for end in ROWS_OF_TAPS if end > likely), ROWS_OF_TAPS[-1])
    return {"taps": last, "taps_unused": bool(packs and packs.of_many)}


def _account_form(request: StaffRequest, page: TreatmentPage) -> AccountForm | None:
    """While a count that does not add up is not answered for."""
    panel = page.panel
    if panel.last is None or not (panel.state in ("mismatch", "account") or panel.found_later):
        return None
    return AccountForm(request=request, adds_up=panel.last.adds_up)
