"""Medicines of a clinical document."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from filiform.exchange.cda.concepts import Texts, codes_of, concept, named_or_told, referred
from filiform.exchange.cda.statements import none_of
from filiform.exchange.cda.tree import time_at, words_in
from filiform.exchange.fhir.elements import Json

_ANY_MEDICINE = {"410942007", "182904002"}
_STATUS = {"active": "active", "suspended": "on-hold", "held": "on-hold", "aborted": "stopped",
           "cancelled": "cancelled", "nullified": "entered-in-error", "new": "active"}  # fmt: skip
_STATUS_SAID = {"55561003": "active", "73425007": "stopped", "421139008": "on-hold",
                "392521001": "completed"}  # fmt: skip


def medicine(
    node: Element, texts: Texts, *, negated: bool, planned: bool, given: bool
) -> Iterator[Json]:
    """One substanceAdministration.

    planned: it stands in the plan of care. given: among the doses that a visit gave.
    """
    code = material(node, texts)
    if negated and (not code or _codes(node) & _ANY_MEDICINE):
        yield {"resourceType": "MedicationStatement",
               "medicationCodeableConcept": none_of("no-known-medications")}  # fmt: skip
        return
    code = named_or_told(node, code, texts)
    start, end, once = _taken(node)
    yield {
        "resourceType": "MedicationStatement",
        "status": "not-taken" if negated else _status(node, end=end, once=once or given),
        **({"intent": "proposal"} if planned and node.get("moodCode") == "PRP" else {}),
        "medicationCodeableConcept": code,
        "effectivePeriod": {key: day for key, day in (("start", start), ("end", end)) if day},
        "dosage": [_dosage(node, texts)],
    }


def _codes(node: Element) -> set[str]:
    return codes_of(node.find("consumable/manufacturedProduct/manufacturedMaterial/code"))


def material(node: Element, texts: Texts) -> Json:
    """The product: its code, else its name, else its ingredients' (the drug of a mixture)."""
    for path in ("consumable/manufacturedProduct", "product/manufacturedProduct"):
        for kind in ("manufacturedMaterial", "manufacturedLabeledDrug"):
            found = node.find(f"{path}/{kind}")
            if found is None:
                continue
            code, name = concept(found.find("code"), texts), words_in(found.find("name"))
            for one in found.iterfind(".//ingredient//code"):
                more = concept(one, texts).get("coding", ())
                code = code | {"coding": [*code.get("coding", ()), *more]}
            if name and not code.get("text"):
                code = code | {"text": name}
            if code.get("coding") or code.get("text"):
                return code
    return {}


def _status(node: Element, *, end: str, once: bool) -> str:
    """Where it stands: the status observation, then the statusCode.

    "completed" is what many systems write for all that they know: without an end it is taken for
    unknown, which counts, not for over.
    """
    for one in node.iterfind("entryRelationship/observation"):
        if "33999-4" in codes_of(one.find("code")):
            for said in codes_of(one.find("value")):
                if said in _STATUS_SAID:
                    return _STATUS_SAID[said]
    stated = node.find("statusCode")
    code = stated.get("code", "") if stated is not None else ""
    if code == "completed":
        # See above: without an end the medicine may well be taken still.
        return "completed" if end or once else "unknown"
    return _STATUS.get(code, "active")


def _taken(node: Element) -> tuple[str, str, bool]:
    """First day, last day, and whether it was a single dose.

    A document has several effectiveTimes: the interval, and how often within it.
    """
    start = end = ""
    once = False
    for one in node.iterfind("effectiveTime"):
        # How often, not when; its own start would be taken for the medicine's.
        if one.get("xsi-type") in ("PIVL_TS", "EIVL_TS", "SXPR_TS"):
            continue
        start = start or time_at(one, "low")
        end = end or time_at(one, "high")
        if one.get("value") and not start:
            start, once = time_at(one), True
    done = node.find("statusCode")
    if once and done is not None and done.get("code") == "completed":
        end = end or start
    return start, end, once


def _dosage(node: Element, texts: Texts) -> Json:
    """Route, dose and how often: what makes a daily dose, and tells a cream from a tablet."""
    found: Json = {}
    route = concept(node.find("routeCode"), texts)
    if route:
        found["route"] = route
    dose = node.find("doseQuantity")
    value = dose.get("value") if dose is not None else None
    if dose is not None and value:
        found["doseAndRate"] = [{"doseQuantity": {"value": value, "unit": dose.get("unit", "")}}]
    for one in node.iterfind("effectiveTime"):
        period = one.find("period")
        if one.get("xsi-type") == "PIVL_TS" and period is not None and period.get("value"):
            found["timing"] = {"repeat": {"frequency": 1, "period": period.get("value"),
                                          "periodUnit": period.get("unit", "")}}  # fmt: skip
    said = referred(node.find("text"), texts) or words_in(node.find("text"))
    if said:
        found["text"] = said
    # CDA says "as needed" by naming the condition for it.
    if node.find("precondition") is not None:
        found["asNeededBoolean"] = True
    return found


def dispensed(node: Element, texts: Texts) -> Iterator[Json]:
    """A supply of a medicine; without a product it is only a number of repeats."""
    code = material(node, texts)
    if not code:
        return
    day = time_at(node, "effectiveTime/low") or time_at(node, "effectiveTime")
    if node.get("moodCode", "EVN") == "EVN":
        yield {"resourceType": "MedicationDispense", "status": "completed",
               "medicationCodeableConcept": code,
               **({"whenHandedOver": day} if day else {})}  # fmt: skip
    else:
        yield {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
               "medicationCodeableConcept": code,
               **({"authoredOn": day} if day else {})}  # fmt: skip
