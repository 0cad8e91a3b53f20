"""The page for the review of a whole folder: what is on it, how often, and nothing that runs."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from filiform.cli import main

HOSTILE = "<script>alert(1)</script>\"'&\u202e\x00</bdi>"


def bundle(*resources: dict[str, Any], name: str = "Zohra Secretname") -> bytes:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1941-07-19",
               "name": [{"text": name}]}  # fmt: skip
    whole = [patient, *({**one, "subject": {"reference": "Patient/p"}} for one in resources)]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in whole]}
    ).encode()


def taken(text: str) -> dict[str, Any]:
    return {"resourceType": "MedicationStatement", "id": "m", "status": "active",
            "medicationCodeableConcept": {"text": text}}  # fmt: skip


def has(text: str) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "c", "code": {"text": text}}


class Text(HTMLParser):
    """The words of a page, and the tags in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name == "src" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "records"
    (inside / "ward").mkdir(parents=True)
    for number in range(30):
        (inside / "ward" / f"w{number:02}.json").write_bytes(bundle(taken("Warfarin 5 MG")))
    (inside / "a.json").write_bytes(bundle(has("Haemophilia A"), taken("Zzyzxol 7 mg")))
    (inside / "b.json").write_bytes(bundle(has(HOSTILE)))
    (inside / "c<i>.json").write_bytes(b"[]")
    return tmp_path


def report(folder: Path, *words: str) -> str:
    target = folder / "report.html"
    status = main(["screen", "--folder", str(folder / "records"), "--report", str(target),
                   "--on", "2026-03-02", *words])  # fmt: skip
    assert status == 0
    return target.read_text("utf-8")


def test_identical_evidence_is_one_line_with_its_patients_folded_away(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = report(folder)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 33
    fired = page[page.index('<h2 id="reasons"') : page.index('<h2 id="elsewhere"')]
    assert fired.count("Warfarin 5 MG") == 1
    warfarin = fired[fired.index("30 ×") : fired.index("</details>", fired.index("30 ×"))]
    assert [f"w{n:02}.json" in warfarin for n in range(30)] == [True] * 30
    text = Text(page).words
    assert "30 of 32 (94%)" in text
    assert fired.index("haemophilia-severe") < fired.index("anticoagulant-vka")
    assert "Zzyzxol 7 mg" in page[page.index('<h2 id="not_understood"') :]
    release = json.loads(lines[0])["release"]
    assert release in text


def test_every_total_has_its_denominator_and_every_file_its_row(folder: Path) -> None:
    page = report(folder)
    text = " ".join(Text(page).words.split())
    for said in ("Files answered 32 of 33 (97%)", "Do not needle 1 of 32 (3%)",
                 "Only with a recorded reason 30 of 32", "Not complete 32 of 32 (100%)",
                 "With something not understood 2 of 32"):  # fmt: skip
        assert said in text, said
    links = set(re.findall(r'href="#(f\d+)"', page))
    rows = re.findall(r'<tr id="(f\d+)"', page)
    assert rows == [f"f{n}" for n in range(33)]
    assert links <= set(rows)
    assert "the input is a JSON list" in text


def test_neither_a_name_nor_a_birthday_of_a_patient_is_on_the_page(folder: Path) -> None:
    page = report(folder)
    assert "age … years" in page
    assert "age 84 years" in page
    for secret in ("Secretname", "Zohra", "1941"):
        assert secret not in page, secret


def test_what_a_hostile_record_or_file_is_called_stays_text(folder: Path) -> None:
    page = report(folder)
    read = Text(page)
    assert not {"script", "i", "img", "link"} & set(read.tags)
    assert "alert(1)" in read.words
    assert "c<i>.json" in read.words
    assert page.count("<bdi>") == page.count("</bdi>")
    assert "default-src 'none'" in page


def test_the_page_speaks_urdu_and_names_the_sites_that_were_asked_about(folder: Path) -> None:
    page = report(folder, "--language", "ur", "--muscle", "soleus", "--side", "left")
    assert '<html lang="ur" dir="rtl">' in page
    assert "soleus left" in page
    assert "32 میں سے 30" in page
    english = {"Totals", "Rules that fired", "Index of patients", "Patients", "Absolute"}
    assert not {word for word in english if f">{word}" in page}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["x.json", "--report", "r.html"], "--folder"),
        (["--folder", "HERE", "--report", "/nowhere/r.html"], "cannot be written"),
        (["--folder", "HERE", "--report", "HERE"], "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_anything_is_screened(
    words: list[str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(folder / "records") if word == "HERE" else word for word in words]
    assert main(["screen", *words]) == 2
    said = capsys.readouterr()
    assert (says in said.err, said.out) == (True, "")


def test_an_empty_finding_is_said_and_not_left_blank(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.json").write_bytes(bundle(has("Low back pain")))
    page = report(tmp_path)
    assert page.count("<p>None.</p>") >= 4
