"""Codes of a clinical document as FHIR's CodeableConcept."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from filiform.disclosure import ATC, CVX, ICD10, ICD10_CM, LOINC, RXNORM, SNOMED
from filiform.exchange.cda.tree import words_in
from filiform.exchange.fhir.elements import Json

_SYSTEMS = {
    "2.16.840.1.113883.6.96": SNOMED, "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.6.88": RXNORM, "2.16.840.1.113883.6.90": ICD10_CM,
    "2.16.840.1.113883.6.3": ICD10, "2.16.840.1.113883.6.73": ATC,
    "2.16.840.1.113883.12.292": CVX,
    "2.16.840.1.113883.5.83": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
}  # fmt: skip
"""OID → FHIR's address, for the lists that the readers compare letter by letter; all others stay
`urn:oid:`, which screening's table of code systems knows."""
_NO_TEXTS = frozenset({"-", "--", "n/a", "na", "unknown", "null"})

Texts = Mapping[str, str]
"""ID in the narrative → what stands there."""


def concept(node: Element | None, texts: Texts) -> Json:
    """A CD or CE with its translations; {} when it says nothing at all.

    texts: of the document's narrative. A code may lack its name, or be null because the words
    in the narrative are all there is ("nullFlavor='OTH'" with a reference).
    """
    if node is None:
        return {}
    codings = [one for each in (node, *node.iterfind(".//translation")) if (one := _coding(each))]
    said = _original(node, texts)
    found: Json = {"coding": codings} if codings else {}
    # The code's own name is shorter and surer than the sentence in the narrative.
    if said and not any(one.get("display") for one in codings):
        found["text"] = said
    elif not codings and node.get("displayName"):
        found["text"] = node.get("displayName")
    return found


def _coding(node: Element) -> Json:
    code = (node.get("code") or "").strip()
    if not code:
        return {}
    found = {"system": system(node.get("codeSystem", "")), "code": code}
    if node.get("displayName"):
        found["display"] = node.get("displayName", "")
    return found


def system(oid: str) -> str:
    """The address of a code list by its OID, "" without one."""
    return _SYSTEMS.get(oid, f"urn:oid:{oid}" if oid else "")


def _original(node: Element, texts: Texts) -> str:
    for each in (node.find("originalText"), node.find("translation/originalText")):
        if each is None:
            continue
        said = words_in(each) or referred(each, texts)
        # Some systems fill what they lack with "????".
        if said.lower() not in _NO_TEXTS and any(letter.isalnum() for letter in said):
            return said
    return ""


def referred(node: Element | None, texts: Texts) -> str:
    """The words of the narrative that an element's `reference` points at."""
    found = node.find("reference") if node is not None else None
    return texts.get(found.get("value", "").lstrip("#"), "") if found is not None else ""


def named_or_told(node: Element, code: Json, texts: Texts) -> Json:
    """A code that has no name of its own, with the words of the entry's narrative.

    A bare number would be shown to a practitioner who knows no code by heart.
    """
    if code.get("text") or any(one.get("display") for one in code.get("coding", ())):
        return code
    said = referred(node.find("text"), texts) or words_in(node.find("text"))
    return code | {"text": said} if said else code


def codes_of(node: Element | None) -> set[str]:
    """The code of an element and of its translations."""
    if node is None:
        return set()
    return {code for one in (node, *node.iterfind("translation")) if (code := one.get("code"))}
