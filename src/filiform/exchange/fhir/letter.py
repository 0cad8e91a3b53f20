"""A letter as a FHIR R4 document: a Bundle whose first entry is a Composition.

Bundle "document" ─▶ Composition ─ subject ─▶ Patient
                       │ author ─▶ Practitioner, custodian ─▶ Organization
                       └ section ─ text (what the paper says), entry ─▶ Observations (pain ratings)

A sentence that a person wrote has the class "written"; a section with one has a narrative
"additional" (it says more than its data), else "generated". docs/reference/letters.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from filiform.disclosure import LOINC
from filiform.exchange.fhir.elements import Json

PAIN_SEVERITY = "72514-3"
"""LOINC: pain severity, 0 to 10 verbal numeric rating; as in `exchange.fhir.drawing`."""
TYPES: dict[str, tuple[str, str]] = {
    "referrer": ("11488-4", "Consult note"),
    "discharge": ("18842-5", "Discharge summary"),
    "employer": ("51852-2", "Letter"),
    "school": ("51852-2", "Letter"),
}
"""Kind of letter → LOINC's code of the document and its name."""
SECTIONS: dict[str, tuple[str, str]] = {
    "found": ("29545-1", "Physical findings"),
    "done": ("29554-3", "Procedure"),
    "course": ("51848-0", "Evaluation note"),
    "advice": ("18776-5", "Plan of care note"),
    "asked": ("69730-0", "Instructions"),
}
"""Part of a letter → LOINC's code of the section; a part without one has its title alone."""
IDENTIFIERS = "urn:ietf:rfc:3986"


class LetterSentence(msgspec.Struct, frozen=True):
    """by: composed from the record, or written by a person."""

    text: str
    by: Literal["composed", "written"]


class LetterSection(msgspec.Struct, frozen=True, kw_only=True):
    """part: key of SECTIONS or another. pains: ratings 0 to 10 with their time, as data."""

    part: str
    title: str
    sentences: tuple[LetterSentence, ...]
    pains: tuple[tuple[datetime, int], ...] = ()


class LetterPerson(msgspec.Struct, frozen=True, kw_only=True):
    """id: of the record. Names as they are written in the letter."""

    id: UUID
    name: str
    family: str = ""
    given: str = ""
    sex: str = ""
    born: date | None = None
    title: str = ""


class LetterDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes a document. signed_at: None for a draft. addenda: (when, text), oldest first.

    file_number: the patient's, in the clinic's own numbering. digest: what was signed, SHA-256.
    """

    id: UUID
    kind: str
    language: str
    title: str
    made_at: datetime
    signed_at: datetime | None
    patient: LetterPerson
    file_number: str
    author: LetterPerson
    clinic: LetterPerson
    sections: tuple[LetterSection, ...]
    addenda: tuple[tuple[datetime, str], ...] = ()
    digest: str = ""
    added_title: str = ""


def letter_bundle(letter: LetterDocument) -> Json:
    """The document. Raises KeyError for a kind of letter that has no code."""
    pains = [
        _pain(letter, when, value, number)
        for number, (when, value) in enumerate(
            pain for section in letter.sections for pain in section.pains
        )
    ]
    # The Composition has to be the first entry of a document; that is how FHIR knows one.
    resources = [_composition(letter), _patient(letter), _author(letter), _clinic(letter), *pains]
    # Told anew at each addition: the time of the last word in it.
    last = letter.addenda[-1][0] if letter.addenda else letter.signed_at or letter.made_at
    return {
        "resourceType": "Bundle",
        "id": str(letter.id),
        "language": letter.language,
        "identifier": {"system": IDENTIFIERS, "value": _urn(letter.id)},
        "type": "document",
        "timestamp": last.isoformat(),
        "entry": [{"fullUrl": _urn(one["id"]), "resource": one} for one in resources],
    }


def _urn(id_: object) -> str:
    return f"urn:uuid:{id_}"


def _composition(letter: LetterDocument) -> Json:
    code, display = TYPES[letter.kind]
    status = "preliminary" if letter.signed_at is None else "amended" if letter.addenda else "final"
    made: Json = {
        "resourceType": "Composition",
        # Derived, not drawn: the same letter asked for twice is the same document.
        "id": str(uuid5(letter.id, "composition")),
        "language": letter.language,
        "identifier": {"system": IDENTIFIERS, "value": _urn(letter.id)},
        "status": status,
        "type": _loinc(code, display),
        "subject": {"reference": _urn(letter.patient.id), "display": letter.patient.name},
        "date": (letter.signed_at or letter.made_at).isoformat(),
        "author": [{"reference": _urn(letter.author.id), "display": letter.author.name}],
        "title": letter.title,
        "custodian": {"reference": _urn(letter.clinic.id), "display": letter.clinic.name},
        "section": _sections(letter),
    }
    if letter.signed_at is not None:
        made["attester"] = [
            {
                "mode": "professional",
                "time": letter.signed_at.isoformat(),
                "party": {"reference": _urn(letter.author.id), "display": letter.author.name},
            }
        ]
    if letter.digest:
        # Not a FHIR Signature: that needs a certificate. It names what the clinic keeps as signed.
        made["identifier"]["assigner"] = {"display": f"sha256:{letter.digest}"}
    return made


def _sections(letter: LetterDocument) -> list[Json]:
    number = 0
    found: list[Json] = []
    for section in letter.sections:
        one = _section(section)
        if section.pains:
            ids = [_pain_id(letter, number + n) for n in range(len(section.pains))]
            one["entry"] = [{"reference": _urn(id_)} for id_ in ids]
            number += len(section.pains)
        found.append(one)
    if letter.addenda:
        sentences = tuple(
            LetterSentence(f"{when.isoformat()}: {text}", "written")
            for when, text in letter.addenda
        )
        added = LetterSection(part="", title=letter.added_title, sentences=sentences)
        found.append(_section(added))
    return found


def _section(section: LetterSection) -> Json:
    made: Json = {"title": section.title, "text": _narrative(section.sentences)}
    if section.part in SECTIONS:
        made["code"] = _loinc(*SECTIONS[section.part])
    return made


def _narrative(sentences: Sequence[LetterSentence]) -> Json:
    lines = "".join(
        f"<p>{escape(one.text)}</p>"
        if one.by == "composed"
        else f'<p class="written">{escape(one.text)}</p>'
        for one in sentences
    )
    written = any(one.by == "written" for one in sentences)
    return {
        "status": "additional" if written else "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>',
    }


def _loinc(code: str, display: str) -> Json:
    return {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display}


def _patient(letter: LetterDocument) -> Json:
    one = letter.patient
    name: Json = {"text": one.name}
    if one.family:
        name["family"] = one.family
    if one.given:
        name["given"] = [one.given]
    made: Json = {
        "resourceType": "Patient",
        "id": str(one.id),
        "identifier": [{"system": _urn(letter.clinic.id), "value": letter.file_number}],
        "name": [name],
        "gender": one.sex or "unknown",
    }
    if one.born is not None:
        made["birthDate"] = one.born.isoformat()
    return made


def _author(letter: LetterDocument) -> Json:
    one = letter.author
    made: Json = {
        "resourceType": "Practitioner",
        "id": str(one.id),
        "name": [{"text": one.name}],
    }
    if one.title:
        made["qualification"] = [{"code": {"text": one.title}}]
    return made


def _clinic(letter: LetterDocument) -> Json:
    one = letter.clinic
    return {"resourceType": "Organization", "id": str(one.id), "name": one.name}


def _pain_id(letter: LetterDocument, number: int) -> str:
    return str(uuid5(letter.id, f"pain {number}"))


def _pain(letter: LetterDocument, when: datetime, value: int, number: int) -> Json:
    return {
        "resourceType": "Observation",
        "id": _pain_id(letter, number),
        "status": "final",
        "code": _loinc(
            PAIN_SEVERITY, "Pain severity - 0-10 verbal numeric rating [Score] - Reported"
        ),
        "subject": {"reference": _urn(letter.patient.id)},
        "effectiveDateTime": when.isoformat(),
        "valueInteger": value,
    }
