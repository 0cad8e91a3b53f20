"""A small International Patient Summary, made for one patient, as a hospital would send it."""

from __future__ import annotations

import json

SCT = "http://snomed.info/sct"


def patient_summary(*, family: str, given: str, birth_date: str) -> bytes:
    """A document Bundle: one active medicine, one stopped, one active condition, one resolved."""
    subject = {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}

    def clinical(code: str) -> dict[str, object]:
        system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
        return {"coding": [{"system": system, "code": code}]}

    resources = [
        {
            "resourceType": "Composition",
            "id": "summary",
            "status": "final",
            "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
            "subject": subject,
            "date": "2026-10-01",
            "title": "Patient summary",
            "section": [],
        },
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [{"family": family, "given": [given]}],
            "gender": "female",
            "birthDate": birth_date,
        },
        {
            "resourceType": "MedicationStatement",
            "id": "aspirin",
            "status": "active",
            "subject": subject,
            "medicationCodeableConcept": {"text": "Aspirin 75 mg tablet"},
            "effectivePeriod": {"start": "2025-01-10"},
        },
        {
            "resourceType": "MedicationStatement",
            "id": "warfarin",
            "status": "completed",
            "subject": subject,
            "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"},
            "effectivePeriod": {"start": "2019-01-10", "end": "2019-06-30"},
        },
        {
            "resourceType": "Condition",
            "id": "hypertension",
            "clinicalStatus": clinical("active"),
            "code": {"text": "Essential hypertension"},
            "subject": subject,
            "onsetDateTime": "2021",
        },
        {
            "resourceType": "Condition",
            "id": "sinusitis",
            "clinicalStatus": clinical("resolved"),
            "code": {"text": "Viral sinusitis"},
            "subject": subject,
            "onsetDateTime": "2020-02-01",
            "abatementDateTime": "2020-02-15",
        },
    ]
    entries = [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012d}", "resource": resource}
        for number, resource in enumerate(resources)
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "document",
        "timestamp": "2026-10-01T09:00:00+05:00",
        "entry": entries,
    }
    return json.dumps(bundle).encode()
