"""How a letter leaves the clinic: as paper, as a document of data, by message."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.correspondence import actions, queries
from filiform.clinic.correspondence import messages as sent
from filiform.clinic.correspondence.access import letter_page
from filiform.clinic.correspondence.documents import document_of
from filiform.clinic.correspondence.forms import SendForm
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.correspondence.paper import letter_values, name_of
from filiform.clinic.correspondence.views.letters import show
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.recording import saw
from filiform.clinic.sending.setup import setup
from filiform.clinic.web.once import once_of
from filiform.reasons import Reason


@letter_page("see-clinical")
@require_safe
def paper(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """In the letter's own language; a draft says on every page that it is one."""
    with override(letter.language):
        values = letter_values(letter, by=request.user)
    return pdf_page(
        request,
        "correspondence/papers/letter.typ",
        values,
        name=name_of(letter),
        saw_what="letter-paper",
        patient=letter.patient,
        language=letter.language,
        subject=letter,
    )


@letter_page("see-clinical")
@require_safe
def document(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """A FHIR document Bundle, R4; a draft's Composition is preliminary."""
    with override(letter.language):
        bundle = document_of(letter)
    saw("letter-document", by=request.user, patient=letter.patient, subject=letter)
    text = json.dumps(bundle, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/fhir+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name_of(letter)}.json"'
    return response


@letter_page("record-clinical")
@require_POST
def printed(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """It was handed over or posted."""
    answer = actions.hand_over(
        by=request.user, letter=letter, how="printed", handover_id=once_of(request)
    )
    return _answered(request, letter, answer)


@letter_page("record-clinical")
@require_POST
def send(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """Through a provider: a link goes out, never the letter itself."""
    given = setup()
    channels = list(given.providers) if given.public_url else []
    form = SendForm(request.POST, channels=channels)
    if reasons := _against_link(letter):
        return show(request, letter, status=422, reasons=reasons)
    if not form.is_valid():
        return show(request, letter, status=422, send=form)
    channel, to = form.cleaned_data["channel"], form.cleaned_data["to"]
    # One transaction: a letter that counts as sent and stands in no queue is missed by nobody.
    with one_link():
        answer = actions.hand_over(
            by=request.user, letter=letter, how="message", to=to, handover_id=once_of(request)
        )
        if not isinstance(answer, tuple):
            sent.enqueue(letter, channel=channel, to=to, now=timezone.now(), handover=answer.pk)
    return _answered(request, letter, answer)


@letter_page("record-clinical")
@require_POST
def link(request: StaffRequest, *, letter: Letter) -> HttpResponse:
    """A link to be sent by one's own telephone or mail, shown once."""
    if reasons := _against_link(letter):
        return show(request, letter, status=422, reasons=reasons)
    with one_link():
        secret = actions.make_link(letter=letter, by=request.user)
        actions.hand_over(by=request.user, letter=letter, how="message")
    address = request.build_absolute_uri(sent.path_of(secret))
    text = sent.text_of(letter, address)
    subject = quote(sent.SUBJECT.in_language(letter.language))
    ready = {
        "text": text,
        # To nobody: their mail program knows the reader's address, the record doesn't.
        "mail": f"mailto:?subject={subject}&body={quote(text)}",
        "whatsapp": f"https://wa.me/?text={quote(text)}",
        "sms": f"sms:?body={quote(text)}",
    }
    return show(request, letter, ready=ready)


def _against_link(letter: Letter) -> tuple[Reason, ...]:
    if queries.signature_of(letter) is None:
        return (Reason("letter-not-signed"),)
    # The day of birth is what keeps a link that went astray from opening anything.
    if letter.patient.birth_date_known != "day":
        return (Reason("letter-no-birth-day"),)
    return ()


def _answered(request: StaffRequest, letter: Letter, answer: Any) -> HttpResponse:
    if isinstance(answer, tuple):
        return show(request, letter, status=422, reasons=answer)
    messages.success(request, _("Recorded that the letter went out."))
    return redirect("correspondence:letter", letter.root)
