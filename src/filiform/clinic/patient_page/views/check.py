"""A check on the patient's own phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.aftercare import knowledge
from filiform.clinic.aftercare.models import Check
from filiform.clinic.facts.models import new_id
from filiform.clinic.patient_page import asking, drawing, queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.messages import stop_asking
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.staff.models import Site
from filiform.outcomes import FollowUpQuestion, Urgency

LONGEST = 1000


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
def check(
    request: HttpRequest, *, device: PatientDevice, site: Site, check_id: UUID
) -> HttpResponse:
    found = queries.check_of(device.patient, check_id)
    if found is None:
        raise Http404
    if not queries.still_holds(found) or not queries.is_due(found, timezone.now()):
        return page(request, "no_check", device, site, check=found, status=200)
    if request.method == "POST":
        return _step(request, device, site, found)
    if found.settled_at is not None and "again" not in request.GET:
        return redirect("patient_page:answered", device_id=device.pk, check_id=found.pk)
    asked = knowledge.questions(found, on=timezone.localdate())
    return _screen(request, device, site, found, asked, "signs", [], "", new_id())


def _step(request: HttpRequest, device: PatientDevice, site: Site, found: Check) -> HttpResponse:
    """Take one screen's answer; show the next one or settle the check."""
    asked = knowledge.questions(found, on=timezone.localdate())
    screen = request.POST.get("screen", "signs")
    none = "none" in request.POST
    tokens = [] if none else asking.known(request.POST.getlist("a"), asked)
    other = "" if none else request.POST.get("other", "")[:LONGEST]
    try:
        outcome_id = UUID(request.POST.get("outcome_id", ""))
    except ValueError:
        outcome_id = new_id()
    where = drawing.readable(drawing.bruise_field(), request.POST)
    if where is None:
        return _screen(request, device, site, found, asked, "where", tokens, other, outcome_id, 422)
    report = asking.report_of(tokens, asked, other=other)
    # Judged at every screen and not at the end: danger must not wait for the soreness.
    urgent = knowledge.judge(found, report, at=timezone.now()).urgency
    # Whoever is short of breath is not asked how sore the muscle is.
    after = "" if urgent is Urgency.EMERGENCY else asking.following(screen, report, asked)
    if after:
        return _screen(request, device, site, found, asked, after, tokens, other, outcome_id)
    aftercare.settle(
        by=None,
        check=found,
        result="answered",
        # What was said goes over what was not marked.
        report={**_harmless(asked, report), **report},
        on=timezone.localdate(),
        outcome_id=outcome_id,
        where=where,
    )
    # After the answer is kept: a reminder too many is better than an answer that is lost.
    stop_asking(found)
    return redirect("patient_page:answered", device_id=device.pk, check_id=found.pk)


def _harmless(asked: tuple[FollowUpQuestion, ...], report: dict[str, Any]) -> dict[str, Any]:
    """What stood on the first screen and was not marked is a no; what was cut short by an
    emergency was not asked."""
    cut = "soreness_nprs" not in report
    first = [one for one in asked if one.id not in asking.OWN_SCREEN]
    return (
        {}
        if cut
        else {
            one.id: False if one.kind == "yes-no" else one.choices[0].id
            for one in first
            if one.kind in ("yes-no", "choice")
        }
    )


def _screen(
    request: HttpRequest,
    device: PatientDevice,
    site: Site,
    found: Check,
    asked: tuple[FollowUpQuestion, ...],
    screen: str,
    tokens: list[str],
    other: str,
    outcome_id: UUID,
    status: int = 200,
) -> HttpResponse:
    by_id = {question.id: question for question in asked}
    # Most have no bruise, and are not told of a step that will not come.
    steps = [one for one in asking.SCREENS if one != "where" or screen == "where"]
    field = drawing.bruise_field()
    where = drawing.readable(field, request.POST) or BodyDrawing()
    return page(
        request,
        "check",
        device,
        site,
        status=status,
        check=found,
        screen=screen,
        tokens=tokens,
        other=other,
        outcome_id=outcome_id,
        tiles=asking.tiles(asked) if screen == "signs" else [],
        question=by_id.get({"bruise": "bruise", "soreness": "soreness_nprs"}.get(screen, "")),
        scores=range(11),
        step=steps.index(screen) + 1,
        steps=len(steps),
        drawing=drawing.rendered(field, where) if screen == "where" else "",
        where=where.as_text(),
    )


@of_phone
@require_safe
def answered(
    request: HttpRequest, *, device: PatientDevice, site: Site, check_id: UUID
) -> HttpResponse:
    """What comes of the answer: where to go, or that all is as usual, in both languages."""
    found = queries.check_of(device.patient, check_id)
    if found is None:
        raise Http404
    outcome = found.outcomes.filter(result="answered").order_by("-recorded_at").first()
    if outcome is None:
        return redirect("patient_page:check", device_id=device.pk, check_id=found.pk)
    told = knowledge.told(found, outcome)
    return page(request, "answered", device, site, check=found, outcome=outcome, told=told)
