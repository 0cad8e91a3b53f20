"""The answer "nothing of this kind", which is not the same as silence."""

from __future__ import annotations

import msgspec

from filiform.disclosure import Kind, Statement, Status
from filiform.exchange.fhir.elements import a_text, codings_of, objects, text_of
from filiform.exchange.fhir.source import WHY, Source, clinical_status

_NONE = {
    "no-known-allergies": Kind.ALLERGY, "716186003": Kind.ALLERGY,
    "no-known-medications": Kind.MEDICINE, "no-known-problems": Kind.CONDITION,
    "no-known-procedures": Kind.PROCEDURE, "no-known-devices": Kind.DEVICE,
    "160245001": Kind.CONDITION, "787481004": Kind.MEDICINE,
}  # fmt: skip
_PARTLY = frozenset(
    {
        "no-known-medication-allergies", "no-known-environmental-allergies",
        "no-known-food-allergies", "409137002", "429625007", "428607008",
    }
)  # fmt: skip
_NO_INFORMATION = frozenset(
    {
        "no-allergy-info", "no-medication-info", "no-problem-info", "no-procedure-info",
        "no-device-info",
    }
)  # fmt: skip
_NONE_TEXTS = {
    Kind.ALLERGY: ("no known allergies", "no known allergy", "nka", "nkda", "nil known"),
    Kind.MEDICINE: ("no known medications", "no current medications", "no medications"),
    Kind.CONDITION: ("no known problems", "no current problems", "no known conditions"),
    Kind.PROCEDURE: ("no known procedures",),
    Kind.DEVICE: ("no known devices", "no implants"),
}


def says_none(source: Source, concept: object, kind: Kind) -> bool:
    """Whether the resource says "nothing of this kind" or "no information", and note it so."""
    text, codes = text_of(concept), {coding.code for coding in codings_of(concept)}
    if codes & _NO_INFORMATION:
        source.leave_out(text, "no-information")
        return True
    if codes & _PARTLY:
        source.leave_out(text, "partly-none-known")
        return True
    said = any(_NONE.get(code) is kind for code in codes)
    said = said or text.lower().rstrip(".") in _NONE_TEXTS.get(kind, ())
    if not said:
        return False
    status = clinical_status(source, None)
    if status in (Status.ACTIVE, Status.UNKNOWN, Status.SUSPECTED, Status.RECURRENCE):
        fact = Statement(id=source.label, kind=kind, text=text, none_known=True)
        source.add(msgspec.structs.replace(fact, codings=codings_of(concept)))
    else:
        source.leave_out(text, WHY[status])
    return True


_SECTIONS = {
    "48765-2": Kind.ALLERGY, "10160-0": Kind.MEDICINE, "11450-4": Kind.CONDITION,
    "47519-4": Kind.PROCEDURE, "46264-8": Kind.DEVICE,
}  # fmt: skip
"""LOINC codes of the sections of a patient summary."""


def read_composition(source: Source) -> None:
    """A section that states that there is nothing to state ("nil known") is an answer."""
    for section in objects(source.resource.get("section")):
        codes = {coding.code for coding in codings_of(section.get("code"))}
        kind = next((_SECTIONS[code] for code in codes if code in _SECTIONS), None)
        empty = {coding.code for coding in codings_of(section.get("emptyReason"))}
        if kind is None or not empty or objects(section.get("entry")):
            continue
        text = a_text(section.get("title")) or kind.value
        if "nilknown" in empty:
            source.add(
                Statement(id=f"{source.label}#{kind}", kind=kind, text=text, none_known=True)
            )
        else:
            source.leave_out(text, "no-information")
