"""The chain: every row that is only ever inserted stands in a link, and each link holds the hash
of the one before.

    link 1 ──hash──▶ link 2 ──hash──▶ link 3 ──hash──▶ ...
    rows' hashes     rows' hashes     rows' hashes

A link is written in the transaction of its rows, at its end: `with one_link():`, which
`recording` opens. A row that is inserted outside of one gets a link of its own at once. One chain
for each organisation; docs/explanation/seals.md says what it proves and what it can't.
"""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connections, transaction
from django.db.models import Model
from django.utils import timezone

from filiform.clinic.facts import keys
from filiform.clinic.facts.on_disk import on_disk
from filiform.clinic.facts.rows import HASH_BYTES, entry_of
from filiform.clinic.facts.turn import turn

FIRST = bytes(HASH_BYTES)
"""What stands before the first link."""

ROWS, BEGINNING = 0, 1
"""Kinds of links: rows of a transaction, and rows that were there before the chain was begun."""

COLUMNS = ("organisation", "number", "previous", "hash", "at_us", "kind", "rows", "key", "mark")

SQLITE_HEAD = """SELECT number, hash FROM record_link WHERE organisation = %s
ORDER BY number DESC LIMIT 1"""
POSTGRES_HEAD = "SELECT number, hash FROM filiform_hold_chain(%s)"
POSTGRES_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('filiform chain ' || %s::text, 0))"
HOLD_CHAIN = """
CREATE OR REPLACE FUNCTION filiform_hold_chain(whose uuid)
RETURNS TABLE (number bigint, hash bytea) AS $$
BEGIN
  -- The lock lasts until the transaction ends. The question is put after it is held, with a
  -- snapshot of its own, so that it sees the link of whoever held it before.
  PERFORM pg_advisory_xact_lock(hashtextextended('filiform chain ' || whose::text, 0));
  RETURN QUERY SELECT link.number, link.hash FROM record_link AS link
    WHERE link.organisation = whose ORDER BY link.number DESC LIMIT 1;
END; $$ LANGUAGE plpgsql;
"""
INSERT = f"""INSERT INTO record_link ({", ".join(COLUMNS)})
VALUES ({", ".join(["%s"] * len(COLUMNS))})"""  # noqa: S608


class Link(NamedTuple):
    """One link as it is kept.

    at_us: microseconds since 1970 by the server's clock; nothing rests on their order. rows:
    entries of `rows.ENTRY_BYTES` each. mark: by the key whose id is `key`; both empty without one.
    """

    number: int
    previous: bytes
    hash: bytes
    at_us: int
    kind: int
    rows: bytes
    key: str
    mark: bytes


def link_hash(
    organisation: UUID, number: int, previous: bytes, at_us: int, kind: int, rows: bytes
) -> bytes:
    """SHA-256 over all that a link says."""
    # Of fixed width, so that no two links have the same bytes; only the rows may be of any length.
    head = struct.pack(">16sqqh", organisation.bytes, number, at_us, kind)
    return hashlib.sha256(b"filiform link 1\0" + head + previous + rows).digest()


def next_link(
    organisation: UUID, before: tuple[int, bytes] | None, rows: bytes, *, at_us: int, kind: int
) -> Link:
    """The link that follows (number, hash); None before the first."""
    last, previous = before or (0, FIRST)
    made = link_hash(organisation, last + 1, previous, at_us, kind, rows)
    key, mark = keys.mark(made)
    return Link(last + 1, previous, made, at_us, kind, rows, key, mark)


# --- noting rows as they are inserted ------------------------------------------------------------


class _Noted:
    """A row that waits for its link.

    It waits among the connection's on-commit calls, because Django takes out of them what a
    rolled back savepoint undid: a row that isn't there any more must not get into the link.
    """

    __slots__ = ("entry", "organisation")

    def __init__(self, organisation: UUID, entry: bytes) -> None:
        self.organisation, self.entry = organisation, entry

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""


_OPEN: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
"""Connection → how many `one_link` are open on it."""


def is_open() -> bool:
    """Whether rows that are inserted now will stand in a link."""
    return bool(_OPEN.get(connections["default"]))


def note(rows: Iterable[Model]) -> None:
    """These rows have just been inserted. Only while a link is open."""
    for row in rows:
        organisation: UUID = row.organisation_id  # type: ignore[attr-defined]  # all have one
        transaction.on_commit(_Noted(organisation, entry_of(row)))


@contextmanager
def one_link() -> Iterator[None]:
    """One transaction, and one link over all that is inserted in it.

    The link is written when the outermost is left. Several `recording`s in one transaction stand
    in a `one_link`, not in a bare `transaction.atomic`.
    """
    connection = connections["default"]
    depth = _OPEN.get(connection, 0)
    with on_disk(connection), turn(connection), transaction.atomic():
        _OPEN[connection] = depth + 1
        try:
            yield
        finally:
            _OPEN[connection] = depth
        # Not in `finally`: after an error nothing is committed that a link could speak of.
        if not depth:
            _write(connection)


def hold(organisation: UUID) -> None:
    """Take the organisation's turn to write, until the transaction ends.

    On PostgreSQL every write raises the version of a patient's record and the organisation's
    activity, in the order in which its rows come. Two transactions that raise them in different
    orders would wait for each other; so they wait here, before the first row, as SQLite makes
    them. Nothing is lost by it: they would wait for the organisation's row a moment later.
    """
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(POSTGRES_HOLD, [organisation])


def _write(connection: Any) -> None:
    waiting: dict[UUID, list[bytes]] = defaultdict(list)
    others = []
    for call in connection.run_on_commit:
        if isinstance(call[1], _Noted):
            waiting[call[1].organisation].append(call[1].entry)
        else:
            others.append(call)
    # Taken out: after the commit Django would call each of them for nothing.
    connection.run_on_commit = others
    # In one order for all, so that no two wait for each other.
    for organisation in sorted(waiting):
        append(organisation, b"".join(waiting[organisation]), connection=connection)


def append(organisation: UUID, rows: bytes, *, connection: Any, kind: int = ROWS) -> Link:
    """Write the next link of a chain. Inside a transaction."""
    at_us = int(timezone.now().timestamp() * 1_000_000)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            whose: Any = organisation
            cursor.execute(POSTGRES_HEAD, [whose])
        else:
            whose = organisation.hex
            cursor.execute(SQLITE_HEAD, [whose])
        found = cursor.fetchone()
        before = (found[0], bytes(found[1])) if found else None
        link = next_link(organisation, before, rows, at_us=at_us, kind=kind)
        cursor.execute(INSERT, [whose, *link])
    return link
