"""A new database gets its tables at once; one that is there goes by the migrations' steps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.demo_folder import database_on_postgres, demo_settings, migrated, migrated_on_postgres

SERVER = os.environ.get("FILIFORM_DATABASE_URL", "")
EVERY_LOOK = os.environ.get("FILIFORM_EVERY_LOOK", "no") == "yes"
# For each step Django draws every model anew that hangs together with the changed one, here nearly
# all: nine tenths of what the steps cost. The tables rest on the changed one alone; `make long`
# lets it draw them all, as an update of a clinic does.
BY_STEPS = """
import gc, sys, django
gc.set_threshold(200_000, 20, 20)
django.setup()
from django.core.management import call_command
from django.db.migrations.state import ProjectState
if sys.argv[1] == "alone":
    ProjectState._find_reload_model = lambda self, app, model, delay=False: {(app, model)}
call_command("migrate", verbosity=0)
"""
NOTES = {
    "steps": "SELECT app || '.' || name FROM django_migrations",
    "shapes of rows": "SELECT label || ' ' || columns FROM record_shape",
    "kinds": "SELECT app_label || '.' || model FROM django_content_type",
    "permissions": "SELECT codename FROM auth_permission",
}


def take_the_steps(**environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BY_STEPS, "all" if EVERY_LOOK else "alone"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.sqlite
def test_a_new_clinic_has_the_very_tables_that_an_old_one_has_after_every_migration(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    take_the_steps(**demo_settings(tmp_path))

    at_once = _lines(migrated(tmp_path_factory) / "clinic.sqlite3")
    assert _lines(tmp_path / "clinic.sqlite3") == at_once
    assert sum(line.startswith("CREATE TABLE") for line in at_once) > 50


def _lines(file: Path) -> list[str]:
    """Tables, indexes, triggers and the rows that come with them; a column that a later step
    added stands at the end, which means nothing."""
    with closing(sqlite3.connect(file)) as database:
        made = [sql for (sql,) in database.execute("SELECT sql FROM sqlite_master") if sql]
        noted = [
            f"{what}: {one}" for what, sql in NOTES.items() for (one,) in database.execute(sql)
        ]
    return sorted([_in_one_order(sql) for sql in made] + noted)


def _in_one_order(sql: str) -> str:
    if not sql.startswith("CREATE TABLE"):
        return sql
    head, _, body = sql.partition("(")
    return head + ", ".join(sorted(body.removesuffix(")").split(", ")))


# Two hundred steps take half a minute there, and what they make is told by the same code.
@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.skipif(not SERVER.startswith("postgres"), reason="no PostgreSQL is named")
def test_on_postgresql_too(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    at_once = migrated_on_postgres(tmp_path_factory, SERVER)
    by_steps = database_on_postgres("filiform_by_steps", SERVER)
    take_the_steps(**demo_settings(tmp_path), FILIFORM_DATABASE_URL=by_steps)

    before = _dumped(f"{SERVER.rpartition('/')[0]}/{at_once}")
    assert _dumped(by_steps) == before
    assert sum(line.startswith("CREATE TABLE") for line in before) > 50


def _dumped(url: str) -> list[str]:
    """The lines of the schema as pg_dump tells it."""
    tool = shutil.which("pg_dump")
    assert tool, "pg_dump comes with the client of PostgreSQL"
    done = subprocess.run([tool, "--schema-only", url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(
        line.strip().removesuffix(",")
        for line in done.stdout.splitlines()
        if not line.startswith(("--", "\\"))
    )
