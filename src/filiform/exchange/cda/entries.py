"""One entry of a section → FHIR resources, by the kind of its element and its own template.

entry ─▶ act (concern) ─▶ observation ─▶ Condition, AllergyIntolerance, Observation
      ├▶ organizer ─▶ its components          (a panel, a relative's history)
      ├▶ substanceAdministration ─▶ MedicationStatement, MedicationRequest, Immunization
      ├▶ procedure, act ─▶ Procedure, and the Device that took part
      └▶ supply ─▶ Device, or the medicine that was dispensed
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from filiform.exchange.cda.concepts import Texts, codes_of, concept, referred
from filiform.exchange.cda.medicines import dispensed, medicine
from filiform.exchange.cda.observations import observation, pregnancy_dates
from filiform.exchange.cda.statements import allergy, condition, devices, procedure, relatives
from filiform.exchange.cda.tree import templates, words_in
from filiform.exchange.fhir.elements import Json

V2 = "2.16.840.1.113883.10.20.22.4."
V1 = "2.16.840.1.113883.10.20.1."
_ALLERGY = {f"{V2}7", f"{V2}90", f"{V1}18", "1.3.6.1.4.1.19376.1.5.3.1.4.6"}
_PROBLEM = {f"{V2}4", f"{V1}28", "1.3.6.1.4.1.19376.1.5.3.1.4.5"}
_PROCEDURE = {f"{V2}12", f"{V2}13", f"{V2}14", f"{V2}41", f"{V1}29"}
_IMMUNISATION = {f"{V2}52", f"{V2}120", f"{V1}24", "1.3.6.1.4.1.19376.1.5.3.1.4.12"}
_REACTION = {f"{V2}9", f"{V1}54"}
_HABIT = {f"{V2}78", f"{V2}85", f"{V2}38", "2.16.840.1.113883.10.22.4.25"}
"""Smoking and other habits: no disease, though they are asserted like one."""
_SAYS_A_PROBLEM = frozenset(
    {
        "ASSERTION", "55607006", "282291009", "64572001", "404684003", "409586006", "418799008",
        "29308-4", "75321-0", "75326-9", "75325-1", "75323-6", "75322-8", "64572-1", "DX",
    }
)  # fmt: skip
"""Codes of an observation whose value, not whose code, is the finding."""
_NO_FINDINGS = frozenset({"SEV", "33999-4", "82606-5", "48766-0"})
"""Severity, status, criticality: they belong to the observation around them."""
_COUNTED = {"18776-5": "CarePlan", "69730-0": "CarePlan", "61146-7": "Goal", "48768-6": "Coverage"}
"""Sections of which nothing tells of the present: advice, aims, who pays."""


@dataclass(frozen=True)
class Around:
    """What an entry has from where it stands.

    section: its LOINC code. texts: the document's narrative. concern: statusCode of the concern
    around it. relative: of a family history. negated: the act around it is negated.
    """

    section: str
    texts: Texts
    concern: str = ""
    relative: Json = field(default_factory=dict)
    negated: bool = False

    @property
    def is_plan(self) -> bool:
        return self.section == "18776-5"


def resources_of(entry: Element, around: Around) -> Iterator[Json]:
    """What one entry holds; nothing for what is read nowhere."""
    found = 0
    for node in entry:
        reader = _READERS.get(node.tag)
        for one in reader(node, around) if reader is not None else ():
            found += 1
            yield one
    if not found and around.section in _COUNTED:
        yield {"resourceType": _COUNTED[around.section]}


def is_negated(node: Element, around: Around) -> bool:
    return around.negated or node.get("negationInd", "").lower() in ("true", "1")


def _act(node: Element, around: Around) -> Iterator[Json]:
    inner = node.find("entryRelationship/observation")
    # An act with a code of its own is something that was done; a concern only holds others.
    is_concern = bool(codes_of(node.find("code")) & {"CONC", "48765-2", "29308-4"})
    if templates(node) & _PROCEDURE and not is_concern:
        yield from procedure(node, around.texts, negated=is_negated(node, around))
        return
    status = node.find("statusCode")
    within = replace(
        around,
        concern=status.get("code", "") if status is not None else "",
        negated=is_negated(node, around),
    )
    if inner is None and not is_concern and around.section == "47519-4":
        yield from procedure(node, around.texts, negated=is_negated(node, around))
    for one in node.iterfind("entryRelationship"):
        yield from resources_of(one, within)


def _organizer(node: Element, around: Around) -> Iterator[Json]:
    relative = node.find("subject/relatedSubject/code")
    within = replace(around, relative=concept(relative, around.texts) or around.relative)
    if relative is None and node.find("subject/relatedSubject") is not None:
        within = replace(around, relative={"text": "relative"})
    for one in node.iterfind("component"):
        yield from resources_of(one, within)
    yield from devices(node, around.texts, negated=is_negated(node, around))


def _observation(node: Element, around: Around) -> Iterator[Json]:
    found, codes = templates(node), codes_of(node.find("code"))
    negated = is_negated(node, around)
    # They belong to the finding around them; alone, a rash from penicillin would be one of today.
    if codes & _NO_FINDINGS or found & _REACTION:
        return
    if node.get("moodCode", "EVN") == "GOL":
        yield {"resourceType": "Goal"}
        return
    # Before all others: a relative's diabetes has the template of a problem too.
    if around.relative:
        yield from relatives(node, around.texts, around.relative, negated=negated)
    elif found & _ALLERGY or around.section == "48765-2":
        yield from allergy(node, around.texts, concern=around.concern, negated=negated)
    elif found & _PROCEDURE or (around.section == "47519-4" and node.find("value") is None):
        yield from procedure(node, around.texts, negated=negated)
    # A habit is asserted like a problem, and "former smoker" is no disease.
    elif not found & _HABIT and _is_problem(node, found, codes):
        yield from condition(node, around.texts, concern=around.concern, negated=negated)
    else:
        yield from observation(node, around.texts, negated=negated)
    yield from pregnancy_dates(node, around.texts)


def _is_problem(node: Element, found: set[str], codes: set[str]) -> bool:
    value = node.find("value")
    coded = value is not None and value.get("xsi-type", "CD") in ("CD", "CE", "CV")
    return bool(found & _PROBLEM) or (coded and bool(codes & _SAYS_A_PROBLEM))


def _substance(node: Element, around: Around) -> Iterator[Json]:
    if templates(node) & _IMMUNISATION or around.section == "11369-6":
        yield {"resourceType": "Immunization"}
        return
    yield from medicine(
        node, around.texts, negated=is_negated(node, around), planned=around.is_plan,
        given=around.section == "29549-3",
    )  # fmt: skip


def _procedure(node: Element, around: Around) -> Iterator[Json]:
    yield from procedure(node, around.texts, negated=is_negated(node, around))
    for one in node.iterfind("entryRelationship"):
        # An implant's own organizer, a medicine given during it; not the reason for it.
        if one.get("typeCode") == "COMP" and one.find("observation") is None:
            yield from resources_of(one, around)


def _supply(node: Element, around: Around) -> Iterator[Json]:
    found = [*devices(node, around.texts, negated=is_negated(node, around))]
    yield from found or dispensed(node, around.texts)


def _encounter(node: Element, around: Around) -> Iterator[Json]:
    yield {"resourceType": "Encounter"}
    for one in node.iterfind("entryRelationship"):
        yield from resources_of(one, around)


_READERS = {
    "act": _act,
    "organizer": _organizer,
    "observation": _observation,
    "substanceAdministration": _substance,
    "procedure": _procedure,
    "supply": _supply,
    "encounter": _encounter,
}


def named(entry: Element, texts: Texts) -> str:
    """What an entry that nothing was read of is called, for the account."""
    node = entry[0]
    what = concept(node.find("code"), texts)
    coding = (what.get("coding") or [{}])[0]
    said = what.get("text") or coding.get("display") or coding.get("code") or ""
    said = said or referred(node.find("text"), texts) or words_in(node.find("text"))
    return f"{node.tag} {said[:80]}".strip()
