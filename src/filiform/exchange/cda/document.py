"""A whole clinical document: the patient, its sections, and what of them is not read."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element

from filiform.exchange.cda.concepts import Texts
from filiform.exchange.cda.entries import Around, named, resources_of
from filiform.exchange.cda.patient import patient
from filiform.exchange.cda.tree import parsed, templates, words_in
from filiform.exchange.fhir.elements import Json
from filiform.exchange.fhir.errors import BundleError, Notice, notice
from filiform.exchange.fhir.model import Unread, not_read

_BY_TEMPLATE = {
    "22.2.6": "48765-2", "22.2.1": "10160-0", "22.2.5": "11450-4", "22.2.7": "47519-4",
    "22.2.23": "46264-8", "22.2.3": "30954-2", "22.2.4": "8716-3", "22.2.2": "11369-6",
    "22.2.20": "11348-0", "22.2.15": "10157-6", "22.2.10": "18776-5", "22.2.11": "10183-2",
    "22.2.38": "29549-3", "22.2.17": "29762-2", "1.2": "48765-2", "1.8": "10160-0",
    "1.11": "11450-4", "1.12": "47519-4", "1.7": "46264-8", "1.14": "30954-2", "1.4": "10157-6",
    "1.6": "11369-6",
}  # fmt: skip
"""Template of a section, after 2.16.840.1.113883.10.20. → its LOINC code, for those without one."""
_ROOT = "2.16.840.1.113883.10.20."
_SAME = {"10183-2": "10160-0", "42346-7": "10160-0", "11535-2": "11450-4", "46241-6": "11450-4",
         "10219-4": "11450-4", "10218-6": "11450-4"}  # fmt: skip
"""Sections that hold the same as another: medicines at discharge, diagnoses at admission ..."""


def is_cda(raw: bytes) -> bool:
    """Whether XML begins like a clinical document of HL7 version 3."""
    return b"ClinicalDocument" in raw[:8000]


def from_cda(raw: bytes) -> tuple[Json, list[Unread]]:
    """The document as a FHIR Bundle, and what of it is not read.

    Raises BundleError for what is no usable CDA, and for a document about several people.
    """
    root = parsed(raw)
    if root.tag != "ClinicalDocument":
        raise BundleError("xml-not-cda", got=root.tag[:60])
    roles = root.findall("recordTarget/patientRole")
    if len(roles) > 1:
        raise BundleError("cda-several", count=len(roles))
    reading = _Reading(root)
    for section in root.iterfind("component/structuredBody/component/section"):
        reading.read(section)
    if root.find("component/structuredBody") is None:
        reading.unread.append(not_read("ClinicalDocument", _no_body(root)))
    who = [patient(roles[0])] if roles else []
    # Sections go along, so that a text without entries is told by the reader of Compositions.
    composition = {"resourceType": "Composition", "id": "document", "section": reading.sections}
    entries = [{"resource": one} for one in (*who, composition, *reading.resources)]
    return {"resourceType": "Bundle", "type": "c-cda", "entry": entries}, reading.unread


def _no_body(root: Element) -> Notice:
    held = root.find("component/nonXMLBody/text")
    kind = held.get("mediaType", "another file") if held is not None else "nothing"
    return notice("not-structured", kind=kind)


def narrative(root: Element) -> Texts:
    """ID → text, for all of the document."""
    return {node.get("ID", ""): words_in(node) for node in root.iter() if node.get("ID")}


class _Reading:
    """The resources, sections and open ends that grow section by section."""

    def __init__(self, root: Element) -> None:
        self.texts = narrative(root)
        self.resources: list[Json] = []
        self.sections: list[Json] = []
        self.unread: list[Unread] = []
        self._numbers: Counter[str] = Counter()

    def read(self, section: Element) -> None:
        """One section, and the sections inside it."""
        code = self._code(section)
        title = words_in(section.find("title")) or code or "without a title"
        around = Around(section=_SAME.get(code, code), texts=self.texts)
        references = []
        for entry in section.iterfind("entry"):
            found = [self._kept(one) for one in resources_of(entry, around)]
            references += found
            # An empty entry promises nothing; one that holds something nobody reads is told.
            if not found and len(entry):
                says = notice("section-entry", title=title, named=named(entry, self.texts))
                self.unread.append(not_read("ClinicalDocument", says))
        inner = section.findall("component/section")
        self.sections.append(self._as_fhir(section, code, title, references, inner=bool(inner)))
        for one in inner:
            self.read(one)

    def _code(self, section: Element) -> str:
        """The section's LOINC code: its own, else what its template is for."""
        stated = section.find("code")
        if stated is not None and stated.get("code"):
            return stated.get("code", "")
        # Sorted: of two templates the same one decides each time.
        for root in sorted(templates(section)):
            known = root.removeprefix(_ROOT).removesuffix(".1")
            if root.startswith(_ROOT) and known in _BY_TEMPLATE:
                return _BY_TEMPLATE[known]
        return ""

    def _kept(self, resource: Json) -> Json:
        """Numbered, so that a reason can name it, and a reference to it."""
        kind = resource["resourceType"]
        self._numbers[kind] += 1
        resource["id"] = str(self._numbers[kind])
        self.resources.append(resource)
        return {"reference": f"{kind}/{resource['id']}"}

    def _as_fhir(
        self, section: Element, code: str, title: str, references: list[Json], *, inner: bool
    ) -> Json:
        found: Json = {"title": title, "code": {"coding": [{"code": _SAME.get(code, code)}]}}
        if references:
            found["entry"] = references
        elif section.get("nullFlavor"):
            found["emptyReason"] = {"coding": [{"code": "unavailable"}]}
        elif not section.findall("entry"):
            # An entry that isn't read is told by its own name.
            found["text"] = {"div": words_in(section.find("text")).replace("<", "&lt;")}
        if inner:
            # Only that there are sections inside: they follow by themselves.
            found["section"] = [{}]
        return found
