"""The bench measures what it says: on a clinic of thirty patients, in a process of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench.bulk import BulkWriter
from tests.bench.compare import lines
from tests.bench.figures import ROOT, Figure, Growth, Report, percentile

PATIENTS, TREATMENTS = 30, 100
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The data folder of a tiny clinic, and the report of one run over it."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "tests.bench.server_times", "--many", "20", "--rounds", "1"]
    command += ["--patients", str(PATIENTS), "--treatments", str(TREATMENTS)]
    command += ["--folder", str(folder), "--json", str(folder / "report.json")]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder / f"{PATIENTS}-{TREATMENTS}", Report.read(folder / "report.json")


@pytest.mark.long
def test_the_generated_clinic_is_whole_guarded_and_has_no_statistics(
    measured: tuple[Path, Report],
) -> None:
    folder, _ = measured
    with sqlite3.connect(folder / "clinic.sqlite3") as clinic:
        assert clinic.execute("PRAGMA foreign_key_check").fetchall() == []
        assert clinic.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert clinic.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        statistics = "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"
        assert clinic.execute(statistics).fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="never altered"):
            clinic.execute("UPDATE treatment_act SET kind = 'twitch'")
        with pytest.raises(sqlite3.IntegrityError, match="signed"):
            clinic.execute(
                "INSERT INTO treatment_act SELECT * FROM treatment_act "
                "WHERE treatment_id IN (SELECT treatment_id FROM treatment_seal) LIMIT 1"
            )


@pytest.mark.long
def test_filiform_check_finds_every_generated_row_and_seal_in_its_place(
    measured: tuple[Path, Report],
) -> None:
    folder, _ = measured
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "FILIFORM_DEMO": "yes"}
    settings |= {"FILIFORM_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "filiform", "check"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with sqlite3.connect(folder / "clinic.sqlite3") as clinic:
        assert clinic.execute("SELECT count(*) > ? FROM record_link", (TREATMENTS,)).fetchone()[0]


def test_indexes_and_triggers_are_laid_again_word_for_word(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a") as database:
        database.executescript(
            """CREATE TABLE needle (id INTEGER PRIMARY KEY, at TEXT UNIQUE, out TEXT);
            CREATE INDEX  still_in ON needle (at DESC) WHERE out IS NULL;
            CREATE TRIGGER none_goes_in BEFORE INSERT ON needle
            BEGIN SELECT RAISE(ABORT, 'no'); END;"""
        )
        before = database.execute(SCHEMA).fetchall()
    database.close()
    with BulkWriter(tmp_path / "a") as writer:
        writer.connection.execute("INSERT INTO needle VALUES (1, 'now', NULL)")
    with sqlite3.connect(tmp_path / "a") as database:
        assert database.execute(SCHEMA).fetchall() == before
        with pytest.raises(sqlite3.IntegrityError, match="no"):
            database.execute("INSERT INTO needle VALUES (2, 'later', NULL)")


@pytest.mark.long
def test_one_patient_has_few_and_one_has_many_treatments(measured: tuple[Path, Report]) -> None:
    folder, _ = measured
    of_patient = """SELECT count(treatment.id) FROM patients_patient AS patient
        LEFT JOIN treatment_treatment AS treatment ON treatment.patient_id = patient.id
        WHERE file_number = ?"""
    with sqlite3.connect(folder / "clinic.sqlite3") as clinic:
        for file_number, treatments in (("MC-100000", 10), ("MC-100001", 20)):
            assert clinic.execute(of_patient, (file_number,)).fetchone() == (treatments,)


@pytest.mark.long
def test_cold_repeated_and_written_looks_are_told_apart(measured: tuple[Path, Report]) -> None:
    _, report = measured
    looks = {(one.name, one.look) for one in report.figures}
    for name in ("chart", "story"):
        assert {(name, look) for look in ("first look", "same again", "after a write")} <= looks
    assert {one.limit for one in report.growth} == {2.0, 3.0}
    assert all(one.multiple > 0 for one in report.figures)


@pytest.mark.long
def test_nothing_is_left_under_treatment_after_the_bench(
    measured: tuple[Path, Report],
) -> None:
    folder, _ = measured
    unsigned = """SELECT count(*) FROM treatment_treatment WHERE id NOT IN
        (SELECT treatment_id FROM treatment_seal)"""
    with sqlite3.connect(folder / "clinic.sqlite3") as clinic:
        assert clinic.execute(unsigned).fetchone() == (0,)


def test_a_comparison_shows_yardsticks_and_what_only_one_report_has() -> None:
    chart = Figure("chart", "first look", 9, 80.0, 90.0, 95.0, yardstick=4.0, machine=1.0)
    faster = Figure("chart", "first look", 9, 16.0, 19.0, 20.0, yardstick=8.0, machine=2.0)
    gone = Figure("story", "", 9, 80.0, 90.0, 95.0, yardstick=4.0, machine=1.0)
    about = {"commit": "abc", "at": "today", "load": 0.5}
    before = Report("server", about, [chart, gone], [Growth("chart grows", 6.0, 2.0)])
    after = Report("server", about, [faster], [Growth("chart grows", 1.5, 2.0)])
    text = "\n".join(lines(before, after))
    assert "machine 2.00 times as long after" in text
    assert "10.0x" in text  # 20 yardsticks became 2, though the clock shows a fifth
    assert "only before" in text


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), ([5.0], 0.95, 5.0), ([], 0.5, 0.0)],
)
def test_a_percentile_is_one_of_the_times(
    times: list[float], share: float, expected: float
) -> None:
    assert percentile(times, share) == expected
