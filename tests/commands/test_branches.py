"""`make coverage` knows the pure rooms, and no number of its rests on data that got lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import branches
from coverage import CoverageData

PROJECT = Path(__file__).parents[2]


def test_every_pure_room_is_there_and_every_folder_of_their_tests() -> None:
    rooms = branches.pure_rooms()
    assert all((PROJECT / one).is_dir() or (PROJECT / f"{one}.py").exists() for one in rooms)
    assert all((PROJECT / one).exists() for one in branches.tests_of(rooms))
    shown = branches.patterns(rooms).split(",")
    assert "src/filiform/screening/*" in shown
    assert "src/filiform/times.py" in shown


@pytest.mark.parametrize(
    ("status", "said", "files", "passed"),
    [
        (0, "3 passed in 1.0s", ("",), True),
        (0, "3 passed in 1.0s", ("", ".helper"), True),
        (0, "3 passed in 1.0s", (), False),
        (1, "1 failed, 2 passed in 1.0s", ("",), False),
        (0, f"The following workers {branches.LOST}\ngw1\n3 passed in 1.0s", ("",), False),
    ],
    ids=["whole", "a helper's came late", "none at all", "a test failed", "a process's is lost"],
)
def test_a_part_passes_only_with_all_of_its_data(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    status: int,
    said: str,
    files: tuple[str, ...],
    passed: bool,
) -> None:
    monkeypatch.setattr(branches, "DATA", tmp_path)
    (tmp_path / "part.old").write_text("of the run before")

    def run(_command: list[str], _environment: dict[str, str]) -> tuple[int, str]:
        for end in files:
            data = CoverageData(str(tmp_path / f"part{end}"))
            data.add_arcs({str(PROJECT / f"src/filiform/x{end}.py"): [(-1, 1), (1, -1)]})
            data.write()
        return status, said

    monkeypatch.setattr(branches, "shown", run)
    assert branches.walked("part", "Some tests").passed is passed
    if files:
        whole = CoverageData(str(tmp_path / "part"))
        whole.read()
        assert len(whole.measured_files()) == len(files)
