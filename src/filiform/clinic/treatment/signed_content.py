"""What a signature covers, as canonical JSON that can be made again from the tables at any time.

Format 1: for each table the names of its fields and the rows that belong to the treatment, sorted
by id. Times are in UTC, ids as text, keys of objects sorted. Long values that nobody reads in a
report (the drawn signature, the whole answer of screening) stand as their SHA-256.

Format 2: the same tables; what an act's details say of the count is more. Every count stays and
says `broken` and `spoilt`, a void says why, and a count that did not add up is answered for by an
act `account` with steps, result and the two people who confirmed. In format 1 the answer stood in
the count's own details, with a second person by a typed name. A seal is made again in its own
format, so that seals of former releases stay sound.

Format 3: the plan's details (place of entry, direction, grip, settings), the list before the first
needle, refusals, and of a consent what was answered and which techniques it is for.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.apps import apps
from django.db import connection

FORMAT = 3
_encoder = msgspec.json.Encoder(order="deterministic", uuid_format="canonical")

FACT = ("id", "organisation_id", "recorded_at", "recorded_by_id", "replaces_id", "is_void", "why")
PATIENT_FACT = (*FACT, "patient_id")


class SignedTable(NamedTuple):
    """One table of the content. by: the field that leads to the treatment or to its visit.

    amended_later: rows may be added after the signature (they have their own place in the
    record); rows that were recorded before it may not.
    since: the format that the table came in with. later: how many of the last fields came in with
    `LATER`; contents of former formats are made without them.
    """

    model: str
    by: str
    fields: tuple[str, ...]
    digested: frozenset[str] = frozenset()
    amended_later: bool = True
    since: int = 1
    later: int = 0

    def fields_in(self, content_format: int) -> tuple[str, ...]:
        """The fields of the content in a format."""
        cut = self.later if content_format < LATER else 0
        return self.fields[: len(self.fields) - cut]


LATER = 3
"""The format with which `SignedTable.later` fields came in."""

TABLES = (
    SignedTable(
        "treatment.Treatment",
        "id",
        (*PATIENT_FACT, "visit_id", "practitioner_id", "started_at", "release"),
        amended_later=False,
    ),
    SignedTable(
        "treatment.Act",
        "treatment_id",
        (*PATIENT_FACT, "number", "kind", "at", "needle_id", "target_id", "details"),
        amended_later=False,
    ),
    SignedTable(
        "assessment.Target", "visit_id", (*PATIENT_FACT, "muscle", "side", "trp", "atlas_release")
    ),
    SignedTable(
        "assessment.PlannedNeedling",
        "visit_id",
        (
            *(*PATIENT_FACT, "target_id", "position", "technique", "diameter_mm", "length_mm"),
            *("depth_mm", "insertions", "note", "reasons", "atlas_release"),
            "details",
        ),
        later=1,
    ),
    SignedTable(
        "assessment.Verdict",
        "visit_id",
        (*PATIENT_FACT, "decision", "answer", "release"),
        frozenset({"answer"}),
    ),
    SignedTable("assessment.Justification", "visit_id", (*PATIENT_FACT, "rule", "text", "release")),
    SignedTable(
        "consent.Consent",
        "visit_id",
        (
            *(*PATIENT_FACT, "text_id", "text__sha256", "language", "muscles", "method"),
            *("signature", "signed_name", "relation", "witness", "interpreter", "teach_back"),
            "shown",
            *("answers", "techniques"),
        ),
        frozenset({"signature"}),
        later=2,
    ),
    SignedTable("consent.Withdrawal", "visit_id", (*PATIENT_FACT, "consent_id", "said")),
    SignedTable("treatment.Before", "visit_id", (*PATIENT_FACT, "checked"), since=LATER),
)
AMENDMENTS = SignedTable("treatment.Amendment", "", (*PATIENT_FACT, "treatment_id", "text"))
"""A seal also covers the amendments that were made in the organisation since the seal before."""

SignedRow = tuple[Any, ...]
RECORDED_AT = PATIENT_FACT.index("recorded_at")


class Signed(NamedTuple):
    """What of a seal its content depends on."""

    treatment_id: UUID
    visit_id: UUID
    organisation_id: UUID
    since: datetime | None
    """When the seal before was made; None for the first."""
    signed_at: datetime
    content_format: int = FORMAT


class Contents:
    """The rows of many treatments at once: one query per table, however many they are."""

    def __init__(self, signed: Sequence[Signed]) -> None:
        self.rows: dict[str, dict[UUID, list[SignedRow]]] = {}
        treatments = [entry.treatment_id for entry in signed]
        visits = [entry.visit_id for entry in signed]
        for table in TABLES:
            # What was planned and agreed belongs to the visit, before there was a treatment.
            keys = visits if table.by == "visit_id" else treatments
            self.rows[table.model] = _rows_of(table, keys)
        self.amendments = _amendments(signed)
        self.amended_at = [row[RECORDED_AT] for row in self.amendments]

    def of(self, signed: Signed) -> bytes:
        """The canonical JSON of one treatment as the tables hold it now."""
        return _encoder.encode(
            {
                "format": signed.content_format,
                "tables": {
                    table.model: {
                        "fields": table.fields_in(signed.content_format),
                        "rows": self._signed_rows(table, signed),
                    }
                    for table in TABLES
                    if table.since <= signed.content_format
                }
                | {
                    AMENDMENTS.model: {
                        "fields": AMENDMENTS.fields,
                        "rows": self._amendments_of(signed),
                    }
                },
            }
        )

    @classmethod
    def holding(cls, rows: dict[str, dict[UUID, list[SignedRow]]]) -> Contents:
        """Contents of rows that were read already, as `as_signed` makes them; no amendments."""
        made = cls.__new__(cls)
        made.rows, made.amendments, made.amended_at = rows, [], []
        return made

    def _signed_rows(self, table: SignedTable, signed: Signed) -> list[SignedRow]:
        key = signed.visit_id if table.by == "visit_id" else signed.treatment_id
        rows = self.rows[table.model].get(key, [])
        # A seal of a former format is made again without the fields that came later.
        kept = len(table.fields_in(signed.content_format))
        if kept < len(table.fields):
            rows = [row[:kept] for row in rows]
        # A plan or a consent that was written after the signature is not what was signed.
        if table.amended_later and rows:
            # Without the Z a time without a fraction is less than the same one with it.
            signed_at = _moment(signed.signed_at).rstrip("Z")
            return [row for row in rows if row[RECORDED_AT].rstrip("Z") <= signed_at]
        return rows

    def _amendments_of(self, signed: Signed) -> list[SignedRow]:
        """recorded in (since, signed_at)"""
        low = 0
        if signed.since is not None:
            # Sorted by time, as they were read: a chain of years has thousands.
            low = bisect_left(self.amended_at, signed.since)
        return self.amendments[low : bisect_left(self.amended_at, signed.signed_at)]


def _rows_of(table: SignedTable, keys: Iterable[UUID]) -> dict[UUID, list[SignedRow]]:
    if connection.vendor == "sqlite" and not any("__" in name for name in table.fields):
        return _rows_of_sqlite(table, list(keys))
    return _rows_of_models(table, keys)


def _rows_of_models(table: SignedTable, keys: Iterable[UUID]) -> dict[UUID, list[SignedRow]]:
    model = apps.get_model(table.model)
    found: dict[UUID, list[SignedRow]] = defaultdict(list)
    query = (
        model._default_manager.filter(**{f"{table.by}__in": list(keys)})
        .order_by("id")
        .values_list(table.by, *table.fields)
    )
    digests = [table.fields.index(name) for name in table.digested]
    for key, *values in query.iterator(chunk_size=5000):
        for place in digests:
            values[place] = digest(values[place])
        # One spelling for both databases: PostgreSQL gives the zone of the session.
        values[RECORDED_AT] = _moment(values[RECORDED_AT])
        found[key].append(tuple(values))
    return found


def _rows_of_sqlite(table: SignedTable, keys: list[UUID]) -> dict[UUID, list[SignedRow]]:
    """The same, six times as quick: a check reads all treatments of all years."""
    model = apps.get_model(table.model)
    turn = as_signed(table)
    found: dict[UUID, list[SignedRow]] = defaultdict(list)
    connection.ensure_connection()
    # As expressions (+), which SQLite's driver gives as they are kept.
    columns = ", ".join(f'+"{name}"' for name in (table.by, *table.fields))
    # SQLite takes no more than some thousand parameters in one statement.
    for start in range(0, len(keys), 500):
        part = [key.hex for key in keys[start : start + 500]]
        marks = ", ".join("?" * len(part))
        rows = connection.connection.execute(
            f'SELECT {columns} FROM "{model._meta.db_table}" '  # noqa: S608
            f'WHERE "{table.by}" IN ({marks}) ORDER BY id',
            part,
        )
        for key, *values in rows:
            found[UUID(key)].append(turn(values))
    return found


def as_signed(table: SignedTable) -> Callable[[Sequence[Any]], SignedRow]:
    """Turns the values of the table's fields, as SQLite keeps them, into those of the content."""
    fields = {field.attname: field for field in apps.get_model(table.model)._meta.concrete_fields}
    turns: list[tuple[int, Callable[[Any], Any]]] = []
    # Worked out once for the table: most fields need nothing done to them.
    for place, name in enumerate(table.fields):
        turn = _TURNS.get(fields[name].get_internal_type(), _same)
        if name in table.digested:
            turn = _digesting(turn)
        if turn is not _same:
            turns.append((place, turn))

    def turned(values: Sequence[Any]) -> SignedRow:
        row = list(values)
        for place, turn in turns:
            row[place] = turn(row[place])
        return tuple(row)

    return turned


