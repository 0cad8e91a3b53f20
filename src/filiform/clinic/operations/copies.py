"""Consistent copies of the database, and the way back.

SQLite: its online backup, which copies a consistent state while others write; restoring runs the
same way in reverse, as one transaction on the live file, so that a running server never sees half
a database. PostgreSQL: pg_dump and pg_restore into a database of its own, which takes the place
of the former by renaming.

A copy bears a checksum over every byte (`operations.checksums`). It is verified before anything is
replaced: its bytes, its pages, its references, its migrations, and the chain over all its rows and
its signed treatments.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from filiform.clinic.facts.beginning import FIRST_WITH_CHAIN
from filiform.clinic.operations import checksums
from filiform.clinic.operations.verifying import RecordCheck, checking, file_problems
from filiform.words import counted

RETIRED = frozenset({"axes"})
"""Libraries that kept tables here once. Copies from then still hold them, and are not newer."""


class CopyError(Exception):
    """Why a copy can't be made or used, in one sentence."""


def copy_database(target: Path, *, verifies: bool = True) -> str:
    """Write a verified copy to `target`, which must not exist. Returns what is in it.

    verifies: False only where the copy is restored at once, which verifies it (`drill`).
    Raises CopyError, also for a full disk; then there is no file of that name.
    """
    part = target.with_name(target.name + ".part")
    try:
        if connection.vendor == "postgresql":
            holds = _dump(part)
        else:
            holds = _copy_sqlite(part, verifies=verifies)
        # It brings the file to the disk, too: a power cut must not leave an empty backup.
        checksums.add(part)
        # Only a whole copy gets the name, lest half of one be taken for a backup.
        part.replace(target)
    except FileExistsError:
        raise CopyError(
            f"{part} is there already: another backup is being written, or one was cut off by a "
            "power cut; look, and delete it"
        ) from None
    except (OSError, sqlite3.Error) as error:
        _forget(part)
        raise CopyError(f"{target} can't be written ({_why(error)}); no copy was made") from None
    except BaseException:
        # Ctrl-C, too: half a copy must not look like one.
        _forget(part)
        raise
    return f"{target.stat().st_size} bytes, {holds}"


def _forget(part: Path) -> None:
    """With what SQLite laid beside it, when it was cut off."""
    for path in (part, part.with_name(part.name + "-journal")):
        path.unlink(missing_ok=True)


def _why(error: OSError | sqlite3.Error) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _make_private(part: Path) -> None:
    """An empty file readable by nobody else from its first byte on, whatever the umask says."""
    # Refused where there is one: another backup may be writing it.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _dump(part: Path) -> str:
    _make_private(part)
    _run_tool("pg_dump", "--format=custom", f"--file={part}", settings.DATABASES["default"])
    return "a pg_dump archive"


def _copy_sqlite(part: Path, *, verifies: bool) -> str:
    _make_private(part)
    with closing(_open(_live_path())) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)
        # Out of WAL mode: a copy has to be one file that can be carried away.
        copy.execute("PRAGMA journal_mode=DELETE")
    return verify_sqlite(part, seals="told") if verifies else "not verified yet"


def _demand_whole(source: Path) -> str:
    """A warning for a copy from before there were checksums, else "". Raises CopyError."""
    try:
        if checksums.verify(source):
            return ""
    except checksums.WrongChecksum:
        raise CopyError(
            f"{source} is damaged: it is not byte for byte what was written (its checksum doesn't "
            "fit); take another copy; nothing was changed"
        ) from None
    except OSError as error:
        raise CopyError(f"{source} can't be read ({_why(error)}); nothing was changed") from None
    return (
        f"\nwarning: {source} bears no checksum, as copies of older versions; a flipped bit in a "
        "text would not have been noticed"
    )


