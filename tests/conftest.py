"""What every test may ask for: the test's database is copied from one that was migrated once."""

from __future__ import annotations

import gc
import os
import random
import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.demo_folder import migrated, migrated_on_postgres

# Thousands of collected tests and every kept page stand in the way of each look for garbage; with
# a look at every 700 new objects a twelfth of a run's processor goes into it.
gc.set_threshold(100_000, 50, 50)

SHUFFLE = os.environ.get("FILIFORM_SHUFFLE", "")
"""A seed: the order of files, and of tests in each, is drawn from it."""
if "FAKETIME" in os.environ:
    # libfaketime 0.9.10 refuses the moment at which Python's own sleep would end.
    time.sleep = lambda seconds: select.select([], [], [], seconds) and None  # type: ignore[assignment]
MEMORY = "file:filiform-tests?mode=memory&cache=shared"


@pytest.hookimpl(tryfirst=True)  # the journeys come first all the same (tests/journeys/conftest.py)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHUFFLE:
        draw = random.Random(SHUFFLE).random
        # Each file stays in one process, and what it makes once is made once.
        turns = {path: draw() for path in dict.fromkeys(item.path for item in items)}
        items.sort(key=lambda item: (turns[item.path], draw()))


def pytest_collection_finish() -> None:
    gc.freeze()  # what was loaded and collected stays to the end: no look for garbage sees it again


@pytest.fixture(autouse=True)
def clock_and_language_of_nobody() -> Iterator[None]:
    """A page that was looked at leaves its reader's language and its site's hours behind; a server
    sets both anew for each page, the next test reads what it says without either."""
    yield
    from django.utils import timezone, translation

    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings: None,  # it appends the process's name to that of a file
) -> Iterator[bool]:
    """Whether the tables are there already: on SQLite they are, copied into memory; PostgreSQL
    copies them itself from the database that it is told of."""
    from django.conf import settings
    from django.db import connection

    given = bool(request.config.getvalue("reuse_db"))
    if connection.vendor != "sqlite":
        if not given:
            url = settings.DATABASE_URL
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_on_postgres(
                tmp_path_factory, url
            )
        yield given
        return
    connection.settings_dict["TEST"]["NAME"] = MEMORY
    memory = sqlite3.connect(MEMORY, uri=True)
    with closing(memory):
        with closing(sqlite3.connect(migrated(tmp_path_factory) / "clinic.sqlite3")) as file:
            file.backup(memory)
        yield True
