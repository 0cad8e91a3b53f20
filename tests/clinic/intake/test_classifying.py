"""What a clinic takes unknown names to mean is remembered, counts from then on, and is its own."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.facts.models import Entry
from filiform.clinic.intake import actions, queries, questions
from filiform.clinic.intake.classifying import classified, classify
from filiform.clinic.intake.models import Classification, PendingImport
from filiform.disclosure import Kind
from filiform.screening import screen

UNKNOWN = "Zorvaxinab 30 mg"


def document(text: str = UNKNOWN, **more) -> bytes:
    person = {"resourceType": "Patient", "id": "p", "gender": "female",
              "birthDate": "1984-03-09", "name": [{"text": "Amna Siddiqui"}], **more}  # fmt: skip
    taken = {"resourceType": "MedicationStatement", "id": "m", "status": "active",
             "subject": {"reference": "Patient/p"},
             "medicationCodeableConcept": {"text": text}}  # fmt: skip
    others = [{"resourceType": "CarePlan", "id": str(n)} for n in range(3)]
    entries = [{"resource": one} for one in (person, taken, *others)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def screened(patient):
    on = timezone.localdate()
    return screen(queries.disclosure_of(patient), on=on)


def held(alice, patient, raw: bytes | None = None) -> PendingImport:
    return actions.hold_import(by=alice, patient=patient, raw=raw or document())


def test_the_page_shows_what_is_not_understood_and_what_was_passed_over(
    as_alice, alice, patient
) -> None:
    raw = document(deceasedDateTime="2025-01-01")
    pending = held(alice, patient, raw)
    page = as_alice.get(reverse("intake:preview", args=[patient.pk, pending.pk])).content.decode()
    assert "Not understood" in page
    assert UNKNOWN in page
    assert "care plans" in page
    assert "recorded as dead on 1 Jan 2025" in page


@pytest.mark.parametrize(
    ("meaning", "fires", "unknown"),
    [("harmless", False, []), ("concept:warfarin", True, []), ("ask", False, [])],
)
def test_a_name_that_was_classified_counts_as_that_from_then_on(
    as_alice, alice, patient, meaning, fires, unknown
) -> None:
    actions.import_document(by=alice, patient=patient, raw=document())
    assert [one.text for one in screened(patient).not_understood] == [UNKNOWN]
    pending = held(alice, patient)
    address = reverse("intake:classify", args=[patient.pk, pending.pk])
    said = {"kind": "medicine", "name": "ZORVAXINAB  30 mg", "meaning": meaning}
    answer = as_alice.post(address, said)
    assert answer.url == reverse("intake:preview", args=[patient.pk, pending.pk])
    found = screened(patient)
    assert ("anticoagulant-vka" in {one.id for one in found.reasons}) is fires
    assert [one.text for one in found.not_understood] == unknown
    # Later documents are sorted by it as well.
    page = as_alice.get(answer.url).content.decode()
    # What is asked each time may still be given another meaning there.
    assert ("Not understood" in page) is (meaning == "ask")


def test_a_name_to_be_asked_each_time_is_a_question_whose_no_settles_it(alice, patient) -> None:
    actions.import_document(by=alice, patient=patient, raw=document())
    classify(by=alice, kind=Kind.MEDICINE, text=UNKNOWN, meaning="ask")
    today = timezone.localdate()
    (asked,) = [
        one for one in questions.questions_of(patient, today) if UNKNOWN in one.question.ask.en
    ]
    assert asked.question.id in screened(patient).unanswered
    for value, left in ((True, [UNKNOWN]), (False, [])):
        actions.answer(by=alice, patient=patient, question=asked.question.id, value=value)
        found = screened(patient)
        assert asked.question.id not in found.unanswered
        assert [one.text for one in found.not_understood] == left


def test_a_second_word_takes_the_place_of_the_first_and_the_audit_keeps_both(alice) -> None:
    first = classify(by=alice, kind=Kind.MEDICINE, text=UNKNOWN, meaning="harmless")
    again = classify(by=alice, kind=Kind.MEDICINE, text=UNKNOWN, meaning="harmless")
    second = classify(by=alice, kind=Kind.MEDICINE, text=UNKNOWN, meaning="ask")
    assert (again, second.replaces) == (first, first)
    assert [row.meaning for row in classified(alice.organisation_id).values()] == ["ask"]
    entries = Entry.objects.filter(action="name-classified")
    assert sorted(entry.details["meaning"] for entry in entries) == ["ask", "harmless", "harmless"]
    assert UNKNOWN.lower() not in str([entry.details for entry in entries]).lower()


def test_a_meaning_that_does_not_exist_is_refused(as_alice, alice, patient) -> None:
    for meaning, concept in (("fine", ""), ("concept", "no-such-thing"), ("concept", "")):
        with pytest.raises(ValueError, match=r"(meaning|concept)"):
            classify(by=alice, kind=Kind.MEDICINE, text="X", meaning=meaning, concept=concept)
    pending = held(alice, patient)
    address = reverse("intake:classify", args=[patient.pk, pending.pk])
    as_alice.post(address, {"kind": "medicine", "name": "X", "meaning": "concept:nonsense"})
    as_alice.post(address, {"kind": "nonsense", "name": "X", "meaning": "harmless"})
    as_alice.post(address, {"kind": "medicine", "name": "X", "meaning": ""})
    assert not Classification.objects.exists()


def test_another_clinic_decides_for_itself(alice, charlie) -> None:
    classify(by=alice, kind=Kind.MEDICINE, text=UNKNOWN, meaning="harmless")
    assert classified(charlie.organisation_id) == {}


def test_a_planned_medicine_can_be_ticked_and_is_taken_then(alice, patient) -> None:
    raw = document("Warfarin 5 mg").replace(b'"active"', b'"intended"')
    actions.import_document(by=alice, patient=patient, raw=raw)
    assert not queries.facts(patient).exists()
    actions.import_document(by=alice, patient=patient, raw=raw, chosen={"MedicationStatement/m"})
    assert "anticoagulant-vka" in {one.id for one in screened(patient).reasons}