def replace_database(source: Path, *, sure: bool) -> str:
    """Verify `source`, keep what is there, put the copy in its place.

    sure: without it a database that holds a clinic is left alone.
    Raises CopyError; then nothing was changed.
    """
    warning = _demand_whole(source)
    try:
        done = (
            _replace_postgres(source, sure=sure)
            if connection.vendor == "postgresql"
            else _replace_sqlite(source, sure=sure)
        )
    except (OSError, sqlite3.Error) as error:
        # SQLite's way back is one transaction: the live file is as it was.
        raise CopyError(
            f"{source} can't be restored ({_why(error)}); nothing was changed"
        ) from None
    return done + warning


def _replace_sqlite(source: Path, *, sure: bool) -> str:
    # Before the live file is touched: a damaged copy must not cost the clinic that there is.
    counts = verify_sqlite(source)
    live_path = _live_path()
    connection.close()
    kept = ""
    if live_path.exists():
        if _has_clinic(live_path) and not sure:
            raise CopyError(
                f"{live_path} holds a clinic already. Say --yes to replace it; what is there "
                "now is kept beside it."
            )
        # Kept even with --yes: who restored the wrong day can still go back.
        before = live_path.with_name(f"before-restore-{timezone.now():%Y%m%d-%H%M%S}.sqlite3")
        with closing(_open(live_path)) as live, closing(sqlite3.connect(before)) as copy:
            live.backup(copy)
        before.chmod(0o600)
        kept = f" What was there before is kept as {before.name}."
    with closing(_open(source)) as copy, closing(_open(live_path)) as live:
        copy.backup(live)
        # The copy was out of it; a clinic that serves needs its readers beside its writer.
        live.execute("PRAGMA journal_mode=WAL")
    return f"Restored: {counts}.{kept}"


def verify_sqlite(path: Path, *, seals: Literal["demanded", "told"] = "demanded") -> str:
    """What a copy holds. Raises CopyError when it is damaged or not ours.

    seals: whether a broken seal is an error too, or only told. A clinic whose record was
    tampered with needs its backup more than any other.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            applied = {
                f"{app}.{name}"
                for app, name in copy.execute("SELECT app, name FROM django_migrations")
            }
            patients, treatments, sealed = (
                copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("patients_patient", "treatment_treatment", "treatment_seal")
            )
    except sqlite3.DatabaseError as error:
        raise CopyError(
            f"{path} is not a copy of a Filiform database ({error}); nothing was changed"
        ) from None
    older, state = _is_older(path, applied), "intact"
    database = sqlite_settings(path)
    try:
        with instead(database), checking(database, with_marks=False) as check:
            problems = check.database()
            broken = "" if problems else next(_broken(check, applied), "")
    except (DatabaseError, sqlite3.DatabaseError) as error:
        problems, broken = [str(error)], ""
        if older:
            # It may lack a table or a column that the checks of today ask for: its file is sound
            # or not by SQLite's own checks, its record is read when it has been migrated.
            with instead(database):
                problems = file_problems()
            state = "NOT LOOKED AT, of an older version: filiform migrate, then filiform check"
    if problems:
        raise CopyError(f"{path} is damaged ({problems[0]}); nothing was changed")
    if broken and seals == "demanded":
        raise CopyError(f"{path}: {broken}; nothing was changed")
    if broken:
        state = f"BUT NOT INTACT: {broken} Run filiform check"
    holds = (
        counted(patients, "patient"),
        counted(treatments, "treatment"),
        counted(sealed, "seal"),
    )
    return f"{', '.join(holds)} {state}"


def _is_older(path: Path, applied: set[str]) -> bool:
    """Whether the copy lacks steps of this version. Raises CopyError for a newer version's."""
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    # Older copies are welcome, migrating mends them; a newer one has columns nobody here knows.
    foreign = sorted(one for one in applied - ours if one.split(".")[0] not in RETIRED)
    if foreign:
        raise CopyError(
            f"{path} was made by a newer version (it has {foreign[0]}): update Filiform first; "
            "nothing was changed"
        )
    return not ours <= applied


def _broken(check: RecordCheck, applied: set[str]) -> Iterator[str]:
    """What of the record is not as it was recorded and signed. A copy from before the chain has
    none to be read; the marks are not asked for, because the key may not be here yet."""
    if ".".join(FIRST_WITH_CHAIN) in applied:
        yield from check.chain()
    yield from check.signed()


