"""Papers that go out to the patient's page, and documents that come in by it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.clinic.consent.conftest import ALL_SAID, SIGNATURE
from tests.clinic.intake.documents import bundle, medicine
from tests.clinic.intake.test_health_links import WHOLE
from tests.exchange.test_health_links import shlink

from filiform.clinic.assessment import actions as assessment
from filiform.clinic.consent import actions as consents
from filiform.clinic.intake import queries
from filiform.clinic.intake.importing import MOST_SENT_IN
from filiform.clinic.intake.models import PendingImport
from filiform.clinic.pathway.gate import reasons_against_needling
from filiform.exchange.fhir import read_bundle


@pytest.fixture
def consent(visit, alice):
    text = consents.publish_shipped_texts(by=alice)[0]
    assessment.choose_target(by=alice, visit=visit, muscle="infraspinatus", side="right")
    return consents.give_consent(
        by=alice, visit=visit, text=text, language="en", muscles=[("infraspinatus", "right")],
        method="drawn", signature=SIGNATURE, signed_name="Amna Siddiqui", relation="self",
        teach_back=ALL_SAID, shown={"risks": []},
    )  # fmt: skip


def at(phone, name: str, *more) -> str:
    return reverse(f"patient_page:{name}", args=[phone.home.split("/")[2], *more])


def send(phone, raw: bytes, **more):
    file = SimpleUploadedFile("summary.json", raw)
    return phone.post(at(phone, "summary"), {"file": file, **more})


def test_the_patient_gets_what_was_signed_as_a_pdf_and_nobody_else_does(
    phone, consent, charlie
) -> None:
    address = at(phone, "consent-pdf", consent.pk)
    assert address in phone.get(at(phone, "documents")).content.decode()
    paper = phone.get(address)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in paper["Cache-Control"]
    assert phone.get(at(phone, "consent-pdf", phone.home.split("/")[2])).status_code == 404
    assert Client().get(address).status_code == 403
    assert phone.get(at(phone, "exercises-pdf")).status_code == 404


def test_a_summary_waits_for_the_practitioner_on_the_page_of_imports(
    phone, as_alice, alice, patient, visit, today
) -> None:
    raw = bundle(medicine(text="Warfarin"))
    for _twice in range(2):
        assert send(phone, raw).status_code == 302
    pending = PendingImport.objects.get(patient=patient)
    assert "We have your file" in phone.get(at(phone, "summary")).content.decode()
    assert queries.disclosure_of(patient).facts == ()
    codes = [one.code for one in reasons_against_needling(visit, by=alice, on=today)]
    assert "safety-sent-in" in codes
    page = as_alice.get(reverse("intake:sent-in", args=[visit.pk])).content.decode()
    preview = reverse("intake:preview", args=[patient.pk, pending.pk])
    assert preview in page
    assert "Warfarin" in as_alice.get(preview).content.decode()
    confirm = reverse("intake:confirm-import", args=[patient.pk, pending.pk])
    offered = queries.preview_of(read_bundle(raw), patient, on=timezone.localdate()).offered
    as_alice.post(confirm, {"fact": [one.fact.id for one in offered]})
    assert [one.text for one in queries.disclosure_of(patient).facts] == ["Warfarin"]
    assert not PendingImport.objects.exists()


def test_a_health_link_is_opened_here(phone, patient, settings) -> None:
    settings.LINK_SERVERS = []
    assert send(phone, WHOLE.encode(), pasted=shlink()).status_code == 302
    assert PendingImport.objects.filter(patient=patient, member=None).exists()


def test_a_document_that_is_nobodys_or_somebody_elses_is_refused_with_a_reason(
    phone, patient
) -> None:
    def refused(raw: bytes) -> str:
        answer = send(phone, raw)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "cannot be imported" in refused(b"\xff\x00 not a document")
    other = bundle(medicine()).replace(b"Amna", b"Zara").replace(b"Siddiqui", b"Khan")
    assert "somebody else" in refused(other.replace(b"1984-03-09", b"1990-01-01"))
    for number in range(MOST_SENT_IN):
        assert send(phone, bundle(medicine(f"Medicine {number}"))).status_code == 302
    assert "have already been sent" in refused(bundle(medicine("One more")))
