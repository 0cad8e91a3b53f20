"""Fill whole tables of a new SQLite file at once, and leave the schema as `migrate` made it.

Only for a file that nobody else has open and that may be thrown away: while it is filled there
is no journal, and a crash leaves a broken file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection as django_connection
from django.db.models import NOT_PROVIDED, Field
from django.utils import timezone

LAID_ASIDE = """SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL
ORDER BY tbl_name, rowid"""
"""Table by table, so that a table that is read for its first index is at hand for the next.
Indexes without SQL belong to a UNIQUE or PRIMARY KEY of the table itself and stay."""


class BulkWriter:
    """`with BulkWriter(path) as writer: writer.fill(...)`.

    Indexes and triggers are laid aside at the start and laid again, word for word, at the end:
    sorting once is many times quicker than keeping 50 indexes in order for seven million rows,
    and the guard against acts under a seal would look for the seal of every act.
    """

    def __init__(self, path: Path | str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            "locking_mode=EXCLUSIVE",
            "cache_size=-800000",
            f"mmap_size={8 << 30}",
            "temp_store=MEMORY",
            "threads=2",
            "foreign_keys=OFF",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def __enter__(self) -> BulkWriter:
        self.aside: list[str] = []
        for kind in ("index", "trigger"):
            for name, sql in self.connection.execute(LAID_ASIDE, (kind,)).fetchall():
                self.connection.execute(f'DROP {kind} "{name}"')
                self.aside.append(sql)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for sql in self.aside:
                self.connection.execute(sql)
            # No ANALYZE (docs/decisions/0003): over columns that are almost always NULL its
            # statistics lead SQLite to scan where it should look up.
            self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.close()

    def table(self, name: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """A temporary table of our own, for `fill` to draw from."""
        self.connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
        marks = ", ".join("?" * len(columns.split(",")))
        self.connection.execute("BEGIN")
        self.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        self.connection.execute("COMMIT")

    def fill(self, label: str, given: Mapping[str, str], source: str, **values: Any) -> None:
        """Insert one row for every row of `source` (what stands behind FROM).

        given: column → SQL expression over the source and the named `values` (`:member`).
        Columns that are left out get the model's default, also those that a later migration adds.
        """
        model = apps.get_model(label)
        columns = dict(given)
        for field in model._meta.concrete_fields:
            if field.column not in columns and _has_to_be_given(field):
                columns[field.column] = f":default_{field.column}"
                values[f"default_{field.column}"] = _default(field)
        # In quotes: a column may be called "to".
        names = ", ".join(f'"{column}"' for column in columns)
        self.connection.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) '
            f"SELECT {', '.join(columns.values())} FROM {source}",
            values,
        )


def _has_to_be_given(field: Field[Any, Any]) -> bool:
    """Not what the database itself fills in: a running number, a default of its own."""
    is_numbered = field.primary_key and field.get_internal_type() in ("AutoField", "BigAutoField")
    return not is_numbered and field.db_default is NOT_PROVIDED


def _default(field: Field[Any, Any]) -> Any:
    """As the database stores it. Raises ValueError for a column that needs a value of its own."""
    is_moment = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    value = timezone.now() if is_moment else field.get_default()
    is_shared = value is not None and field.unique
    is_missing = value is None and not field.null
    if field.primary_key or is_shared or is_missing:
        raise ValueError(
            f"{field.model.__name__}.{field.name} has no default that many rows can share: "
            f"name the column {field.column} in generated_clinic.py"
        )
    return field.get_db_prep_save(value, django_connection)
