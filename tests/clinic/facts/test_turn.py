"""Writers take turns, and nothing hangs on the turn."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from filiform.clinic.facts.turn import SUFFIX, turn

fcntl = pytest.importorskip("fcntl", reason="Windows has no queue at a file")


def _writer(database: Path, *, in_atomic_block: bool = False) -> SimpleNamespace:
    settings = {"NAME": database}
    return SimpleNamespace(vendor="sqlite", settings_dict=settings, in_atomic_block=in_atomic_block)


def test_who_came_first_writes_first(tmp_path: Path) -> None:
    database, wrote = tmp_path / "clinic.sqlite3", []

    def write(name: int) -> None:
        with turn(_writer(database)):
            wrote.append(name)

    with turn(_writer(database)):
        threads = [threading.Thread(target=write, args=(name,)) for name in range(6)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)  # so that they come one after the other
        assert wrote == []
    for thread in threads:
        thread.join(5)
    assert wrote == list(range(6))


def test_a_writer_that_is_killed_in_its_turn_holds_up_nobody(tmp_path: Path) -> None:
    file = tmp_path / f"clinic.sqlite3{SUFFIX}"
    holds = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
    holds += "print('held', flush=True); time.sleep(60)"
    command = [sys.executable, "-S", "-c", holds, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        threading.Timer(0.05, other.send_signal, [signal.SIGKILL]).start()
        with turn(_writer(tmp_path / "clinic.sqlite3")):
            assert other.wait(5) == -signal.SIGKILL


def test_who_holds_the_write_lock_already_does_not_queue_behind_those_who_wait_for_it(
    tmp_path: Path,
) -> None:
    database = tmp_path / "clinic.sqlite3"
    with turn(_writer(database)), turn(_writer(database, in_atomic_block=True)):
        pass


def test_what_is_written_because_of_a_commit_does_not_wait_for_itself(tmp_path: Path) -> None:
    # Outside the transaction and still in its turn: `on_commit` is called there.
    writer = _writer(tmp_path / "clinic.sqlite3")
    with turn(writer), turn(writer):
        pass
    wrote: list[str] = []

    def other() -> None:
        with turn(_writer(tmp_path / "clinic.sqlite3")):
            wrote.append("other")

    thread = threading.Thread(target=other)
    with turn(writer):
        with turn(writer):
            thread.start()
        thread.join(0.05)
        assert wrote == [], "the inner one gives nothing up"
    thread.join(5)
    assert wrote == ["other"]


def test_a_writer_without_a_queue_writes_all_the_same(tmp_path: Path) -> None:
    no_folder = _writer(tmp_path / "nowhere" / "clinic.sqlite3")
    in_memory = _writer(Path("file:filiform-tests?mode=memory&cache=shared"))
    for one in (no_folder, in_memory):
        with turn(one):
            pass
    assert list(tmp_path.iterdir()) == []
