"""No other account of the clinic's machine reads its files."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from tests import warm
from tests.demo_folder import copy_of_demo, demo_settings

from filiform.clinic.operations.modes import tighten, too_open

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights another way")
LAID_OPEN = {"demo-secret-key": 0o644, "clinic.sqlite3": 0o664, "clinic.sqlite3-wal": 0o644}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def filiform(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return warm.filiform(*words, env=demo_settings(folder), umask=0o022)


def test_an_existing_installation_is_tightened_and_nothing_else_is_touched(tmp_path) -> None:
    tmp_path.chmod(0o755)
    elsewhere = tmp_path / "somebody's letter.txt"
    elsewhere.write_text("")
    elsewhere.chmod(0o644)
    (tmp_path / "keys").mkdir(mode=0o755)
    for name in (*LAID_OPEN, "keys/clinic.pem"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(LAID_OPEN.get(name, 0o644))
    assert len(too_open(tmp_path, None)) == 6
    tighten(tmp_path, tmp_path / "clinic.sqlite3")
    assert too_open(tmp_path, None) == []
    assert (mode(tmp_path), mode(tmp_path / "keys")) == (0o700, 0o700)
    assert mode(tmp_path / "clinic.sqlite3") == 0o600
    assert mode(elsewhere) == 0o644


def test_a_link_is_not_followed_to_a_file_elsewhere(tmp_path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("")
    target.chmod(0o644)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a-key").symlink_to(target)
    tighten(folder, None)
    assert mode(target) == 0o644


@pytest.mark.sqlite
def test_check_names_what_is_open_and_everything_that_is_made_is_private(
    tmp_path_factory, tmp_path
) -> None:
    folder = copy_of_demo(tmp_path_factory, "modes")
    (folder / "clinic.sqlite3").chmod(0o644)
    told = filiform(folder, "check")
    assert told.returncode == 1
    assert f"chmod 0600 {folder / 'clinic.sqlite3'}" in told.stdout
    copy = tmp_path / "copy.sqlite3"
    assert filiform(folder, "backup", str(copy)).returncode == 0
    assert filiform(folder, "restore", "--yes", str(copy)).returncode == 0
    assert mode(copy) == 0o600
    for path in (folder, *folder.rglob("*")):
        assert not mode(path) & 0o077, path
    assert filiform(folder, "check").returncode == 0
