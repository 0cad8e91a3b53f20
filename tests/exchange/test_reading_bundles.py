"""Reading FHIR Bundles that others wrote: every form, every status, nothing lost in silence."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.beside import only_beside
from tests.exchange.records import BESIDE, RECORDS, every_record
from tests.tables import in_one_test

from filiform.disclosure import Status
from filiform.exchange.fhir import BundleError, ReadBundle, read_bundle
from filiform.screening import screen

DAY = date(2025, 11, 22)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"

Json = dict[str, Any]


def patient(id_: str = "p", **more: Any) -> Json:
    return {
        "resourceType": "Patient", "id": id_, "gender": "female", "birthDate": "1980", **more
    }  # fmt: skip


def bundle(*resources: Json, kind: str = "collection") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}


def read(document: Any) -> ReadBundle:
    return read_bundle(json.dumps(document).encode())


def condition(**more: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/p"},
        "code": {"text": "Haemophilia A"},
        **more,
    }


def warfarin(**more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {
            "coding": [{"system": RXNORM, "code": "855332", "display": "Warfarin 5 MG"}]
        },
        **more,
    }


def fired(found: ReadBundle) -> set[str]:
    return {reason.id for reason in screen(found.disclosure(on=DAY), on=DAY).reasons}


@in_one_test(("name", "raw"), every_record(), ids=str)
def test_every_sample_is_read_whole(name: str, raw: bytes) -> None:
    found = read_bundle(raw)
    entries = json.loads(raw)["entry"]
    assert found.unread == ()
    assert found.patient.name
    assert found.patient.birth_date is not None
    named = {fact.id.split("#")[0] for fact in found.facts}
    named |= {one.resource for one in found.left_out}
    assert len(named) + sum(found.ignored.values()) == len(entries)


@in_one_test(("name", "raw"), every_record(), ids=str)
def test_the_order_of_the_entries_does_not_change_the_answer(name: str, raw: bytes) -> None:
    document = json.loads(raw)
    before = read(document)
    random.Random(7).shuffle(document["entry"])
    after = read(document)
    assert set(after.facts) == set(before.facts)
    answers = [screen(one.disclosure(on=DAY), on=DAY) for one in (before, after)]
    assert answers[0] == answers[1]


@in_one_test(("name", "raw"), every_record(), ids=str)
def test_without_its_medicines_a_record_is_never_stricter(name: str, raw: bytes) -> None:
    order = ["clear", "modify", "justify", "blocked"]
    document = json.loads(raw)
    before = screen(read(document).disclosure(on=DAY), on=DAY).decision
    document["entry"] = [
        e for e in document["entry"] if not e["resource"]["resourceType"].startswith("Medication")
    ]
    after = screen(read(document).disclosure(on=DAY), on=DAY).decision
    assert order.index(after) <= order.index(before)


def test_a_record_that_says_warfarin_is_told_with_the_medicine_that_says_so() -> None:
    found = screen(read(RECORDS["elderly-man-on-warfarin"]).disclosure(on=DAY), on=DAY)
    reason = next(one for one in found.reasons if one.id == "anticoagulant-vka")
    assert [(one.text, one.code) for one in reason.because] == [
        ("Warfarin Sodium 5 MG Oral Tablet", "855332")
    ]
    assert found.decision == "justify"


@in_one_test(
    ("name", "decision", "reasons"),
    [
        ("elderly-man-on-warfarin", "justify", {"anticoagulant-vka", "older-frail"}),
        ("summary-of-a-woman-with-allergies", "blocked", {"lymphoedema", "diabetes", "latex"}),
        ("pregnant-teacher", "justify", {"pregnancy-t2t3"}),
        ("man-with-a-long-past", "justify", {"pneumothorax-history", "joint-replacement"}),
        ("child-with-nothing-known", "justify", {"child"}),
    ],
)
def test_a_whole_record_says_what_a_clinician_would_read_from_it(
    name: str, decision: str, reasons: set[str]
) -> None:
    found = screen(read(RECORDS[name]).disclosure(on=DAY), on=DAY)
    assert {one.id for one in found.reasons} == reasons
    assert found.decision == decision


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b"not json", "not JSON"),
        (b"<Bundle/>", "XML"),
        (b"[]", "JSON list"),
        (b"{}", "without a resourceType"),
        (b'{"resourceType": "Patient"}', "a Patient"),
        (b'{"resourceType": "Bundle", "entry": 7}', "Bundle.entry"),
        (b'{"resourceType": "Bundle", "entry": [', "not JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b" " * 20_000_001, "MB"),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(raw: bytes, says: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_bundle(raw)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_several_patients_are_refused_naming_the_choice() -> None:
    with pytest.raises(BundleError, match=r"2 patients \(Patient/a, Patient/b\)"):
        read(bundle(patient("a"), patient("b")))


def test_the_composition_decides_which_patient_is_meant() -> None:
    composition = {
        "resourceType": "Composition",
        "subject": {"reference": "Patient/b"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
    }
    other = condition(subject={"reference": "Patient/a"})
    found = read(bundle(composition, patient("a"), patient("b"), other, kind="document"))
    assert found.patient.id == "b"
    assert found.profile == "ips"
    assert [one.why for one in found.left_out] == ["other-patient"]
    assert found.facts == ()


@pytest.mark.parametrize(
    ("clinical", "verification", "status", "why"),
    [
        ("active", "confirmed", Status.ACTIVE, None),
        ("recurrence", "confirmed", Status.RECURRENCE, None),
        ("relapse", None, Status.RECURRENCE, None),
        ("inactive", None, Status.INACTIVE, "inactive"),
        ("remission", None, Status.REMISSION, "remission"),
        ("resolved", None, Status.RESOLVED, "resolved"),
        ("active", "provisional", Status.SUSPECTED, None),
        ("active", "differential", Status.SUSPECTED, None),
        ("resolved", "provisional", Status.RESOLVED, "resolved"),
        ("active", "refuted", Status.REFUTED, "refuted"),
        (None, "entered-in-error", Status.ENTERED_IN_ERROR, "entered-in-error"),
        (None, None, Status.ACTIVE, None),
    ],
)
def test_a_conditions_two_statuses_become_one(
    clinical: str | None, verification: str | None, status: Status, why: str | None
) -> None:
    more: Json = {}
    if clinical:
        more["clinicalStatus"] = {"coding": [{"code": clinical}]}
    if verification:
        more["verificationStatus"] = {"coding": [{"code": verification}]}
    found = read(bundle(patient(), condition(**more)))
    assert [fact.status for fact in found.facts] == [status]
    assert [one.why for one in found.left_out] == ([why] if why else [])


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"status": "on-hold"}, Status.ON_HOLD),
        ({"status": "stopped"}, Status.STOPPED),
        ({"status": "cancelled"}, Status.REFUTED),
        ({"status": "draft"}, Status.PLANNED),
        ({"status": "entered-in-error"}, Status.ENTERED_IN_ERROR),
        ({"intent": "proposal"}, Status.PLANNED),
        ({"doNotPerform": True}, Status.REFUTED),
        ({"status": None}, Status.ACTIVE),
    ],
)
def test_a_prescriptions_status_and_intent_decide(more: Json, status: Status) -> None:
    assert [fact.status for fact in read(bundle(patient(), warfarin(**more))).facts] == [status]


MEDICATION = {"resourceType": "Medication", "id": "w", "code": {"text": "Warfarin 5 mg"}}


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        ("http://h.example/fhir/Medication/w", "Medication/w"),
        ("http://h.example/fhir/Medication/w", "http://h.example/fhir/Medication/w"),
        ("http://h.example/fhir/Medication/w", "http://other.example/x/Medication/w"),
        ("http://h.example/fhir/Medication/w", "Medication/w/_history/3"),
        ("urn:uuid:11111111-1111-4111-8111-111111111111",
         "urn:uuid:11111111-1111-4111-8111-111111111111"),
    ],
)  # fmt: skip
def test_a_medicine_is_found_by_id_address_and_urn(full_url: str, reference: str) -> None:
    request = warfarin(medicationReference={"reference": reference})
    del request["medicationCodeableConcept"]
    document = bundle(patient(), request)
    document["entry"].append({"fullUrl": full_url, "resource": MEDICATION})
    assert "anticoagulant-vka" in fired(read(document))


def test_a_contained_medicine_is_read() -> None:
    request = warfarin(contained=[MEDICATION], medicationReference={"reference": "#w"})
    del request["medicationCodeableConcept"]
    assert "anticoagulant-vka" in fired(read(bundle(patient(), request)))


def test_a_medicine_known_only_by_its_ingredients_is_read() -> None:
    product = {
        "resourceType": "Medication",
        "id": "w",
        "ingredient": [
            {"itemCodeableConcept": {"text": "Aspirin"}},
            {"itemCodeableConcept": {"text": "Clopidogrel"}},
        ],
    }
    request = warfarin(contained=[product], medicationReference={"reference": "#w"})
    del request["medicationCodeableConcept"]
    assert fired(read(bundle(patient(), request))) >= {"antiplatelet-dual"}


def test_a_medicine_that_is_not_in_the_bundle_is_named_as_unread() -> None:
    request = warfarin(medicationReference={"reference": "Medication/gone"})
    del request["medicationCodeableConcept"]
    found = read(bundle(patient(), request))
    assert [(one.resource, "Medication/gone" in one.why) for one in found.unread] == [
        ("MedicationRequest/m", True)
    ]


def test_a_dispensed_medicine_lasts_for_its_supply() -> None:
    dispense = warfarin(
        resourceType="MedicationDispense",
        status="completed",
        whenHandedOver="2025-11-01",
        daysSupply={"value": 14},
    )
    found = read(bundle(patient(), dispense))
    assert found.facts[0].end == date(2025, 11, 15)


def test_family_history_is_never_the_patients() -> None:
    family = {
        "resourceType": "FamilyMemberHistory",
        "id": "f",
        "status": "completed",
        "patient": {"reference": "Patient/p"},
        "relationship": {"text": "father"},
        "condition": [{"code": {"text": "Haemophilia A"}}],
    }
    found = read(bundle(patient(), family))
    assert [fact.family for fact in found.facts] == [True]
    assert [one.why for one in found.left_out] == ["family"]
    assert fired(found) == set()


ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


@pytest.mark.parametrize(
    ("code", "known", "why"),
    [
        ("no-known-allergies", True, []),
        ("no-allergy-info", False, ["no-information"]),
        ("no-known-food-allergies", False, ["partly-none-known"]),
    ],
)
def test_no_known_allergies_is_an_answer_and_no_information_is_none(
    code: str, known: bool, why: list[str]
) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "patient": {"reference": "Patient/p"},
        "code": {"coding": [{"system": ABSENT, "code": code}]},
    }
    found = read(bundle(patient(), allergy))
    assert [fact.none_known for fact in found.facts] == ([True] if known else [])
    assert [one.why for one in found.left_out] == why


def observation(**more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2025-11-22T08:00:00+05:00",
        **more,
    }


def test_blood_pressure_is_read_from_its_components() -> None:
    pressure = observation(
        code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        component=[
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": {"value": value, "code": "mm[Hg]"},
            }
            for code, value in (("8480-6", 192), ("8462-4", 95))
        ],
    )
    found = read(bundle(patient(), pressure))
    assert [(fact.id, fact.value) for fact in found.facts] == [
        ("Observation/o#8480-6", 192.0),
        ("Observation/o#8462-4", 95.0),
    ]
    reason = screen(found.disclosure(on=DAY), on=DAY).reasons[0]
    assert (reason.id, reason.because[0].resource) == ("bp-uncontrolled", "Observation/o")


def test_a_pregnancy_is_read_from_its_status_and_due_date() -> None:
    status = observation(
        code={"coding": [{"system": "http://loinc.org", "code": "82810-3"}],
              "text": "Pregnancy status"},
        valueCodeableConcept={"coding": [{"system": "http://snomed.info/sct", "code": "77386006",
                                          "display": "Pregnant"}]},
    )  # fmt: skip
    due = observation(
        id="due",
        code={"coding": [{"system": "http://loinc.org", "code": "11778-8"}]},
        valueDateTime="2026-01-20",
    )
    assert fired(read(bundle(patient(), status, due))) == {"pregnancy-t2t3"}
    no = {"system": "http://snomed.info/sct", "code": "60001007", "display": "Not pregnant"}
    status["valueCodeableConcept"] = {"coding": [no]}
    assert fired(read(bundle(patient(), status))) == set()


def test_useless_observations_are_counted_not_lost() -> None:
    eyes = observation(code={"text": "Eye colour"}, valueString="brown")
    assert read(bundle(patient(), eyes)).ignored["Observation without use here"] == 1


@pytest.mark.parametrize(
    ("given_", "start", "unread"),
    [
        ("2019", date(2019, 1, 1), 0),
        ("2019-05", date(2019, 5, 1), 0),
        ("2019-05-04T10:00:00Z", date(2019, 5, 4), 0),
        ("2019-13", None, 1),
        ("2019-02-30", None, 1),
        ("yesterday", None, 1),
        (7, None, 1),
        (None, None, 0),
        ("0000", None, 1),
    ],
)
def test_partial_dates_are_read_and_impossible_ones_are_named(
    given_: object, start: date | None, unread: int
) -> None:
    found = read(bundle(patient(), condition(onsetDateTime=given_)))
    assert [fact.start for fact in found.facts] == [start]
    assert len(found.unread) == unread


def test_the_same_resource_twice_is_taken_once() -> None:
    found = read(bundle(patient(), condition(), condition()))
    assert len(found.facts) == 1
    assert [one.why for one in found.left_out] == ["duplicate"]


def test_two_resources_that_share_an_id_but_differ_are_both_taken() -> None:
    found = read(bundle(patient(), condition(), condition(code={"text": "Epilepsy"})))
    assert {fact.text for fact in found.facts} == {"Haemophilia A", "Epilepsy"}


def test_a_condition_without_code_and_text_is_named_as_unread() -> None:
    found = read(bundle(patient(), condition(code={})))
    assert "neither a code nor a text" in found.unread[0].why


def test_the_side_and_place_are_read() -> None:
    found = read(bundle(patient(), condition(bodySite=[{"text": "Left upper arm"}])))
    assert (found.facts[0].site, found.facts[0].side) == ("Left upper arm", "left")


def test_the_person_is_read() -> None:
    person = patient(
        name=[
            {"use": "nickname", "given": ["Ami"]},
            {"use": "official", "given": ["Amina", "Bibi"], "family": "Khan"},
        ],
        telecom=[{"system": "phone", "value": "+92 300 1234567"}],
        identifier=[{"system": "urn:cnic", "value": "35202"}],
        communication=[{"language": {"coding": [{"code": "ur"}]}, "preferred": True}],
        address=[{"line": ["House 1"], "city": "Lahore"}],
    )
    found = read(bundle(person)).patient
    assert (found.name, found.given, found.family) == ("Amina Bibi Khan", "Amina Bibi", "Khan")
    assert (found.sex, found.birth_date) == ("female", date(1980, 1, 1))
    assert (found.phones, found.language) == (("+92 300 1234567",), "ur")
    assert (found.address, found.identifiers[0].value) == ("House 1, Lahore", "35202")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["coding", "code", "text", "reference", "system", "value", "start"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
FIELDS = [
    "id", "code", "status", "clinicalStatus", "verificationStatus", "subject", "onsetDateTime",
    "abatementDateTime", "medicationCodeableConcept", "medicationReference", "effectivePeriod",
    "dosageInstruction", "component", "valueQuantity", "valueCodeableConcept", "bodySite",
    "contained", "performedPeriod", "performedDateTime", "type", "deviceName", "condition",
    "reaction", "name", "gender", "birthDate", "telecom", "address", "identifier",
]  # fmt: skip
KINDS = [
    "Patient", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement",
    "MedicationAdministration", "MedicationDispense", "Procedure", "Observation", "Device",
    "DeviceUseStatement", "FamilyMemberHistory", "Composition", "Claim",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    fields=st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6),
)
def test_no_malformed_resource_breaks_the_reading_of_the_others(kind: str, fields: Json) -> None:
    broken = {"resourceType": kind, **fields}
    if kind == "Patient":
        read(bundle(broken))
        return
    if kind == "Composition":
        broken["subject"] = {"reference": "Patient/p"}
    found = read(bundle(patient(), broken, warfarin()))
    assert "anticoagulant-vka" in fired(found)


@only_beside(*BESIDE)
def test_the_page_about_the_samples_is_made_from_the_present_rules() -> None:
    import sys

    root = Path(__file__).parents[2]
    sys.path.insert(0, str(root / "tools"))
    import screening_samples

    written = screening_samples.TARGET.read_text("utf-8")
    assert written == screening_samples.document(), "run: python tools/screening_samples.py"
