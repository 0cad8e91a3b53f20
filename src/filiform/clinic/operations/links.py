"""Read the chain again and name what is not as it was recorded.

Three questions for each organisation:

- Do the links follow each other, hold what they held, and bear the clinic's mark?
- Is every row that a link lists there, as it was?
- Is every row that is there listed?

The first two are asked for parts of the chain, which processes may share (`operations.verifying`);
the third by counting, and only when the numbers differ by looking for the rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from filiform.clinic.facts.beginning import chained_models
from filiform.clinic.facts.chain import COLUMNS, FIRST, Link, link_hash
from filiform.clinic.facts.keys import ClinicKey
from filiform.clinic.facts.rows import ENTRY_BYTES, ID_BYTES, KEY_BYTES
from filiform.clinic.facts.stored import Stored, StoredTable
from filiform.reasons import Reason

ROWS_AT_ONCE = 4000
"""Rows that are held in memory at a time, but for the rows of one link."""
NAMED_AT_MOST = 1000
"""Problems of one part that are named; the others are counted."""

Keys = Mapping[str, ClinicKey] | None
"""The clinic's keys by their id; None: marks are not looked at."""


@dataclass
class LinksPart:
    """What came of reading a part of a chain. found: table → listed rows that are there."""

    problems: list[Reason] = field(default_factory=list)
    more: int = 0
    found: Counter[str] = field(default_factory=Counter)
    without_key: dict[str, list[int]] = field(default_factory=dict)
    """Key that isn't at hand, "" for no mark at all → [first link, how many]"""

    def name(self, code: str, **params: Any) -> None:
        if len(self.problems) < NAMED_AT_MOST:
            self.problems.append(Reason(code=code, params=params))
        else:
            self.more += 1


def head(stored: Stored, organisation: UUID) -> tuple[int, bytes]:
    """Number and hash of the last link; (0, FIRST) when there is none."""
    rows = stored.rows(
        "SELECT number, hash FROM record_link WHERE organisation = ? ORDER BY number DESC LIMIT 1",
        [stored.uuid(organisation)],
    )
    return next(((number, bytes(made)) for number, made in rows), (0, FIRST))


def last_numbers(stored: Stored) -> list[int]:
    """The number of the last link of each chain."""
    sql = "SELECT max(number) FROM record_link GROUP BY organisation"
    return [number for (number,) in stored.rows(sql)]


def hash_at(stored: Stored, organisation: UUID, number: int) -> bytes | None:
    """The hash of a link as it is kept; None when it isn't there."""
    rows = stored.rows(
        "SELECT hash FROM record_link WHERE organisation = ? AND number = ?",
        [stored.uuid(organisation), number],
    )
    return next((bytes(made) for (made,) in rows), None)


def links(stored: Stored, organisation: UUID, after: int, upto: int) -> Iterator[Link]:
    """The links (after, upto], a few hundred at a time."""
    columns = ", ".join(COLUMNS[1:])
    while after < upto:
        rows = list(
            stored.rows(
                f"SELECT {columns} FROM record_link WHERE organisation = ? "  # noqa: S608
                "AND number > ? AND number <= ? ORDER BY number LIMIT 500",
                [stored.uuid(organisation), after, upto],
            )
        )
        for number, previous, made, at_us, kind, listed, key, mark in rows:
            yield Link(
                number, bytes(previous), bytes(made), at_us, kind, bytes(listed), key, bytes(mark)
            )
        if not rows:
            return
        after = rows[-1][0]


def check_part(
    stored: Stored, organisation: UUID, after: int, upto: int, keys: Keys, *, rows: bool = True
) -> LinksPart:
    """The links (after, upto] against each other and, unless rows is False, against the rows."""
    part = LinksPart()
    listed = _Listed(stored, part)
    # None: the link before is gone, and the part that ends with it says so.
    number, previous = after, (hash_at(stored, organisation, after) if after else FIRST)
    for link in links(stored, organisation, after, upto):
        if link.number != number + 1:
            part.name(
                "link-missing", number=link.number, **{"from": number + 1, "to": link.number - 1}
            )
        elif previous is not None and link.previous != previous:
            part.name("link-previous", number=link.number)
        _check_link(part, organisation, link, keys)
        number, previous = link.number, link.hash
        if rows:
            listed.add(link)
    if number < upto:
        part.name("link-missing", number=upto + 1, **{"from": number + 1, "to": upto})
    listed.compare()
    for key, (first, count) in part.without_key.items():
        part.name("link-key" if key else "link-unmarked", number=first, count=count, key=key)
    return part


