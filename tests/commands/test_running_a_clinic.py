"""Starting, checking, backing up and restoring a clinic, from the shell."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests import warm
from tests.demo_folder import copy_of_demo, copy_of_migrated

from filiform import cli
from filiform.commands.serve import address_of

DEMO = {"FILIFORM_DEMO": "yes"}


def filiform(*words: str, folder: Path, stdin: str = "", **settings: str):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FILIFORM_")},
        "DJANGO_SETTINGS_MODULE": "filiform.clinic.settings",
        "FILIFORM_DATA": str(folder),
        **settings,
    }
    return warm.filiform(*words, env=environment, given=stdin)


def refused(done) -> str:
    """The one line that says why; exit status 2 and nothing else."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_demo(tmp_path_factory, "demo")


def rows(database: Path, statement: str) -> list[tuple]:
    with sqlite3.connect(database) as connection:
        return connection.execute(statement).fetchall()


def test_a_clinic_without_a_secret_does_not_start(tmp_path: Path) -> None:
    assert "FILIFORM_SECRET_KEY" in refused(filiform("serve", folder=tmp_path))


def test_a_clinic_with_an_empty_database_does_not_start(tmp_path: Path) -> None:
    said = refused(filiform("serve", folder=tmp_path, FILIFORM_SECRET_KEY="s" * 50))
    assert "filiform migrate" in said


def test_a_wrong_port_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    said = refused(filiform("serve", folder=tmp_path, FILIFORM_PORT="99999", **DEMO))
    assert "99999" in said
    assert "65535" in said


@pytest.mark.parametrize(("option", "given"), [("--port", "99999"), ("--workers", "-2")])
def test_a_number_that_the_server_can_not_use_is_refused(
    tmp_path: Path, option: str, given: str
) -> None:
    said = refused(filiform("serve", option, given, folder=tmp_path, **DEMO))
    assert f"{option} is {given}; allowed is a whole number from 1 to" in said


def test_an_address_can_be_opened_whatever_the_server_listens_on() -> None:
    assert address_of("0.0.0.0", 8000) == "http://localhost:8000/"  # noqa: S104 - compared
    assert address_of("fd00::1", 8000) == "http://[fd00::1]:8000/"
    assert address_of("10.0.0.7", 8000) == "http://10.0.0.7:8000/"


@pytest.mark.parametrize("words", [("needle",), ("backup",), ("check", "--loud")])
def test_wrong_words_end_with_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    assert "--help" in refused(filiform(*words, folder=tmp_path, **DEMO))


