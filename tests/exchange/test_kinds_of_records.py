"""The same fact in the shapes in which the world's systems send it: what fires, and what must not.

Made up for these tests; each row stands for a kind of answer that was once wrong or might be.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.test_records_of_all_countries import (
    DAY,
    RX,
    SCT,
    Json,
    condition,
    done,
    fact,
    medicine,
    record,
    result,
)

from filiform.screening import screen

LOINC, ICD10, CM = (
    "http://loinc.org",
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
)
ATC, ICD11 = "http://www.whocc.no/atc", "http://id.who.int/icd/release/11/mms"
WARFARIN = "Warfarin 5 mg"
LAB = {"category": [{"coding": [{"code": "laboratory"}]}]}


def coded(system: str, code: str, kind: str = "Condition") -> Json:
    key = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
    return fact(kind, "x", status="active") | {key: {"coding": [{"system": system, "code": code}]}}


def measured(name: str, **more: Any) -> Json:
    return fact("Observation", name, status="final", effectiveDateTime="2026-11-20", **LAB, **more)


def number(name: str, value: float, unit: str) -> Json:
    return measured(name, valueQuantity={"value": value, "unit": unit})


def device(text: str, **more: Any) -> Json:
    return fact("Device", text, "type", patient={"reference": "Patient/p"}, **more)


def pregnancy_status(**value: Any) -> Json:
    concept = {"coding": [{"system": LOINC, "code": "82810-3"}]}
    return fact("Observation", status="final", **value) | {"code": concept}


def allergy(text: str, **more: Any) -> Json:
    return fact("AllergyIntolerance", text, **more)


MUST: list[tuple[str, str, Json]] = [
    ("a plus in brackets", "hiv", result("HIV Ab", "(+)")),
    ("a Japanese reactive", "hiv", result("HIV抗体", "反応性")),
    ("an Urdu reactive", "hiv", result("HIV Ab", "ری ایکٹو")),
    ("platelets in Japan", "platelets-very-low", number("血小板数", 3.0, "万/μL")),
    ("platelets in India", "platelets-very-low", number("Platelet count", 0.3, "lakhs/cumm")),
    ("platelets per nanolitre", "platelets-very-low", number("Thrombozyten", 30, "/nl")),
    ("platelets as a text", "platelets-very-low", measured("Plaquettes", valueString="30 G/l")),
    ("an INR with a comma", "anticoagulant-vka", measured("INR", valueString="4,5")),
    ("weeks and days", "pregnancy-t2t3", fact(
        "Observation", status="final", effectiveDateTime="2026-11-20", valueString="30+2")
        | {"code": {"coding": [{"system": LOINC, "code": "18185-9"}]}}),
    ("a possible pregnancy", "pregnancy-t1|pregnancy-t2t3", pregnancy_status(
        valueCodeableConcept={"coding": [{"system": SCT, "code": "102874004"}]})),
    ("ICD-10 without a dot", "epilepsy", coded(ICD10, "G409")),
    ("ICD-10 in small letters", "epilepsy", coded(ICD10, " g40.9 ")),
    ("ICD-10 of an unknown country", "epilepsy", coded("urn:oid:9.9.9.1", "G40.9")),
    ("ATC of an unknown country", "anticoagulant-doac",
        coded("urn:oid:9.9.9.2", "B01AF02", "MedicationStatement")),
    ("an ICD-11 cluster", "epilepsy", coded(ICD11, "8A60&XT5R")),
    ("an ICD-11 address", "epilepsy", coded(ICD11, f"{ICD11}/8A60")),
    ("a refined SNOMED CT code", "epilepsy", coded(SCT, "84757009:246112005=24484000")),
    ("a SNOMED CT expression", "epilepsy", coded(SCT, "=== 84757009 |Epilepsy| : 1 = 2")),
    ("a pacemaker that is adjusted", "pacemaker-electro", coded(ICD10, "Z45.0")),
    ("a carrier of hepatitis", "hepatitis-bc", coded(CM, "Z22.51")),
    ("a substance only at the reaction", "nickel-chromium", allergy(
        "Allergy to substance", reaction=[{"substance": {"text": "Nickel"}}])),
    ("rubber in German", "latex", allergy("Kautschuk")),
    ("rubber in Chinese", "latex", allergy("天然橡胶")),
    ("latex in Urdu", "latex", allergy("لیٹیکس")),
    ("diabetes in Urdu", "diabetes", condition("ذیابیطس")),
    ("tuberculosis in Urdu", "tb-lung-history", condition("ٹی بی")),
    ("an Arabic article", "epilepsy", condition("الصرع")),
    ("an Arabic article written together", "diabetes", condition("مريض بالسكري")),
    ("a mechanical valve", "endocarditis-valve", device("Aortic valve prosthesis, mechanical")),
    ("a defibrillator", "pacemaker-electro", device("Kardioverter-Defibrillator")),
    ("titanium", "fixation-hardware", device("Titanium plate forearm")),
    ("one's own disease before a relative's", "epilepsy", condition("Epilepsie, Mutter Diabetes")),
    ("but", "epilepsy", condition("Pas de diabète mais épilepsie")),
    ("not only", "diabetes", condition("Non solo epilessia ma anche diabete")),
    ("cancer without metastases", "cancer-active", condition("Mammakarzinom, keine Metastasen")),
    ("cancer, metastases excluded", "cancer-active", condition("Prostatakarzinom, Metastasen"
                                                               " ausgeschlossen")),
    ("a statement that is being completed", "anticoagulant-vka", medicine(WARFARIN) | {
        "status": "completed", "effectivePeriod": {"start": "2026-10-01", "end": "2027-01-01"}}),
    ("a contained ingredient", "anticoagulant-doac", {
        "resourceType": "MedicationStatement", "id": "m", "status": "active",
        "subject": {"reference": "Patient/p"}, "medicationReference": {"reference": "#d"},
        "contained": [{"resourceType": "Medication", "id": "d", "ingredient": [
            {"itemCodeableConcept": {"text": "Rivaroxaban"}}]}]}),
    ("R5", "anticoagulant-doac", {
        "resourceType": "MedicationStatement", "id": "m", "status": "recorded",
        "subject": {"reference": "Patient/p"}, "medication": {"concept": {"text": "Apixaban"}}}),
    ("aspirin in Hindi", "antiplatelet-single", medicine("डिस्प्रिन")),
    ("RxNorm", "anticoagulant-vka", coded(RX, "855332", "MedicationStatement")),
]  # fmt: skip
NEVER: list[tuple[str, str, Json]] = [
    ("nothing seen by a far-off no", "cancer-active cancer-local", result(
        "Fernmetastasen", "keine nachweisbar")),
    ("a sentence as a value", "cancer-active cancer-local", result(
        "M-Kategorie", "keine Fernmetastasen nachweisbar")),
    ("a number under its limit", "hiv", result("HIV Ag/Ab", "<0,05")),
    ("NR", "hiv", result("HIV Ag/Ab", "NR")),
    ("a Russian no", "hiv", result("ВИЧ антитела", "не выявлены")),
    ("an Arabic no", "hepatitis-bc", result("HBsAg", "سلبية")),
    ("a Hindi no", "hepatitis-bc", result("HBsAg", "गैर प्रतिक्रियाशील")),
    ("a minus in brackets", "hepatitis-bc", result("HBs抗原", "(-)")),
    ("no data", "hiv", measured("HIV", dataAbsentReason={"coding": [{"code": "unknown"}]})),
    ("enough platelets in Japan", "platelets-very-low", number("血小板数", 22.0, "万/μL")),
    ("not pregnant", "pregnancy-t1 pregnancy-t2t3", pregnancy_status(
        valueCodeableConcept={"coding": [{"system": LOINC, "code": "LA26683-5"}]})),
    ("pregnancy unknown", "pregnancy-t1 pregnancy-t2t3", pregnancy_status(
        valueCodeableConcept={"text": "Unknown"})),
    ("a pacemaker no longer used", "pacemaker-electro", device("Pacemaker", status="inactive")),
    ("an old breast implant's code", "surgery-recent", coded(CM, "Z98.82")),
    ("a nullified order", "anticoagulant-vka", medicine(WARFARIN) | {"status": "nullified"}),
    ("not taken", "anticoagulant-vka", medicine(WARFARIN) | {"status": "not-taken"}),
    ("eye drops by ATC of an unknown country", "immunosuppressed",
        coded("urn:oid:9.9.9.2", "S01XA18", "MedicationStatement")),
    ("a screening", "tb-lung-history", done("Tamizaje de tuberculosis")),
    ("a pacemaker that is checked", "pacemaker-electro", done("Schrittmacherkontrolle")),
    ("an explantation", "breast-implant", done("Removal of breast implants, both")),
    ("a differential diagnosis", "hiv", condition("DD: HIV")),
    ("to be excluded", "epilepsy", condition("Epilepsie auszuschließen")),
    ("a list of what is denied", "epilepsy diabetes", condition(
        "Denies diabetes, epilepsy or tuberculosis")),
    ("a Japanese minus", "diabetes", condition("糖尿病(-)、高血圧(+)")),
    ("if it should come", "clot-recent", condition("Bei Auftreten einer Thrombose vorstellen")),
]  # fmt: skip


def fired(one: Json) -> set[str]:
    found = screen(record(one).disclosure(on=DAY), on=DAY)
    return {reason.id for reason in (*found.reasons, *found.elsewhere)}


@pytest.mark.parametrize("must", [True, False], ids=["fires", "does-not-fire"])
def test_every_kind_of_record_says_what_a_reader_takes_from_it(must: bool) -> None:
    wrong = [
        (name, rules, sorted(found))
        for name, rules, one in (MUST if must else NEVER)
        if bool((found := fired(one)) & set(rules.replace("|", " ").split())) is not must
    ]
    assert not wrong
