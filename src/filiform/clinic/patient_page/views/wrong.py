"""Something is wrong: from the patient's page, and from a link that nobody has opened yet."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import public
from filiform.clinic.aftercare.knowledge import flags_of
from filiform.clinic.facts.models import new_id
from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.access import gone, language_for, of_phone, private
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Site
from filiform.warning_signs import Urgency, signs, signs_of, what_to_do

LONGEST = 1000


@public
@require_http_methods(["GET", "HEAD", "POST"])
def before(request: HttpRequest, token: str) -> HttpResponse:
    """Without the birth date: whoever can't breathe doesn't remember one. It shows nothing of the
    patient and tells the clinic who it is; a locked link works, too."""
    link = queries.link_of(token)
    if link is None or not queries.is_open(link, timezone.now()):
        return gone(request)
    site = queries.site_of(link.patient)
    if site is None:
        return gone(request)
    with translation.override(language_for(request, link.patient)):
        return private(_wrong(request, link.patient, site, device=None, token=token))


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    return _wrong(request, device.patient, site, device=device, token="")


def _wrong(
    request: HttpRequest, patient: Patient, site: Site, *, device: PatientDevice | None, token: str
) -> HttpResponse:
    # What was needled and which medicines are taken make one sign more dangerous than another.
    flags = flags_of(patient, now=timezone.now())
    said = [one for one in request.POST.getlist("sign") if one in signs()]
    text = request.POST.get("text", "").strip()[:LONGEST]
    told = None
    if request.method == "POST" and (said or text):
        try:
            report_id = UUID(request.POST.get("report_id", ""))
        except ValueError:
            report_id = new_id()
        message = actions.tell_wrong(
            patient=patient,
            site=site,
            signs=said,
            text=text,
            report_id=report_id,
            language=get_language() or "en",
        )
        reading = getattr(message, "reading", None)
        # Words that no table reads are looked at by a person; nothing is called harmless here.
        told = Urgency(reading.urgency) if reading else Urgency.WATCH
    context = {
        "device": device,
        "token": token,
        "site": site,
        "report_id": new_id(),
        "emergency": signs_of(Urgency.EMERGENCY, flags),
        "today": signs_of(Urgency.CALL_TODAY, flags),
        "told": told.value if told else "",
        "to_do": what_to_do(told) if told else None,
        "then": [signs()[one].then for one in said if signs()[one].then is not None],
    }
    return render(request, "patient_page/wrong.html", context)