def _check_link(part: LinksPart, organisation: UUID, link: Link, keys: Keys) -> None:
    made = link_hash(organisation, link.number, link.previous, link.at_us, link.kind, link.rows)
    if made != link.hash or len(link.rows) % ENTRY_BYTES:
        part.name("link-hash", number=link.number)
    if keys is None:
        return
    key = keys.get(link.key)
    if key is None:
        part.without_key.setdefault(link.key, [link.number, 0])[1] += 1
    elif key.mark(link.hash) != link.mark:
        part.name("link-mark", number=link.number, key=link.key)


class _Listed:
    """Gathers what links list, and compares it with the rows, thousands at a time."""

    def __init__(self, stored: Stored, part: LinksPart) -> None:
        self.stored, self.part, self.waiting = stored, part, 0
        self.by_shape: dict[bytes, list[tuple[bytes, bytes, int]]] = defaultdict(list)

    def add(self, link: Link) -> None:
        for start in range(0, len(link.rows) - ENTRY_BYTES + 1, ENTRY_BYTES):
            entry = link.rows[start : start + ENTRY_BYTES]
            id_, hash_ = entry[KEY_BYTES : KEY_BYTES + ID_BYTES], entry[KEY_BYTES + ID_BYTES :]
            self.by_shape[entry[:KEY_BYTES]].append((id_, hash_, link.number))
            self.waiting += 1
        if self.waiting >= ROWS_AT_ONCE:
            self.compare()

    def compare(self) -> None:
        for key, entries in self.by_shape.items():
            table = self.stored.tables.get(key.hex())
            if table is None:
                numbers = sorted({number for _, _, number in entries})
                self.part.name("row-shape", number=numbers[0], shape=key.hex(), rows=len(entries))
            else:
                self._compare(table, entries)
        self.by_shape.clear()
        self.waiting = 0

    def _compare(self, table: StoredTable, entries: list[tuple[bytes, bytes, int]]) -> None:
        there = self.stored.hashes(table, [id_ for id_, _, _ in entries])
        for id_, hash_, number in entries:
            now = there.get(id_.hex())
            if now == hash_:
                self.part.found[table.table] += 1
                continue
            # Altered it is still there, and listed.
            self.part.found[table.table] += now is not None
            code = "row-missing" if now is None else "row-altered"
            self.part.name(code, number=number, table=_short(table.table), row=str(UUID(bytes=id_)))


def unlisted(stored: Stored, organisation: UUID, found: Mapping[str, int]) -> LinksPart:
    """Rows that are there and stand in no link. found: how many of each table were listed."""
    part = LinksPart()
    made = set(stored.connection.introspection.table_names())
    for model in chained_models():
        table = model._meta.db_table
        # A copy from before the table holds none of its rows; where somebody took the table away,
        # the rows that were in it are told as missing, and its guards too.
        if table not in made:
            continue
        count = "SELECT count(*) FROM {} WHERE organisation_id = ?"
        rows = stored.rows(count.format(table), [stored.uuid(organisation)])
        # Only where the numbers differ: to look for the rows takes every id into memory.
        if next(rows)[0] > found.get(table, 0):
            for id_ in _unlisted_ids(stored, organisation, table):
                part.name("row-unlisted", table=_short(table), row=str(UUID(bytes=id_)))
    return part


def _unlisted_ids(stored: Stored, organisation: UUID, table: str) -> Iterator[bytes]:
    """16 bytes of memory for each row of the table."""
    keys = {bytes.fromhex(one.name) for one in stored.tables.values() if one.table == table}
    last, _ = head(stored, organisation)
    listed = b"".join(
        link.rows[start + KEY_BYTES : start + KEY_BYTES + ID_BYTES]
        for link in links(stored, organisation, 0, last)
        for start in range(0, len(link.rows) - ENTRY_BYTES + 1, ENTRY_BYTES)
        if link.rows[start : start + KEY_BYTES] in keys
    )
    known = np.sort(np.frombuffer(listed, dtype=f"S{ID_BYTES}"))
    there = np.array(list(stored.ids(table, organisation)), dtype=f"S{ID_BYTES}")
    for id_ in there[~np.isin(there, known)]:
        # numpy cuts off zeros at the end of such bytes.
        yield bytes(id_).ljust(ID_BYTES, b"\0")


def _short(table: str) -> str:
    return table.partition("_")[2] or table