@pytest.mark.parametrize(
    "command",
    ["serve", "migrate", "create-clinic", "demo", "check", "backup", "restore", "drill", "digest"],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    assert f"usage: filiform {command}" in capsys.readouterr().out


def test_the_demo_does_not_mix_with_a_clinic_that_is_there(demo: Path) -> None:
    assert "has a clinic already" in refused(filiform("demo", folder=demo, **DEMO))


def test_invented_patients_never_enter_a_real_clinic(tmp_path: Path) -> None:
    said = refused(filiform("demo", folder=tmp_path, FILIFORM_SECRET_KEY="s" * 50))
    assert "demo mode only" in said


def test_a_real_clinic_is_set_up_with_its_owner_and_its_consent_texts(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    secret = {"FILIFORM_SECRET_KEY": "s" * 50}
    tmp_path = copy_of_migrated(tmp_path_factory, "real")
    assert filiform("migrate", folder=tmp_path, **secret).returncode == 0
    words = ["create-clinic", "--name", "Clinic", "--address", "Here", "--owner", "Olga"]
    words += ["--username", "olga"]
    weak = filiform(*words, "--phone", "03352855522", folder=tmp_path, stdin="short\n", **secret)
    assert "at least 12" in refused(weak)
    lost = filiform(*words, "--phone", "12", folder=tmp_path, stdin="x\n", **secret)
    assert "'12'" in refused(lost)
    done = filiform(
        *words, "--phone", "03352855522", folder=tmp_path, stdin="needles in and out\n", **secret
    )
    assert done.returncode == 0, done.stderr
    database = tmp_path / "clinic.sqlite3"
    assert rows(database, "SELECT phone FROM staff_site") == [("+923352855522",)]
    assert len(rows(database, "SELECT * FROM consent_consenttext")) == 2
    assert filiform("check", folder=tmp_path, **secret).returncode == 0
    words[-1] = "Olga"
    assert "'olga' is taken" in refused(
        filiform(*words, "--phone", "03352855522", folder=tmp_path, stdin="x\n", **secret)
    )
    words[-1], words[2] = "olga2", " "
    assert "--name has 0 letters" in refused(
        filiform(*words, "--phone", "03352855522", folder=tmp_path, stdin="x\n", **secret)
    )
    assert rows(database, "SELECT count(*) FROM staff_organisation") == [(1,)]


def test_a_digest_is_handed_out_and_proved_and_tells_an_older_state(tmp_path_factory) -> None:
    folder = copy_of_demo(tmp_path_factory, "digest")
    assert (folder / "clinic-key.pem").stat().st_mode & 0o077 == 0
    paper = folder / "today.json"
    done = filiform("digest", "--out", str(paper), folder=folder, **DEMO)
    assert done.returncode == 0, done.stderr
    assert "exists" in refused(filiform("digest", "--out", str(paper), folder=folder, **DEMO))
    assert "Proved" in filiform("digest", "--verify", str(paper), folder=folder, **DEMO).stdout
    none = {**DEMO, "FILIFORM_KEY": str(paper)}
    assert "no private key" in refused(filiform("digest", folder=folder, **none))
    before = "DELETE FROM record_link WHERE number > 500"
    with sqlite3.connect(folder / "clinic.sqlite3") as clinic:
        clinic.execute("DROP TRIGGER record_link_no_delete")
        clinic.execute(before)
    done = filiform("digest", "--verify", str(paper), folder=folder, **DEMO)
    assert done.returncode == 1
    assert "ends at link 500" in done.stdout
    said = filiform("check", folder=folder, **DEMO).stdout
    assert "record_link_no_delete is missing" in said
    assert "stands in no link" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--verify", "nowhere.json"), "nowhere.json"),
        (("--verify", "-"), "no digest"),
        (("--clinic", "Another"), "MidCity"),
        (("--verify", "-", "--key"), "not allowed"),
    ],
)
def test_a_digest_that_cannot_be_is_refused_in_one_line(
    words: tuple[str, ...], said: str, demo: Path
) -> None:
    assert said in refused(filiform("digest", *words, folder=demo, stdin="{}", **DEMO))


def test_the_demo_clinic_is_whole(demo: Path) -> None:
    done = filiform("check", folder=demo, **DEMO)
    assert done.returncode == 0, done.stdout
    assert "No problems found" in done.stdout
    assert "the chain's end was not cut off" in done.stdout


