"""`filiform screen`: the contract of its input and output."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from filiform.cli import main

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01",
                      "gender": "male", "name": [{"text": "Ali Raza"}]}},
        {"resource": {"resourceType": "MedicationRequest", "id": "123", "status": "active",
                      "intent": "order", "subject": {"reference": "Patient/p"},
                      "medicationCodeableConcept": {"coding": [{
                          "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                          "code": "855332", "display": "Warfarin Sodium 5 MG Oral Tablet"}]}}},
        {"resource": {"resourceType": "Condition", "id": "9",
                      "subject": {"reference": "Patient/p"}}},
    ],
}  # fmt: skip


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(BUNDLE))
    return str(path)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["screen", *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["screen", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_the_answer_has_the_keys_of_the_contract(
    record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, record)
    assert found["decision"] == "justify"
    reason = found["reasons"][0]
    assert (reason["id"], reason["class"], reason["scope"]) == (
        "anticoagulant-vka", "relative", "whole body")  # fmt: skip
    assert reason["because"] == [
        {"resource": "MedicationRequest/123", "text": "Warfarin Sodium 5 MG Oral Tablet",
         "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "855332"}
    ]  # fmt: skip
    assert isinstance(reason["instead"], str)
    assert reason["sources"] == ["M22", "Mc15"]
    assert {"red_flags", "indications", "unanswered", "unread", "release"} <= set(found)
    assert found["unread"][0]["resource"] == "Condition/9"
    assert "needle-phobia" in found["unanswered"]


def test_sites_decide_which_reasons_apply(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    psoas = answer(capsys, record, "--muscle", "psoas-major", "--side", "left")
    assert psoas["decision"] == "blocked"
    both = answer(
        capsys, record, "--muscle", "psoas-major", "--side", "left", "--side", "right",
        "--muscle", "soleus",
    )  # fmt: skip
    assert [(one["muscle"], one["side"], one["decision"]) for one in both["muscles"]] == [
        ("psoas-major", "left", "blocked"),
        ("soleus", "right", "justify"),
    ]


def test_answers_are_taken_from_a_file(
    record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"needle-phobia": true, "latex": false, "cauda-equina": true}')
    found = answer(capsys, record, "--answers", str(path))
    assert found["decision"] == "blocked"
    phobia = next(one for one in found["reasons"] if one["id"] == "needle-phobia")
    assert phobia["because"][0]["resource"] == "answer/needle-phobia"
    assert [(one["id"], one["urgency"]) for one in found["red_flags"]] == [
        ("cauda-equina", "emergency")
    ]
    assert not {"needle-phobia", "latex", "cauda-equina"} & set(found["unanswered"])


def test_an_unknown_answer_is_named(
    record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"needle-fobia": false}')
    assert "'needle-fobia'" in refusal(capsys, record, "--answers", str(path))


@pytest.mark.parametrize("text", ['{"latex": "no"}', "[]", "{", "\x00"])
def test_answers_that_are_no_yes_or_no_are_refused(
    text: str, record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text)
    assert "true or false" in refusal(capsys, record, "--answers", str(path))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--on", "22.11.2025"], "YYYY-MM-DD"),
        (["--on", "2025-13-01"], "2025-13-01"),
        (["--muscle", "solus", "--side", "left"], "soleus"),
        (["--muscle", "soleus"], "--side"),
        (["--side", "left"], "--muscle"),
        (["--muscle", "soleus", "--muscle", "gracilis"], "--side"),
        (["--muscle", "soleus", "--side", "up"], "left and right"),
    ],
)
def test_an_unusable_option_says_what_is_allowed(
    words: list[str], named: str, record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert named in refusal(capsys, record, *words)


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"resourceType": "Patient"}', "<Bundle/>"])
def test_an_unusable_file_is_refused_in_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    assert "Bundle" in refusal(capsys, str(path)) or text == "hello"


def test_a_missing_file_and_a_folder_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No such file" in refusal(capsys, str(tmp_path / "none.json"))
    assert "directory" in refusal(capsys, str(tmp_path))


def test_the_record_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(BUNDLE).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert answer(capsys, "-")["decision"] == "justify"


def test_the_day_of_treatment_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(json.dumps(BUNDLE))
    document["entry"][1]["resource"] |= {"status": "stopped", "authoredOn": "2019-01-01"}
    path = tmp_path / "old.json"
    path.write_text(json.dumps(document))
    assert answer(capsys, str(path), "--on", "2019-01-04")["decision"] == "justify"
    assert answer(capsys, str(path), "--on", "2025-01-04")["decision"] == "clear"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_same_answer_is_printed_for_people(
    language: str, record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["screen", record, "--language", language]) == 0
    text = capsys.readouterr().out
    assert "Ali Raza" in text
    assert "Warfarin Sodium 5 MG Oral Tablet (855332), MedicationRequest/123" in text
    assert ("Only with a recorded reason" in text) is (language == "en")
    assert ("صرف وجہ درج کر کے" in text) is (language == "ur")
    assert ("  نسبتی" in text) is (language == "ur")
    assert ("  RELATIVE" in text) is (language == "en")


def test_a_verdict_over_open_ends_says_what_is_missing_and_never_that_nothing_is_against_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = {"resourceType": "Patient", "id": "p", "name": [{"text": "Ali Raza"}]}
    other = {"resourceType": "MedicationStatement", "status": "active",
             "medicationCodeableConcept": {"text": "Zorvaxinab 30 mg"}}  # fmt: skip
    document = {"resourceType": "Bundle", "entry": [{"resource": person}, {"resource": other}]}
    path = tmp_path / "open.json"
    path.write_text(json.dumps(document))
    found = answer(capsys, str(path))
    assert found["decision"] == "clear"
    assert found["complete"] is False
    assert [one["text"] for one in found["not_understood"]] == ["Zorvaxinab 30 mg"]
    assert main(["screen", str(path)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Not complete yet (")
    assert "1 not understood" in text.splitlines()[0]
    assert "Nothing found against it" not in text
    answered = tmp_path / "answers.json"
    answered.write_text(json.dumps(dict.fromkeys(found["unanswered"], False)))
    del document["entry"][1]
    path.write_text(json.dumps(document))
    assert answer(capsys, str(path), "--answers", str(answered))["complete"] is True
    assert main(["screen", str(path), "--answers", str(answered)]) == 0
    assert capsys.readouterr().out.startswith("Nothing found against it")


def test_screening_loads_no_web_framework_and_draws_nothing(record: str) -> None:
    code = (
        "import sys; from filiform.cli import main;"
        f"main(['screen', {record!r}, '--json']);"
        "unwanted = {'django', 'rapidfuzz', 'numpy', 'filiform.anatomy.surface',"
        " 'filiform.commands.serve', 'multiprocessing'};"
        "sys.exit(str(unwanted & set(sys.modules)) if unwanted & set(sys.modules) else 0)"
    )
    # Measuring coverage would load its own modules into the process.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=plain, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_whole_medical_life_of_more_than_20_mb_is_screened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(json.dumps(BUNDLE))
    picture = {"resourceType": "Binary", "id": "b", "data": "A" * 21_000_000}
    document["entry"].append({"resource": picture})
    path = tmp_path / "large.json"
    path.write_text(json.dumps(document))
    assert answer(capsys, str(path))["decision"] == "justify"
