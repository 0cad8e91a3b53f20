"""A letter of the record as the values that FHIR's document is made of."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filiform.clinic.correspondence import queries
from filiform.clinic.correspondence.gathering import given
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.correspondence.paper import title_of
from filiform.clinic.correspondence.vocabulary import LAYMEN, PARTS
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.exchange.fhir.letter import (
    LetterDocument,
    LetterPerson,
    LetterSection,
    LetterSentence,
    letter_bundle,
)


def document_of(letter: Letter) -> dict[str, Any]:
    """The document Bundle, in the language that is switched on."""
    signature = queries.signature_of(letter)
    patient = letter.patient
    author = queries.author_of(letter)
    clinic = patient.organisation
    return letter_bundle(
        LetterDocument(
            id=letter.root,
            kind=letter.kind,
            language=letter.language,
            title=title_of(letter),
            made_at=letter.recorded_at,
            signed_at=signature.signed_at if signature else None,
            patient=LetterPerson(
                id=patient.pk,
                name=patient.name,
                family=patient.family_name,
                given=patient.given_name,
                sex=patient.sex,
                # A day that stands for a month or a year must not pass for a day of birth.
                born=patient.birth_date if patient.birth_date_known == "day" else None,
            ),
            file_number=patient.file_number,
            author=LetterPerson(id=author.pk, name=local_name(author), title=author.title),
            clinic=LetterPerson(id=clinic.pk, name=local_name(clinic)),
            sections=tuple(_sections(letter)),
            addenda=tuple((one.recorded_at, one.text) for one in queries.addenda_of(letter)),
            digest=signature.digest if signature else "",
            added_title=_("Added after the signature"),
        )
    )


def _sections(letter: Letter) -> list[LetterSection]:
    """Pain ratings are data of the course, as far as the letter's day; none for laymen."""
    until = letter.recorded_at
    found = []
    for part, name in PARTS.items():
        sentences = tuple(
            LetterSentence(one["text"], one["by"])
            for one in letter.sentences
            if one["part"] == part
        )
        pains: tuple[Any, ...] = ()
        if part == "course" and letter.kind not in LAYMEN:
            told = given(letter.visit, on=timezone.localdate(until))
            # What was rated after the letter was written is none of what was signed.
            pains = tuple(one for one in told.pains if one[0] <= until)
        if sentences:
            found.append(
                LetterSection(part=part, title=str(name), sentences=sentences, pains=pains)
            )
    return found
