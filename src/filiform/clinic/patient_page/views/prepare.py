"""Before a visit: one question at a time, kept at every step, sent in at the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.anatomy.surface import AreaError, BodyDrawing
from filiform.clinic.intake import questions, sections
from filiform.clinic.intake.vocabulary import SECTIONS
from filiform.clinic.patient_page import drawing, queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.models import PatientDevice, Preparation
from filiform.clinic.patient_page.preparing import actions
from filiform.clinic.patient_page.preparing.reading import CHIPS, NotAnswered, read
from filiform.clinic.patient_page.preparing.screens import Screen, last_asked, screens
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.staff.models import Site
from filiform.clinic.visits.models import Visit
from filiform.screening.concepts import search
from filiform.warning_signs import Urgency, what_to_do

OPEN_FOR = ("booked", "here", "in-room")
"""States of a visit before which there is something to prepare."""
SUGGESTED = 6
ASIDE = "aside:"
HALF_TOLD = ("drawing", "words", "many", "activities")
"""Kinds of screens that can be left in the middle; the others are one tap, or keep each name."""


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def prepare(
    request: HttpRequest, *, device: PatientDevice, site: Site, visit_id: UUID
) -> HttpResponse:
    """A screen, ?at=; without it the first one that was not answered yet."""
    visit = queries.visit_of(device.patient, visit_id)
    if visit is None:
        raise Http404
    if visit.state not in OPEN_FOR:
        other = queries.next_visit(device.patient, timezone.now())
        return page(request, "prepare_over", device, site, visit=visit, other=other)
    draft = actions.draft_of(visit)
    shown = screens(visit.patient, visit, draft.answers, timezone.localdate())
    wanted = request.POST.get("at") or request.GET.get("at", "")
    if draft.sent_at is not None and not wanted:
        return redirect("patient_page:prepared", device_id=device.pk, visit_id=visit.pk)
    asked = next((one for one in shown if one.id == wanted), None)
    at = asked or _first(shown, draft)
    if request.method == "POST" and asked is None:
        # Another phone's answer took this question away: a "yes" to it is no answer to the next.
        return redirect(_at(device, visit, at))
    if request.method == "POST":
        return _take(request, device, site, visit, draft, at)
    return _screen(request, device, site, visit, draft, shown, at)


def _first(shown: list[Screen], draft: Preparation) -> Screen:
    """Where a closed browser goes on."""
    left = (one for one in shown if one.kind != "send" and not _is_answered(one, draft.answers))
    return next(left, shown[-1])


def _is_answered(screen: Screen, answers: dict[str, Any]) -> bool:
    if screen.kind == "section":
        return bool((answers.get(screen.id) or {}).get("done"))
    return screen.id in answers


def _take(
    request: HttpRequest, device: PatientDevice, site: Site, visit: Visit,
    draft: Preparation, at: Screen,
) -> HttpResponse:  # fmt: skip
    """Keep one screen's answer and lead to the next one."""
    if at.kind == "send":
        actions.send(visit=visit, patient=visit.patient, site=site)
        return redirect("patient_page:prepared", device_id=device.pk, visit_id=visit.pk)
    try:
        answer, goes_on = read(at, request.POST, draft.answers)
    except NotAnswered as lacks:
        shown = screens(visit.patient, visit, draft.answers, timezone.localdate())
        return _screen(request, device, site, visit, draft, shown, at, error=str(lacks))
    if "kept-aside" in request.POST:
        # The phone was put away in the middle of a screen: what is half told is shown again there
        # and is no answer yet.
        if at.kind in HALF_TOLD:
            actions.keep(visit=visit, screen=ASIDE + at.id, answer=answer)
        # The browser sends it while it closes; there is nobody left to read an answer.
        return HttpResponse(status=204)
    draft = actions.keep(visit=visit, screen=at.id, answer=answer)
    if at.kind == "consent" and answer == "read":
        actions.note_consent_read(visit=visit, text=at.about)
    told = actions.send_danger(
        visit=visit, patient=visit.patient, site=site, screen=at.id, answer=answer
    )
    after = at if not goes_on else _after(visit, draft, at)
    if told is not None and told.urgency in (Urgency.EMERGENCY, Urgency.CALL_TODAY):
        to_do = what_to_do(told.urgency)
        return page(
            request, "prepare_danger", device, site, visit=visit,
            urgency=told.urgency.value, to_do=to_do, go_on=_at(device, visit, after),
        )  # fmt: skip
    return redirect(_at(device, visit, after))


