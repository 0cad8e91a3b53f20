"""Databases that are made once per run and copied for everybody who needs one of their own.

Making the tables takes three seconds of a processor, loading the demo clinic ten; some forty
places need one or the other.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.warm import filiform


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
    with _turn(tmp_path_factory) as shared:
        if not (shared / "demo-loaded").exists():
            folder = _copied(_migrated(shared), shared / "demo-unfinished")
            run("demo", **demo_settings(folder))
            folder.rename(shared / "demo-loaded")
    return _copied(shared / "demo-loaded", tmp_path_factory.mktemp(name))


def copy_of_migrated(tmp_path_factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder with every table, nobody's clinic and no keys."""
    folder = tmp_path_factory.mktemp(name)
    shutil.copy(migrated(tmp_path_factory) / "clinic.sqlite3", folder)
    return folder


def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `copy_of_migrated` copies; for reading alone."""
    with _turn(tmp_path_factory) as shared:
        return _migrated(shared)


def migrated_on_postgres(tmp_path_factory: pytest.TempPathFactory, url: str) -> str:
    """The name of a database with every table, made beside the one that `url` names."""
    name = "filiform_migrated"
    with _turn(tmp_path_factory) as shared:
        if not (shared / name).exists():
            beside = database_on_postgres(name, url)
            run("migrate", **demo_settings(shared), FILIFORM_DATABASE_URL=beside)
            (shared / name).touch()
    return name


def database_on_postgres(name: str, url: str) -> str:
    """The address of an empty database of this name, beside the one that `url` names."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def run(*words: str, **environment: str) -> None:
    done = filiform(*words, env=environment)
    assert done.returncode == 0, f"filiform {' '.join(words)}:\n{done.stdout}{done.stderr}"


@contextmanager
def _turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The run's own folder; the first process makes what is shared, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    # The processes of one run have folders side by side in the run's own.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared


def _migrated(shared: Path) -> Path:
    folder = shared / "migrated"
    if not folder.exists():
        unfinished = shared / "migrated-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        run("migrate", **demo_settings(unfinished))
        unfinished.rename(folder)
    return folder


def _copied(folder: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to)
