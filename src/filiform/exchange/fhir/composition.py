"""Composition: what its sections state beyond their entries, and what they only promise."""

from __future__ import annotations

import re

from filiform.disclosure import Kind, Statement
from filiform.exchange.fhir.elements import Json, a_text, an_object, codings_of, objects, text_of
from filiform.exchange.fhir.errors import notice
from filiform.exchange.fhir.index import reference_of
from filiform.exchange.fhir.model import not_read
from filiform.exchange.fhir.none_known import says_nothing
from filiform.exchange.fhir.source import Source

_SECTIONS = {
    "48765-2": Kind.ALLERGY, "10160-0": Kind.MEDICINE, "11450-4": Kind.CONDITION,
    "11348-0": Kind.CONDITION, "47519-4": Kind.PROCEDURE, "46264-8": Kind.DEVICE,
}  # fmt: skip
"""LOINC codes of the sections of a patient summary."""
_NO_MATTER = frozenset(
    {
        "11369-6", "18776-5", "42348-3", "29762-2", "8716-3", "81338-6", "48768-6", "61146-7",
        "69730-0",
    }
)  # fmt: skip
"""Immunisations, plan of care, advance directives, social history, vital signs, the patient's
story, who pays, aims, advice: what stands there as text only sets off no rule."""
_TAGS = re.compile(r"<[^>]*>")
SHOWN = 80
"""So many letters of a section's text are quoted."""


def read_composition(source: Source) -> None:
    """Every section, and the sections inside it."""
    waiting = objects(source.resource.get("section"))
    while waiting:
        section = waiting.pop(0)
        # Breadth first and without recursion: nesting is the sender's choice, our stack is not.
        waiting += objects(section.get("section"))
        _read_section(source, section)


def _read_section(source: Source, section: Json) -> None:
    codes = {coding.code for coding in codings_of(section.get("code"))}
    kind = next((_SECTIONS[code] for code in sorted(codes) if code in _SECTIONS), None)
    title = a_text(section.get("title")) or text_of(section.get("code")) or "without a title"
    entries = objects(section.get("entry"))
    # Before anything else: what is promised and missing is told whatever the section is about.
    for entry in entries:
        _require(source, entry, title)
    empty = {coding.code for coding in codings_of(section.get("emptyReason"))}
    if entries or (codes & _NO_MATTER):
        return
    if kind is not None and empty:
        # "Nil known" is an answer, any other reason for an empty section is not.
        if "nilknown" in empty:
            fact = Statement(id=f"{source.label}#{kind}", kind=kind, text=title, none_known=True)
            source.add(fact)
        else:
            source.leave_out(title, "no-information")
        return
    says = _narrative(section)
    # A heading over further sections has its text from them; each of those tells its own.
    if says and not says_nothing(says) and not objects(section.get("section")):
        why = notice("section-text", title=title, text=says)
        source.gathered.unread.append(not_read(source.label, why))


def _require(source: Source, entry: Json, title: str) -> None:
    """What a section names and the Bundle lacks was lost on the way."""
    named = reference_of(entry)
    if named and source.index.find(entry, source.resource) is None:
        why = notice("section-missing", title=title, named=named)
        source.gathered.unread.append(not_read(source.label, why))


def _narrative(section: Json) -> str:
    div = a_text(an_object(section.get("text")).get("div"))
    text = " ".join(_TAGS.sub(" ", div).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
