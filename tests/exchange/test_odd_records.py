"""Records as they should not be and yet are: half-told, contradictory, about others, or broken."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.exchange.test_forms_and_versions import bundle, card, medicine, person, read
from tests.tables import check_each

from filiform.disclosure import LOINC, SNOMED, Kind, Statement, Status
from filiform.exchange.fhir import BundleError, read_bundle
from filiform.exchange.fhir import bundle as bundle_module
from filiform.exchange.fhir.dosage import daily_mg
from filiform.exchange.fhir.elements import a_number

Json = dict[str, Any]
PAIN = {"coding": [{"system": SNOMED, "code": "22253000"}]}


def why_not(*resources: Json) -> list[str]:
    return [one.why for one in read(bundle(person(), *resources)).unread]


def fact(*resources: Json) -> Statement:
    (one,) = read(bundle(person(), *resources)).facts
    return one


def epilepsy(**more: Any) -> Json:
    return {"resourceType": "Condition", "id": "e", "code": {"text": "Epilepsy"}} | more


# Whose record it is


def test_a_record_without_its_patient_may_speak_of_one_person_only() -> None:
    own, other = ({"subject": {"reference": f"Patient/{name}"}} for name in "ab")
    assert len(read(bundle(epilepsy(**own))).facts) == 1
    with pytest.raises(BundleError, match="speaks of several: Patient/a, Patient/b"):
        read(bundle(epilepsy(**own), epilepsy(id="f", **other)))


def test_a_fact_is_the_patients_by_every_way_of_naming_them() -> None:
    def mine(reference: str, **more: Any) -> bool:
        return bool(
            read(bundle(person(), epilepsy(subject={"reference": reference}, **more))).facts
        )

    check_each(
        [
            ("#p", {"contained": [{"resourceType": "Patient", "id": "p"}]}, True),
            ("#g", {"contained": [{"resourceType": "Group", "id": "g"}]}, False),
            ("Patient?birthdate=1971-02-03", {}, True),
            ("https://elsewhere.example/fhir/Patient/0b1c", {}, True),
            ("Patient/another", {}, False),
        ],
        lambda reference, more, own: _same(mine(reference, **more), own),
    )


def _same(got: object, expected: object) -> None:
    assert got == expected


def test_a_summary_of_another_patient_is_left_out_without_a_word_of_a_stranger() -> None:
    summary = {"resourceType": "Composition", "subject": {"reference": "Patient/another"},
               "section": []}  # fmt: skip
    found = read(bundle(person(), summary))
    assert not any("another" in one.why for one in (*found.unread, *found.warnings))


def test_a_summary_whose_subject_is_not_there_does_not_choose_among_patients() -> None:
    summary = {"resourceType": "Composition", "subject": {"reference": "Patient/gone"}}
    with pytest.raises(BundleError, match="subject 'Patient/gone' is not in the Bundle"):
        read(bundle(person(), person(id="x"), summary, kind="document"))


def test_a_synthetic_record_is_told_by_its_identifiers() -> None:
    made_up = person(identifier=[{"system": "https://github.com/synthetichealth/synthea"}])
    assert read(bundle(made_up)).profile == "synthea/collection"


def test_a_patients_unreadable_dates_are_told_and_the_rest_is_read() -> None:
    found = read(bundle(person(birthDate="spring", deceasedDateTime="later",
                               name=[{"text": "Ayesha"}])))  # fmt: skip
    assert found.patient.birth_date is None
    assert found.patient.name == "Ayesha"
    assert sum("birthDate" in one.why or "deceased" in one.why for one in found.unread) == 2


def test_language_and_address_are_taken_where_they_are_told() -> None:
    told = read(bundle(person(
        communication=[{"language": {"text": "some"}}, {"language": {"coding": [{}]}},
                       {"language": {"coding": [{"code": "ur"}]}}],
        address=[{}, {"text": "12 Mall Road, Lahore"}],
    ))).patient  # fmt: skip
    assert (told.language, told.address) == ("ur", "12 Mall Road, Lahore")
    assert (
        read(bundle(person(communication=[{"language": {"text": "some"}}]))).patient.language == ""
    )


# Entries


def test_entries_that_hold_nothing_are_told_unless_they_only_carry_a_request() -> None:
    document = bundle(person(), {"id": "what"}, epilepsy())
    document["entry"] += [{}, {"request": {"method": "GET", "url": "Patient/0b1c"}}]
    document["entry"][2]["request"] = {"method": "DELETE", "url": "Condition/e"}
    found = read(document)
    assert [one.why for one in found.unread] == [
        "it has no resourceType", "the entry holds no resource"
    ]  # fmt: skip
    assert [one.why for one in found.left_out] == ["deleted"]


def test_one_resource_that_cannot_be_read_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumbles(source: object) -> None:
        raise TypeError("a number where a list was thought")

    monkeypatch.setitem(bundle_module.READERS, "Condition", stumbles)
    found = read(bundle(person(), epilepsy(), medicine()))
    assert [one.kind for one in found.facts] == [Kind.MEDICINE]
    assert "its form is not FHIR R4 (a number where" in found.unread[0].why


def test_a_servers_mere_information_is_no_complaint() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [
        {"severity": "information", "code": "informational", "diagnostics": "42 found"},
        {"severity": "error", "code": "timeout"}]}  # fmt: skip
    assert why_not(outcome) == ["the sender reports: timeout"]


def test_versions_that_do_not_say_which_is_newer_are_both_kept() -> None:
    meta = {"versionId": "2"}
    document = bundle(person(), medicine(meta=meta), medicine(meta=meta, status="stopped"),
                      kind="history")  # fmt: skip
    document["entry"].append({"request": {"method": "PUT", "url": "MedicationStatement/m"}})
    assert "older-version" not in [one.why for one in read(document).left_out]


def test_a_bare_id_that_two_resources_share_finds_neither() -> None:
    def taken(*others: Json) -> list[str]:
        order = {"resourceType": "MedicationRequest", "id": "r", "status": "active",
                 "medicationReference": {"reference": "drug"}}  # fmt: skip
        found = read(bundle(person(), order, *others))
        return [one.text for one in found.facts] + [one.why for one in found.unread]

    drug = {"resourceType": "Medication", "id": "drug", "code": {"text": "Warfarin"}}
    assert taken(drug) == ["Warfarin"]
    (why,) = taken(drug, {"resourceType": "Substance", "id": "drug"})
    assert "drug, is not in the Bundle" in why


def test_an_entry_known_by_its_urn_alone_is_found_by_type_and_id() -> None:
    order = {"resourceType": "MedicationRequest", "id": "r", "status": "active",
             "medicationReference": {"reference": "Medication/77"}}  # fmt: skip
    document = bundle(person(), order)
    document["entry"].append(
        {"fullUrl": "urn:uuid:77", "resource": {"resourceType": "Medication",
                                                "code": {"text": "Warfarin"}}}
    )  # fmt: skip
    assert [one.text for one in read(document).facts] == ["Warfarin"]


# Forms


def test_what_is_wrapped_or_packed_without_one_bundle_is_refused() -> None:
    two = {"resourceType": "Parameters", "parameter": [{"resource": bundle(person())}] * 2}
    check_each(
        [
            (json.dumps(two).encode(), "the input is a Parameters"),
            (json.dumps({"verifiableCredential": [card({"resourceType": "Patient"})]}).encode(),
             "holds no FHIR Bundle"),
            (b'[1]\n{"resourceType": "Patient"}', "not JSON"),
        ],
        _refused,
    )  # fmt: skip


def _refused(raw: bytes, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        read_bundle(raw)


def test_a_yes_is_no_number() -> None:
    assert [a_number(one) for one in (True, 1, "1.5", "<0.5", None)] == [None, 1.0, 1.5, None, None]


# Facts


def test_an_allergy_may_be_named_only_by_what_was_reacted_to() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "reaction": [{"substance": {"text": "Latex"}}]}
    assert (fact(allergy).kind, fact(allergy).text) == (Kind.ALLERGY, "Latex")


def test_no_known_procedures_and_devices_are_an_answer() -> None:
    for kind, text in (("Procedure", "No known procedures"), ("Device", "No known devices")):
        concept = {"text": text}
        told = fact({"resourceType": kind, "code": concept, "type": concept})
        assert told.none_known, kind


def test_no_known_allergies_that_are_no_longer_true_are_left_out() -> None:
    none = {"resourceType": "AllergyIntolerance", "code": {"text": "No known allergies"}}
    assert fact(none).none_known
    past = read(bundle(person(), none | {"clinicalStatus": {"coding": [{"code": "inactive"}]}}))
    assert (past.facts, len(past.left_out)) == ((), 1)


def test_the_use_of_a_device_says_which_or_names_what_is_missing() -> None:
    device = {"resourceType": "Device", "id": "d", "type": {"text": "Cardiac pacemaker"},
              "subject": {"reference": "Patient/0b1c"}}  # fmt: skip
    use = {"resourceType": "DeviceUseStatement", "id": "u", "status": "active",
           "device": {"reference": "Device/d"}}  # fmt: skip
    found = read(bundle(person(), use, device))
    assert [one.text for one in found.facts] == ["Cardiac pacemaker"] * 2
    assert why_not(use) == ["it does not say what device it is"]


# Medicines


def test_a_medicine_is_named_by_what_its_reference_shows_or_what_it_is_made_of() -> None:
    def ordered(*others: Json, **reference: Any) -> list[str]:
        order = {"resourceType": "MedicationRequest", "id": "r", "status": "active",
                 "medicationReference": reference}  # fmt: skip
        found = read(bundle(person(), order, *others))
        return [one.text for one in found.facts] + [one.why for one in found.unread]

    made_of = {"resourceType": "Medication", "id": "w", "ingredient": [
        {"itemReference": {"reference": "Substance/s"}}]}  # fmt: skip
    substance = {"resourceType": "Substance", "id": "s", "code": {"text": "Warfarin"}}
    assert ordered(display="Warfarin 5 mg") == ["Warfarin 5 mg"]
    assert ordered(made_of, substance, reference="Medication/w") == ["Warfarin"]
    (why,) = ordered({"resourceType": "Medication", "id": "w"}, reference="Medication/w")
    assert "neither a code nor ingredients" in why


def test_a_dose_that_was_given_once_ends_when_it_was_given() -> None:
    given = medicine("MedicationAdministration", status="completed",
                     effectiveDateTime="2026-01-05")  # fmt: skip
    assert fact(given).end == date(2026, 1, 5)


def test_a_local_route_is_said_once() -> None:
    eye = {"route": {"coding": [{"code": "54485002", "display": "Ophthalmic route"}]}}
    drops = medicine(medicationCodeableConcept={"text": "Ciclosporin eye drops"}, dosage=[eye])
    assert fact(drops).text == "Ciclosporin eye drops"


def test_an_end_of_a_dosage_that_is_no_day_is_told_and_read_without_it() -> None:
    bounds = {"timing": {"repeat": {"boundsPeriod": {"end": "soon"}}}}
    found = read(bundle(person(), medicine(dosage=[bounds])))
    assert [one.end for one in found.facts] == [None]
    assert "boundsPeriod.end" in found.unread[0].why


def test_a_medicine_taken_as_needed_has_no_daily_dose() -> None:
    def daily(**dosage: Any) -> float | None:
        return daily_mg("Prednisolone", [{"text": "twice a day"} | dosage])

    ten_mg = [{"doseQuantity": {"value": 10, "unit": "mg"}}]
    assert daily(doseAndRate=ten_mg) == 20.0
    assert daily(doseAndRate=ten_mg, asNeededBoolean=True) is None


# Observations


def test_a_laboratory_value_that_screening_never_reads_is_passed_over() -> None:
    sodium = {"coding": [{"system": LOINC, "code": "2951-2"}]}
    panel = {"resourceType": "Observation", "status": "final", "code": {"text": "Electrolytes"},
             "component": [{"code": sodium, "valueQuantity": {"value": 140}}]}  # fmt: skip
    alone = {"resourceType": "Observation", "status": "final", "code": sodium,
             "valueQuantity": {"value": 140}}  # fmt: skip
    for one in (alone, panel):
        assert read(bundle(person(), one)).facts == ()


def test_findings_that_contradict_each_other_are_only_suspected() -> None:
    positive, negative = ({"coding": [{"code": code}]} for code in ("POS", "NEG"))
    told = {"resourceType": "Observation", "status": "final", "code": {"text": "HIV 1 antibody"},
            "effectiveDateTime": "2026-02-01", "interpretation": [positive, negative]}  # fmt: skip
    assert fact(told).status is Status.SUSPECTED


def test_a_number_is_read_however_it_is_written_and_a_date_only_when_it_is_one() -> None:
    def value(code: str, **more: Any) -> list[tuple[float | None, str]]:
        one = {"resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-02-01",
               "code": {"coding": [{"system": LOINC, "code": code}]}} | more  # fmt: skip
        return [(told.value, told.unit) for told in read(bundle(person(), one)).facts]

    due = date(2026, 6, 1)
    assert value("6301-6", valueInteger=3) == [(3.0, "")]
    assert value("11778-8", valueDateTime=due.isoformat()) == [(float(due.toordinal()), "date")]
    assert value("11778-8", valueDateTime="in June") == value("11778-8") == []


def test_a_facts_subject_is_believed_where_the_patient_has_no_id() -> None:
    told = epilepsy(subject={"reference": "https://elsewhere.example/fhir/Patient/77"})
    assert len(read(bundle(person(id=""), told)).facts) == 1


def test_what_was_never_handed_out_is_not_taken_though_bare_words_name_it() -> None:
    dispense = {"resourceType": "MedicationDispense", "id": "d", "status": "cancelled",
                "medicationCodeableConcept": "Warfarin 5 mg",
                "whenPrepared": "2026-01-05"}  # fmt: skip
    told = fact(dispense)
    assert (told.text, told.status, told.end) == ("Warfarin 5 mg", Status.REFUTED, None)
