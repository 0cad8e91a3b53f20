"""Recall of a lot: who is found, who is told, and what the letter says."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.clinic.supplies.conftest import act, shelf, targets, treatment

from filiform.clinic.facts.models import Entry
from filiform.clinic.notes.gathering import note_of
from filiform.clinic.recalls.finding import needles_of_lot, patients_of
from filiform.clinic.supplies.actions import receive
from filiform.clinic.supplies.models import LotRecall, RecallContact
from filiform.clinic.treatment.packs import pack_panel
from filiform.clinic.treatment.queries import course

__all__ = ["act", "shelf", "targets", "treatment"]


@pytest.fixture
def needled(act, shelf, targets):
    """One pack of each size opened, one needle in each target."""
    for lot in shelf.values():
        act("pack", details={"lot": lot.pk})
    return [act("insertion", target=target) for target in targets]


def lot_of(needle, shelf):
    return shelf[needle.details["diameter_mm"], needle.details["length_mm"]]


def test_a_lot_leads_to_its_own_needles_and_to_no_others(
    needled, shelf, patient, django_assert_num_queries
) -> None:
    lot = lot_of(needled[0], shelf)
    with django_assert_num_queries(1):
        [found] = patients_of(needles_of_lot(lot.pk))
    assert found.patient.pk == patient.pk
    same = [needle for needle in needled if lot_of(needle, shelf).pk == lot.pk]
    assert found.count == len(same)


def test_a_needle_that_was_undone_is_in_nobody(act, needled, shelf) -> None:
    lot = lot_of(needled[0], shelf)
    for needle in needled:
        act("void", replaces=needle, details={"reason": "tapped"})
    assert patients_of(needles_of_lot(lot.pk)) == []


def test_a_pack_that_turns_out_to_be_of_another_lot_takes_its_needles_along(
    act, needled, shelf, alice, site, today, visit, treatment
) -> None:
    before = lot_of(needled[0], shelf)
    other = receive(
        by=alice, product=before.product, site=site, number="OTHER",
        expires_on=today + timedelta(days=400), packs=10,
    ).lot  # fmt: skip
    pack = needled[0].details["pack"]["act"]
    act("void", replaces=UUID(pack), details={"reason": "other-lot"})
    assert pack_panel(visit, course(treatment), today).loose == 1, "said until it is put right"
    act("pack", details={"lot": other.pk})
    [found] = patients_of(needles_of_lot(other.pk))
    assert found.count == 1
    note = note_of(visit, treatment, by=alice, on=today)
    assert note.needles[0].lot == "OTHER"
    panel = pack_panel(visit, course(treatment), today)
    assert (panel.loose, panel.left) == (0, 0)


def test_a_pack_opened_after_its_needle_went_in_leads_to_that_needle(
    act, shelf, targets, visit, treatment, today
) -> None:
    needle = act("insertion", target=targets[0])
    lot = lot_of(needle, shelf)
    act("pack", details={"lot": lot.pk})
    assert [found.count for found in patients_of(needles_of_lot(lot.pk))] == [1]
    assert pack_panel(visit, course(treatment), today).loose == 0


def test_a_drill_leaves_its_time_and_packs_may_still_be_opened(
    as_alice: Client, act, needled, shelf, patient
) -> None:
    lot = lot_of(needled[0], shelf)
    at = f"/supplies/lots/{lot.pk}/recall/"
    assert as_alice.post(at, {"reason": "Drill in November", "is_drill": "on"}).status_code == 302
    row = LotRecall.objects.get()
    assert (row.is_drill, row.patients) == (True, 1)
    assert row.took_ms >= 1
    assert not isinstance(act("pack", details={"lot": lot.pk}), tuple)
    assert Entry.objects.filter(action="recall-drilled").exists()


def test_a_recall_is_worked_off_by_call_and_letter_in_the_patients_language(
    as_alice: Client, needled, shelf, patient
) -> None:
    lot = lot_of(needled[0], shelf)
    at = f"/supplies/lots/{lot.pk}/recall/"
    as_alice.post(at, {"reason": "Maker: rust"})
    once = re.findall('name="once" value="([^"]+)"', as_alice.get(at).content.decode())
    assert len(set(once)) == len(once) > 1, "each button makes a row of its own"
    for _tap in range(2):
        as_alice.post(f"{at}{patient.pk}/", {"how": "call", "once": once[0]})
    assert RecallContact.objects.get().patient_id == patient.pk
    page = as_alice.get(at).content.decode()
    assert patient.file_number in page
    assert "Called and told" in page
    type(patient).objects.filter(pk=patient.pk).update(language="ur")
    for language, words in (("en", ["Maker: rust", lot.number]), ("ur", [lot.number])):
        type(patient).objects.filter(pk=patient.pk).update(language=language)
        answer = as_alice.get(f"{at}{patient.pk}/letter/")
        made = PdfReader(io.BytesIO(answer.content))
        assert made.trailer["/Root"]["/Lang"] == language
        text = made.pages[0].extract_text()
        assert all(word in text for word in [*words, patient.file_number])
    assert Entry.objects.filter(action="saw-recall-letter", patient=patient).count() == 2


def test_another_clinic_finds_neither_the_lot_nor_its_patients(
    client: Client, charlie, needled, shelf, patient
) -> None:
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    at = f"/supplies/lots/{lot_of(needled[0], shelf).pk}/recall/"
    assert client.get(at).status_code == 404
    assert client.get(f"{at}{patient.pk}/letter/").status_code == 404
