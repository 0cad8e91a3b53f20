"""`filiform plan`: the contract of its input and output."""

from __future__ import annotations

import pytest

from filiform.cli import main

WARFARIN = {
    "resourceType": "MedicationStatement",
    "id": "w",
    "status": "active",
    "medicationCodeableConcept": {"text": "Warfarin 5 mg"},
}
HAEMOPHILIA = {
    "resourceType": "Condition",
    "id": "h",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "D66"}]},
}
HEIGHT = {
    "resourceType": "Observation",
    "id": "height",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]},
    "effectiveDateTime": "2026-01-10",
    "valueQuantity": {"value": 170, "code": "cm", "unit": "cm"},
}
WEIGHT = {
    **HEIGHT,
    "id": "weight",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "valueQuantity": {"value": 110, "code": "kg", "unit": "kg"},
}
WHERE = ("plan", "--muscle", "gluteus-medius", "--side", "left", "--on", "2026-03-01")
WOMAN = ("--sex", "female", "--age", "45", "--height-cm", "165", "--weight-kg", "60")


def test_the_answer_has_the_keys_of_the_contract(ask):
    plan = ask(*WHERE, *WOMAN)
    assert plan["muscle"] == "gluteus-medius"
    assert plan["side"] == "left"
    assert set(plan["needle"]) == {"diameter_mm", "length_mm"}
    low, high = plan["depth_mm"]["target"]
    assert 0 < low <= high <= plan["depth_mm"]["limit"] < plan["needle"]["length_mm"]
    assert plan["depth_mm"]["limit_basis"] in ("measured", "published", "expert")
    assert plan["depth_mm"]["sources"]
    assert plan["palpation"] in ("flat", "pincer")
    assert plan["training"] in ("basic", "intermediate", "advanced")
    assert all({"structure", "mitigation", "sources"} <= set(one) for one in plan["hazards"])
    assert {"position", "direction", "technique", "reasons"} <= set(plan)


def test_without_height_and_weight_the_limit_is_that_of_the_slimmest_body(ask):
    slim = ("plan", "--muscle", "trapezius-upper", "--side", "left")
    unknown = ask(*slim, "--age", "40")
    heavy = ask(*slim, "--age", "40", "--height-cm", "165", "--weight-kg", "95")
    assert unknown["depth_mm"]["limit"] <= heavy["depth_mm"]["limit"]
    assert "plan-body-mass-unknown" in {reason["id"] for reason in unknown["reasons"]}


def test_a_summary_gives_age_and_build_and_the_command_line_overrules_it(ask, summary):
    upper = ("plan", "--muscle", "trapezius-upper", "--side", "left", "--on", "2026-03-01")
    record = summary(HEIGHT, WEIGHT)
    from_record = ask(*upper, "--summary", record)
    said = ask(*upper, "--age", "56", "--sex", "male", "--height-cm", "170", "--weight-kg", "110")
    assert from_record["depth_mm"] == said["depth_mm"]
    slim = ask(*upper, "--summary", record, "--weight-kg", "50")
    assert slim["depth_mm"]["limit"] < from_record["depth_mm"]["limit"]


def test_a_relative_contraindication_stands_first_and_leaves_the_needle(ask, summary):
    plan = ask(*WHERE, *WOMAN, "--summary", summary(WARFARIN))
    assert plan["decision"] == "justify"
    first = plan["reasons"][0]
    assert (first["id"], first["class"]) == ("anticoagulant-vka", "relative")
    assert first["because"][0]["resource"] == "MedicationStatement/w"
    assert first["instead"]
    assert plan["needle"] is not None


def test_an_absolute_contraindication_leaves_no_needle_in_the_answer(ask, summary):
    plan = ask(*WHERE, *WOMAN, "--summary", summary(HAEMOPHILIA))
    assert plan["decision"] == "blocked"
    assert plan["needle"] is None
    assert plan["depth_mm"] is None
    assert plan["technique"] == "none"
    assert plan["reasons"][0]["class"] == "absolute"


def test_reasons_stand_strictest_first_and_each_has_a_sentence(ask, summary):
    order = ["absolute", "relative", "precaution"]
    plan = ask(*WHERE, "--summary", summary(WARFARIN), "--age", "80")
    ranks = [order.index(reason["class"]) for reason in plan["reasons"]]
    assert ranks == sorted(ranks)
    assert all(reason["text"] and reason["id"] for reason in plan["reasons"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--muscle", "soleuss", "--side", "left"), "did you mean soleus"),
        (("--muscle", "soleus", "--side", "both"), "--side: got 'both'; allowed: left, right"),
        (("--muscle", "soleus", "--side", "left", "--age", "-3"), "--age: got -3"),
        (("--muscle", "soleus", "--side", "left", "--age", "old"), "is not a number"),
        (("--muscle", "soleus", "--side", "left", "--height-cm", "nan"), "--height-cm: got nan"),
        (("--muscle", "soleus", "--side", "left", "--trp", "9"), "it has 1, 2, 3"),
        (("--muscle", "soleus", "--side", "left", "--measured-how", "eye"), "ultrasound, ct, mri"),
        (("--muscle", "soleus", "--side", "left", "--position", "headstand"), "allowed are prone"),
        (("--muscle", "soleus", "--side", "left", "--sex", "f"), "--sex: got 'f'"),
        (("--muscle", "soleus", "--side", "left", "--summary", "none.json"), "none.json"),
        (("--muscle", "soleus", "--side", "left", "--on", "tomorrow"), "YYYY-MM-DD"),
    ],
)
def test_a_question_that_cannot_be_used_is_refused_with_what_is_allowed(refused, words, says):
    assert says in refused("plan", *words)


def test_a_measured_depth_raises_the_limit_only_when_it_is_signed(ask):
    where = ("plan", "--muscle", "supraspinatus", "--side", "left", *WOMAN)
    bare = ask(*where, "--measured-depth-mm", "50")
    assert bare["depth_mm"]["limit"] == 10
    signed = ("--measured-by", "Dr Sana", "--measured-how", "ultrasound")
    raised = ask(*where, "--measured-depth-mm", "50", *signed)
    assert (raised["depth_mm"]["limit"], raised["depth_mm"]["limit_basis"]) == (35, "measured")


def test_every_source_of_a_limit_stands_in_the_answer_with_its_basis(ask):
    plan = ask("plan", "--muscle", "pectoralis-major-sternal", "--side", "left", *WOMAN)
    bounds = {one["rule"]: one for one in plan["depth_mm"]["bounds"]}
    assert plan["depth_mm"]["limit"] == min(one["limit_mm"] for one in bounds.values())
    assert bounds["pleura-front-ct"]["basis"] == "published"
    assert bounds["depth-anterior-chest"]["basis"] == "expert"
    assert bounds["depth-anterior-chest"]["confidence"] == "design value"
    (distance,) = plan["depth_mm"]["distances"]
    assert distance["low_mm"] < distance["median_mm"][0] < distance["high_mm"]


def test_people_are_told_needle_limit_and_reasons_in_both_languages(capsys):
    assert main([*WHERE, *WOMAN]) == 0
    assert "never beyond" in capsys.readouterr().out
    assert main([*WHERE, *WOMAN, "--language", "ur"]) == 0
    said = capsys.readouterr().out
    assert "آگے کبھی نہیں" in said
    for english in ("PRECAUTION", "RELATIVE", "basic", "intermediate", "advanced"):
        assert english not in said