@contextmanager
def instead(database: dict[str, Any]) -> Iterator[None]:
    """Django's models look at another database, for the time of a verification.

    For a command alone: in a server other requests of the thread would look there too.
    """
    live = connections["default"]
    other = type(live)({**settings.DATABASES["default"], **database}, alias="default")
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = live


def sqlite_settings(path: Path) -> dict[str, Any]:
    return {
        "NAME": f"file:{path}?mode=ro",
        "OPTIONS": {"uri": True},
    }


def _live_path() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _open(path: Path) -> sqlite3.Connection:
    found = sqlite3.connect(path, timeout=20)
    # What is told as restored must outlive a power cut in the next second.
    found.execute("PRAGMA synchronous=FULL")
    return found


def _has_clinic(path: Path) -> bool:
    with closing(_open(path)) as live:
        try:
            return bool(live.execute("SELECT count(*) FROM staff_organisation").fetchone()[0])
        except sqlite3.DatabaseError:
            return False


# --- PostgreSQL -----------------------------------------------------------------------------------


def _run_tool(tool: str, *words: Any) -> None:
    """Run one of PostgreSQL's own tools; the last word is the database's settings."""
    *options, database = words
    if shutil.which(tool) is None:
        raise CopyError(
            f"{tool} is not on this machine; install PostgreSQL's client programs "
            "(Debian: apt-get install postgresql-client)"
        )
    given = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        # In the environment: words of a command line can be read by everybody on the machine.
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database["NAME"],
    }
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    done = subprocess.run(  # noqa: S603 - fixed program names, options of our own
        [tool, *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise CopyError(f"{tool} failed: {lines[-1]}; nothing was changed")


def _replace_postgres(source: Path, *, sure: bool) -> str:
    live = settings.DATABASES["default"]
    name = live["NAME"]
    stamp = f"{timezone.now():%Y%m%d%H%M%S}"
    # Filled beside the live database, which serves on until the copy has proved sound.
    fresh, before = f"{name}_restore_{stamp}", f"{name}_before_{stamp}"
    if not sure and "staff_organisation" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM staff_organisation")
            if cursor.fetchone()[0]:
                raise CopyError(
                    f"the database {name} holds a clinic already. Say --yes to replace it; what "
                    "is there now is kept under another name."
                )
    connection.close()
    maintenance = {**live, "NAME": "postgres"}
    run_statement(maintenance, f'CREATE DATABASE "{fresh}"')
    try:
        restored = {**live, "NAME": fresh}
        _run_tool(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            f"--dbname={fresh}",
            str(source),
            restored,
        )
        with instead(restored):
            applied = _applied_migrations()
            older = _is_older(source, applied)
            try:
                with checking({"NAME": fresh}, with_marks=False) as check:
                    for broken in _broken(check, applied):
                        raise CopyError(f"{source}: {broken}; nothing was changed")
            except DatabaseError as error:
                if not older:
                    raise CopyError(f"{source} is damaged ({error}); nothing was changed") from None
    except BaseException:
        run_statement(maintenance, f'DROP DATABASE "{fresh}"')
        raise
    run_statement(
        maintenance,
        # A database with open connections cannot be renamed.
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608
        f"WHERE datname IN ('{name}', '{fresh}') AND pid <> pg_backend_pid()",
    )
    run_statement(maintenance, f'ALTER DATABASE "{name}" RENAME TO "{before}"')
    run_statement(maintenance, f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')
    return f"Restored into {name}. What was there before is kept as the database {before}."


def _applied_migrations() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return {f"{app}.{name}" for app, name in cursor.fetchall()}


def run_statement(database: dict[str, Any], statement: str) -> None:
    """One statement outside any transaction, on a connection of its own."""
    import psycopg

    with psycopg.connect(
        host=database.get("HOST") or None,
        port=database.get("PORT") or None,
        user=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        dbname=database["NAME"],
        autocommit=True,
    ) as direct:
        direct.execute(statement)
