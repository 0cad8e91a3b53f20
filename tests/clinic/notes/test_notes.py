"""The note: what a report of the needling asks for, the papers, and who has opened them."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.clinic.supplies.conftest import act, shelf, targets, treatment
from tests.clinic.treatment.conftest import counted, sealed
from tests.tables import check_each

from filiform.clinic.facts.models import Entry
from filiform.clinic.notes.codes import codes_for
from filiform.clinic.notes.stricta import ITEMS, NeedleDone, stricta

__all__ = ["act", "counted", "sealed", "shelf", "targets", "treatment"]
RESPONSES = ("%(n)s twitches", "pain at %(n)s")


def needle(**changed) -> NeedleDone:
    usual = {
        "where": "Infraspinatus, right", "size": "0.25 × 40 mm", "depth_mm": 20.0,
        "technique": "static", "twitches": 2, "pain_reproduced": True, "dwell_s": 300,
        "maker": "Seirin", "lot": "L1",
    }  # fmt: skip
    return NeedleDone(**(usual | changed))


def test_every_item_of_stricta_is_filled_or_said_to_be_missing() -> None:
    cases = {
        "all recorded": ([needle(), needle(depth_mm=25.0)], ()),
        "no pack": ([needle(maker="")], ("2g",)),
        "one of two without its pack": ([needle(), needle(maker="")], ("2g",)),
        "still in": ([needle(dwell_s=None)], ("2f",)),
        "nothing planned": ([needle(technique="")], ("2e",)),
        "no needle": ([], ITEMS),
    }

    def check(name: str) -> None:
        needles, missing = cases[name]
        found = stricta(needles, responses=RESPONSES)
        assert tuple(found) == ITEMS
        assert tuple(item for item, text in found.items() if text is None) == missing

    check_each(cases, check)


def test_the_items_say_what_was_done() -> None:
    needles = [needle(), needle(where="Gluteus medius, left", depth_mm=35.0, dwell_s=90)]
    found = stricta(needles, responses=RESPONSES)
    assert found["2a"] == "2"
    assert found["2b"] == "Infraspinatus, right, Gluteus medius, left"
    assert found["2c"] == "20–35 mm"
    assert found["2d"] == "4 twitches, pain at 2"
    assert found["2f"] == "1.5–5 min"
    assert found["2g"] == "0.25 × 40 mm, Seirin"


def test_the_code_follows_the_number_of_muscles_each_side_for_itself() -> None:
    left, right, other = ("ut", "left"), ("ut", "right"), ("ld", "left")
    cases = {
        (): [],
        (left,): ["20560"],
        (left, left): ["20560"],
        (left, right): ["20560"],
        (left, right, other): ["20561"],
    }
    check_each(
        [(muscles,) for muscles in cases],
        lambda muscles: _same([one.code for one in codes_for(muscles)], cases[muscles]),
    )


def _same(found, expected) -> None:
    assert found == expected


@pytest.fixture
def signed(act, shelf, targets, treatment, alice, today, visit):
    """Packs opened, needles in and out, counted, asked, signed."""
    from filiform.clinic.pathway import actions as pathway

    for lot in shelf.values():
        act("pack", details={"lot": lot.pk})
    for target in targets:
        one = act("insertion", target=target)
        act("twitch", needle=one)
        act("removal", needle=one)
    n = len(targets)
    act("count", details={"opened": n, "in_bin": n})
    act("response", details={"pain": 2, "feels": "well"})
    pathway.sign(by=alice, treatment=treatment, on=today)
    return treatment


def text_of(answer) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_the_note_is_finished_when_it_is_signed(as_alice: Client, visit, signed) -> None:
    page = as_alice.get(f"/visits/{visit.pk}/note/")
    note = page.context["note"]
    assert note.missing == []
    assert [one.code for one in note.codes] == ["20560"]
    assert not any(row.differs for row in note.beside)
    text = " ".join(page.content.decode().split())
    assert "STRICTA 2a" in text
    assert "Nothing was injected." in text


def test_the_soap_text_is_edited_and_added_beside_the_signed_record(
    as_alice: Client, visit, signed
) -> None:
    form = as_alice.get(f"/visits/{visit.pk}/note/").context["form"]
    fields = {"amendment_id": form["amendment_id"].value(), "text": form["text"].value() + "\nMine"}
    assert as_alice.post(f"/visits/{visit.pk}/treat/amend/", fields).status_code == 302
    assert "Mine" in as_alice.get(f"/visits/{visit.pk}/note/").content.decode()
    assert "Mine" in text_of(as_alice.get(f"/visits/{visit.pk}/note/pdf/"))


def test_the_papers_say_what_was_done_and_opening_them_is_noted(
    as_alice: Client, visit, signed, patient, shelf
) -> None:
    seal = signed.seal
    note = text_of(as_alice.get(f"/visits/{visit.pk}/note/pdf/"))
    packet = text_of(as_alice.get(f"/visits/{visit.pk}/note/audit/"))
    for text in (note, packet):
        assert patient.file_number in text
        assert seal.hash[:20] in text
        assert all(lot.number in text for lot in shelf.values())
        assert "20560" in text
    for section in ("Why it was needed", "Consent", "Count of the needles", "Lots", "Outcome"):
        assert section in packet
    assert Entry.objects.filter(action="saw-note", patient=patient).count() == 1
    assert Entry.objects.filter(action="saw-audit-packet", patient=patient).count() == 1


def test_the_paper_pack_has_a_page_for_each_patient_who_is_still_to_come(
    as_alice: Client, visit, targets, patient, today
) -> None:
    answer = as_alice.get("/today/paper/", {"day": today.isoformat()})
    text = text_of(answer)
    assert patient.file_number in text
    assert "Infraspinatus" in text
    assert "Signature" in text
    assert Entry.objects.filter(action="saw-paper-pack", patient=patient).count() == 1


def test_another_clinic_has_no_papers_of_ours(client: Client, charlie, visit, signed) -> None:
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    for page in ("", "pdf/", "audit/"):
        assert client.get(f"/visits/{visit.pk}/note/{page}").status_code == 404
    assert client.get("/today/paper/").status_code == 404
