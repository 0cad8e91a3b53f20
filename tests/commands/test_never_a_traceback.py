"""A full disk, a folder that is only read, a setting that means nothing: one line, status 2."""

from __future__ import annotations

import ctypes
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands.test_running_a_clinic import DEMO, filiform
from tests.commands.test_running_a_clinic import refused as one_line
from tests.demo_folder import copy_of_demo, demo_settings
from tests.tables import check_each

from filiform.clinic.operations.checksums import TRAILER_BYTES

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_demo(tmp_path_factory, "full")


def like_anybody() -> None:
    """Rights of files hold for root, too, as for the account that a clinic runs under."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def small_disk() -> None:
    """No file grows over a megabyte: the nearest to a full disk that needs no mount."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))


def run(*words: str, folder: Path, before: Callable[[], None], **settings: str):
    return subprocess.run(
        [sys.executable, "-m", "filiform", *words],
        env={**demo_settings(folder), **settings},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def test_a_backup_onto_a_full_disk_leaves_nothing_behind(demo: Path, tmp_path: Path) -> None:
    said = one_line(run("backup", str(tmp_path / "copy.sqlite3"), folder=demo, before=small_disk))
    assert "no copy was made" in said
    assert list(tmp_path.iterdir()) == []


def test_an_answer_into_a_full_device_says_so(demo: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "filiform", "atlas", "show", "soleus"],
            env=demo_settings(demo),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "No space left" in done.stderr


def test_restoring_into_a_folder_that_is_only_read_changes_nothing(
    demo: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert filiform("backup", str(copy), folder=demo, **DEMO).returncode == 0
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    secret = {"FILIFORM_SECRET_KEY": "s" * 50}
    said = one_line(run("restore", str(copy), folder=locked, before=like_anybody, **secret))
    assert "nothing was changed" in said
    assert list(locked.iterdir()) == []


def test_a_setting_that_means_nothing_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cases = {
        "FILIFORM_DATA": (str(tmp_path / "file"), "a folder"),
        "FILIFORM_DATA ": (str(tmp_path / "file" / "below"), "a folder"),
        "FILIFORM_TIME_ZONE": ("Mars/Olympus", "Asia/Karachi"),
        "FILIFORM_TIME_ZONE ": ("Asia", "Asia/Karachi"),
        "FILIFORM_TIME_ZONE  ": ("../../etc/passwd", "Asia/Karachi"),
    }

    def check(name: str) -> None:
        value, allowed = cases[name]
        settings = {"FILIFORM_DATA": str(tmp_path), **DEMO, name.strip(): value}
        folder = Path(settings.pop("FILIFORM_DATA"))
        said = one_line(filiform("check", folder=folder, **settings))
        assert name.strip() in said
        assert allowed in said

    check_each(cases, check)


def test_days_and_hours_at_the_edges_are_refused_with_what_is_allowed(
    refused: Callable[..., str], summary: Callable[..., str]
) -> None:
    for day in ("0001-01-01", "9999-12-31", "1899-12-31"):
        assert "1900-01-01 to 2199-12-31" in refused("screen", summary(), "--on", day)
    for hours in ("1e-320", "0", "-1", "nan", "inf"):
        assert "0.01 to 8760" in refused("simulate", "--hours", hours)


def test_one_flipped_bit_of_a_backup_is_refused_and_an_old_backup_is_not(
    demo: Path, tmp_path: Path
) -> None:
    copy, elsewhere = tmp_path / "copy.sqlite3", tmp_path / "elsewhere"
    assert filiform("backup", str(copy), folder=demo, **DEMO).returncode == 0
    whole = bytearray(copy.read_bytes())
    # A letter of a patient's name: SQLite finds nothing wrong with the page.
    for place in (whole.index(b"Fatima"), len(whole) // 2, len(whole) - 30):
        whole[place] ^= 1
        copy.write_bytes(whole)
        whole[place] ^= 1
        said = one_line(filiform("restore", str(copy), folder=elsewhere, **DEMO))
        assert "not byte for byte" in said
        assert not (elsewhere / "clinic.sqlite3").exists()
    copy.write_bytes(whole[:-TRAILER_BYTES])
    done = filiform("restore", str(copy), folder=elsewhere, **DEMO)
    assert done.returncode == 0, done.stderr
    assert "warning: " in done.stdout
    assert "bears no checksum" in done.stdout
