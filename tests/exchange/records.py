"""Whole records as clinics and national systems send them, of people who were made up.

RECORDS are this project's own. Sample records that others wrote are read too where they lie
beside the project; nothing depends on their being there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BESIDE = sorted((Path(__file__).parents[3] / "shared" / "samples").glob("*.json"))

Json = dict[str, Any]
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def coded(system: str, code: str, said: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": said}], "text": said}


class Writer:
    """Puts a record together; every resource is about the one person."""

    def __init__(self, given: str, family: str, gender: str, born: str, kind: str) -> None:
        self.kind = kind
        self.whom = "urn:uuid:person" if kind == "transaction" else "Patient/person"
        self.resources: list[Json] = [
            {
                "resourceType": "Patient", "id": "person", "gender": gender, "birthDate": born,
                "name": [{"use": "official", "given": [given], "family": family}],
            }
        ]  # fmt: skip

    def add(self, kind: str, *, subject: str = "subject", **fields: Any) -> str:
        """Answers how other resources refer to it."""
        name = f"{kind.lower()}-{len(self.resources)}"
        more = {subject: {"reference": self.whom}} if subject else {}
        self.resources.append({"resourceType": kind, "id": name, **more, **fields})
        return f"urn:uuid:{name}" if self.kind == "transaction" else f"{kind}/{name}"

    def condition(self, code: Json, clinical: str, since: str, **more: Any) -> str:
        return self.add(
            "Condition",
            code=code,
            clinicalStatus={"coding": [{"system": CLINICAL, "code": clinical}]},
            verificationStatus={"coding": [{"system": VERIFIED, "code": "confirmed"}]},
            onsetDateTime=since,
            **more,
        )

    def measured(self, code: Json, value: float, unit: str, when: str) -> str:
        return self.add(
            "Observation",
            status="final",
            code=code,
            effectiveDateTime=when,
            valueQuantity={"value": value, "unit": unit, "code": unit},
        )

    def bundle(self) -> Json:
        entries: list[Json] = []
        for one in self.resources:
            address = f"urn:uuid:{one['id']}"
            if self.kind != "transaction":
                address = f"https://records.example/fhir/{one['resourceType']}/{one['id']}"
            entry: Json = {"fullUrl": address, "resource": one}
            if self.kind == "transaction":
                entry["request"] = {"method": "POST", "url": one["resourceType"]}
            entries.append(entry)
        return {"resourceType": "Bundle", "type": self.kind, "entry": entries}


def elderly_man_on_warfarin() -> Json:
    """A hospital's whole export: what counts stands among encounters, claims and panels."""
    record = Writer("Rashid", "Mehmood", "male", "1948-02-11", "transaction")
    clinic = record.add("Organization", subject="", name="City hospital")
    doctor = record.add("Practitioner", subject="", name=[{"family": "Anwar"}])
    for year in range(2015, 2026):
        seen = record.add(
            "Encounter", status="finished", period={"start": f"{year}-03-02"},
            **{"class": {"code": "AMB"}}, serviceProvider={"reference": clinic},
            participant=[{"individual": {"reference": doctor}}],
        )  # fmt: skip
        record.add("Claim", subject="patient", status="active", use="claim",
                   item=[{"sequence": 1, "encounter": [{"reference": seen}]}])  # fmt: skip
        record.measured(coded(LOINC, "6301-6", "INR"), 2.1 + year % 3 / 10, "{INR}",
                        f"{year}-03-02T09:00:00+05:00")  # fmt: skip
        record.measured(coded(LOINC, "29463-7", "Body weight"), 71.5, "kg", f"{year}-03-02")
    record.measured(coded(LOINC, "8302-2", "Body height"), 172, "cm", "2025-03-02")
    record.condition(coded(SNOMED, "49436004", "Atrial fibrillation"), "active", "2016-05-20")
    sore_throat = coded(SNOMED, "195662009", "Acute viral pharyngitis")
    record.condition(sore_throat, "resolved", "2019-01-08", abatementDateTime="2019-01-20")
    record.add(
        "MedicationRequest", status="active", intent="order", authoredOn="2025-06-01",
        medicationCodeableConcept=coded(RXNORM, "855332", "Warfarin Sodium 5 MG Oral Tablet"),
    )  # fmt: skip
    record.add(
        "MedicationRequest", status="stopped", intent="order", authoredOn="2017-02-01",
        medicationCodeableConcept=coded(RXNORM, "243670", "Aspirin 81 MG Oral Tablet"),
    )  # fmt: skip
    record.add("Procedure", status="completed", performedDateTime="2016-05-21",
               code=coded(SNOMED, "180325003", "Electrical cardioversion"))  # fmt: skip
    record.add("Immunization", subject="patient", status="completed",
               vaccineCode={"text": "Influenza"}, occurrenceDateTime="2024-10-01")  # fmt: skip
    return record.bundle()


