"""The seals and the links of the generated past: what signing and recording would have written.

One link for each treatment, over all its rows. Contents and hashes of rows are worked out by other
processes, which read the file beside the one that writes it: what they read, rows that were
written and are not touched again, nobody changes meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import django
from django.apps import apps
from tests.bench.bulk import BulkWriter

from filiform.clinic.facts.chain import COLUMNS, ROWS, next_link
from filiform.clinic.facts.rows import canonical_json, hash_of, shape_of
from filiform.clinic.facts.stored import StoredTable, table_of

AT_ONCE = 2000
"""Treatments that a process works on at a time."""
PER_TREATMENT = {
    "treatment.Treatment": 1,
    "assessment.Story": 1,
    "assessment.Target": 1,
    "treatment.Act": 4,
    "record.Entry": 2,
}
"""Rows of each treatment, written in the order of the treatments."""


class Past(NamedTuple):
    """One treatment: what its seal holds, and its rows as a link lists them."""

    visit: str
    treatment: str
    signed_at: str
    content: bytes
    content_hash: str
    entries: bytes


@dataclass(frozen=True)
class Reader:
    """Where a process reads: before[label] rows of a table were there before the generator's.

    drawn_every: so many treatments have one drawing; 0 when there are none.
    """

    path: str
    before: dict[str, int]
    drawn_every: int

    def past(self, after: int, upto: int) -> list[Past]:
        """The treatments numbered (after, upto]."""
        # Nobody changes what is read here, so it needs no lock beside the writer's.
        address = f"file:{self.path}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = {
                label: self._rows(connection, label, after * each, upto * each)
                for label, each in PER_TREATMENT.items()
            }
            every = self.drawn_every
            drawings = (after // every, upto // every) if every else (0, 0)
            drawn = self._rows(connection, "body.Drawing", *drawings)
        return list(_past(rows, drawn, after, every))

    def _rows(
        self, connection: sqlite3.Connection, label: str, after: int, upto: int
    ) -> list[tuple[Any, ...]]:
        table = _table(label)
        columns = ", ".join(f'"{column}"' for column in table.shape.columns)
        before = self.before[label]
        return connection.execute(
            f'SELECT {columns} FROM "{table.table}" WHERE rowid > ? AND rowid <= ? ORDER BY rowid',
            (before + after, before + upto),
        ).fetchall()


@cache
def _table(label: str) -> StoredTable:
    table = table_of(shape_of(apps.get_model(label)))
    assert table is not None
    return table


def _past(
    rows: dict[str, list[tuple[Any, ...]]],
    drawn: list[tuple[Any, ...]],
    after: int,
    drawn_every: int,
) -> Iterator[Past]:
    treatment = _table("treatment.Treatment").shape.columns
    visit_at, patient_at = treatment.index("visit_id"), treatment.index("recorded_at")
    drawings = iter(drawn)
    for place, row in enumerate(rows["treatment.Treatment"]):
        of_it = {
            label: rows[label][place * each : (place + 1) * each]
            for label, each in PER_TREATMENT.items()
        }
        entries = [_entry(label, one) for label, some in of_it.items() for one in some]
        if drawn_every and (after + place + 1) % drawn_every == 0:
            entries.append(_entry("body.Drawing", next(drawings)))
        id_, visit, signed_at = row[0], row[visit_at], row[patient_at]
        content = _content(id_, visit, signed_at, of_it)
        yield Past(
            visit,
            id_,
            signed_at,
            # The clinic packs tighter and slower; any level unpacks to the same.
            zlib.compress(content, 1),
            hashlib.sha256(content).hexdigest(),
            b"".join(entries),
        )


def _entry(label: str, row: Sequence[Any]) -> bytes:
    table = _table(label)
    values = list(row)
    for place in table.json_at:
        values[place] = canonical_json(values[place])
    id_ = bytes.fromhex(values[table.id_at])
    return bytes.fromhex(table.name) + id_ + hash_of(table.name, values)


def _content(
    treatment: str, visit: str, signed_at: str, of_it: dict[str, list[tuple[Any, ...]]]
) -> bytes:
    from filiform.clinic.treatment.signed_content import TABLES, Contents, Signed

    treatment_id, visit_id = UUID(treatment), UUID(visit)
    rows: dict[str, dict[UUID, list[tuple[Any, ...]]]] = {table.model: {} for table in TABLES}
    for table in TABLES:
        key = visit_id if table.by == "visit_id" else treatment_id
        pick, turn = _picked(table.model)
        some = [turn([row[place] for place in pick]) for row in of_it.get(table.model, ())]
        if some:
            rows[table.model][key] = some
    at = datetime.fromisoformat(signed_at).replace(tzinfo=UTC)
    return Contents.holding(rows).of(Signed(treatment_id, visit_id, visit_id, None, at))


@cache
def _picked(model: str) -> tuple[list[int], Any]:
    from filiform.clinic.treatment.signed_content import TABLES, as_signed

    table = next(one for one in TABLES if one.model == model)
    if any("__" in name for name in table.fields):
        return [], tuple
    columns = _table(model).shape.columns
    return [columns.index(name) for name in table.fields], as_signed(table)


def write(
    writer: BulkWriter, reader: Reader, *, treatments: int, organisation: str, member: str
) -> None:
    """Seals and links for all treatments, in their order."""
    parts = [(n, min(n + AT_ONCE, treatments)) for n in range(0, treatments, AT_ONCE)]
    chain = _Writing(writer, UUID(organisation), UUID(member))
    if treatments < 10 * AT_ONCE:
        for part in parts:
            chain.write(reader.past(*part))
        return
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=django.setup
    ) as pool:
        for past in pool.map(reader.past, *zip(*parts, strict=True)):
            chain.write(past)


class _Writing:
    """Both chains as far as they are written."""

    def __init__(self, writer: BulkWriter, organisation: UUID, member: UUID) -> None:
        self.connection = writer.connection
        self.organisation, self.member = organisation, member
        self.sealed, self.seal_hash = 0, "0" * 64
        whose = "FROM record_link WHERE organisation = ? ORDER BY number DESC LIMIT 1"
        found = self.connection.execute(
            f"SELECT number, hash {whose}", (organisation.hex,)
        ).fetchone()
        self.last: tuple[int, bytes] | None = found
        self.seal = _table("treatment.Seal")

    def write(self, past: Sequence[Past]) -> None:
        seals, links = [], []
        for one in past:
            seal = self._seal(one)
            seals.append(seal)
            at = datetime.fromisoformat(one.signed_at).replace(tzinfo=UTC)
            link = next_link(
                self.organisation,
                self.last,
                one.entries + _entry("treatment.Seal", seal),
                at_us=int(at.timestamp()) * 1_000_000,
                kind=ROWS,
            )
            self.last = (link.number, link.hash)
            links.append((self.organisation.hex, *link))
        self._insert("treatment_seal", self.seal.shape.columns, seals)
        self._insert("record_link", COLUMNS, links)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.connection.execute("BEGIN")
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
        )
        self.connection.execute("COMMIT")

    def _seal(self, one: Past) -> list[Any]:
        from filiform.clinic.treatment.seals import hash_of as seal_hash_of
        from filiform.clinic.treatment.signed_content import FORMAT

        signed_at = datetime.fromisoformat(one.signed_at).replace(tzinfo=UTC)
        previous = self.seal_hash
        self.sealed += 1
        self.seal_hash = seal_hash_of(
            organisation_id=self.organisation,
            number=self.sealed,
            previous_hash=previous,
            content_hash=one.content_hash,
            treatment_id=UUID(one.treatment),
            signed_by_id=self.member,
            signed_at=signed_at,
            content_format=FORMAT,
        )
        values = {
            "id": f"{one.treatment[:13]}fff{one.treatment[16:]}",
            "organisation_id": self.organisation.hex,
            "recorded_at": one.signed_at,
            "recorded_by_id": self.member.hex,
            "replaces_id": None,
            "is_void": 0,
            "why": "",
            "treatment_id": one.treatment,
            "number": self.sealed,
            "previous_hash": previous,
            "content_hash": one.content_hash,
            "hash": self.seal_hash,
            "signed_at": one.signed_at,
            "signed_by_id": self.member.hex,
            "format": FORMAT,
            "content": one.content,
        }
        return [values[column] for column in self.seal.shape.columns]


def rows_before(path: Path | str, labels: Sequence[str]) -> dict[str, int]:
    """The last rowid of each table."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            label: connection.execute(
                f'SELECT coalesce(max(rowid), 0) FROM "{_table(label).table}"'
            ).fetchone()[0]
            for label in labels
        }
