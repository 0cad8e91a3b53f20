"""Words for the codes of a disclosure."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language

from filiform.clinic.intake import queries
from filiform.clinic.intake.models import DisclosedFact, SentInReview
from filiform.clinic.intake.parts import asked_as
from filiform.clinic.intake.views.sent_in_context import warnings
from filiform.clinic.intake.vocabulary import (
    DECISIONS,
    KINDS,
    LEFT_OUT,
    SECTION_OF,
    SIDES,
    STATUSES,
    WEIGHTS,
)
from filiform.clinic.intake.waiting import documents_sent_in, sent_in
from filiform.clinic.patients.files import other_numbers
from filiform.clinic.patients.models import Patient
from filiform.clinic.visits.models import Visit
from filiform.exchange.fhir.model import Unread
from filiform.reasons import Reason, say

register = template.Library()


@register.filter
def status_in_words(status: str) -> str | Promise:
    return STATUSES.get(status, status)


@register.filter
def kind_in_words(kind: str) -> str | Promise:
    return dict(KINDS).get(kind, kind)


@register.filter
def side_in_words(side: str) -> str | Promise:
    return dict(SIDES).get(side, side)


@register.filter
def left_out_in_words(why: str) -> str | Promise:
    return LEFT_OUT.get(why, why)


@register.filter
def why_in_words(unread: Unread) -> str:
    """Why something of a document was not read, in the reader's language.

    What the document itself says there keeps its own direction within the sentence.
    """
    language = get_language() or "en"
    if not unread.notices:
        return unread.why
    isolated = (
        Reason(one.code, params={name: f"\u2068{value}\u2069" for name, value in one.params})
        for one in unread.notices
    )
    separator = "؛ " if language.startswith("ur") else "; "
    return separator.join(say(one, language) for one in isolated)


@register.filter
def is_over(row: DisclosedFact) -> bool:
    """Whether it has ended: by its status or by its last day."""
    return queries.is_over(row)


@register.filter
def from_file(row: DisclosedFact, patient: Patient) -> str:
    """The number of the person's other file in which a row stands; "" for this one."""
    return other_numbers(patient).get(row.patient_id, "")


@register.filter
def weight_in_words(weight: str | None) -> str | Promise:
    """None is a red flag."""
    return WEIGHTS[weight or "red-flag"]


@register.filter
def reviewed_in_words(review: SentInReview) -> str:
    """What was sent and what became of it."""
    sent = review.sent
    what = asked_as(sent.name) if sent.part == "answer" else sent.text
    decided = str(DECISIONS[review.decision])
    return f"{what} – {decided}" if what else decided


@register.inclusion_tag("intake/_sent_in.html")
def sent_in_note(visit: Visit) -> dict[str, Any]:
    """That something waits for a review, and what safety would say if it held."""
    return {
        "visit": visit,
        "count": len(sent_in(visit.patient)),
        "documents": documents_sent_in(visit.patient),
        "warnings": warnings(visit),
    }


@register.inclusion_tag("intake/_disagreements.html")
def disagreements(patient: Patient) -> dict[str, Any]:
    """Where the files of the person contradict each other, each with what is to be asked again."""
    numbers = {**other_numbers(patient), patient.pk: patient.file_number}
    listed = [
        {
            "says": one.says,
            "gainsays": one.gainsays,
            "in": numbers[one.says.patient_id],
            "against": numbers[one.gainsays.patient_id],
            "section": SECTION_OF.get(one.kind) if one.kind else None,
            "question": one.question,
        }
        for one in queries.disagreements(patient)
    ]
    return {"patient": patient, "disagreements": listed}
