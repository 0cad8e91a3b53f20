"""`filiform simulate`: the contract of its output, and clear refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.tables import in_one_test

from filiform.cli import main
from filiform.mechanism import engine as engine_room

SMALL = ("--patients", "12", "--hours", "8")


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["simulate", *SMALL, *words]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    try:
        status = main(["simulate", *words])
    except SystemExit as stop:
        status = int(stop.code or 0)
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def test_json_is_one_document_with_hours_states_band_patients_and_release(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = json.loads(
        asked(
            capsys,
            "--json",
            "--insertions",
            "8",
            "--twitches",
            "4",
            "--dwell-min",
            "2.5",
            "--sessions",
            "2",
            "--interval-days",
            "0.25",
            "--stretch",
            "--exercise",
            "--load",
            "0.5",
            "--seed",
            "7",
        )
    )
    assert found["hours"][0] == 0
    assert found["hours"][-1] == 8
    assert (found["band"], found["patients"]) == (0.9, 12)
    assert found["release"].startswith("mechanism-")
    for name, state in found["states"].items():
        assert set(state) >= {"unit", "median", "low", "high"}, name
        assert len(state["median"]) == len(state["low"]) == len(found["hours"]), name


def test_csv_has_a_row_for_each_hour_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(asked(capsys, "--csv"))))
    assert {"hour", "state", "unit", "low", "median", "high"} == set(rows[0])
    hours = {row["hour"] for row in rows}
    states = {row["state"] for row in rows}
    assert len(rows) == len(hours) * len(states)


def test_people_get_a_short_table_that_says_it_is_a_hypothesis(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "not a promise" in asked(capsys)
    assert "وعدہ نہیں" in asked(capsys, "--language", "ur")


def test_the_model_is_written_as_sbml(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked(capsys, "--sbml", str(tmp_path / "point.xml"))
    assert "<sbml" in (tmp_path / "point.xml").read_text(encoding="utf-8")


def test_no_strokes_mean_no_twitches_without_being_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = json.loads(asked(capsys, "--json", "--insertions", "0"))
    assert found["dose"]["twitches"] == 0


@in_one_test(
    ("words", "says"),
    [
        (("--insertions", "900"), "--insertions 900"),
        (("--load", "1.5"), "--load 1.5"),
        (("--dwell-min", "nan"), "--dwell-min nan"),
        (("--interval-days", "0"), "--interval-days 0"),
        (("--sessions", "-1"), "--sessions -1"),
        (("--patients", "0"), "--patients 0"),
        (("--patients", "1000000"), "--patients 1000000"),
        (("--hours", "-3"), "--hours -3"),
        (("--hours", "inf"), "--hours inf"),
        (("--seed", "-1"), "--seed -1"),
        (("--insertions", "0", "--twitches", "3"), "--twitches 3"),
        (("--insertions", "many"), "--insertions"),
        (("--frequency", "2"), "--frequency"),
        (("--sbml", "/no/such/folder/x.xml"), "/no/such/folder/x.xml"),
        (("--json", "--csv"), "--csv"),
    ],
)
def test_unusable_input_is_refused_in_one_line_that_names_it(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert says in refused(capsys, *words)


def test_a_machine_without_the_engine_is_told_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> object:
        raise engine_room.EngineMissing

    monkeypatch.setattr("filiform.mechanism.workers.engine", missing)
    assert "libroadrunner" in refused(capsys)
