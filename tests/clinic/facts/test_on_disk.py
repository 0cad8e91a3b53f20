"""Nobody is told that something was written before it is on the disk, or waits in line for it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from filiform.clinic.facts import on_disk as waiting
from filiform.clinic.facts.on_disk import on_disk
from filiform.clinic.facts.turn import SUFFIX, turn

fcntl = pytest.importorskip("fcntl", reason="Windows has no queue at a file")
FULL, NORMAL = 2, 1


def _writer(database: Path, journal: str = "WAL") -> SimpleNamespace:
    found = sqlite3.connect(database, isolation_level=None)
    found.execute(f"PRAGMA journal_mode={journal}")
    found.execute("PRAGMA synchronous=FULL")
    found.execute("CREATE TABLE IF NOT EXISTS act (number)")
    return SimpleNamespace(
        vendor="sqlite", settings_dict={"NAME": database}, in_atomic_block=False,
        connection=found, ensure_connection=lambda: None,
    )  # fmt: skip


def _mode(writer: SimpleNamespace) -> int:
    return writer.connection.execute("PRAGMA synchronous").fetchone()[0]


def _write(writer: SimpleNamespace, number: int = 1) -> None:
    writer.connection.execute("BEGIN IMMEDIATE")
    writer.connection.execute("INSERT INTO act VALUES (?)", [number])
    writer.connection.execute("COMMIT")


def _write_and_fail(writer: SimpleNamespace) -> None:
    _write(writer)
    raise KeyError("what follows from the commit")


@pytest.fixture
def disk(monkeypatch):
    """What was asked of the disk: the length of the log each time."""
    asked: list[int] = []
    really = waiting._through

    def through(file: int) -> None:
        asked.append(os.fstat(file).st_size)
        really(file)

    monkeypatch.setattr(waiting, "_through", through)
    return asked


def test_the_whole_log_is_on_the_disk_when_a_write_is_left(tmp_path, disk):
    writer = _writer(tmp_path / "clinic.sqlite3")
    with on_disk(writer), turn(writer):
        assert _mode(writer) == NORMAL
        _write(writer)
        assert disk == [], "no wait while the lock is held"
    assert disk == [(tmp_path / "clinic.sqlite3-wal").stat().st_size]
    assert _mode(writer) == FULL, "what is written without it waits in its commit"


def test_the_turn_is_given_up_before_the_wait(tmp_path, monkeypatch):
    writer = _writer(tmp_path / "clinic.sqlite3")
    free: list[bool] = []

    def through(file: int) -> None:
        with open(tmp_path / f"clinic.sqlite3{SUFFIX}", "w") as queue:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free.append(True)

    monkeypatch.setattr(waiting, "_through", through)
    with on_disk(writer), turn(writer):
        _write(writer)
    assert free == [True]


def test_what_follows_from_a_commit_is_waited_for_together_with_it(tmp_path, disk):
    writer = _writer(tmp_path / "clinic.sqlite3")
    with on_disk(writer):
        _write(writer)
        with on_disk(writer):
            _write(writer)
    assert len(disk) == 1


def test_a_refusal_after_a_commit_leaves_the_commit_on_the_disk(tmp_path, disk):
    writer = _writer(tmp_path / "clinic.sqlite3")
    failing = pytest.raises(KeyError, match="follows")
    with failing, on_disk(writer):
        _write_and_fail(writer)
    assert len(disk) == 1
    assert _mode(writer) == FULL


def test_a_disk_that_refuses_is_no_answer(tmp_path, monkeypatch):
    writer = _writer(tmp_path / "clinic.sqlite3")

    def through(file: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(waiting, "_through", through)
    with pytest.raises(OSError, match="Input/output error"), on_disk(writer):
        _write(writer)
    assert _mode(writer) == FULL


def test_without_a_log_the_commit_itself_waits(tmp_path, disk):
    writer = _writer(tmp_path / "clinic.sqlite3", journal="DELETE")
    with on_disk(writer):
        assert _mode(writer) == FULL
        _write(writer)
    assert disk == []


def test_inside_a_transaction_the_outer_one_waits(tmp_path, disk):
    writer = _writer(tmp_path / "clinic.sqlite3")
    writer.in_atomic_block = True
    with on_disk(writer):
        assert _mode(writer) == FULL
    assert disk == []


def test_a_power_cut_takes_nothing_that_was_acknowledged(tmp_path, monkeypatch):
    """The cut leaves the database and the log as they were at the last wait, and half a page of
    what came after."""
    database, after_cut = tmp_path / "clinic.sqlite3", tmp_path / "found" / "clinic.sqlite3"
    after_cut.parent.mkdir()
    writer = _writer(database)
    log = Path(f"{database}{waiting.LOG}")
    kept: list[bytes] = []
    monkeypatch.setattr(waiting, "_through", lambda _: kept.append(log.read_bytes()))
    for number in range(1, 8):
        with on_disk(writer):
            _write(writer, number)
        acknowledged, log_then = number, len(kept[-1])
        _write(writer, 100 + number)  # committed, and the power goes before it was waited for
        torn = kept[-1] + log.read_bytes()[log_then : log_then + 2000]
        after_cut.write_bytes(database.read_bytes())
        Path(f"{after_cut}{waiting.LOG}").write_bytes(torn)
        Path(f"{after_cut}-shm").unlink(missing_ok=True)
        with sqlite3.connect(after_cut) as found:
            there = {row[0] for row in found.execute("SELECT number FROM act")}
        found.close()
        assert set(range(1, acknowledged + 1)) <= there
        assert 100 + number not in there, "nothing half"