def _same(value: Any) -> Any:
    return value


def _digesting(turn: Callable[[Any], Any]) -> Callable[[Any], str]:
    return lambda value: digest(turn(value))


def _dashed(key: str | None) -> str | None:
    return key and f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def _decoded(text: str | None) -> Any:
    if text is None or text == "{}":
        return {} if text else None
    return msgspec.json.decode(text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_TURNS: dict[str, Callable[[Any], Any]] = {
    "UUIDField": _dashed,
    "ForeignKey": _dashed,
    "OneToOneField": _dashed,
    "BooleanField": lambda value: None if value is None else bool(value),
    "DateTimeField": lambda text: text and text.replace(" ", "T") + "Z",
    "JSONField": _decoded,
}


def _amendments(signed: Sequence[Signed]) -> list[SignedRow]:
    if not signed:
        return []
    first, last = signed[0], signed[-1]
    query = apps.get_model(AMENDMENTS.model).objects.filter(
        organisation=first.organisation_id, recorded_at__lt=last.signed_at
    )
    if first.since is not None:
        query = query.filter(recorded_at__gte=first.since)
    return list(query.order_by("recorded_at", "id").values_list(*AMENDMENTS.fields))


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, as hexadecimal text."""
    return hashlib.sha256(_encoder.encode(value)).hexdigest()


def canonical(value: Any) -> bytes:
    return _encoder.encode(value)


class Difference(NamedTuple):
    """One row that is not as it was signed. kind: altered, missing or added."""

    kind: str
    model: str
    row: str
    field: str = ""
    was: str = ""
    now: str = ""


def differences(signed: bytes, current: bytes) -> list[Difference]:
    """What is no longer as it was signed, row by row, by comparing the two contents."""
    before, after = msgspec.json.decode(signed), msgspec.json.decode(current)
    found: list[Difference] = []
    for model, old in before["tables"].items():
        # A table that is gone altogether shows as all its rows missing.
        new = after["tables"].get(model, {"fields": old["fields"], "rows": []})
        found += _differences_in(model, old["fields"], _by_id(old["rows"]), _by_id(new["rows"]))
    return found


def _by_id(rows: list[list[Any]]) -> dict[str, list[Any]]:
    return {row[0]: row for row in rows}


def _differences_in(
    model: str, fields: list[str], old: dict[str, list[Any]], new: dict[str, list[Any]]
) -> list[Difference]:
    found = [Difference("missing", model, row) for row in old if row not in new]
    found += [Difference("added", model, row) for row in new if row not in old]
    for row_id, row in old.items():
        if row_id in new:
            found += [
                Difference("altered", model, row_id, name, _short(was), _short(now))
                for name, was, now in zip(fields, row, new[row_id], strict=True)
                if was != now
            ]
    return found


def _short(value: Any, most: int = 80) -> str:
    text = value if isinstance(value, str) else canonical(value).decode()
    return text if len(text) <= most else text[: most - 1] + "…"
