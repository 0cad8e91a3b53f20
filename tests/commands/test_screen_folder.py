"""Screening a folder: one line each, in order, whatever one of the files is like."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from filiform.cli import main

BAD = {
    "empty.json": b"",
    "list.json": b"[]",
    "no-bundle.json": b'{"resourceType": "Patient"}',
    "torn.json": b'{"resourceType": "Bundle", "entry": [',
    "binary.json": bytes(range(200, 256)),
}


def bundle(text: str) -> bytes:
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1980"}},
                {"resource": {"resourceType": "Condition", "id": "c", "code": {"text": text},
                              "subject": {"reference": "Patient/p"}}},
            ],
        }
    ).encode()  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "inner").mkdir()
    for number in range(40):
        text = "Haemophilia A" if number % 2 else "Low back pain"
        (tmp_path / "inner" / f"p{number:03}.json").write_bytes(bundle(text))
    (tmp_path / "notes.txt").write_text("not a bundle")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    status = main(["screen", *words, "--on", "2025-11-22"])
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


def test_every_file_has_one_line_and_a_bad_one_stops_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, said = run(capsys, "--folder", str(folder))
    assert status == 0
    assert [one["file"] for one in lines] == sorted(map(str, folder.rglob("*.json")))
    bad = [one for one in lines if Path(one["file"]).name in BAD]
    assert len(bad) == len(BAD)
    assert all(one["error"] and "decision" not in one for one in bad)
    good = [one["decision"] for one in lines if one not in bad]
    assert good == ["clear", "blocked"] * 20
    for name in BAD:
        assert f"{name}: " in said
    assert "45 files: 20 blocked, 20 clear, 5 unusable" in said


def test_a_line_holds_the_same_answer_as_the_file_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(folder / "inner" / "p001.json")
    words = ("--muscle", "soleus", "--side", "left")
    _, lines, _ = run(capsys, "--folder", str(folder / "inner"), *words)
    mine = next(one for one in lines if one.pop("file") == path)
    _, (alone,), _ = run(capsys, path, "--json", *words)
    assert mine == alone


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--folder", "/nowhere"], "is no folder"),
        (["--folder", "EMPTY"], "no .json, .ndjson"),
        (["x.json", "--folder", "EMPTY"], "one FILE"),
        ([], "one FILE"),
        (["--folder", "EMPTY", "--muscle", "soleus"], "--side"),
        (["--folder", "EMPTY", "--muscle", "solius", "--side", "left"], "near are"),
    ],
)
def test_an_unusable_request_is_refused_in_one_line(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(tmp_path) if word == "EMPTY" else word for word in words]
    status, lines, said = run(capsys, *words)
    assert (status, lines) == (2, [])
    assert says in said
    assert said.count("\n") == 1


def test_a_folder_of_nothing_but_bad_files_is_an_unusable_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_bytes(b"[]")
    status, lines, _ = run(capsys, "--folder", str(tmp_path))
    assert status == 2
    assert "JSON list" in lines[0]["error"]


def test_the_answer_names_every_muscle_of_the_body_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from filiform.screening.sites import all_muscles

    _, (found,), _ = run(capsys, str(folder / "inner" / "p001.json"), "--json")
    named = [muscle for group in found["body"] for muscle in group["muscles"]]
    assert sorted(named) == sorted(
        f"{muscle}:{side}" for muscle in all_muscles() for side in ("left", "right")
    )
    assert {group["decision"] for group in found["body"]} == {"blocked"}


def test_the_hazards_of_the_muscles_asked_about_come_with_their_sources(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(folder / "inner" / "p000.json")
    _, (found,), _ = run(capsys, path, "--json", "--muscle", "trapezius-upper", "--side", "left")
    lung = next(one for one in found["hazards"] if one["structure"] == "Lung apex")
    assert lung["sources"]
    assert lung["mitigation"]
    assert "hazards" not in run(capsys, path, "--json")[1][0]


def test_screening_a_folder_loads_no_web_framework(folder: Path) -> None:
    code = (
        "import sys; from filiform.cli import main;"
        f"main(['screen', '--folder', {str(folder)!r}]); sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def write_export(folder: Path) -> None:
    """A bulk export as servers send it: one file a kind, all patients in each."""
    kinds: dict[str, list[Any]] = {
        "Patient": [{"id": "a", "birthDate": "1980"}, {"id": "b", "birthDate": "1990"}],
        "Condition": [
            {"id": "1", "code": {"text": "Haemophilia A"}, "subject": {"reference": "Patient/a"}},
            {"id": "2", "code": {"text": "Low back pain"},
             "subject": {"reference": "https://ehr.example/fhir/Patient/b"}},
        ],
        "MedicationRequest": [
            {"id": "3", "status": "active", "intent": "order",
             "subject": {"reference": "Patient/b"},
             "medicationReference": {"reference": "Medication/w"}},
        ],
        "Medication": [{"id": "w", "code": {"text": "Warfarin 5 mg"}}, {"id": "unused"}],
        "Practitioner": [{"id": "doctor"}],
    }  # fmt: skip
    for kind, resources in kinds.items():
        whole = [json.dumps({"resourceType": kind, **one}) for one in resources]
        (folder / f"{kind}.ndjson").write_text("\n".join(whole) + "\n")


def test_a_bulk_export_is_answered_patient_by_patient(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_export(tmp_path)
    status, lines, _ = run(capsys, "--folder", str(tmp_path))
    assert status == 0
    found = {one["file"]: one for one in lines}
    assert list(found) == [f"{tmp_path}/Patient/a", f"{tmp_path}/Patient/b"]
    fired = {name[-1]: {reason["id"] for reason in one["reasons"]} for name, one in found.items()}
    assert fired == {"a": {"haemophilia-severe"}, "b": {"anticoagulant-vka"}}
    assert not any(one["unread"] for one in lines)


def test_lines_of_an_export_that_fit_nobody_are_told_and_stop_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_export(tmp_path)
    stray = {"resourceType": "Condition", "subject": {"reference": "Group/7"}}
    with (tmp_path / "Condition.ndjson").open("a") as file:
        file.write(f"\n{{torn\n{json.dumps(stray)}\n")
    status, lines, said = run(capsys, "--folder", str(tmp_path))
    assert (status, len(lines)) == (0, 3)
    assert (
        "Condition.ndjson: 2 lines are no FHIR resource of a patient, the first is line 4" in said
    )


def test_records_in_xml_and_on_health_cards_are_files_of_a_folder_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xml").write_text('<Bundle xmlns="http://hl7.org/fhir"/>')
    (tmp_path / "b.smart-health-card").write_text('{"verifiableCredential": ["a.b.c"]}')
    status, lines, _ = run(capsys, "--folder", str(tmp_path))
    assert status == 0
    assert lines[0]["complete"] is False
    assert "cannot be unpacked" in lines[1]["error"]
