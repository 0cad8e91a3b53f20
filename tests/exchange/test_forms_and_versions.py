"""Records in other versions, forms and spellings: read, or named in one sentence."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from filiform.disclosure import Kind
from filiform.exchange.fhir import BundleError, ReadBundle, read_bundle
from filiform.exchange.fhir.dosage import daily_mg
from filiform.exchange.fhir.xml import from_xml
from filiform.screening import screen

DAY = date(2026, 3, 2)
Json = dict[str, Any]
WARFARIN: Json = {"text": "Warfarin 5 mg"}


def bundle(*resources: Json, kind: str = "collection") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}


def person(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": "0b1c", "birthDate": "1971-02-03", **more}


def read(document: Any) -> ReadBundle:
    return read_bundle(json.dumps(document).encode())


def fired(document: Any) -> set[str]:
    found = read(document).disclosure(on=DAY)
    return {reason.id for reason in screen(found, on=DAY).reasons}


def medicine(kind: str = "MedicationStatement", **more: Any) -> Json:
    return {"resourceType": kind, "id": "m", "status": "active",
            "medicationCodeableConcept": WARFARIN} | more  # fmt: skip


TAKEN = {
    "DSTU2's order": medicine("MedicationOrder", dateWritten="2026-01-05"),
    "DSTU1's prescription": medicine("MedicationPrescription",
                                     patient={"reference": "Patient/0b1c"}),
    "STU3's statement": medicine(taken="y"),
    "R5's statement": {"resourceType": "MedicationStatement", "id": "m", "status": "recorded",
                       "medication": {"concept": WARFARIN}},
    "a bare concept": {"resourceType": "MedicationStatement", "id": "m", "status": "active",
                       "medication": WARFARIN},
}  # fmt: skip
NOT_TAKEN = {
    "DSTU2's wasNotTaken": medicine(wasNotTaken=True),
    "STU3's taken": medicine(taken="n"),
    "R5's adherence": medicine(status="recorded",
                               adherence={"code": {"coding": [{"code": "not-taking"}]}}),
    "DSTU2's ended order": medicine("MedicationOrder", dateEnded="2025-01-05"),
}  # fmt: skip


def test_every_version_says_in_its_own_way_what_is_taken() -> None:
    found = {
        name: "anticoagulant-vka" in fired(bundle(person(), one))
        for name, one in (TAKEN | NOT_TAKEN).items()
    }
    assert found == {name: name in TAKEN for name in (TAKEN | NOT_TAKEN)}


def test_the_version_is_told_by_its_shape() -> None:
    shapes = {
        "DSTU2": TAKEN["DSTU2's order"], "STU3": TAKEN["STU3's statement"],
        "R5": TAKEN["R5's statement"], "R4": medicine(),
    }  # fmt: skip
    assert {name: read(bundle(one)).version for name, one in shapes.items()} == {
        name: name for name in shapes
    }


def test_older_allergies_conditions_and_procedures_are_read_by_their_own_status() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "substance": {"text": "Latex"}}
    assert "latex" in fired(bundle(person(), allergy | {"status": "confirmed"}))
    assert "latex" not in fired(bundle(person(), allergy | {"status": "refuted"}))
    condition = {"resourceType": "Condition", "code": {"text": "Epilepsy"}}
    assert "epilepsy" not in fired(bundle(person(), condition | {"clinicalStatus": "resolved"}))
    hip = {"resourceType": "Procedure", "code": {"text": "Total hip replacement"}}
    assert "joint-replacement" in fired(bundle(person(), hip | {"status": "completed"}))
    for never in ({"notDone": True}, {"notPerformed": True}):
        assert "joint-replacement" not in fired(bundle(person(), hip | never))


REFERENCES = [
    {"reference": "Patient/0b1c"}, {"reference": "urn:uuid:0b1c"}, {"reference": "urn:uuid:0B1C"},
    {"reference": "urn:uuid:Patient/0b1c"}, {"reference": "0b1c"}, "Patient/0b1c",
    {"reference": "http://h.example/fhir/Patient/0b1c/_history/3"},
    {"reference": "Patient/0b1c/"},
    {"identifier": {"system": "urn:mrn", "value": "17"}},
    {"reference": "Patient?identifier=urn:mrn|17"},
    {"reference": "Patient?identifier=urn%3Amrn%7C17"},
    {"display": "Zohra"},
]  # fmt: skip
STRANGERS = [
    {"reference": "Patient/77"}, {"reference": "urn:uuid:77"},
    {"identifier": {"system": "urn:mrn", "value": "18"}},
    {"identifier": {"system": "urn:other", "value": "17"}},
    {"reference": "Patient?identifier=urn:mrn|18"},
]  # fmt: skip


def test_the_patient_is_found_by_every_spelling_of_the_reference_and_strangers_are_told() -> None:
    who = person(identifier=[{"system": "urn:mrn", "value": "17"}])
    found = {
        str(one): "anticoagulant-vka" in fired(bundle(who, medicine(subject=one)))
        for one in (*REFERENCES, *STRANGERS)
    }
    assert found == {str(one): one in REFERENCES for one in (*REFERENCES, *STRANGERS)}
    for one in STRANGERS:
        (unread,) = read(bundle(who, medicine(subject=one))).unread
        assert "who is not in it" in unread.why


def test_a_fact_about_another_patient_in_the_bundle_is_left_out_and_not_unread() -> None:
    composition = {"resourceType": "Composition", "subject": {"reference": "Patient/0b1c"}}
    document = bundle(composition, person(), person(id="77"),
                      medicine(subject={"reference": "Patient/77"}))  # fmt: skip
    found = read(document)
    assert [one.why for one in found.left_out] == ["other-patient"]
    assert not found.unread


def test_the_newest_version_of_a_resource_counts() -> None:
    def versions(*metas: Json) -> Json:
        states = ("active", "stopped")
        found = [
            medicine(status=state, meta=meta) for state, meta in zip(states, metas, strict=True)
        ]
        return bundle(person(), *found, kind="history")

    numbers = versions({"versionId": "9"}, {"versionId": "10"})
    days = versions(
        {"lastUpdated": "2026-01-01T00:00:00Z"}, {"lastUpdated": "2026-02-01T00:00:00Z"}
    )
    older = versions({"versionId": "2"}, {"versionId": "1"})
    assert "anticoagulant-vka" not in fired(numbers) | fired(days)
    assert "anticoagulant-vka" in fired(older)
    assert [one.why for one in read(numbers).left_out if one.why == "older-version"] == [
        "older-version"
    ]


def test_what_a_history_says_was_deleted_is_gone() -> None:
    document = bundle(person(), medicine(), kind="history")
    document["entry"].insert(0, {"request": {"method": "DELETE", "url": "MedicationStatement/m"}})
    assert "anticoagulant-vka" not in fired(document)
    assert "deleted" in [one.why for one in read(document).left_out]


def card(document: Json) -> str:
    payload = json.dumps({"vc": {"credentialSubject": {"fhirBundle": document}}}).encode()
    packing = zlib.compressobj(wbits=-15)
    packed = base64.urlsafe_b64encode(packing.compress(payload) + packing.flush()).rstrip(b"=")
    return f"eyJhbGciOiJFUzI1NiJ9.{packed.decode()}.c2lnbmF0dXJl"


def test_a_health_card_is_read_as_a_file_and_as_the_digits_of_its_code() -> None:
    jws = card(bundle(person(), medicine(subject={"reference": "Patient/0b1c"})))
    digits = "shc:/" + "".join(f"{ord(letter) - 45:02}" for letter in jws)
    for raw in (json.dumps({"verifiableCredential": [jws]}), digits):
        found = read_bundle(raw.encode())
        assert [fact.kind for fact in found.facts] == [Kind.MEDICINE]
        assert "signature" in found.unread[0].why


def test_an_answer_wrapped_in_parameters_is_read() -> None:
    inner = bundle(person(), medicine())
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": inner}]}
    assert "anticoagulant-vka" in fired(wrapped)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_text_in_other_encodings_is_read(encoding: str) -> None:
    raw = json.dumps(bundle(person(), medicine())).encode(encoding)
    assert len(read_bundle(raw).facts) == 1


REFUSED = {
    "NDJSON": b'{"resourceType":"Patient","id":"p"}\n{"resourceType":"Patient","id":"q"}\n',
    "line 2": b'{"resourceType":"Patient","id":"p"}\n{"resource',
    "ClinicalDocument is needed": b"<recordTarget><ClinicalDocument/></recordTarget>",
    "about 2 people": b"<ClinicalDocument>"
    + b"<recordTarget><patientRole/></recordTarget>" * 2
    + b"</ClinicalDocument>",
    "not usable XML": b'<Bundle xmlns="http://hl7.org/fhir"><type value="document"></Bundle>',
    "XML of 9 MB": b'<Bundle xmlns="http://hl7.org/fhir">' + b" " * 9_000_000 + b"</Bundle>",
    "document type": b'<!DOCTYPE x [<!ENTITY a "b">]><Bundle xmlns="http://hl7.org/fhir"/>',
    "nested deeper": b'<Bundle xmlns="http://hl7.org/fhir">' + b"<a>" * 300,
    "a Patient; a FHIR": b'<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>',
    "web page": b"<!doctype html><html><body>Sign in</body></html>",
    "SMART Health Link": b"shlink:/eyJ1cmwiOiJodHRwcyJ9 ",
    "PDF": b"%PDF-1.7",
    "ZIP": b"PK\x03\x04",
    "HL7 v2": b"MSH|^~\\&|LAB",
    "unpacked": b'{"verifiableCredential": ["a.b.c"]}',
}


def test_another_form_is_named_with_what_to_send_instead() -> None:
    says: dict[str, str] = {}
    for what, raw in REFUSED.items():
        with pytest.raises(BundleError) as error:
            read_bundle(raw)
        says[what] = str(error.value)
    assert all(what in message for what, message in says.items()), says
    assert all("\n" not in message and len(message) > 40 for message in says.values())


def test_what_repeats_in_xml_is_a_list_whatever_its_name() -> None:
    found = from_xml(b'<Basic xmlns="http://hl7.org/fhir"><x value="a"/><x value="b"/></Basic>')
    assert found["x"] == ["a", "b"]


SECTION = {"title": "Medication Summary", "code": {"coding": [{"code": "10160-0"}]}}


def unread(*resources: Json) -> list[str]:
    return [one.why for one in read(bundle(*resources)).unread]


def test_a_section_that_has_text_and_no_entries_or_names_what_is_missing_is_told() -> None:
    def composition(**more: Any) -> Json:
        return {"resourceType": "Composition", "section": [SECTION | more]}

    (says,) = unread(person(), composition(text={"div": "<div>Warfarin <b>5 mg</b></div>"}))
    assert "Medication Summary" in says
    assert "Warfarin 5 mg" in says
    (says,) = unread(person(), composition(entry=[{"reference": "MedicationStatement/gone"}]))
    assert "MedicationStatement/gone, which is not in the Bundle" in says
    inner = {"resourceType": "Composition", "section": [{"section": [
        SECTION | {"text": {"div": "Warfarin"}}]}]}  # fmt: skip
    assert len(unread(person(), inner)) == 1
    whole = composition(text={"div": "Warfarin"}, entry=[{"reference": "MedicationStatement/m"}])
    assert unread(person(), whole, medicine()) == []


def test_an_empty_bundle_and_one_of_value_sets_say_nothing_about_a_patient() -> None:
    assert unread() == ["it is empty; it says nothing about a patient"]
    assert unread({"resourceType": "ValueSet"}) == [
        "it holds nothing about a patient, only 1 ValueSet"
    ]


def test_a_patient_who_is_recorded_as_dead_is_told() -> None:
    (warning,) = read(bundle(person(deceasedDateTime="2025-01-01"))).warnings
    assert "recorded as dead on 1 Jan 2025" in warning.why
    assert read(bundle(person(deceasedBoolean=True))).warnings
    assert not read(bundle(person(deceasedBoolean=False))).warnings


def test_how_much_of_a_birth_date_is_known_is_kept() -> None:
    known = {"1951": "year", "1951-04": "month", "1951-04-09": "day"}
    assert {
        stated: read(bundle(person(birthDate=stated))).patient.birth_date_known for stated in known
    } == known


NOTHING = ["No known current problems or disability", "Keine bekannten Erkrankungen",
           "No significant past medical history of disease", "Aucun antécédents connu"]  # fmt: skip
SOMETHING = ["No known problems except epilepsy", "Epilepsy, no other problems"]


def test_nothing_known_is_understood_in_words_and_only_when_nothing_else_is_said() -> None:
    def says_none(text: str) -> bool:
        found = read(bundle(person(), {"resourceType": "Condition", "code": {"text": text}}))
        return any(fact.none_known for fact in found.facts)

    found = {text: says_none(text) for text in (*NOTHING, *SOMETHING)}
    assert found == {text: text in NOTHING for text in found}


def test_a_reason_for_silence_is_no_medicine() -> None:
    coding = {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
              "code": "unknown", "display": "Unknown"}  # fmt: skip
    found = read(bundle(person(), medicine(medicationCodeableConcept={"coding": [coding]})))
    assert not found.facts
    assert [one.why for one in found.left_out] == ["no-information"]


DOSES = {
    "20 tablets daily": 20.0, "1-0-1": 2.0, "2 tablets twice a day": 4.0, "3 x daily": None,
    "5 mg once daily": 5.0, "one tablet every other day": 0.5, "as directed": None,
}  # fmt: skip


def test_a_daily_dose_is_strength_times_number_times_frequency() -> None:
    found = {text: daily_mg("Prednisone 1 mg tablet", [{"text": text}]) for text in DOSES}
    assert found == DOSES
    timing = {"repeat": {"frequency": 3, "period": 2, "periodUnit": "d"}}
    coded = {"timing": timing, "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "tablet"}}]}
    assert daily_mg("Prednisolone 5 mg", [coded]) == 15.0
    assert daily_mg("Prednisolone 5 mg", [coded, {"text": "as directed"}]) is None
    assert daily_mg("Prednisolone", [coded]) is None


def test_a_daily_dose_decides_where_a_rule_asks_for_a_strength() -> None:
    def steroid(dose: str) -> Json:
        return medicine(medicationCodeableConcept={"text": "Prednisolone 5 mg tablet"},
                        dosage=[{"text": dose}])  # fmt: skip

    assert "immunosuppressed" in fired(bundle(person(), steroid("2 tablets daily")))
    assert "immunosuppressed" not in fired(bundle(person(), steroid("1 tablet daily")))


def observed(text: str, **more: Any) -> set[str]:
    one = {"resourceType": "Observation", "status": "final", "code": {"text": text},
           "effectiveDateTime": "2026-02-01", **more}  # fmt: skip
    return fired(bundle(person(gender="female"), one))


def test_an_observation_proves_by_its_value_and_its_interpretation() -> None:
    positive, negative = ({"coding": [{"code": code}]} for code in ("POS", "NEG"))
    number = {"value": 9.1, "unit": "S/CO"}
    proved = {
        "hiv": [{"valueString": "Reactive"}, {"interpretation": [positive]},
                {"valueQuantity": number, "interpretation": [positive]}],
        "": [{}, {"valueString": "Non-reactive"}, {"valueString": "."}, {"valueQuantity": number},
             {"interpretation": [negative]}, {"valueString": "<20 copies/mL"},
             {"dataAbsentReason": {"text": "unknown"}}, {"valueBoolean": False}],
    }  # fmt: skip
    found = {
        str(more): "hiv" in observed("HIV 1 antibody", **more)
        for m in proved.values()
        for more in m
    }
    assert found == {str(more): rule == "hiv" for rule, m in proved.items() for more in m}
    assert "hepatitis-bc" not in observed("Hepatitis B surface Ab", valueString="Reactive")
    assert "pregnancy-t1" in observed("Pregnancy test, urine", valueString="Positive")
    assert observed("Pregnancy test, urine", valueString="Negative") == set()
    assert "haemophilia-severe" in observed("Diagnosis", valueString="Haemophilia A")


def test_a_route_makes_a_medicine_local() -> None:
    eye = {"route": {"coding": [{"code": "54485002", "display": "Ophthalmic route"}]}}
    drops = medicine(medicationCodeableConcept={"text": "Ciclosporin"}, dosage=[eye])
    assert fired(bundle(person(), drops)) == set()
    assert read(bundle(person(), drops)).facts[0].text == "Ciclosporin (Ophthalmic route)"
    by_mouth = medicine(medicationCodeableConcept={"text": "Ciclosporin"},
                        dosage=[{"route": {"text": "oral"}}])  # fmt: skip
    assert "immunosuppressed" in fired(bundle(person(), by_mouth))


def test_what_no_patients_record_can_be_is_refused_at_once() -> None:
    many = [{"resourceType": "Condition", "code": {"text": "Epilepsy"}}] * 20_001
    with pytest.raises(BundleError, match="20,001 conditions"):
        read(bundle(person(), *many))


def as_xml(name: str, value: Any) -> str:
    """The slow, obvious way from JSON to XML: every value an element, every list repeated."""
    if isinstance(value, list):
        return "".join(as_xml(name, one) for one in value)
    if not isinstance(value, dict):
        stated = str(value).lower() if isinstance(value, bool) else value
        return f"<{name} value={quoteattr(str(stated))}/>"
    if name == "text" and "div" in value:
        return f"<text>{value['div'].replace('<div>', XHTML_DIV)}</text>"
    inner = dict(value)
    kind = inner.pop("resourceType", None)
    url = f" url={quoteattr(inner.pop('url'))}" if name == "extension" else ""
    parts = "".join(as_xml(key, one) for key, one in inner.items())
    if kind is None:
        return f"<{name}{url}>{parts}</{name}>"
    whole = f"<{kind}>{parts}</{kind}>"
    return f"<{name}>{whole}</{name}>" if name else whole.replace(">", f" xmlns='{FHIR}'>", 1)


XHTML_DIV = "<div xmlns='http://www.w3.org/1999/xhtml'>"
FHIR = "http://hl7.org/fhir"
WHOLE = bundle(
    {"resourceType": "Composition", "status": "final",
     "section": [{"title": "Medication", "text": {"div": "<div>Warfarin <b>5 &lt; 6</b></div>"}}]},
    person(name=[{"family": "O'Brien & Söhne", "given": ["Zoë"]}], active=True,
           deceasedBoolean=False,
           extension=[{"url": "http://x/birth", "valueString": "a \"b\""}]),
    medicine(dosage=[{"text": "1-0-1", "doseAndRate": [{"doseQuantity": {"value": 2.5}}],
                      "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}]),
    {"resourceType": "Condition", "id": "c", "category": [{"text": "problem"}],
     "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "D66"}]},
     "bodySite": [{"text": "knee"}, {"text": "hip"}]},
    {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "INR"},
     "valueQuantity": {"value": 3, "unit": "1"},
     "contained": [{"resourceType": "Medication", "id": "in"}]},
)  # fmt: skip


def test_a_record_in_xml_is_the_same_record_as_in_json() -> None:
    raw = as_xml("", WHOLE)
    assert from_xml(raw.encode()) == WHOLE
    in_json = read(WHOLE)
    head = "<?xml version='1.0' encoding='UTF-8'?>\n"
    for text in (raw.encode(), f"{head}{raw}".encode("utf-8-sig")):
        assert read_bundle(text) == in_json
    assert {fact.text for fact in in_json.facts} >= {"Warfarin 5 mg"}


def test_a_number_or_a_truth_in_xml_that_is_none_stays_as_it_is_written() -> None:
    raw = (f"<Bundle xmlns='{FHIR}'><entry><resource><Observation><valueQuantity>"
           "<value value='many'/></valueQuantity><valueBoolean value='maybe'/></Observation>"
           "</resource></entry></Bundle>")  # fmt: skip
    (entry,) = from_xml(raw.encode())["entry"]
    assert entry["resource"]["valueQuantity"] == {"value": "many"}
    assert entry["resource"]["valueBoolean"] == "maybe"


def test_one_patients_bulk_lines_are_read_as_one_record() -> None:
    lines = [person(), medicine(), medicine(id="n", medicationCodeableConcept={"text": "Aspirin"})]
    raw = "\n\n".join(json.dumps(one) for one in lines) + "\n"
    assert len(read_bundle(raw.encode()).facts) == 2
