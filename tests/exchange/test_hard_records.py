"""Records as clinics write them: units, places, sides, pairs, pregnancies, half-told facts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from tests.exchange.test_every_rule_from_a_record import DAY, Json, answer, resource
from tests.tables import in_one_test

from filiform.exchange.fhir import read_bundle
from filiform.screening import NeedlingSite, Screening, questions

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
SOLEUS, CALF = NeedlingSite("soleus", "left"), NeedlingSite("gastrocnemius-medial", "left")
DELTOID_L, DELTOID_R = (
    NeedlingSite("deltoid-middle", "left"),
    NeedlingSite("deltoid-middle", "right"),
)
RIBS, PSOAS = NeedlingSite("intercostals", "left"), NeedlingSite("psoas-major", "right")


def ago(days: int) -> str:
    return (DAY - timedelta(days=days)).isoformat()


def measured(code: str, value: float, unit: str, days: int = 1, **more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"{code}-{days}",
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": ago(days),
        "valueQuantity": {"value": value, "unit": unit, "code": unit},
        **more,
    }


def ids(found: Screening) -> set[str]:
    return {one.id for one in found.reasons}


def weight(found: Screening, rule: str) -> str | None:
    return next((one.weight.value for one in found.reasons if one.id == rule), None)


@in_one_test(
    ("observation", "rule", "fires"),
    [
        (measured("6301-6", 4.1, "{INR}"), "anticoagulant-vka", True),
        (measured("6301-6", 4.1, "{INR}", 60), "anticoagulant-vka", False),
        (measured("6301-6", 2.4, "{INR}"), "anticoagulant-vka", False),
        (measured("777-3", 30, "10*9/L"), "platelets-very-low", True),
        (measured("777-3", 30, "10*3/uL"), "platelets-very-low", True),
        (measured("777-3", 30000, "/uL"), "platelets-very-low", True),
        (measured("26515-7", 30000, ""), "platelets-very-low", True),
        (measured("777-3", 0.03, "10*12/L"), "platelets-very-low", True),
        (measured("777-3", 180, "10*9/L"), "platelets-very-low", False),
        (measured("777-3", 30, "10*9/L", status="entered-in-error"), "platelets-very-low", False),
        (measured("777-3", 30, "10*9/L", days=400), "platelets-very-low", False),
        (measured("751-8", 0.6, "10*9/L"), "neutropenia", True),
        (measured("751-8", 600, "/uL"), "neutropenia", True),
        (measured("751-8", 3.1, "10*9/L"), "neutropenia", False),
        (measured("8310-5", 38.4, "Cel"), "fever-systemic", True),
        (measured("8310-5", 101.2, "[degF]"), "fever-systemic", True),
        (measured("8310-5", 98.6, "[degF]"), "fever-systemic", False),
        (measured("8310-5", 101.2, ""), "fever-systemic", True),
        (measured("8310-5", 38.4, "Cel", 20), "fever-systemic", False),
        (measured("8480-6", 186, "mm[Hg]"), "bp-uncontrolled", True),
        (measured("8480-6", 24.8, "kPa"), "bp-uncontrolled", True),
        (measured("8462-4", 112, "mm[Hg]"), "bp-uncontrolled", True),
        (measured("8480-6", 142, "mm[Hg]"), "bp-uncontrolled", False),
        (measured("39156-5", 16.9, "kg/m2"), "low-bmi", True),
        (measured("39156-5", 37.2, "kg/m2"), "obesity-landmarks", True),
        (measured("39156-5", 27.0, "kg/m2"), "obesity-landmarks", False),
        (measured("33914-3", 22, "mL/min/{1.73_m2}"), "liver-kidney-bleed", True),
        (measured("33914-3", 75, "mL/min/{1.73_m2}"), "liver-kidney-bleed", False),
    ],
)
def test_a_measured_value_counts_in_whatever_unit_while_it_is_fresh(
    observation: Json, rule: str, fires: bool
) -> None:
    assert (rule in ids(answer(observation))) is fires


def test_the_newest_value_decides() -> None:
    old, new = measured("777-3", 30, "10*9/L", 20), measured("777-3", 210, "10*9/L", 2)
    assert "platelets-very-low" not in ids(answer(old, new))
    old, new = measured("777-3", 210, "10*9/L", 20), measured("777-3", 30, "10*9/L", 2)
    assert "platelets-very-low" in ids(answer(old, new))


def test_height_and_weight_in_inches_and_pounds_make_a_body_mass_index() -> None:
    height = measured("8302-2", 68, "[in_i]")
    assert "low-bmi" in ids(answer(height, measured("29463-7", 110, "[lb_av]")))
    assert "obesity-landmarks" in ids(answer(height, measured("29463-7", 240, "[lb_av]")))


def test_diabetes_with_an_hba1c_in_mmol_per_mol_is_poorly_controlled() -> None:
    diabetes = resource("C icd10 E11.9")
    assert weight(answer(diabetes), "diabetes") == "precaution"
    assert weight(answer(diabetes, measured("4548-4", 88, "mmol/mol")), "diabetes") == "relative"
    assert weight(answer(diabetes, measured("4548-4", 6.8, "%")), "diabetes") == "precaution"


# --- combinations -----------------------------------------------------------------------------
ASPIRIN, CLOPIDOGREL = resource("M text Aspirin 75 mg"), resource("M text Lowplat 75 mg")
WARFARIN = resource("M text Warfarin 5 mg")


def test_two_antiplatelets_are_one_stronger_reason() -> None:
    found = answer(ASPIRIN, CLOPIDOGREL | {"id": "y"})
    assert ids(found) == {"antiplatelet-dual"}
    assert found.decision == "justify"
    assert len(found.reasons[0].because) == 2


def test_aspirin_twice_is_still_one_antiplatelet() -> None:
    again = resource("M atc N02BA01", id="y")
    assert ids(answer(ASPIRIN, again)) == {"antiplatelet-single"}


def test_a_stopped_second_antiplatelet_no_longer_counts() -> None:
    stopped = CLOPIDOGREL | {"id": "y", "status": "stopped",
                             "effectivePeriod": {"start": "2020", "end": "2021"}}  # fmt: skip
    assert ids(answer(ASPIRIN, stopped)) == {"antiplatelet-single"}


def test_an_antiplatelet_with_an_anticoagulant_is_told_as_a_pair() -> None:
    found = answer(WARFARIN, ASPIRIN | {"id": "y"})
    assert ids(found) == {"anticoagulant-vka", "antiplatelet-dual"}


def test_an_anticoagulant_rules_out_what_no_finger_can_compress_and_only_that() -> None:
    assert answer(WARFARIN, sites=(PSOAS,)).decision == "blocked"
    assert "anticoagulant-deep" in ids(answer(WARFARIN, sites=(PSOAS,)))
    assert answer(WARFARIN, sites=(CALF,)).decision == "justify"
    assert "anticoagulant-deep" not in ids(answer(WARFARIN, sites=(CALF,)))
    both = answer(WARFARIN, sites=(CALF, PSOAS))
    assert [one.decision for one in both.muscles] == ["justify", "blocked"]
    assert both.reasons[0].id == "anticoagulant-deep"


def test_emphysema_concerns_the_chest_and_not_the_calf() -> None:
    emphysema = resource("C icd10 J43.9")
    assert answer(emphysema, sites=(SOLEUS,)).decision == "clear"
    assert answer(emphysema, sites=(RIBS,)).decision == "justify"
    assert answer(emphysema, resource("P text Left pneumonectomy", id="y"),
                  sites=(RIBS, SOLEUS)).decision == "blocked"  # fmt: skip


def test_needling_over_both_lungs_in_one_session_is_warned_of() -> None:
    trapezius = [NeedlingSite("trapezius-upper", side) for side in ("left", "right")]  # type: ignore[arg-type]
    assert "thorax-bilateral" in ids(answer(sites=tuple(trapezius)))
    assert "thorax-bilateral" not in ids(answer(sites=(trapezius[0], SOLEUS)))


# --- places and sides -------------------------------------------------------------------------
@in_one_test(
    ("record", "rule", "inside", "outside"),
    [
        (resource("P text Right axillary lymph node dissection"), "node-removal",
         DELTOID_R, DELTOID_L),
        (resource("P text Mastectomy", bodySite=[{"coding": [
            {"system": SNOMED, "code": "73056007", "display": "Right breast structure"}]}]),
         "node-removal", DELTOID_R, DELTOID_L),
        (resource("C text Lymphoedema of left arm"), "lymphoedema", DELTOID_L, DELTOID_R),
        (resource("C icd10 I89.0", bodySite=[{"text": "Left upper limb"}]), "lymphoedema",
         DELTOID_L, SOLEUS),
        (resource("C text Deep vein thrombosis of left leg"), "dvt-acute", SOLEUS, DELTOID_L),
        (resource("C text Closed fracture of right humerus"), "fracture-acute", DELTOID_R, SOLEUS),
        (resource("C text Cellulitis of left lower leg"), "skin-infection-local", SOLEUS,
         DELTOID_L),
        (resource("P text Total replacement of left knee"), "joint-replacement",
         NeedlingSite("vastus-medialis", "left"), NeedlingSite("vastus-medialis", "right")),
        (resource("C icd10cm Z96.652"), "joint-replacement",
         NeedlingSite("vastus-medialis", "left"), DELTOID_L),
        (resource("C icd10 I83.9"), "varicose-veins", SOLEUS, DELTOID_L),
        (resource("C icd10 C50.9"), "cancer-local",
         NeedlingSite("pectoralis-major-sternal", "left"), SOLEUS),
        (resource("C icd10 I71.4"), "aneurysm", PSOAS, DELTOID_L),
        (resource("C icd10 K40.9"), "hernia-abdomen",
         NeedlingSite("rectus-abdominis", "left"), SOLEUS),
        (resource("D text Breast implant"), "breast-implant",
         NeedlingSite("pectoralis-major-sternal", "left"), SOLEUS),
        (resource("P text Lumbar laminectomy"), "laminectomy",
         NeedlingSite("lumbar-multifidus", "left"),
         SOLEUS),
        (resource("C icd10 M81.9"), "osteoporosis", NeedlingSite("infraspinatus", "left"), SOLEUS),
    ],
)  # fmt: skip
def test_a_local_reason_holds_at_its_place_and_nowhere_else(
    record: Json, rule: str, inside: NeedlingSite, outside: NeedlingSite
) -> None:
    assert rule in ids(answer(record, sites=(inside,)))
    assert rule not in ids(answer(record, sites=(outside,)))
    assert rule in ids(answer(record)), "without a site the whole body is meant"


def test_an_unknown_place_is_not_a_safe_one() -> None:
    record = resource("C icd10 I89.0")
    assert "lymphoedema" in ids(answer(record, sites=(DELTOID_L,)))
    assert "lymphoedema" in ids(answer(record, sites=(SOLEUS,)))


# --- pregnancy --------------------------------------------------------------------------------
def dated(code: str, day: date, said: int = 3) -> Json:
    observation = measured(code, 0, "", said)
    del observation["valueQuantity"]
    return observation | {"valueDateTime": day.isoformat()}


def status(code: str, days: int) -> Json:
    observation = measured("82810-3", 0, "", days)
    del observation["valueQuantity"]
    return observation | {"valueCodeableConcept": {"coding": [{"system": SNOMED, "code": code}]}}


PREGNANT, NOT_PREGNANT = "77386006", "60001007"


@in_one_test(
    ("records", "rule"),
    [
        ([resource("C icd10 Z33")], "pregnancy-t1"),
        ([resource("C text Pregnancy, first trimester")], "pregnancy-t1"),
        ([resource("C text Third trimester pregnancy")], "pregnancy-t2t3"),
        ([resource("C icd10cm Z3A.10")], "pregnancy-t1"),
        ([resource("C icd10cm Z3A.28")], "pregnancy-t2t3"),
        ([dated("11778-8", DAY + timedelta(days=230))], "pregnancy-t1"),
        ([dated("11778-8", DAY + timedelta(days=60))], "pregnancy-t2t3"),
        ([dated("11778-8", DAY - timedelta(days=60))], None),
        ([status(PREGNANT, 5)], "pregnancy-t1"),
        ([status(PREGNANT, 5), dated("8665-2", DAY - timedelta(days=40))], "pregnancy-t1"),
        ([status(PREGNANT, 5), dated("8665-2", DAY - timedelta(days=150))], "pregnancy-t2t3"),
        ([dated("8665-2", DAY - timedelta(days=40))], None),
        ([status(NOT_PREGNANT, 5)], None),
        ([status(PREGNANT, 90), status(NOT_PREGNANT, 5)], None),
        ([status(PREGNANT, 400)], None),
        ([measured("18185-9", 10, "wk", 7)], "pregnancy-t1"),
        ([measured("18185-9", 20, "wk", 7)], "pregnancy-t2t3"),
        ([resource("C icd10 Z33", onsetDateTime="2018-02-01")], None),
        ([resource("C icd10 Z33", clinicalStatus={"coding": [{"code": "resolved"}]})], None),
        ([resource("C text Miscarriage in first trimester")], None),
    ],
)
def test_a_pregnancy_is_found_and_dated(records: list[Json], rule: str | None) -> None:
    records = [one | {"id": f"r{number}"} for number, one in enumerate(records)]
    found = {one for one in ids(answer(*records)) if one.startswith("pregnancy-t")}
    assert found == ({rule} if rule else set())


def test_early_pregnancy_rules_out_the_low_back_and_asks_for_a_reason_elsewhere() -> None:
    record = resource("C text First trimester pregnancy")
    assert answer(record, sites=(NeedlingSite("lumbar-multifidus", "left"),)).decision == "blocked"
    assert answer(record, sites=(NeedlingSite("trapezius-upper", "left"),)).decision == "justify"


# --- time and status --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("medicine", "counts"),
    [
        ({"status": "active", "authoredOn": "2011-02-03"}, True),
        ({"status": "stopped", "authoredOn": "2011-02-03"}, False),
        ({"status": "completed", "authoredOn": "2011-02-03"}, False),
        ({"status": "active", "intent": "plan"}, True),
        ({"status": "active", "intent": "plan", "reportedBoolean": True}, True),
        ({"status": "active", "intent": "reflex-order"}, True),
        ({"status": "completed", "effectivePeriod": {"start": ago(30), "end": ago(-30)}}, True),
        ({"status": "active", "authoredOn": f"{ago(-1)}T01:30:00+12:00"}, True),
        ({"status": "active", "authoredOn": ago(-1)}, False),
        ({"status": "active", "intent": "proposal"}, False),
        ({"status": "draft"}, False),
        ({"status": "on-hold"}, False),
        ({"status": "active", "doNotPerform": True}, False),
        ({"status": "active", "effectivePeriod": {"start": "2009", "end": "2011-06"}}, False),
        ({"status": "active", "authoredOn": ago(30), "dosageInstruction": [
            {"timing": {"repeat": {"boundsDuration": {"value": 7, "code": "d"}}}}]}, False),
        ({"status": "active", "authoredOn": ago(3), "dosageInstruction": [
            {"timing": {"repeat": {"boundsDuration": {"value": 7, "code": "d"}}}}]}, True),
        ({"status": "active", "authoredOn": ago(30), "dosageInstruction": [
            {"timing": {"repeat": {"boundsPeriod": {"end": ago(20)}}}}]}, False),
    ],
)  # fmt: skip
def test_a_prescription_of_warfarin_counts_while_it_is_taken(medicine: Json, counts: bool) -> None:
    record = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": "Warfarin 5 mg"},
        **medicine,
    }
    assert ("anticoagulant-vka" in ids(answer(record))) is counts


def test_what_may_be_taken_all_the_same_is_asked_about() -> None:
    asked = {
        "proposed": {"status": "active", "intent": "proposal"},
        "a draft": {"status": "draft"},
        "handed out to the end last month": {"status": "completed", "authoredOn": ago(30)},
    }  # fmt: skip
    silent = {
        "never taken": {"status": "not-taken"},
        "completed a year ago": {"status": "completed", "authoredOn": ago(400)},
        "its supply is over": {"status": "completed", "authoredOn": ago(60),
            "dispenseRequest": {"expectedSupplyDuration": {"value": 10, "code": "d"}}},
    }  # fmt: skip

    def raised(more: Json) -> bool:
        record = {"resourceType": "MedicationRequest", "id": "m",
                  "medicationCodeableConcept": {"text": "Warfarin 5 mg"}, **more}  # fmt: skip
        document = {"resourceType": "Bundle", "entry": [{"resource": record}]}
        found = read_bundle(json.dumps(document).encode()).disclosure(on=DAY)
        return any(
            one.id == "anticoagulant-vka" and one.because for one in questions(found, on=DAY)
        )

    assert {name: raised(more) for name, more in (asked | silent).items()} == {
        name: name in asked for name in (asked | silent)
    }


def test_an_end_before_the_start_is_told_and_does_not_end_it() -> None:
    record = {"resourceType": "MedicationStatement", "id": "m", "status": "active",
              "medicationCodeableConcept": {"text": "Warfarin 5 mg"},
              "effectivePeriod": {"start": ago(30), "end": ago(300)}}  # fmt: skip
    document = {"resourceType": "Bundle", "entry": [{"resource": record}]}
    found = read_bundle(json.dumps(document).encode())
    assert found.facts[0].end is None
    assert "before it began" in found.unread[0].why


@pytest.mark.parametrize(
    ("days", "asked"), [(0, True), (2, True), (5, True), (9, False), (40, False)]
)
def test_an_antibiotic_for_three_days_is_asked_about_while_it_and_what_it_treats_may_last(
    days: int, asked: bool
) -> None:
    record = {
        "resourceType": "MedicationRequest", "id": "m", "status": "completed", "intent": "order",
        "subject": {"reference": "Patient/p"}, "authoredOn": ago(days),
        "medicationCodeableConcept": {"text": "Azithromycin 500 mg"},
        "dosageInstruction": [
            {"timing": {"repeat": {"boundsDuration": {"value": 3, "code": "d"}}}}],
    }  # fmt: skip
    found = answer(record)
    raised = {one for one in found.unanswered if one == "fever-systemic"}
    assert "fever-systemic" not in ids(found)
    assert bool(raised)
    from filiform.disclosure import Disclosure
    from filiform.screening import questions

    told = read(record)
    because = [one.because for one in questions(told, on=DAY) if one.id == "fever-systemic"]
    assert bool(because and because[0]) is asked
    assert isinstance(told, Disclosure)


def read(*records: Json) -> Any:
    import json

    from filiform.exchange.fhir import read_bundle

    document = {"resourceType": "Bundle", "entry": [{"resource": one} for one in records]}
    return read_bundle(json.dumps(document).encode()).disclosure(on=DAY)


@pytest.mark.parametrize(
    ("performed", "expected"),
    [
        ({"performedDateTime": ago(20)}, "relative"),
        ({"performedDateTime": ago(400)}, "precaution"),
        ({"performedPeriod": {"start": ago(21), "end": ago(20)}}, "relative"),
        ({"performedDateTime": (DAY + timedelta(days=9)).isoformat()}, None),
        ({"performedDateTime": "2016"}, "precaution"),
        ({}, "precaution"),
    ],
)
def test_a_joint_replacement_counts_from_its_date(performed: Json, expected: str | None) -> None:
    record = resource("P text Total replacement of hip")
    del record["performedDateTime"]
    assert weight(answer(record | performed), "joint-replacement") == expected


@pytest.mark.parametrize(
    ("days", "decision"), [(10, "blocked"), (89, "blocked"), (200, "clear"), (4000, "clear")]
)
def test_a_heart_attack_blocks_for_three_months(days: int, decision: str) -> None:
    record = resource("C icd10 I21.9", onsetDateTime=ago(days))
    assert answer(record).decision == decision


def test_a_word_that_is_only_near_is_asked_about_and_not_assumed() -> None:
    found = answer(resource("M text Warfex 5"))
    assert "anticoagulant-vka" not in ids(found)
    assert "anticoagulant-vka" in found.unanswered


# --- what else a record holds -----------------------------------------------------------------
def test_a_warning_in_the_record_counts_like_a_condition() -> None:
    flag = {"resourceType": "Flag", "id": "f", "status": "active",
            "subject": {"reference": "Patient/p"}, "code": {"text": "Haemophilia A"}}  # fmt: skip
    assert answer(flag).decision == "blocked"
    assert answer(flag | {"status": "inactive"}).decision == "blocked", "haemophilia stays"
    assert answer(flag | {"status": "entered-in-error"}).decision == "clear"
    other = flag | {"code": {"text": "Cellulitis"}, "status": "inactive"}
    assert answer(other).decision == "clear"


def test_a_summary_that_states_nil_known_allergies_has_answered() -> None:
    section = {"title": "Allergies", "code": {"coding": [{"system": LOINC, "code": "48765-2"}]},
               "emptyReason": {"coding": [{"code": "nilknown"}]}}  # fmt: skip
    summary = {"resourceType": "Composition", "id": "c", "section": [section],
               "subject": {"reference": "Patient/p"}}  # fmt: skip
    assert "latex" in answer().unanswered
    assert "latex" not in answer(summary).unanswered
    section["emptyReason"] = {"coding": [{"code": "unavailable"}]}
    assert "latex" in answer(summary).unanswered


def test_a_bundle_within_the_bundle_is_read() -> None:
    inner = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": WARFARIN}]}
    assert "anticoagulant-vka" in ids(answer(inner))


def test_one_page_of_several_and_a_servers_complaint_are_named() -> None:
    import json

    from filiform.exchange.fhir import read_bundle

    outcome = {
        "resourceType": "OperationOutcome",
        "id": "o",
        "issue": [
            {"severity": "warning", "code": "incomplete", "diagnostics": "allergies left out"}
        ],
    }
    page = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": outcome}],
            "link": [{"relation": "next", "url": "https://x/?page=2"}]}  # fmt: skip
    said = [one.why for one in read_bundle(json.dumps(page).encode()).unread]
    assert any("pages" in why or "page" in why for why in said)
    assert any("allergies left out" in why for why in said)
