"""Reconciling FHIR documents."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
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


def bundle(*resources, name="Amna Siddiqui", born="1984-03-09", gender="female") -> bytes:
    given, _, family = name.rpartition(" ")
    person = {
        "resourceType": "Patient", "id": "p", "gender": gender,
        "name": [{"given": [given], "family": family}],
    }  # fmt: skip
    if born:
        person["birthDate"] = born
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": r} for n, r in enumerate(resources)]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": person}, *entries]}
    ).encode()


def condition(key="c1", text="Emphysema", status="active", **more):
    return {
        "resourceType": "Condition", "id": key, "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"code": status}]}, "code": {"text": text}, **more,
    }  # fmt: skip


def medicine(key="m1", text="Warfarin 5 MG Oral Tablet", status="active", **more):
    return {
        "resourceType": "MedicationStatement", "id": key, "status": status,
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": text}, **more,
    }  # fmt: skip


def coded(kind, key, text, code=""):
    """An AllergyIntolerance or a MedicationStatement with a code of SNOMED."""
    name = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
    codes = [{"system": SNOMED, "code": code}] if code else []
    return {
        "resourceType": kind, "id": key, "status": "active", name: {"text": text, "coding": codes},
    }  # fmt: skip


def as_member(member) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client, patient, raw: bytes):
    file = SimpleUploadedFile("summary.json", raw, content_type="application/json")
    return client.post(reverse("intake:import", args=[patient.pk]), {"file": file})


def texts(patient) -> list[str]:
    return sorted(row.text for row in queries.facts(patient))


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


# --- the pages --------------------------------------------------------------------------------
def test_nothing_is_added_before_it_is_confirmed(as_alice, patient) -> None:
    raw = bundle(condition(), medicine())
    answer = upload(as_alice, patient, raw)
    page = as_alice.get(answer.headers["Location"])
    assert "Emphysema" in page.content.decode()
    assert not DisclosedFact.objects.exists()
    pending = PendingImport.objects.get()
    confirm = reverse("intake:confirm-import", args=[patient.pk, pending.pk])
    as_alice.post(confirm, {"fact": ["MedicationStatement/m1"]})
    assert texts(patient) == ["Warfarin 5 MG Oral Tablet"]
    assert not PendingImport.objects.exists()
    assert as_alice.post(confirm, {"fact": ["Condition/c1"]}).status_code == 302
    assert texts(patient) == ["Warfarin 5 MG Oral Tablet"]


def test_cancelling_forgets_the_upload(as_alice, patient) -> None:
    upload(as_alice, patient, bundle(condition()))
    pending = PendingImport.objects.get()
    as_alice.post(reverse("intake:cancel-import", args=[patient.pk, pending.pk]))
    assert not PendingImport.objects.exists()
    assert not DisclosedFact.objects.exists()


def test_an_upload_that_nobody_decided_about_is_forgotten_after_a_day(as_alice, patient) -> None:
    upload(as_alice, patient, bundle(condition()))
    PendingImport.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    upload(as_alice, patient, bundle(medicine()))
    assert PendingImport.objects.count() == 1


def test_another_persons_upload_is_refused_on_the_page_and_not_kept(as_alice, patient) -> None:
    answer = upload(as_alice, patient, bundle(condition(), name="Rubina Baig", born="1990-01-01"))
    assert answer.status_code == 422
    assert "another person" in answer.content.decode()
    assert not PendingImport.objects.exists()


def test_a_doubtful_upload_asks_for_a_reason(as_alice, patient) -> None:
    upload(as_alice, patient, bundle(condition(), born="1984-03-10"))
    pending = PendingImport.objects.get()
    confirm = reverse("intake:confirm-import", args=[patient.pk, pending.pk])
    answer = as_alice.post(confirm, {"fact": ["Condition/c1"]})
    assert answer.status_code == 422
    assert not DisclosedFact.objects.exists()
    as_alice.post(confirm, {"fact": ["Condition/c1"], "identity-reason": "saw her card"})
    assert texts(patient) == ["Emphysema"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"not json", b"<Bundle/>", b"[]", b'{"resourceType": "Patient"}', b"\xff\xfe\x00"],
)
def test_what_is_no_bundle_is_refused_with_what_is_needed(as_alice, patient, raw: bytes) -> None:
    answer = upload(as_alice, patient, raw)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not PendingImport.objects.exists()


def test_a_huge_document_is_refused_before_it_is_read(as_alice, patient) -> None:
    answer = upload(as_alice, patient, b" " * 20_000_001)
    assert answer.status_code == 422
    assert "20 MB" in answer.content.decode() or "allowed are 20" in answer.content.decode()


def test_pasted_text_does_as_well(as_alice, patient) -> None:
    address = reverse("intake:import", args=[patient.pk])
    answer = as_alice.post(address, {"pasted": bundle(condition()).decode()})
    assert answer.status_code == 302


def test_nobody_decides_about_anothers_upload(as_alice, bob, charlie, patient) -> None:
    upload(as_alice, patient, bundle(condition()))
    pending = PendingImport.objects.get()
    for name in ("preview", "confirm-import", "cancel-import"):
        address = reverse(f"intake:{name}", args=[patient.pk, pending.pk])
        as_member(bob).post(address, {"fact": ["Condition/c1"]})
        assert as_member(charlie).get(address).status_code in (404, 405)
        assert as_member(charlie).post(address).status_code in (404, 405)
    assert (
        as_member(bob).get(reverse("intake:preview", args=[patient.pk, pending.pk])).status_code
        == 404
    )
    assert PendingImport.objects.exists()
    assert not DisclosedFact.objects.exists()


def test_the_document_is_downloaded_byte_for_byte_by_those_who_see_clinical_things(
    alice, bob, charlie, patient
) -> None:
    raw = bundle(condition())
    document = actions.import_document(by=alice, patient=patient, raw=raw).document
    address = reverse("intake:document", args=[patient.pk, document.pk])
    answer = as_member(alice).get(address)
    assert answer.content == raw
    assert "attachment" in answer.headers["Content-Disposition"]
    assert (answer["Content-Type"], '.json"' in answer["Content-Disposition"]) == (
        "application/fhir+json", True,
    )  # fmt: skip
    assert as_member(bob).get(address).status_code == 403
    assert as_member(charlie).get(address).status_code == 404


def test_a_document_in_xml_is_downloaded_as_xml(alice, patient) -> None:
    document = ImportedDocument.objects.create(
        organisation=patient.organisation, recorded_by=alice, patient=patient, sha256="0" * 64,
        size_bytes=9, raw=b"\xef\xbb\xbf<Bundle/>",
    )  # fmt: skip
    answer = as_member(alice).get(reverse("intake:document", args=[patient.pk, document.pk]))
    assert answer["Content-Type"] == "application/xml"
    assert '.xml"' in answer["Content-Disposition"]


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


@in_one_test(("name", "raw"), every_record(), ids=str, around=undone_afterwards)
def test_a_sample_goes_through_the_pages_and_a_second_time_adds_nothing(
    as_alice, alice, name: str, raw: bytes
) -> None:
    read = read_bundle(raw)
    patient = register(
        by=alice, given_name=read.patient.given, family_name=read.patient.family,
        sex=read.patient.sex, birth_date=read.patient.birth_date,
    )  # fmt: skip
    for _ in range(2):
        page = as_alice.get(upload(as_alice, patient, raw).headers["Location"])
        assert page.status_code == 200
        sorted_out = page.context["preview"]
        ticked = [offer.fact.id for offer in sorted_out.offered]
        pending = PendingImport.objects.get()
        as_alice.post(
            reverse("intake:confirm-import", args=[patient.pk, pending.pk]),
            {"fact": [*ticked, "height_cm", "weight_kg"]},
        )
    assert sorted_out.offered == ()
    assert ImportedDocument.objects.count() <= 1


def test_what_cannot_be_read_is_an_error_and_not_an_empty_document(alice, patient) -> None:
    with pytest.raises(BundleError):
        actions.import_document(by=alice, patient=patient, raw=b'{"resourceType": "Patient"}')


def test_what_could_not_be_read_is_told_in_the_readers_language(as_alice, patient) -> None:
    """What the command line says in English, the Urdu page says in Urdu."""
    raw = bundle(condition(onsetDateTime="01.02.2020"), medicine(medicationCodeableConcept={}))
    upload(as_alice, patient, raw)
    page = reverse("intake:preview", args=[patient.pk, PendingImport.objects.get().pk])
    english = [one.why for one in read_bundle(raw).unread]
    assert len(english) == 2
    said = as_alice.get(page).content.decode()
    assert [why for why in english if escape(why) not in said] == []
    as_alice.post("/language/", {"language": "ur"})
    said = as_alice.get(page).content.decode()
    assert [why for why in english if escape(why) in said] == []
    assert "اس میں کسی دوا کا نام نہیں" in said


def test_what_is_no_record_is_refused_in_urdu_on_an_urdu_page(as_alice, patient):
    as_alice.cookies["filiform_language"] = "ur"
    address = reverse("intake:import", args=[patient.pk])
    for raw, said in (
        (b"%PDF-1.7", "یہ PDF ہے؛"),
        (b"{}", "اس JSON میں resourceType نہیں"),
        (b'{"resourceType": "Patient"}', "یہ \u2068Patient\u2069 ہے؛"),
    ):
        sent = {"file": SimpleUploadedFile("record.json", raw)}
        page = as_alice.post(address, sent).content.decode()
        assert said in page, raw
        assert "the input" not in page, raw
