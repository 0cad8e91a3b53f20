"""The pages on which a FHIR document is brought, looked through, and downloaded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from tests.clinic.intake.documents import (
    as_member,
    bundle,
    condition,
    medicine,
    texts,
    upload,
)
from tests.clinic.pathway.acts import undone_afterwards
from tests.exchange.records import every_record
from tests.tables import in_one_test

from filiform.clinic.intake import actions
from filiform.clinic.intake.models import DisclosedFact, ImportedDocument, PendingImport
from filiform.clinic.patients.actions import register
from filiform.exchange.fhir import read_bundle


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
