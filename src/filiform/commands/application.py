"""Bring the web application up for a command, or say in one sentence why it can't be."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from filiform.commands.errors import InputError
from filiform.words import counted


def start(*, tightens: bool = True) -> None:
    """Set Django up. Raises InputError when a setting is missing or wrong.

    tightens: take from other accounts of the machine what they may do with the clinic's files.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")
    # Not at the top: `filiform --help` reads every command's module and must not wait for Django.
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
        settings.DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    except ImproperlyConfigured as error:
        raise InputError(str(error)) from None
    except OSError as error:  # of the folder or the demo's key in it; Django's are shipped with it
        raise InputError(
            f"FILIFORM_DATA: {error.filename}: {error.strerror}; allowed is a folder that this "
            "account may write into"
        ) from None
    from filiform.clinic.operations.modes import make_private, tighten

    # Before anything is written, so that no file is ever open to others, not even for a moment.
    make_private()
    logging.captureWarnings(True)  # Python's own warnings quote values; the log leaves them out
    if tightens:
        tighten(settings.DATA_FOLDER, database_file())
    from filiform.clinic.translations import compile_translations

    compile_translations()


def database_file() -> Path | None:
    """The SQLite database; None on PostgreSQL, which guards its files itself."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    # Tests may run in memory, where there is no file to guard or to copy.
    is_file = database["ENGINE"].endswith("sqlite3") and database["NAME"] != ":memory:"
    return Path(database["NAME"]) if is_file else None


def demand_begun() -> None:
    """Raises InputError while there is nothing in the database. An older version's state is
    enough: it has to be copied before it is migrated."""
    from django.db import OperationalError, connection

    try:
        begun = "django_migrations" in connection.introspection.table_names()
    except OperationalError as error:
        raise InputError(f"the database can't be reached: {str(error).splitlines()[0]}") from None
    if not begun:
        raise InputError("there is no clinic in the database yet; make one with: filiform migrate")


def missing_migrations() -> list[str]:
    """Migrations that the database lacks. Raises InputError when it can't be reached."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise InputError(f"the database can't be reached: {str(error).splitlines()[0]}") from None
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def demand_migrated() -> None:
    """Raises InputError when the database is not up to date."""
    missing = missing_migrations()
    if missing:
        raise InputError(
            f"the database lacks {counted(len(missing), 'migration')} (first: {missing[0]}). "
            "Back it up, then run: filiform migrate"
        )
