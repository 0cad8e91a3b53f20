"""A letter as a FHIR document: what R4 asks of one holds for the fullest and the barest letter."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

from tests.tables import check_each

from filiform.exchange.fhir import read_bundle
from filiform.exchange.fhir.letter import (
    TYPES,
    LetterDocument,
    LetterPerson,
    LetterSection,
    LetterSentence,
    letter_bundle,
)

DAY = datetime(2026, 11, 28, 10, tzinfo=UTC)
WRITTEN = LetterSentence("Stairs <hurt> & more", "written")


def letter(**changed) -> LetterDocument:
    usual = {
        "id": UUID(int=1), "kind": "referrer", "language": "en", "title": "Report",
        "made_at": DAY, "signed_at": DAY + timedelta(hours=1), "file_number": "MC-1",
        "patient": LetterPerson(
            id=UUID(int=2), name="Amna Siddiqui", family="Siddiqui", given="Amna", sex="female",
            born=date(1984, 3, 9),
        ),
        "author": LetterPerson(id=UUID(int=3), name="Sana Malik", title="Physiotherapist"),
        "clinic": LetterPerson(id=UUID(int=4), name="MidCity"),
        "sections": (
            LetterSection(
                part="about", title="About", sentences=(LetterSentence("She.", "composed"),)
            ),
            LetterSection(
                part="course", title="Course", sentences=(WRITTEN,), pains=((DAY, 7), (DAY, 3))
            ),
        ),
        "addenda": ((DAY + timedelta(days=2), "Later"),), "digest": "ab" * 32,
        "added_title": "Added",
    }  # fmt: skip
    return LetterDocument(**(usual | changed))


BARE = letter(
    kind="school", language="ur", signed_at=None, sections=(), addenda=(), digest="",
    patient=LetterPerson(id=UUID(int=2), name="آمنہ"),
    author=LetterPerson(id=UUID(int=3), name="ثناء"),
)  # fmt: skip
CASES = {"full": letter(), "bare": BARE, "signed": letter(addenda=())}
STATUS = {"full": "amended", "bare": "preliminary", "signed": "final"}


def test_a_document_has_what_r4_asks_of_one_and_everything_that_it_names() -> None:
    def check(name: str) -> None:
        bundle = letter_bundle(CASES[name])
        composition = bundle["entry"][0]["resource"]
        assert composition["resourceType"] == "Composition"
        for needed in ("status", "type", "date", "author", "title", "subject", "section"):
            assert needed in composition, needed
        assert composition["status"] == STATUS[name]
        assert bundle["type"] == "document"
        assert bundle["identifier"]["system"]
        assert bundle["identifier"]["value"]
        assert datetime.fromisoformat(bundle["timestamp"]) >= DAY
        urls = [one["fullUrl"] for one in bundle["entry"]]
        assert len(urls) == len(set(urls))
        assert all(one["fullUrl"].endswith(one["resource"]["id"]) for one in bundle["entry"])
        named = set(_references(bundle))
        assert named <= set(urls)
        for section in composition["section"]:
            ElementTree.fromstring(section["text"]["div"])  # noqa: S314 - our own text
        assert read_bundle(json.dumps(bundle).encode()).profile == "document"

    check_each(CASES, check)


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if "reference" in node else []
        return own + [one for value in node.values() for one in _references(value)]
    if isinstance(node, list):
        return [one for value in node for one in _references(value)]
    return []


def test_a_written_sentence_is_told_from_a_composed_one_and_ratings_are_data() -> None:
    bundle = letter_bundle(letter())
    about, course, added = bundle["entry"][0]["resource"]["section"]
    assert (about["text"]["status"], course["text"]["status"]) == ("generated", "additional")
    assert '<p class="written">Stairs &lt;hurt&gt; &amp; more</p>' in course["text"]["div"]
    assert "code" not in about
    assert course["code"]["coding"][0]["code"] == "51848-0"
    assert "Later" in added["text"]["div"]
    ratings = [one["resource"].get("valueInteger") for one in bundle["entry"][-2:]]
    assert ratings == [7, 3]
    assert {"referrer", "discharge", "employer", "school"} == set(TYPES)
