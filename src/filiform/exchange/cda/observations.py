"""Results, vital signs and other observations of a clinical document."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from filiform.exchange.cda.concepts import Texts, codes_of, concept, named_or_told, referred
from filiform.exchange.cda.tree import time_at, words_in
from filiform.exchange.fhir.elements import Json

_STATUS = {"completed": "final", "active": "preliminary", "aborted": "cancelled",
           "cancelled": "cancelled", "nullified": "entered-in-error"}  # fmt: skip
_DATES = {"11778-8", "11779-6", "8665-2"}
"""LOINC: expected date of delivery (two ways), first day of the last period."""


def observation(node: Element, texts: Texts, *, negated: bool) -> Iterator[Json]:
    """One result. Negated, it was not measured."""
    status = node.find("statusCode")
    stated = status.get("code", "") if status is not None else ""
    found: Json = {
        "resourceType": "Observation",
        "status": "cancelled" if negated else _STATUS.get(stated, "final"),
        "code": named_or_told(node, concept(node.find("code"), texts), texts),
        **_value(node.find("value"), texts),
    }
    # Ordered or planned: there is no result yet.
    if node.get("moodCode", "EVN") != "EVN":
        found["status"] = "registered"
    judged = [one for each in node.iterfind("interpretationCode") if (one := concept(each, texts))]
    if judged:
        found["interpretation"] = judged
    day = time_at(node, "effectiveTime/low") or time_at(node, "effectiveTime")
    if day:
        found["effectiveDateTime"] = day
    yield found


def _value(value: Element | None, texts: Texts) -> Json:
    """The value by its type; what is bounded on one side is the bound ("> 5" is 5)."""
    if value is None or (value.get("nullFlavor") and not len(value)):
        return {}
    kind = value.get("xsi-type", "")
    if kind in ("CD", "CE", "CV", "CO", "CS"):
        return {"valueCodeableConcept": code} if (code := concept(value, texts)) else {}
    if kind == "BL":
        return {"valueBoolean": value.get("value") == "true"}
    if kind == "TS":
        return {"valueDateTime": day} if (day := time_at(value)) else {}
    if kind in ("PQ", "INT", "REAL", "IVL_PQ", "IVL_INT"):
        return _quantity(value)
    said = words_in(value) or value.get("value", "") or referred(value, texts)
    return {"valueString": said} if said else {}


def _quantity(value: Element) -> Json:
    # The lower bound first: of "more than 5" that is all that is known.
    for one in (value, value.find("low"), value.find("high"), value.find("center")):
        number = one.get("value") if one is not None else None
        if one is not None and number:
            unit = one.get("unit", "")
            return {"valueQuantity": {"value": number, "unit": unit, "code": unit}}
    said = words_in(value)
    return {"valueString": said} if said else {}


def pregnancy_dates(node: Element, texts: Texts) -> Iterator[Json]:
    """The due date that stands inside the observation of a pregnancy."""
    for one in node.iterfind("entryRelationship/observation"):
        if codes_of(one.find("code")) & _DATES:
            yield from observation(one, texts, negated=False)
