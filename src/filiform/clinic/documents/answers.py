"""Answer a request with a paper, and note who opened it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db.models import Model
from django.http import HttpResponse

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.documents.making import pdf
from filiform.clinic.facts.recording import saw


def pdf_page(
    request: StaffRequest,
    template: str,
    values: dict[str, Any],
    *,
    name: str,
    saw_what: str,
    patient: Any,
    language: str,
    subject: Model | None = None,
) -> HttpResponse:
    """The paper as the answer of a view that `staff` or `patient_page` guards.

    name: of the file, without ".pdf". saw_what: the audit's word after "saw-" (`audit.vocabulary`
    has words for it); patient: whose record was opened, or their id; None notes nothing, for papers
    about nobody. subject: the row that the paper shows. language: of the paper, en or ur.
    """
    made = pdf(template, values, language)
    # After it is made: a paper that could not be set was seen by nobody.
    if patient is not None and request.method == "GET":
        saw(saw_what, by=request.user, patient=patient, subject=subject)
    return pdf_answer(made, name)


def pdf_answer(made: bytes, name: str) -> HttpResponse:
    """Shown by the browser, and saved under this name."""
    response = HttpResponse(made, content_type="application/pdf")
    # A name in any script (RFC 6266), and one of ASCII for what reads no other.
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    response["Content-Disposition"] = (
        f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    )
    return response
