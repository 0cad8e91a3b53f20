"""Who may open a page of a patient: a phone on which it was unlocked, and nobody else.

Members of staff have no way in here: what they see stands on their own pages, and is audited there.
"""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from filiform.clinic.access.guards import View
from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.keys import DEVICE_HOLDS, new_secret
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Site
from filiform.clinic.web.times import use_zone

COOKIE = "filiform_my"
MICROPHONE_FOR_US = "camera=(), microphone=(self), geolocation=(), payment=()"


def of_phone(view: View) -> View:
    """Passes `device`, with its patient, and `site`. Another phone, a forged or expired cookie and
    a revoked one get one and the same page (403), which says how to come back in."""

    @wraps(view)
    def load(request: HttpRequest, *args: Any, device_id: UUID, **kwargs: Any) -> HttpResponse:
        # One moment for the whole page: what is due and what is expired must agree with each other.
        now = timezone.now()
        device = queries.phone(device_id, request.COOKIES.get(COOKIE, ""), now)
        site = queries.site_of(device.patient) if device else None
        if device is None or site is None:
            return gone(request)
        # The patient reads times by the clinic's clock, wherever the server or the phone may be.
        use_zone(site.time_zone)
        actions.seen(device, now)
        with translation.override(language_for(request, device.patient)):
            return private(view(request, *args, device=device, site=site, **kwargs))

    # Read by the test that every address has a guard.
    load.audience = "patient"  # type: ignore[attr-defined]  # as in access.guards
    return load


def gone(request: HttpRequest, status: int = 403) -> HttpResponse:
    """One page for every link and phone that opens nothing, so that it tells nobody which."""
    site = queries.any_site()
    language = translation.get_language() or "en"
    with translation.override(language):
        context = {"site": site, "lang": language}
        return private(render(request, "patient_page/gone.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, sent on by no browser, and the microphone is this page's own."""
    # A phone is lent and sold: nothing of the page may be found in it afterwards.
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Permissions-Policy"] = MICROPHONE_FOR_US
    return response


def language_for(request: HttpRequest, patient: Patient) -> str:
    """The one chosen on this phone, else the patient's."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else patient.language


def device_key(request: HttpRequest) -> str:
    """The phone's secret, or a new one."""
    return request.COOKIES.get(COOKIE) or new_secret()


def remember(response: HttpResponse, key: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(DEVICE_HOLDS.total_seconds()),
        httponly=True,
        # "Strict" would not be sent after a tap on a link in a message, which is how patients come.
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return response


__all__ = ["COOKIE", "PatientDevice", "Site", "device_key", "gone", "of_phone", "remember"]
