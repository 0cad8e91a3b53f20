"""Calls of CDS Hooks as the specification shows them, for tests."""

from __future__ import annotations

import copy
import uuid
from typing import Any

Json = dict[str, Any]

PATIENT: Json = {
    "resourceType": "Patient", "id": "1288992", "gender": "male", "birthDate": "1955-12-23",
}  # fmt: skip
WARFARIN: Json = {
    "resourceType": "MedicationRequest", "id": "smart-MedicationRequest-103", "status": "active",
    "intent": "order", "subject": {"reference": "Patient/1288992"},
    "medicationCodeableConcept": {"coding": [{
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "855332",
        "display": "Warfarin Sodium 5 MG Oral Tablet"}]},
}  # fmt: skip
EMPHYSEMA: Json = {
    "resourceType": "Condition", "id": "e", "subject": {"reference": "Patient/1288992"},
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "87433001",
                         "display": "Pulmonary emphysema"}]},
}  # fmt: skip


def searchset(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "type": "searchset",
            "entry": [{"resource": one} for one in resources]}  # fmt: skip


def prefetch(**more: Json | None) -> Json:
    """Every key satisfied; what is not named holds nothing."""
    keys = ("conditions", "allergies", "medicationRequests", "medicationStatements", "procedures",
            "devices", "observations")  # fmt: skip
    return {"patient": PATIENT, **dict.fromkeys(keys), **more}


def order(text: str = "Dry needling", place: str = "", **more: Any) -> Json:
    found: Json = {
        "resourceType": "ServiceRequest", "id": "needling-1", "status": "draft", "intent": "order",
        "subject": {"reference": "Patient/1288992"}, "code": {"text": text}, **more,
    }  # fmt: skip
    return {**found, "bodySite": [{"text": place}]} if place else found


NUTRITION: Json = {"resourceType": "NutritionOrder", "id": "pureeddiet-simple", "status": "draft"}


def call(hook: str = "patient-view", *orders: Json, **more: Any) -> Json:
    context: Json = {"userId": "Practitioner/example", "patientId": "1288992",
                     "encounterId": "89284"}  # fmt: skip
    if hook != "patient-view":
        context["draftOrders"] = {
            "resourceType": "Bundle",
            "entry": [{"resource": one} for one in (NUTRITION, *orders)],
        }
    if hook == "order-select":
        context["selections"] = [f"{one['resourceType']}/{one['id']}" for one in orders]
    found = {"hookInstance": str(uuid.uuid4()), "hook": hook, "context": context,
             "prefetch": prefetch(medicationRequests=searchset(WARFARIN)), **more}  # fmt: skip
    return copy.deepcopy(found)
