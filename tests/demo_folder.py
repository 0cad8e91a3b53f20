"""The demo clinic, loaded once per run and copied for everybody who needs one of their own.

Migrating and loading take ten seconds of a processor; five modules serve or examine the clinic.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINES = (("migrate",), ("demo",))


def demo_settings(folder: Path) -> dict[str, str]:
    """The environment of a `filiform` that works in a demo clinic's folder."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("FILIFORM_")}
    return {
        **own,
        "FILIFORM_DEMO": "yes",
        "FILIFORM_DATA": str(folder),
        # A process of its own, half a minute of a run's processor in all; its tests start it.
        "FILIFORM_SENDER": "no",
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
    }


def copy_of_demo(tmp_path_factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder with the demo clinic that nobody else writes into."""
    base = tmp_path_factory.getbasetemp()
    # The processes of one run have folders side by side in the run's own.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    loaded = shared / "demo-loaded"
    with (shared / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first loads, the others wait for it
        if not loaded.exists():
            unfinished = shared / "demo-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            _load(unfinished)
            unfinished.rename(loaded)
    folder = tmp_path_factory.mktemp(name)
    shutil.copytree(loaded, folder, dirs_exist_ok=True)
    return folder


def _load(folder: Path) -> None:
    for words in LINES:
        done = subprocess.run(
            [sys.executable, "-m", "filiform", *words],
            env=demo_settings(folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"filiform {' '.join(words)}:\n{done.stdout}{done.stderr}"
