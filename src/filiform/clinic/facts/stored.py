"""Rows as they lie in the database, and their hashes, many at a time.

Django's models would make objects that nobody needs: a check reads millions of rows. SQLite gives
each value as it is kept when it is asked for as an expression (`+"at"`), without converters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import JSONField, Model

from filiform.clinic.facts.rows import ID_BYTES, Shape, canonical_json, hash_of, plain

# Ids in one query: older versions of SQLite take 999 values at most.
CHUNK = 500

ColumnValues = list[Any]


class StoredTable(NamedTuple):
    """A shape with what is needed to read rows of it. name: the shape's key in hexadecimal."""

    shape: Shape
    name: str
    table: str
    id_at: int
    json_at: tuple[int, ...]


class Stored:
    """Reads rows through one connection (of Django)."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_sqlite = connection.vendor == "sqlite"
        connection.ensure_connection()

    def rows(self, sql: str, given: Iterable[Any] = ()) -> Iterator[Any]:
        """Plain rows; `?` stands for a value."""
        if self.is_sqlite:
            # Past Django's cursor, which looks for % in a text with 500 marks, at each call.
            yield from self.connection.connection.execute(sql, tuple(given))
            return
        with self.connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), list(given))
            yield from cursor.fetchall()

    def uuid(self, value: UUID) -> Any:
        """An id as the engine takes it."""
        return value.hex if self.is_sqlite else value

    @cached_property
    def tables(self) -> dict[str, StoredTable]:
        """Shape's key → table. A shape that was altered has another key, and is not there."""
        found = {}
        for label, columns in self.rows("SELECT label, columns FROM record_shape"):
            shape = Shape(label, tuple(columns.split(",")))
            table = table_of(shape)
            if table is not None:
                found[table.name] = table
        return found

    def hashes(self, table: StoredTable, ids: list[bytes]) -> dict[str, bytes]:
        """Id in hexadecimal → hash, of those rows that are there."""
        found: dict[str, bytes] = {}
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            try:
                found |= self._hashes(table, part)
            except (sqlite3.Error, UnicodeError):
                # A value that is no text, written by hand: the others are read one by one.
                for one in part:
                    found |= self._hash_or_none(table, one)
        return found

    def _hashes(self, table: StoredTable, ids: list[bytes]) -> dict[str, bytes]:
        wanted = [one.hex() for one in ids]
        marks = ", ".join("?" * len(wanted))
        sql = f"{self._select(table)} WHERE id IN ({marks})"
        given = wanted if self.is_sqlite else [UUID(one) for one in wanted]
        return {
            values[table.id_at]: hash_of(table.name, values)
            for values in self._plain(table, self.rows(sql, given))
        }

    def _hash_or_none(self, table: StoredTable, id_: bytes) -> dict[str, bytes]:
        try:
            return self._hashes(table, [id_])
        except (sqlite3.Error, UnicodeError):
            return {id_.hex(): b""}  # there, and not what it was

    def entries(self, table: StoredTable, organisation: UUID) -> Iterator[bytes]:
        """Entries of a link for all rows of an organisation, in the order of their ids."""
        after: Any = self.uuid(UUID(int=0))
        key = bytes.fromhex(table.name)
        sql = (
            f"{self._select(table)} WHERE organisation_id = ? AND id > ? ORDER BY id LIMIT {CHUNK}"
        )
        while True:
            rows = list(self.rows(sql, [self.uuid(organisation), after]))
            for values in self._plain(table, rows):
                yield key + bytes.fromhex(values[table.id_at]) + hash_of(table.name, values)
            if len(rows) < CHUNK:
                return
            after = rows[-1][table.id_at]

    def ids(self, table: str, organisation: UUID) -> Iterator[bytes]:
        """Ids of all rows of an organisation."""
        sql = f"SELECT id FROM {table} WHERE organisation_id = ?"  # noqa: S608
        for (found,) in self.rows(sql, [self.uuid(organisation)]):
            yield found.bytes if isinstance(found, UUID) else _id_bytes(found)

    def _select(self, table: StoredTable) -> str:
        as_kept = "+" if self.is_sqlite else ""
        columns = ", ".join(f'{as_kept}"{column}"' for column in table.shape.columns)
        return f'SELECT {columns} FROM "{table.table}"'  # noqa: S608

    def _plain(self, table: StoredTable, rows: Iterable[tuple[Any, ...]]) -> Iterator[ColumnValues]:
        each: Callable[[Any], Any] | None = None if self.is_sqlite else plain
        for row in rows:
            values = list(row) if each is None else [each(value) for value in row]
            for place in table.json_at:
                if values[place] is not None:
                    values[place] = canonical_json(values[place])
            yield values


def _id_bytes(text: Any) -> bytes:
    """A key that isn't one, written by hand, must not stop a check."""
    try:
        # Of any length: the chain has no such id, so it is told as a row that no link knows.
        return bytes.fromhex(text).rjust(ID_BYTES, b"\0")
    except (TypeError, ValueError):
        return bytes(ID_BYTES)


def table_of(shape: Shape) -> StoredTable | None:
    """None for a shape of which there is no table, or not all columns, any more."""
    try:
        model: type[Model] = apps.get_model(shape.label)
    except (LookupError, ValueError):
        return None
    fields = {field.column: field for field in model._meta.concrete_fields}
    if "id" not in shape.columns or not set(shape.columns) <= set(fields):
        return None
    json_at = tuple(
        place for place, column in enumerate(shape.columns) if isinstance(fields[column], JSONField)
    )
    table = model._meta.db_table
    return StoredTable(shape, shape.key.hex(), table, shape.columns.index("id"), json_at)