def _after(visit: Visit, draft: Preparation, at: Screen) -> Screen:
    """The screen behind this one, as the answers are now."""
    shown = screens(visit.patient, visit, draft.answers, timezone.localdate())
    ids = [one.id for one in shown]
    # A screen that its own answer took away: on to the first that is still open.
    place = ids.index(at.id) + 1 if at.id in ids else None
    return shown[place] if place is not None else _first(shown, draft)


def _at(device: PatientDevice, visit: Visit, screen: Screen) -> str:
    address = reverse("patient_page:prepare", args=[device.pk, visit.pk])
    return f"{address}?at={screen.id}"


def _screen(
    request: HttpRequest, device: PatientDevice, site: Site, visit: Visit,
    draft: Preparation, shown: list[Screen], at: Screen, *, error: str = "",
) -> HttpResponse:  # fmt: skip
    place = shown.index(at)
    context: dict[str, Any] = {
        "visit": visit,
        "screen": at,
        "given": _given(draft, at),
        "error": error,
        "step": place + 1,
        "steps": len(shown),
        "before": _at(device, visit, shown[place - 1]) if place else "",
        **_of_kind(visit, draft, at),
    }
    return page(request, "prepare", device, site, status=422 if error else 200, **context)


def _of_kind(visit: Visit, draft: Preparation, at: Screen) -> dict[str, Any]:
    """What the screens of one kind need beside what all have."""
    if at.kind == "drawing":
        field = drawing.pain_field()
        return {"drawing": drawing.rendered(field, _drawn(_given(draft, at)))}
    if at.kind == "changed":
        patient = visit.patient
        said = [one.question.ask for one in questions.questions_of(patient, timezone.localdate())
                if one.question.answer]  # fmt: skip
        return {"since": last_asked(patient), "sections": sections.sections(patient), "said": said}
    if at.kind == "section":
        listed = [one for one in sections.sections(visit.patient) if one.section == at.about]
        return {"rows": listed[0].rows}
    if at.id in CHIPS:
        return {"chips": CHIPS[at.id]}
    if at.kind in ("rating", "ability"):
        return {"scores": range(11)}
    return {}


def _given(draft: Preparation, at: Screen) -> Any:
    """The answer, or what was half told there."""
    return draft.answers.get(at.id, draft.answers.get(ASIDE + at.id))


def _drawn(text: str | None) -> BodyDrawing:
    try:
        return BodyDrawing.from_text(text or "")
    except AreaError:
        return BodyDrawing()


@of_phone
@require_POST
@sensitive_post_parameters()
def suggest(
    request: HttpRequest, *, device: PatientDevice, site: Site, section: str
) -> HttpResponse:
    """Names from our list for what is being typed; posted, so that it stands in no address."""
    asked = next((one for one in SECTIONS if one.id == section), None)
    if asked is None:
        raise Http404
    typed = request.POST.get("text", "")[:80]
    found = [one for kind in asked.kinds for one in search(typed, kind, limit=SUGGESTED)]
    context = {"found": found[:SUGGESTED], "language": get_language()}
    return render(request, "patient_page/_suggested.html", context)


@of_phone
@require_safe
def prepared(
    request: HttpRequest, *, device: PatientDevice, site: Site, visit_id: UUID
) -> HttpResponse:
    """What comes of it: who looks at it, and where to go when it tells of danger."""
    visit = queries.visit_of(device.patient, visit_id)
    if visit is None:
        raise Http404
    draft = actions.draft_of(visit)
    if draft.sent_at is None:
        return redirect("patient_page:prepare", device_id=device.pk, visit_id=visit.pk)
    urgent = draft.urgency in (Urgency.EMERGENCY, Urgency.CALL_TODAY)
    to_do = what_to_do(Urgency(draft.urgency)) if urgent else None
    return page(request, "prepared", device, site, visit=visit, draft=draft, to_do=to_do)
