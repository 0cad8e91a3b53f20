"""Papers: what is typed stays text, both languages can be read back, and opening is noted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import RequestFactory
from pypdf import PageObject, PdfReader

from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.documents.making import BadPaper, pdf
from filiform.clinic.facts.models import Entry

SPECIMEN = "documents/papers/specimen.typ"


def values(**changed: Any) -> dict[str, Any]:
    head = {"title": "Specimen", "clinic": "MidCity", "about": "Ayesha", "file": "F-000123"}
    return {
        "head": {**head, "made": "28 Nov 2026"},
        "intro": "Depth 25 mm",
        "facts_title": "Facts",
        "facts": [["Lot", "L-2291/7"]],
        "table_title": "Needles",
        "columns": ["Muscle", "Side", "Depth"],
        "rows": [["infraspinatus", "right", "25 mm"]],
        "closing": "End",
        **changed,
    }


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def runs(page: PageObject) -> list[tuple[float, str]]:
    """Each piece of text with how far from the left edge of the paper it begins, in points."""
    found: list[tuple[float, str]] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: found.append((cm[0] * tm[4] + cm[4], text))
    )
    return [(x, text) for x, text in found if text.strip()]


def test_every_page_says_whose_it_is_and_how_many_there_are() -> None:
    many = [["infraspinatus", "right", "25 mm"]] * 60
    pages = read(pdf(SPECIMEN, values(rows=many), "en")).pages
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Page {number} of 2" in text
        assert "MidCity" in text
        assert "F-000123" in text


def test_what_was_typed_is_printed_and_never_obeyed() -> None:
    typed = '#import "/settings.py" *bold* $x$ @ref \\ <tag> "quoted" // and so on'
    assert typed in read(pdf(SPECIMEN, values(intro=typed), "en")).pages[0].extract_text()


def test_urdu_runs_from_right_to_left_and_a_number_within_it_keeps_its_order() -> None:
    made = read(pdf(SPECIMEN, values(intro="درد اور +92 335 285 5522 دوا"), "ur"))
    found = runs(made.pages[0])
    place = {word: x for x, text in found for word in ("درد", "92", "5522", "دوا") if word in text}
    assert place["درد"] > place["92"] > place["دوا"]
    assert any("92 335 285 5522" in text for _x, text in found)
    assert made.trailer["/Root"]["/Lang"] == "ur"


def test_a_paper_can_be_archived_and_is_tagged_for_a_screen_reader() -> None:
    root = read(pdf(SPECIMEN, values(), "en")).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfaid:conformance>A" in root["/Metadata"].get_data()


def test_a_value_that_a_template_needs_and_lacks_is_named() -> None:
    lacking = values()
    del lacking["facts"]
    with pytest.raises(BadPaper, match="facts"):
        pdf(SPECIMEN, lacking, "en")


def test_opening_a_paper_is_noted_as_opening_the_record(alice, patient) -> None:
    request = RequestFactory().get("/")
    request.user = alice
    answer = pdf_page(
        request, SPECIMEN, values(), name="F-1 عائشہ", saw_what="consent-copy", patient=patient,
        language="en",
    )  # fmt: skip
    assert answer["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''F-1%20%D8%B9" in answer["Content-Disposition"]
    entry = Entry.objects.get(action="saw-consent-copy")
    assert (entry.by_id, entry.patient_id) == (alice.pk, patient.pk)