def test_a_copy_can_be_restored_and_holds_the_same(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert filiform("backup", str(copy), folder=demo, **DEMO).returncode == 0
    assert copy.stat().st_mode & 0o077 == 0
    elsewhere = tmp_path / "elsewhere"
    done = filiform("restore", str(copy), folder=elsewhere, **DEMO)
    assert done.returncode == 0, done.stderr
    count = "SELECT (SELECT count(*) FROM treatment_act), (SELECT count(*) FROM audit_entry)"
    same = rows(demo / "clinic.sqlite3", count)
    assert rows(elsewhere / "clinic.sqlite3", count) == same
    assert filiform("check", folder=elsewhere, **DEMO).returncode == 0


def test_an_older_version_s_clinic_is_copied_and_brought_back_before_it_is_migrated(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    older = copy_of_migrated(tmp_path_factory, "older")
    words = ["create-clinic", "--name", "Clinic", "--address", "Here", "--phone", "03352855522"]
    words += ["--owner", "Olga", "--username", "olga"]
    done = filiform(*words, folder=older, stdin="needles in and out\n", **DEMO)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(older / "clinic.sqlite3") as clinic:
        # As before the versions of services: a table that this version reads is not there yet.
        clinic.execute("DROP TABLE diary_serviceversion")
        clinic.execute("DELETE FROM django_migrations WHERE app = 'diary' AND name LIKE '0002%'")
    copy = tmp_path / "copy.sqlite3"
    done = filiform("backup", str(copy), folder=older, **DEMO)
    assert done.returncode == 0, done.stderr
    assert "intact" in done.stdout
    elsewhere = tmp_path / "elsewhere"
    assert filiform("restore", str(copy), folder=elsewhere, **DEMO).returncode == 0
    assert "filiform migrate" in refused(filiform("digest", folder=elsewhere, **DEMO))
    assert filiform("migrate", folder=elsewhere, **DEMO).returncode == 0
    assert filiform("check", folder=elsewhere, **DEMO).returncode == 0


def test_a_copy_from_before_a_column_is_said_to_be_unread_and_not_to_be_damaged(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    older = copy_of_demo(tmp_path_factory, "column")
    with sqlite3.connect(older / "clinic.sqlite3") as clinic:
        clinic.execute("ALTER TABLE staff_organisation DROP COLUMN second_factor_for_all")
        clinic.execute("DELETE FROM django_migrations WHERE app = 'staff' AND name LIKE '0005%'")
    done = filiform("backup", str(tmp_path / "copy.sqlite3"), folder=older, **DEMO)
    assert done.returncode == 0, done.stderr
    assert "NOT LOOKED AT" in done.stdout


def test_where_nothing_was_made_there_is_nothing_to_copy(tmp_path: Path) -> None:
    said = refused(filiform("backup", str(tmp_path / "copy"), folder=tmp_path / "new", **DEMO))
    assert "no clinic in the database yet" in said


def test_a_copy_never_replaces_a_file_that_is_there(demo: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    assert "exists" in refused(filiform("backup", str(there), folder=demo, **DEMO))
    assert there.read_text() == "mine"


def test_a_clinic_is_replaced_only_when_one_says_so_and_is_kept(demo: Path, tmp_path: Path) -> None:
    copy, elsewhere = tmp_path / "copy.sqlite3", shutil.copytree(demo, tmp_path / "elsewhere")
    filiform("backup", str(copy), folder=demo, **DEMO)
    assert "--yes" in refused(filiform("restore", str(copy), folder=elsewhere, **DEMO))
    assert filiform("restore", str(copy), "--yes", folder=elsewhere, **DEMO).returncode == 0
    assert len(list(elsewhere.glob("before-restore-*.sqlite3"))) == 1


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all", b"SQLite format 3\x00" + b"x" * 999]
)
def test_what_is_no_copy_changes_nothing(content: bytes, demo: Path, tmp_path: Path) -> None:
    before = (demo / "clinic.sqlite3").read_bytes()
    wrong = tmp_path / "wrong"
    wrong.write_bytes(content)
    said = refused(filiform("restore", str(wrong), "--yes", folder=demo, **DEMO))
    assert "nothing was changed" in said
    assert (demo / "clinic.sqlite3").read_bytes() == before


def test_an_altered_treatment_is_found_and_its_copy_is_not_restored(
    demo: Path, tmp_path: Path
) -> None:
    altered = shutil.copytree(demo, tmp_path / "altered")
    with sqlite3.connect(altered / "clinic.sqlite3") as connection:
        connection.execute("DROP TRIGGER treatment_act_no_update")
        connection.execute(
            "UPDATE treatment_act SET kind = 'twitch' WHERE id = (SELECT id FROM treatment_act "
            "WHERE kind = 'pain-reproduced' ORDER BY recorded_at LIMIT 1)"
        )
    done = filiform("check", folder=altered, **DEMO)
    assert done.returncode == 1
    assert "treatment_act_no_update is missing" in done.stdout
    assert "seal" in done.stdout.lower()
    told = filiform("backup", str(tmp_path / "all-the-same"), folder=altered, **DEMO)
    assert told.returncode == 0
    assert "NOT INTACT" in told.stdout
    falsified = tmp_path / "falsified.sqlite3"
    with (
        sqlite3.connect(altered / "clinic.sqlite3") as live,
        sqlite3.connect(falsified) as target,
    ):
        live.backup(target)
    said = refused(filiform("restore", str(falsified), folder=tmp_path / "new", **DEMO))
    assert "nothing was changed" in said
