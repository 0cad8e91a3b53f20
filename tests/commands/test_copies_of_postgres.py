"""Backup and restore of a clinic on PostgreSQL, with PostgreSQL's own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.commands.test_running_a_clinic import DEMO, filiform, refused
from tests.demo_folder import migrated_on_postgres

SERVER = os.environ.get("FILIFORM_DATABASE_URL", "")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        not SERVER.startswith("postgres"), reason="FILIFORM_DATABASE_URL names no PostgreSQL"
    ),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """The data folder of a demo clinic in a database that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("made")
    template = migrated_on_postgres(tmp_path_factory, SERVER)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE made_once TEMPLATE {template}")
    settings = settings_of("made_once")
    assert filiform("demo", folder=folder, **settings).returncode == 0
    yield folder
    drop("made_once")


@pytest.fixture
def database(made: Path, tmp_path: Path):
    """Settings of a demo clinic in a database of its own, with its key in the data folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute("CREATE DATABASE rehearsal TEMPLATE made_once")
    yield settings_of("rehearsal")
    drop("rehearsal%")


def settings_of(name: str) -> dict[str, str]:
    return {**DEMO, "FILIFORM_DATABASE_URL": f"{SERVER.rpartition('/')[0]}/{name}"}


def drop(like: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as server:
        names = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
        for (name,) in names.fetchall():
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


AT_ONCE = """
import sys, threading, uuid, django
django.setup()
from datetime import date
from django.db import connection
from django.utils import timezone
from filiform.clinic.facts.recording import saw
from filiform.clinic.intake import actions as intake
from filiform.clinic.patients import actions
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member

start = threading.Barrier(6)

def work(number):
    by = Member.objects.get(username="sana")
    patients = list(Patient.objects.order_by("file_number")[:3])
    start.wait()
    try:
        for turn in range(8):
            patient = patients[(number + turn) % 3]
            saw("patient", by=by, patient=patient)
            actions.measure(by=by, patient=patient, kind="weight_kg", value=60.0 + turn)
            intake.answer_all(by=by, patient=patient, questions=("needle-phobia",),
                              value=bool((number + turn) % 2))
            actions.register(by=by, given_name="Amna", sex="female", birth_date=date(1984, 3, 9))
    finally:
        connection.close()

people = [threading.Thread(target=work, args=(number,)) for number in range(6)]
for person in people: person.start()
for person in people: person.join()
"""


def test_six_who_record_at_once_make_one_chain_and_nobody_waits_for_ever(
    database: dict[str, str], tmp_path: Path
) -> None:
    before = count(database, "record_link")
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE],
        env={
            **os.environ,
            **database,
            "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
            "FILIFORM_DATA": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    # The same answer again writes nothing; three of the four do every time.
    assert count(database, "record_link") >= before + 6 * 8 * 3
    checked = filiform("check", folder=tmp_path, **database)
    assert checked.returncode == 0, checked.stdout


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


def test_a_drill_restores_into_a_database_of_its_own_and_leaves_none(
    database: dict[str, str], tmp_path: Path
) -> None:
    done = filiform("drill", "--with-writers", "2", folder=tmp_path, **database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Loss: 0 of" in done.stdout
    with psycopg.connect(SERVER) as server:
        left = server.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'rehearsal_drill%'"
        ).fetchone()
    assert left == (0,)