def summary_of_a_woman_with_allergies() -> Json:
    """A patient summary: sections that refer, a medicine in a resource of its own."""
    record = Writer("Nadia", "Baloch", "female", "1979-09-30", "document")
    insulin = record.add("Medication", subject="", code={"text": "Insulin glargine 100 IU/ml"})
    parts = {
        "Medication": [
            record.add("MedicationStatement", status="active",
                       medicationReference={"reference": insulin},
                       effectivePeriod={"start": "2020-01"})
        ],
        "Allergies": [
            record.add("AllergyIntolerance", subject="patient",
                       code=coded(SNOMED, "111088007", "Latex"),
                       clinicalStatus={"coding": [{"code": "active"}]}, criticality="high"),
            record.add("AllergyIntolerance", subject="patient", code={"text": "Penicillin"},
                       clinicalStatus={"coding": [{"code": "inactive"}]}),
        ],
        "Problems": [
            record.condition(coded(ICD10, "E11.9", "Type 2 diabetes"), "active", "2012"),
            record.condition(coded(ICD10, "L40.0", "Psoriasis vulgaris"), "remission", "2001-04"),
            record.condition({"text": "Lymphedema"}, "active", "2022-08-15",
                             bodySite=[{"text": "left arm"}]),
        ],
    }  # fmt: skip
    composition: Json = {
        "resourceType": "Composition", "id": "summary", "status": "final", "date": "2025-11-01",
        "title": "Patient summary", "type": {"text": "Patient summary"},
        "subject": {"reference": record.whom},
        "section": [
            {"title": title, "entry": [{"reference": one} for one in entries]}
            for title, entries in parts.items()
        ],
    }  # fmt: skip
    record.resources.insert(0, composition)
    return record.bundle()


def pregnant_teacher() -> Json:
    """Pregnant now, once before, with a pacemaker's check in the family history only."""
    record = Writer("Sadia", "Rafiq", "female", "1994-06-17", "collection")
    record.condition(coded(SNOMED, "77386006", "Pregnancy"), "active", "2025-07-10")
    record.condition(coded(SNOMED, "77386006", "Pregnancy"), "resolved", "2021-02-01",
                     abatementDateTime="2021-11-05")  # fmt: skip
    record.condition({"text": "Migraine without aura"}, "recurrence", "2015")
    record.add("FamilyMemberHistory", subject="patient", status="completed",
               relationship={"text": "father"},
               condition=[{"code": {"text": "Cardiac pacemaker"}}])  # fmt: skip
    record.add("MedicationStatement", status="active", effectivePeriod={"start": "2025-08"},
               medicationCodeableConcept={"text": "Folic acid 400 micrograms"})  # fmt: skip
    return record.bundle()


def man_with_a_long_past() -> Json:
    """Much that is over, mistaken, refuted or not done, and two things that stay for life."""
    record = Writer("Iqbal", "Yousaf", "male", "1961-01-25", "collection")
    past = (
        ("Haemophilia A", "active", {"verificationStatus": {"coding": [{"code": "refuted"}]}}),
        ("Cellulitis", "resolved", {"abatementDateTime": "2010-05-01"}),
        ("Pneumothorax", "resolved", {"abatementDateTime": "1999-03-03"}),
        ("Osteoarthritis of knee", "active", {}),
    )
    for said, clinical, more in past:
        fields = {"code": {"text": said}, "onsetDateTime": "1999-02-01",
                  "clinicalStatus": {"coding": [{"code": clinical}]}, **more}  # fmt: skip
        record.add("Condition", **fields)
    for status in ("stopped", "entered-in-error", "not-taken"):
        record.add("MedicationStatement", status=status, effectivePeriod={"end": "2012-01-01"},
                   medicationCodeableConcept={"text": "Rivaroxaban 20 mg"})  # fmt: skip
    record.add("Procedure", status="not-done", code={"text": "Total hip replacement"})
    record.add("Procedure", status="completed", performedDateTime="2003-09-09",
               code={"text": "Total knee replacement"}, bodySite=[{"text": "right"}])  # fmt: skip
    record.add("Device", subject="patient", status="inactive", type={"text": "Insulin pump"})
    return record.bundle()


def child_with_nothing_known() -> Json:
    """Hardly anything is known, and that is said."""
    record = Writer("Hania", "Shah", "female", "2014-12-02", "collection")
    record.add("AllergyIntolerance", subject="patient",
               code=coded(SNOMED, "716186003", "No known allergy"),
               clinicalStatus={"coding": [{"code": "active"}]})  # fmt: skip
    return record.bundle()


RECORDS = {
    one.__name__.replace("_", "-"): one()
    for one in (
        elderly_man_on_warfarin,
        summary_of_a_woman_with_allergies,
        pregnant_teacher,
        man_with_a_long_past,
        child_with_nothing_known,
    )
}


def every_record() -> list[tuple[str, bytes]]:
    """Name and bytes of each: our own, and those of others where they lie beside the project."""
    own = [(name, json.dumps(document).encode()) for name, document in RECORDS.items()]
    return own + [(path.stem, path.read_bytes()) for path in BESIDE]
