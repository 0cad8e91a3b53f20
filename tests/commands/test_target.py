"""`filiform target`: the contract of its input and output."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from filiform.cli import main
from filiform.targeting import published

CASE = {
    "id": "A7",
    "complaint": "shoulder impingement",
    "pain": [
        "disc:deltoid-anterior-mid:4:right",
        "stripe:arm-anterior-mid>antecubital-crease-mid:4:right",
    ],
    "not_pain": ["disc:external-occipital-protuberance:3:midline"],
    "examination": [
        {"muscle": "infraspinatus", "side": "right", "finding": "taut-band", "present": True}
    ],
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> str:
    assert main(["target", str(path), *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refusal(capsys: pytest.CaptureFixture[str], path: Path | str) -> str:
    assert main(["target", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_answer_has_the_keys_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, Any] = json.loads(
        run(capsys, written(tmp_path, json.dumps(CASE, indent=2)), "--json")
    )
    assert found["id"] == "A7"
    first = found["ranked"][0]
    assert first["source"] == "infraspinatus"
    assert first["kind"] == "trigger-point"
    assert set(first["points"][0]) == {"trp", "probability"}
    assert set(first["explains"]) | set(first["does_not_explain"]) == set(CASE["pain"])
    assert {one["kind"] for one in found["ranked"]} == {
        "trigger-point", "nerve-root", "joint", "viscus",
    }  # fmt: skip
    assert {one["side"] for one in found["ranked"]} == {"left", "right", "midline"}
    for step in found["next_examination"]:
        assert set(step) == {"muscle", "side", "finding", "expected_information_bits"}
    assert 0 <= found["unexplained_fraction"] <= 1
    assert found["release"]


def test_a_case_without_an_id_is_answered_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(run(capsys, written(tmp_path, "{}"), "--json"))
    assert "id" not in found


def test_json_lines_are_answered_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "\n".join(json.dumps({**CASE, "id": number}) for number in range(3))
    out = run(capsys, written(tmp_path, lines + "\n\n"), "--json")
    assert [json.loads(line)["id"] for line in out.splitlines()] == [0, 1, 2]


def test_standard_input_is_read_for_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(CASE).encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert json.loads(run(capsys, Path("-"), "--json"))["id"] == "A7"


def test_for_people_the_answer_names_muscles_in_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, json.dumps(CASE))
    assert "Infraspinatus, right" in run(capsys, path)
    assert "دائیں" in run(capsys, path, "--language", "ur")


def test_one_bad_line_spoils_the_file_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that no answer is taken for complete."""
    good = json.dumps(CASE)
    assert "line 2" in refusal(capsys, written(tmp_path, good + '\n{"pain": [}\n' + good))
    unknown = refusal(capsys, written(tmp_path, good + '\n{"pian": []}\n'))
    assert "line 2" in unknown
    assert '"pian"' in unknown


@pytest.mark.parametrize("text", ["", "  \n ", "{", "[]", "nonsense", '"text"', "null", "{}\n[]"])
def test_what_is_no_case_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "case" in refusal(capsys, written(tmp_path, text))


def test_bytes_that_are_no_text_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xff\xfe{}")
    assert "case" in refusal(capsys, path)


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere.json" in refusal(capsys, tmp_path / "nowhere.json")


def test_the_evaluation_tells_every_ranking_beside_its_baselines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of the published ones are judged in tests/targeting/test_evaluation.py.
    few = published.published_cases()[:6]
    monkeypatch.setattr(published, "published_cases", lambda: few)
    words = ["evaluate-targeting", "--patients", "3", "--findings", "1", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["drawing_alone"]) == {"model", "overlap", "nearest", "naive-bayes"}
    assert found["patients"] == 3
    assert len(found["published"]["ranks"]) == 6
    for group, methods in found["published"]["figures"].items():
        # Three answers of palpation, and the same without joints and organs, stand beside.
        assert {"model and complaint", published.TRUTHFUL, published.EXAMINED} < set(methods)
        assert set(found["published"]["trigger_points"][group]) == set(methods)
    assert main(words[:-1]) == 0
    text = capsys.readouterr().out
    assert "among trigger points alone" in text
    assert "an upper bound" in text
    assert main(["evaluate-targeting", "--patients", "0"]) == 2
    assert "expected 1 to" in capsys.readouterr().err


def test_a_warning_is_urgent_in_the_readers_language(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"pain": ["disc:temple:2:left"]}))
    assert "(emergency)" in run(capsys, path)
    urdu = run(capsys, path, "--language", "ur")
    assert "(ایمرجنسی)" in urdu
    assert "emergency" not in urdu
    assert "same-day" not in urdu
