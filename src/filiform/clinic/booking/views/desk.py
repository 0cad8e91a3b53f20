"""The desk's page: whose file a booking is, who waits, which messages did not arrive."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.booking import changes, offering, waiting
from filiform.clinic.booking import desk as actions
from filiform.clinic.booking.keys import reference_of
from filiform.clinic.booking.messages import KINDS, compose
from filiform.clinic.booking.models import SelfRegistered, WaitingWish
from filiform.clinic.booking.vocabulary import OFFER_STATES, PARTS
from filiform.clinic.chart.merging import MergeRefused
from filiform.clinic.diary.at_home import AT_HOME
from filiform.clinic.patient_page.preparing.standing import standing_of
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.search import search
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending import queries as sending_queries
from filiform.clinic.sending.setup import setup
from filiform.clinic.sending.vocabulary import KINDS as SENDING_KINDS
from filiform.reasons import say
from filiform.times import WEEKDAYS


@staff("book-visits")
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    return _page(request)


def _page(request: StaffRequest, status: int = 200, **more: Any) -> HttpResponse:
    organisation = request.user.organisation
    entries = actions.unchecked(organisation)
    visits = actions.next_visits([one.patient for one in entries])
    home = standing_of(list(visits.values()))
    urdu = "ur" if request.user.language == "ur" else "en"
    context = {
        "entries": [_entry(one, visits.get(one.patient_id), home) for one in entries],
        "found": _found(request),
        "list": [
            (wish, offer, [WEEKDAYS[urdu][day] for day in wish.weekdays],
             [PARTS[part] for part in wish.parts])
            for wish, offer in waiting.desk_list(organisation)
        ],
        "offer_states": OFFER_STATES,
        "to_call": changes.to_call(organisation, timezone.now()),
        "kinds": SENDING_KINDS,
        "undelivered": actions.undelivered(organisation, timezone.now()),
        **more,
    }  # fmt: skip
    return render(request, "booking/desk.html", context, status=status)


def _entry(entry: SelfRegistered, visit: Any, home: dict[UUID, str]) -> dict[str, Any]:
    return {
        "at_home": AT_HOME[home[visit.pk]] if visit else "",
        "entry": entry,
        "visit": visit,
        "reference": reference_of(visit.pk) if visit else "",
        "likely": actions.likely(entry.patient),
    }


def _found(request: StaffRequest) -> tuple[str, list[Patient]]:
    """The entry for which a file is looked for by name, and what was found."""
    text = request.GET.get("q", "").strip()[:80]
    if not text:
        return "", []
    return request.GET.get("for", ""), search(request.user.organisation, text, limit=6)


def _entry_of(request: StaffRequest, entry_id: UUID) -> SelfRegistered:
    rows = SelfRegistered.objects.filter(organisation=request.user.organisation_id, pk=entry_id)
    found = rows.select_related("patient__organisation").first()
    if found is None:
        raise Http404
    return found


@staff("book-visits")
@require_POST
def new_person(request: StaffRequest, entry_id: UUID) -> HttpResponse:
    entry = _entry_of(request, entry_id)
    actions.new_person(by=request.user, entry=entry)
    words = {"name": entry.patient.name, "number": entry.patient.file_number}
    messages.success(request, _("%(name)s is a new patient, file %(number)s.") % words)
    return redirect("booking:desk")


@staff("book-visits")
@require_POST
def same_person(request: StaffRequest, entry_id: UUID, patient_id: UUID) -> HttpResponse:
    entry = _entry_of(request, entry_id)
    known = Patient.objects.filter(organisation=request.user.organisation_id, pk=patient_id).first()
    if known is None:
        raise Http404
    try:
        actions.same_person(by=request.user, entry=entry, known=known)
    except MergeRefused as refused:
        return _page(
            request, 409, refused=[say(one, request.user.language) for one in refused.reasons]
        )
    words = {"name": known.name, "number": known.file_number}
    messages.success(request, _("The booking is in the file of %(name)s, %(number)s.") % words)
    return redirect("booking:desk")


@staff("book-visits")
@require_POST
def off_the_list(request: StaffRequest, wish_id: UUID) -> HttpResponse:
    wish = WaitingWish.objects.filter(organisation=request.user.organisation_id, pk=wish_id).first()
    if wish is None:
        raise Http404
    offering.leave(wish=wish, now=timezone.now(), by=request.user)
    return redirect("booking:desk")


@staff("book-visits")
@require_POST
def by_hand(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """The ready message for one that no provider sent: shown once, and noted as sent."""
    row = sending_queries.message(request.user.organisation, message_id)
    if row is None or row.patient is None or row.kind not in KINDS:
        raise Http404
    address = setup().public_url or request.build_absolute_uri("/").rstrip("/")
    made = compose(row, address, timezone.now())
    if made is None:
        messages.info(request, _("This message is not needed any more."))
        return redirect("sending:queue")
    sending.sent_by_hand(row=row, by=request.user)
    context = {
        "patient": row.patient,
        "made": made,
        "whatsapp": f"https://wa.me/{row.patient.phone.lstrip('+')}?text={quote(made.text)}",
        "sms": f"sms:{row.patient.phone}?body={quote(made.text)}",
        "mail": f"mailto:{row.patient.email}?subject={quote(made.subject)}&body={quote(made.text)}",
    }
    answer = render(request, "booking/by_hand.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
