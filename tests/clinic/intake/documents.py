"""FHIR documents as tests write them, and how one is brought to its page."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from filiform.clinic.intake import queries

SNOMED = "http://snomed.info/sct"


def bundle(*resources, name="Amna Siddiqui", born="1984-03-09", gender="female") -> bytes:
    given, _, family = name.rpartition(" ")
    person = {
        "resourceType": "Patient", "id": "p", "gender": gender,
        "name": [{"given": [given], "family": family}],
    }  # fmt: skip
    if born:
        person["birthDate"] = born
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": r} for n, r in enumerate(resources)]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": person}, *entries]}
    ).encode()


def condition(key="c1", text="Emphysema", status="active", **more):
    return {
        "resourceType": "Condition", "id": key, "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"code": status}]}, "code": {"text": text}, **more,
    }  # fmt: skip


def medicine(key="m1", text="Warfarin 5 MG Oral Tablet", status="active", **more):
    return {
        "resourceType": "MedicationStatement", "id": key, "status": status,
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": text}, **more,
    }  # fmt: skip


def coded(kind, key, text, code=""):
    """An AllergyIntolerance or a MedicationStatement with a code of SNOMED."""
    name = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
    codes = [{"system": SNOMED, "code": code}] if code else []
    return {
        "resourceType": kind, "id": key, "status": "active", name: {"text": text, "coding": codes},
    }  # fmt: skip


def as_member(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client, patient, raw: bytes):
    file = SimpleUploadedFile("summary.json", raw, content_type="application/json")
    return client.post(reverse("intake:import", args=[patient.pk]), {"file": file})


def texts(patient) -> list[str]:
    return sorted(row.text for row in queries.facts(patient))
