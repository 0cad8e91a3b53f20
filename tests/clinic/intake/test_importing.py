"""Reconciling FHIR documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.clinic.intake.documents import (
    as_member,
    bundle,
    coded,
    condition,
    medicine,
    texts,
    upload,
)
from tests.clinic.pathway.acts import undone_afterwards
from tests.exchange.records import every_record
from tests.tables import in_one_test

from filiform.clinic.chart import merging
from filiform.clinic.intake import actions, queries, sections
from filiform.clinic.intake.identity import Identity, agreement_of_names, compare
from filiform.clinic.intake.models import DisclosedFact, ImportedDocument, PendingImport
from filiform.clinic.patients.actions import register
from filiform.disclosure import Status
from filiform.exchange.fhir import BundleError, ReadPatient, read_bundle
from filiform.screening import screen

SNOMED = "http://snomed.info/sct"


# --- what is reconciled -----------------------------------------------------------------------
def test_what_holds_today_is_reconciled_with_its_status_codes_and_dates(alice, patient) -> None:
    raw = bundle(
        condition(
            code={"text": "Emphysema", "coding": [{"system": SNOMED, "code": "87433001"}]},
            onsetDateTime="2019-04-02",
            recordedDate="2019-05-01",
        ),
        medicine(),
    )
    done = actions.import_document(by=alice, patient=patient, raw=raw)
    lungs = queries.facts(patient).get(kind="condition")
    assert len(done.facts) == 2
    assert (lungs.text, lungs.start) == ("Emphysema", date(2019, 4, 2))
    assert lungs.recorded_on == date(2019, 5, 1)
    assert lungs.codings[0]["code"] == "87433001"
    assert lungs.resource == "Condition/c1"
    assert bytes(ImportedDocument.objects.get().raw) == raw


def test_a_medicine_stopped_years_ago_is_left_out(alice, patient, today) -> None:
    raw = bundle(medicine(status="stopped", effectivePeriod={"start": "2010", "end": "2011"}))
    sorted_out = queries.preview_of(read_bundle(raw), patient, on=today)
    assert sorted_out.offered == ()
    assert [offer.why for offer in sorted_out.optional] == ["stopped"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}}, "refuted"),
        ({"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}, "entered-in-error"),
        ({"subject": {"reference": "Patient/somebody-else"}}, "other-patient"),
    ],
)
def test_what_does_not_hold_is_left_out_with_why(alice, patient, today, more, why) -> None:
    raw = bundle(condition(**more))
    sorted_out = queries.preview_of(read_bundle(raw), patient, on=today)
    assert sorted_out.offered == sorted_out.optional == ()
    assert why in [code for _, code in sorted_out.left_out]


def test_a_past_pneumothorax_is_offered_because_a_rule_looks_back_at_it(
    alice, patient, today
) -> None:
    raw = bundle(condition(text="Pneumothorax", status="resolved", abatementDateTime="2012-01-01"))
    (offer,) = queries.preview_of(read_bundle(raw), patient, on=today).offered
    assert offer.fact.status is Status.RESOLVED
    assert offer.ticked


def test_the_same_document_twice_adds_nothing(alice, patient) -> None:
    raw = bundle(condition(), medicine())
    actions.import_document(by=alice, patient=patient, raw=raw)
    again = actions.import_document(by=alice, patient=patient, raw=raw)
    assert again.document is None
    assert (ImportedDocument.objects.count(), DisclosedFact.objects.count()) == (1, 2)


def test_what_was_unticked_can_be_reconciled_later_from_the_same_document(alice, patient) -> None:
    raw = bundle(condition(), medicine())
    actions.import_document(by=alice, patient=patient, raw=raw, chosen={"Condition/c1"})
    assert texts(patient) == ["Emphysema"]
    actions.import_document(by=alice, patient=patient, raw=raw)
    assert len(texts(patient)) == 2
    assert ImportedDocument.objects.count() == 1


def test_what_was_entered_by_hand_is_not_added_once_more(alice, patient, today) -> None:
    actions.disclose(by=alice, patient=patient, kind="condition", text="emphysema")
    sorted_out = queries.preview_of(read_bundle(bundle(condition())), patient, on=today)
    assert [fact.text for fact in sorted_out.there] == ["Emphysema"]
    assert sorted_out.offered == ()


def test_a_newer_document_amends_what_an_older_one_said(alice, patient) -> None:
    actions.import_document(by=alice, patient=patient, raw=bundle(medicine()))
    newer = bundle(medicine(status="on-hold"))
    actions.import_document(by=alice, patient=patient, raw=newer)
    row = queries.facts(patient).get()
    assert row.status == "on-hold"
    assert queries.history(row)[0].status == "active"


def test_what_was_taken_back_here_is_not_ticked_again(alice, patient, today) -> None:
    raw = bundle(condition())
    done = actions.import_document(by=alice, patient=patient, raw=raw)
    actions.void_fact(by=alice, fact=done.facts[0], why="the sister's")
    sorted_out = queries.preview_of(read_bundle(raw), patient, on=today)
    assert sorted_out.offered == ()
    assert [offer.why for offer in sorted_out.optional] == ["voided"]


def test_a_nothing_that_the_document_itself_or_another_file_contradicts_is_left_out(
    as_alice, alice, patient, today
) -> None:
    latex = coded("AllergyIntolerance", "a1", "Latex")
    none = coded("AllergyIntolerance", "a0", "No known allergies", "716186003")
    for parts in ((latex, none), (none, latex)):
        actions.import_document(by=alice, patient=patient, raw=bundle(*parts))
        assert texts(patient) == ["Latex"]
    other = register(
        by=alice, given_name="Amna", family_name="Siddiqi", birth_date=date(1984, 3, 9),
        birth_date_known="day", sex="female",
    )  # fmt: skip
    actions.disclose(by=alice, patient=other, kind="medicine", text="Warfarin")
    merging.merge(by=alice, kept=patient, closed=other, why="She told us so.")
    raw = bundle(coded("MedicationStatement", "m0", "No known medicines", "787481004"))
    upload(as_alice, patient, raw)
    pending = PendingImport.objects.get()
    [chosen] = [fact.id for fact in read_bundle(raw).facts]
    answer = as_alice.post(
        reverse("intake:confirm-import", args=[patient.pk, pending.pk]), {"fact": chosen}
    )
    assert answer.status_code == 302
    assert not any(row.none_known for row in queries.own_rows(patient) if row.kind == "medicine")


def test_height_and_weight_become_measurements_of_their_day(alice, patient, today) -> None:
    day = (today - timedelta(days=30)).isoformat()

    def measured(key, code, value, unit):
        return {
            "resourceType": "Observation", "id": key, "status": "final",
            "subject": {"reference": "Patient/p"}, "effectiveDateTime": day,
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, "code": unit, "unit": unit,
                              "system": "http://unitsofmeasure.org"},
        }  # fmt: skip

    raw = bundle(measured("h", "8302-2", 171, "cm"), measured("w", "29463-7", 64, "kg"))
    actions.import_document(by=alice, patient=patient, raw=raw)
    from filiform.clinic.patients.queries import body

    found = body(patient)
    assert (found.height_cm, found.weight_kg) == (171, 64)
    assert found.measured_on.isoformat() == day


# --- whose document it is ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "born", "gender", "verdict"),
    [
        ("Amna Siddiqui", "1984-03-09", "female", "same"),
        ("Amna Siddiqi", "1984-03-09", "unknown", "same"),
        ("Amna Bibi Siddiqui", "1984-03-09", "female", "same"),
        ("آمنہ صدیقی", "1984-03-09", "female", "same"),
        ("Amna Siddiqui", "1984-03-10", "female", "doubtful"),
        ("Amna Siddiqui", None, "female", "doubtful"),
        ("Amna Siddiqui", "1984-03-09", "male", "doubtful"),
        ("Rubina Baig", "1984-03-09", "female", "doubtful"),
        ("Rubina Baig", "1990-01-01", "female", "another"),
        ("Rubina Baig", None, "female", "another"),
    ],
)
def test_name_and_birth_date_decide_whose_document_it_is(
    patient, name, born, gender, verdict
) -> None:
    said = ReadPatient(
        name=name, names=(name,), sex=gender, birth_date=date.fromisoformat(born) if born else None
    )
    assert compare(patient, said).verdict == verdict


def test_a_birth_date_known_as_a_year_or_month_is_compared_and_shown_as_such(patient) -> None:
    def said(born: str, known: str) -> Identity:
        return compare(patient, ReadPatient(
            name="Amna Siddiqui", names=("Amna Siddiqui",), sex="female",
            birth_date=date.fromisoformat(born), birth_date_known=known))  # fmt: skip

    assert [said("1984-01-01", "year").birth_date, said("1984-01-01", "year").born] == [
        "same",
        "1984",
    ]
    assert [said("1984-03-01", "month").birth_date, said("1984-03-01", "month").born] == [
        "same",
        "Mar 1984",
    ]
    assert said("1984-04-01", "month").birth_date == "different"
    assert said("1985-01-01", "year").birth_date == "different"


NAMES = {
    ("Łukasz Żółć", "Zolc Lukasz"): "same",
    ("Sinéad O'Brien", "O Brien Sinead"): "same",
    ("Søren Ødegård", "Soren Odegard"): "same",
    ("Salma Bibi", "سلمہ بی بی"): "same",
    ("Saleem Khan", "سلیم خان"): "same",
    ("Salma Khan", "سلیم خان"): "different",
    ("Saleem Khan", "سلمہ خان"): "different",
    ("Fatimah Zahra", "فاطمہ زہرا"): "same",
    ("Abdul Rahman", "Abdurrahman"): "same",
    ("Abdul Rahman", "عبد الرحمن"): "same",
    ("Amna Siddiqui", "Aamna Siddique"): "same",
    ("Иван Петров", "Petrov Ivan"): "same",
    ("Иван Петров", "Igor Petrov"): "different",
    ("Наталья Щербакова", "Natalia Shcherbakova"): "same",
    ("Αλέξης Ιωάννου", "Alexis Ioannou"): "same",
    ("Jan van den Berg", "van der Berg Jan"): "same",
    ("田中　太郎", "田中太郎"): "same",
    ("田中太郎", "田中花子"): "different",
    ("IŞIK DEMİR", "Isik Demir"): "same",
    ("Nguyễn Văn Đức", "Duc Nguyen Van"): "same",
    ("Hassan Raza", "Hussain Raza"): "different",
}


def test_a_name_agrees_in_any_order_and_script() -> None:
    found = {pair: agreement_of_names(pair[0], (pair[1],)) for pair in NAMES}
    assert found == NAMES


def test_another_persons_document_is_refused_even_with_a_reason(alice, patient) -> None:
    raw = bundle(condition(), name="Rubina Baig", born="1990-01-01")
    with pytest.raises(actions.AnotherPerson):
        actions.import_document(by=alice, patient=patient, raw=raw, identity_reason="I know her")
    assert not DisclosedFact.objects.exists()


def test_a_doubtful_document_needs_a_reason_and_the_audit_keeps_it(alice, patient) -> None:
    from filiform.clinic.facts.models import Entry

    raw = bundle(condition(), born="1984-03-10")
    with pytest.raises(actions.AnotherPerson):
        actions.import_document(by=alice, patient=patient, raw=raw)
    actions.import_document(by=alice, patient=patient, raw=raw, identity_reason="saw her card")
    assert texts(patient) == ["Emphysema"]
    details = Entry.objects.get(action="document-imported").details
    assert details["identity_reason"] == "saw her card"


def test_a_documents_no_known_problem_says_nothing_of_operations_and_implants(
    alice, patient
) -> None:
    allergic = coded("AllergyIntolerance", "a1", "Latex")
    document = actions.import_document(by=alice, patient=patient, raw=bundle(allergic)).document
    said = {"patient": patient, "kind": "condition", "none_known": True}
    actions.disclose(by=alice, text="No known problems", document=document, **said)
    listed = sections.sections(patient)[0]
    assert (listed.state, [row.text for row in listed.rows]) == ("some", ["No known problems"])
    page = as_member(alice).get(reverse("intake:disclosure", args=[patient.pk])).content.decode()
    assert "No known problems" in page
    # Asked here it is an answer for all three, and takes the place of what the document says.
    asked = as_member(alice).post(reverse("intake:asked", args=[patient.pk, "conditions"]))
    assert asked.status_code == 302
    listed = sections.sections(patient)[0]
    assert (listed.state, listed.rows) == ("none", [])
    assert "device" in queries.disclosure_of(patient).asked_for


# --- whole records ----------------------------------------------------------------
@in_one_test(("name", "raw"), every_record(), ids=str, around=undone_afterwards)
def test_screening_says_the_same_of_a_document_and_of_what_was_reconciled(
    alice, name: str, raw: bytes, today
) -> None:
    read = read_bundle(raw)
    patient = register(
        by=alice, given_name=read.patient.given, family_name=read.patient.family,
        sex=read.patient.sex, birth_date=max(read.patient.birth_date, date(1910, 1, 1)),
    )  # fmt: skip
    actions.import_document(by=alice, patient=patient, raw=raw, identity_reason="a sample")
    direct = screen(read.disclosure(on=today), on=today)
    after = screen(queries.disclosure_of(patient), on=today)
    assert after.decision == direct.decision
    for part in ("reasons", "elsewhere", "red_flags", "indications"):
        here, there = getattr(after, part), getattr(direct, part)
        assert {one.id for one in here} == {one.id for one in there}
        assert evidence(here) == evidence(there)
    assert set(after.unanswered) == set(direct.unanswered)


def evidence(found) -> set[tuple[str, str, str]]:
    return {
        (one.id, because.resource, because.text)
        for one in found
        for because in one.because
        if because.resource != "Patient"
    }


def test_what_cannot_be_read_is_an_error_and_not_an_empty_document(alice, patient) -> None:
    with pytest.raises(BundleError):
        actions.import_document(by=alice, patient=patient, raw=b'{"resourceType": "Patient"}')
