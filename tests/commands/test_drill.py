"""The restore drill, from the shell: it brings a clinic back, and says so when it can't."""

from __future__ import annotations

import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.commands.test_running_a_clinic import DEMO, filiform, refused, rows
from tests.demo_folder import copy_of_demo

from filiform.clinic.operations import writers


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_demo(tmp_path_factory, "drill")


def test_a_drill_brings_the_clinic_back_while_needling_is_recorded_and_loses_nothing(
    demo: Path,
) -> None:
    acts = "SELECT count(*) FROM treatment_act"
    before = rows(demo / "clinic.sqlite3", acts)[0][0]
    done = filiform("drill", "--with-writers", "2", "--json", folder=demo, **DEMO)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["passed"]
    assert (report["loss"], report["problems"]) == (0, [])
    assert [step["name"] for step in report["steps"]] == [
        "backup",
        "restore and check",
        "start",
        "compare",
    ]
    assert report["acts_by_writers"] >= 2
    assert rows(demo / "clinic.sqlite3", acts)[0][0] == before + report["acts_by_writers"]
    counts = report["rows"]["acts"]
    assert before < counts["begin"] <= counts["copy"] <= counts["end"]
    # Of the copy nothing stays but what was found, for the clinic's account alone.
    kept = sorted((demo / "drills").iterdir())
    assert [one.suffix for one in kept] == [".json", ".txt"]
    assert all(one.stat().st_mode & 0o077 == 0 for one in kept)
    assert "Loss: 0 of" in kept[1].read_text()
    noted = rows(
        demo / "clinic.sqlite3", "SELECT details FROM audit_entry WHERE action = 'restore-drilled'"
    )
    assert json.loads(noted[0][0])["report"] == f"drills/{kept[0].name}"
    assert filiform("check", folder=demo, **DEMO).returncode == 0


def test_a_drill_of_a_record_that_somebody_altered_fails_and_names_the_row(demo: Path) -> None:
    with sqlite3.connect(demo / "clinic.sqlite3") as clinic:
        clinic.execute("DROP TRIGGER treatment_act_no_update")
        clinic.execute("UPDATE treatment_act SET kind = 'stop' WHERE number = 2")
    done = filiform("drill", folder=demo, **DEMO)
    assert done.returncode == 1
    assert "THE DRILL FAILED" in done.stdout
    assert "act" in done.stdout.partition("WRONG: ")[2]
    report = json.loads(next((demo / "drills").glob("*.json")).read_text())
    assert (report["passed"], report["loss"]) == (False, None)


def test_a_drill_that_cannot_be_done_is_refused_in_one_line(demo: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for words, said in (
            (("--with-writers", "99"), "allowed is 0 to 32"),
            (("--port", "70000"), "65535"),
            (("--port", str(taken.getsockname()[1])), "Stop what runs there"),
            (("--into", str(there)), "exists"),
            (("--into", str(there / "no" / "folder")), "not a folder"),
        ):
            assert said in refused(filiform("drill", *words, folder=demo, **DEMO)), words
    empty = tmp_path / "empty"
    secret = {"FILIFORM_SECRET_KEY": "s" * 50}
    assert "filiform migrate" in refused(filiform("drill", folder=empty, **secret))
    assert "demo mode" in refused(filiform("drill", "--with-writers", "1", folder=demo, **secret))
    assert not (demo / "drills").exists()


def test_a_drill_that_is_interrupted_before_the_first_act_stops_its_writers(monkeypatch) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writers, "_needles_in", lambda number: [None] * number)
    monkeypatch.setattr(writers.Writers, "_write", lambda self, needle: self._done.wait(60))
    monkeypatch.setattr("time.sleep", interrupted)
    begun = writers.Writers(2)
    with pytest.raises(KeyboardInterrupt), begun:
        pass
    assert not any(thread.is_alive() for thread in begun._threads)
