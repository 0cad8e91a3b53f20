"""What staff do for a patient's page: give a link or a code, take them back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.body.pictures import in_words
from filiform.clinic.patient_page import actions, queries, texts
from filiform.clinic.patient_page.inviting import SUBJECTS, invite
from filiform.clinic.patient_page.models import PatientLink
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.files import files_of
from filiform.clinic.patients.models import Patient
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending import queries as sending_queries
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.once import once_of

BY_HAND = ("check", "nudge", *SUBJECTS)
"""Kinds of messages with a link, which a person can send as well."""


@patient_page("see-patients", saw_what="patient-link")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    """POST makes a link and shows it once, with the ready message and a code to scan."""
    if request.method != "POST":
        return _page(request, patient)
    return _ready(request, patient, "link")


def _ready(request: StaffRequest, patient: Patient, kind: str) -> HttpResponse:
    """A new link, with its message ready to be sent by one tap."""
    _made, secret = actions.make_link(patient=patient, by=request.user)
    address = request.build_absolute_uri(texts.path_of(secret))
    text = texts.message(kind, patient, queries.site_of(patient), address)
    ready = {
        "address": address,
        "text": text,
        # WhatsApp's addresses have a number without its plus.
        "whatsapp": f"https://wa.me/{patient.phone.lstrip('+')}?text={quote(text)}",
        "sms": f"sms:{patient.phone}?body={quote(text)}",
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    }
    return _page(request, patient, ready=ready)


@staff("answer-messages")
@require_POST
def by_hand(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """The ready message for one that no provider sends: shown once, and noted as sent."""
    row = sending_queries.message(request.user.organisation, message_id)
    if row is None or row.patient is None or row.kind not in BY_HAND:
        raise Http404
    sending.sent_by_hand(row=row, by=request.user)
    return _ready(request, row.patient, row.kind)


@visit_page("book-visits")
@require_POST
def ask_to_prepare(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """One tap: the questions before a visit go out; where no provider sends them, the ready
    message is shown for one's own telephone."""
    if visit.state != "booked":
        messages.warning(request, _("Only a booked visit is prepared."))
        return redirect("patient_page:link", patient_id=visit.patient_id)
    row = invite(visit, now=timezone.now(), key=once_of(request))
    # By the way and not by the state: a second tap, too, is shown what is to be sent by hand.
    if row is None or row.channel == "hand":
        if row is not None and row.state == "by-hand":
            sending.sent_by_hand(row=row, by=request.user)
        return _ready(request, visit.patient, "prepare")
    if row.state == "stopped":
        messages.warning(request, _("The patient wants no messages. Ask at the visit."))
    else:
        messages.success(request, _("The questions before the visit are on their way."))
    usual = reverse("patient_page:link", args=[visit.patient_id])
    return HttpResponseRedirect(way_back(request, request.POST.get("next", ""), usual))


@patient_page("see-patients")
@require_POST
def revoke(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    actions.revoke(patient=patient, by=request.user)
    messages.success(request, _("No link and no phone opens this patient's page any more."))
    return redirect("patient_page:link", patient_id=patient.pk)


@patient_page("see-patients")
@require_POST
def code(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    """Shown once; the patient writes it down or learns it."""
    return _page(request, patient, code=actions.give_code(patient=patient, by=request.user))


@patient_page("see-patients")
@require_POST
def unlock(request: StaffRequest, *, patient: Patient, link_id: UUID) -> HttpResponse:
    found = PatientLink.objects.filter(pk=link_id, patient__in=files_of(patient)).first()
    if found is None:
        raise Http404
    actions.unlock(link=found, by=request.user)
    messages.success(request, _("The link can be tried again."))
    return redirect("patient_page:link", patient_id=patient.pk)


def _page(request: StaffRequest, patient: Patient, **more: Any) -> HttpResponse:
    now = timezone.now()
    pains = [
        (one, in_words(BodyDrawing.from_text(one.drawing), {}) if one.drawing else [])
        for one in queries.pains(patient)
    ]
    context = {
        "patient": patient,
        "links": queries.links_of(patient),
        "devices": queries.devices_of(patient, now),
        "needs_code": queries.needs_code(patient),
        "has_code": queries.has_code(patient),
        "pains": pains,
        "now": now,
        "next": queries.next_visit(patient, now),
        **more,
    }
    response = render(request, "patient_page/staff.html", context)
    response.headers["Cache-Control"] = "no-store, private"
    return response
