"""Backup and restore of a clinic on PostgreSQL, with PostgreSQL's own tools."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from tests.commands.test_running_a_clinic import DEMO, filiform, refused

SERVER = os.environ.get("FILIFORM_DATABASE_URL", "")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        not SERVER.startswith("postgres"), reason="FILIFORM_DATABASE_URL names no PostgreSQL"
    ),
]


@pytest.fixture
def database(tmp_path: Path):
    """Settings of a demo clinic in a database of its own."""
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute("CREATE DATABASE rehearsal")
    settings = {**DEMO, "FILIFORM_DATABASE_URL": SERVER.rpartition("/")[0] + "/rehearsal"}
    assert filiform("migrate", folder=tmp_path, **settings).returncode == 0
    assert filiform("demo", folder=tmp_path, **settings).returncode == 0
    yield settings
    with psycopg.connect(SERVER, autocommit=True) as server:
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'rehearsal%'"
        ).fetchall():
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def count(settings: dict[str, str], table: str) -> int:
    with psycopg.connect(settings["FILIFORM_DATABASE_URL"]) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_copy_takes_the_place_of_the_database_and_the_former_is_kept(
    database: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.dump"
    done = filiform("backup", str(copy), folder=tmp_path, **database)
    assert done.returncode == 0, done.stderr
    assert copy.stat().st_mode & 0o077 == 0
    acts = count(database, "treatment_act")
    with psycopg.connect(database["FILIFORM_DATABASE_URL"]) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM treatment_act")
    assert filiform("check", folder=tmp_path, **database).returncode == 1
    assert "--yes" in refused(filiform("restore", str(copy), folder=tmp_path, **database))
    done = filiform("restore", str(copy), "--yes", folder=tmp_path, **database)
    assert done.returncode == 0, done.stderr
    assert count(database, "treatment_act") == acts > 0
    assert filiform("check", folder=tmp_path, **database).returncode == 0
    with psycopg.connect(SERVER) as server:
        kept = server.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'rehearsal_before_%'"
        ).fetchone()
    assert kept == (1,)


def test_what_is_no_archive_changes_nothing(database: dict[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not an archive")
    acts = count(database, "treatment_act")
    said = refused(filiform("restore", str(wrong), "--yes", folder=tmp_path, **database))
    assert "nothing was changed" in said
    assert count(database, "treatment_act") == acts
