"""`filiform programme`: the contract of its input and output."""

from __future__ import annotations

import pytest

from filiform.cli import main

KINDS = {"stretch", "exercise", "self-release", "manual-therapy", "advice"}
APIXABAN = {
    "resourceType": "MedicationStatement",
    "id": "a",
    "status": "active",
    "medicationCodeableConcept": {"text": "Apixaban 5 mg"},
}
HAEMOPHILIA = {
    "resourceType": "Condition",
    "id": "h",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "D66"}]},
}
HIP = {
    "resourceType": "Condition",
    "id": "hip",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "M70.6"}]},
}
CALF = ("programme", "--target", "soleus:left", "--on", "2026-03-01")


def items(programme):
    return [item for phase in programme["phases"] for item in phase["items"]]


def left_out(programme):
    return {reason["id"] for reason in programme["left_out"]}


def test_the_answer_has_the_keys_of_the_contract(ask):
    programme = ask(*CALF, "--target", "infraspinatus:right")
    assert {item["kind"] for item in items(programme)} <= KINDS
    for item in items(programme):
        assert {"id", "kind", "muscle", "dose", "cautions", "sources"} <= set(item)
        assert item["sources"], item["id"]
    assert all(reason["id"] and reason["text"] for reason in programme["left_out"])


def test_under_a_blood_thinner_no_pressure_is_proposed(ask, summary):
    plain, thinned = ask(*CALF), ask(*CALF, "--summary", summary(APIXABAN))
    assert "self-release" in {item["kind"] for item in items(plain)}
    assert "self-release" not in {item["kind"] for item in items(thinned)}
    assert "programme-no-pressure-antithrombotic" in left_out(thinned)


def test_who_may_not_be_needled_gets_the_programme_without_needling(ask, summary):
    programme = ask(*CALF, "--summary", summary(HAEMOPHILIA))
    assert items(programme)
    assert "programme-no-deep-massage" not in left_out(programme)
    assert "press-after" not in {item["id"] for item in items(programme)}


def test_a_sore_hip_tendon_leaves_out_what_presses_on_it(ask, summary):
    hip = ("programme", "--target", "gluteus-medius:left", "--on", "2026-03-01")
    hurts = ask(*hip, "--summary", summary(HIP))
    healed = {**HIP, "clinicalStatus": {"coding": [{"code": "resolved"}]}}
    assert "programme-hip-tendon" in left_out(hurts)
    assert "programme-hip-tendon" not in left_out(ask(*hip, "--summary", summary(healed)))


def test_age_in_the_record_counts(ask, summary):
    neck = ("programme", "--target", "scalene-anterior:left", "--on", "2026-03-01")
    older = ask(*neck, "--summary", summary(born="1940-05-05"))
    younger = ask(*neck, "--summary", summary(born="1990-05-05"))
    assert "programme-neck-older" in left_out(older) - left_out(younger)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--target", "soleus"), "expected MUSCLE:SIDE"),
        (("--target", "soleus:up"), "allowed: left, right"),
        (("--target", "soleuss:left"), "did you mean soleus"),
        (("--target", "soleus:left", "--summary", "none.json"), "none.json"),
    ],
)
def test_a_question_that_cannot_be_used_is_refused_with_what_is_allowed(refused, words, says):
    assert says in refused("programme", *words)


def test_urdu_is_answered_in_urdu(ask, capsys):
    assert ask(*CALF, "--language", "ur")["phases"][0]["name"] != ask(*CALF)["phases"][0]["name"]
    assert main([*CALF, "--language", "ur"]) == 0
    assert "پنڈلی" in capsys.readouterr().out
