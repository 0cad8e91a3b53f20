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
        (["--folder", "EMPTY"], "no .json file"),
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
