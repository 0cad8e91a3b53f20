"""The patient's page and what it leads to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import public
from filiform.clinic.audit.openings import openings
from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.access import of_phone, private
from filiform.clinic.patient_page.inviting import VISIT_SOON
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.programme import care
from filiform.clinic.progress.picture import picture
from filiform.clinic.progress.scores import due_between_visits
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.queries import wish_of
from filiform.clinic.sending.rules import CHANNELS
from filiform.clinic.staff.models import Site
from filiform.clinic.visits.models import Visit
from filiform.words import Words


def page(
    request: HttpRequest,
    name: str,
    device: PatientDevice,
    site: Site,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of this room, with what all of them show."""
    given = {"device": device, "patient": device.patient, "site": site, **context}
    return render(request, f"patient_page/{name}.html", given, status=status)


@of_phone
@require_safe
def home(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    now = timezone.now()
    visit = queries.next_visit(device.patient, now)
    return page(
        request,
        "home",
        device,
        site,
        check=queries.open_check(device.patient, now),
        visit=visit,
        draft=queries.preparation(visit) if visit else None,
        asks_scores=_asks_scores(device, visit, now),
        has_exercises=queries.has_exercises(device.patient),
    )


def _asks_scores(device: PatientDevice, visit: Visit | None, now: datetime) -> bool:
    """Measures are due, and no visit is so near that they are asked there."""
    soon = visit is not None and visit.planned_at < now + VISIT_SOON
    return not soon and bool(due_between_visits(queries.person(device.patient), now=now))


@of_phone
@require_safe
def progress(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    """The same picture that the practitioner sees."""
    shown = picture(device.patient)
    pains = queries.pains(device.patient)
    home = care.home_lines(device.patient, on=timezone.localdate())
    return page(request, "progress", device, site, picture=shown, pains=pains, home=home)


@of_phone
@require_safe
def documents(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    language = (get_language() or "en").split("-")[0]
    found = [
        (consent, [_muscle(muscle, side, language) for muscle, side in consent.muscles])
        for consent in queries.consents(device.patient)
    ]
    has_exercises = queries.exercises(device.patient) is not None
    return page(request, "documents", device, site, consents=found, has_exercises=has_exercises)


def _muscle(muscle: str, side: str, language: str) -> str:
    known = atlas().muscles.get(muscle)
    name = known.name.in_language(language) if known else muscle
    sides = {
        "left": Words(en="left", ur="بائیں"),
        "right": Words(en="right", ur="دائیں"),
        "bilateral": Words(en="both sides", ur="دونوں طرف"),
    }
    return f"{name} ({sides[side].in_language(language)})" if side in sides else name


@of_phone
@require_safe
def opened(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    """Who opened my record: what the front desk would print."""
    patient = device.patient
    found = openings(patient.pk, patient.organisation_id, now=timezone.now())
    return page(request, "opened", device, site, found=found)


@of_phone
@require_safe
def install(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    return page(request, "install", device, site)


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    """How we may write; or not at all."""
    channel = request.POST.get("channel", "")
    if channel in (*CHANNELS, "none"):
        sending.wish(patient=device.patient, channel=channel, by=None)
        return redirect("patient_page:wish", device_id=device.pk)
    return page(request, "wish", device, site, wish=wish_of(device.patient))


@of_phone
@require_POST
def forget(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    actions.forget_phone(device=device)
    return redirect("patient_page:mine")


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """For the home screen. It names no patient: it is one and the same for all."""
    site = queries.any_site()
    made = {
        "name": str(site.organisation.name) if site else _("My clinic"),
        "short_name": _("My clinic"),
        "start_url": reverse("patient_page:mine"),
        "scope": reverse("patient_page:mine"),
        "display": "standalone",
        "background_color": "#f8f5ef",
        "theme_color": "#f8f5ef",
        "icons": [{"src": static("filiform/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    response = JsonResponse(made, content_type="application/manifest+json")
    return private(response)
