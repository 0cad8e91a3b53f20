"""What a signature covers, as canonical JSON that can be made again from the tables at any time.

Format 1: for each table the names of its fields and the rows that belong to the treatment, sorted
by id. Times are in UTC, ids as text, keys of objects sorted. Long values that nobody reads in a
report (the drawn signature, the whole answer of screening) stand as their SHA-256.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.apps import apps

FORMAT = 1
_encoder = msgspec.json.Encoder(order="deterministic", uuid_format="canonical")

FACT = ("id", "organisation_id", "recorded_at", "recorded_by_id", "replaces_id", "is_void", "why")
PATIENT_FACT = (*FACT, "patient_id")


class SignedTable(NamedTuple):
    """One table of the content. by: the field that leads to the treatment or to its visit.

    amended_later: rows may be added after the signature (they have their own place in the
    record); rows that were recorded before it may not.
    """

    model: str
    by: str
    fields: tuple[str, ...]
    digested: frozenset[str] = frozenset()
    amended_later: bool = True


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
        ),
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
        ),
        frozenset({"signature"}),
    ),
    SignedTable("consent.Withdrawal", "visit_id", (*PATIENT_FACT, "consent_id", "said")),
)
AMENDMENTS = SignedTable("treatment.Amendment", "", (*PATIENT_FACT, "treatment_id", "text"))
"""A seal also covers the amendments that were made in the organisation since the seal before."""

Row = tuple[Any, ...]
RECORDED_AT = PATIENT_FACT.index("recorded_at")


class Signed(NamedTuple):
    """What of a seal its content depends on."""

    treatment_id: UUID
    visit_id: UUID
    organisation_id: UUID
    since: datetime | None
    """When the seal before was made; None for the first."""
    signed_at: datetime


class Contents:
    """The rows of many treatments at once: one query per table, however many they are."""

    def __init__(self, signed: Sequence[Signed]) -> None:
        self.rows: dict[str, dict[UUID, list[Row]]] = {}
        treatments = [entry.treatment_id for entry in signed]
        visits = [entry.visit_id for entry in signed]
        for table in TABLES:
            keys = visits if table.by == "visit_id" else treatments
            self.rows[table.model] = _rows_of(table, keys)
        self.amendments = _amendments(signed)
        self.amended_at = [row[RECORDED_AT] for row in self.amendments]

    def of(self, signed: Signed) -> bytes:
        """The canonical JSON of one treatment as the tables hold it now."""
        return _encoder.encode(
            {
                "format": FORMAT,
                "tables": {
                    table.model: {"fields": table.fields, "rows": self._signed_rows(table, signed)}
                    for table in TABLES
                }
                | {
                    AMENDMENTS.model: {
                        "fields": AMENDMENTS.fields,
                        "rows": self._amendments_of(signed),
                    }
                },
            }
        )

    def _signed_rows(self, table: SignedTable, signed: Signed) -> list[Row]:
        key = signed.visit_id if table.by == "visit_id" else signed.treatment_id
        rows = self.rows[table.model].get(key, [])
        if table.amended_later:
            # Written after the signature it is an amendment with its own place, and no forgery.
            return [row for row in rows if row[RECORDED_AT] <= signed.signed_at]
        return rows

    def _amendments_of(self, signed: Signed) -> list[Row]:
        """recorded in (since, signed_at)"""
        low = 0
        if signed.since is not None:
            low = bisect_left(self.amended_at, signed.since)
        return self.amendments[low : bisect_left(self.amended_at, signed.signed_at)]


def _rows_of(table: SignedTable, keys: Iterable[UUID]) -> dict[UUID, list[Row]]:
    model = apps.get_model(table.model)
    found: dict[UUID, list[Row]] = defaultdict(list)
    query = (
        model._default_manager.filter(**{f"{table.by}__in": list(keys)})
        # By id: the order of a table differs between engines, and the bytes must not.
        .order_by("id")
        .values_list(table.by, *table.fields)
    )
    digests = [table.fields.index(name) for name in table.digested]
    for key, *values in query.iterator(chunk_size=5000):
        for place in digests:
            values[place] = digest(values[place])
        found[key].append(tuple(values))
    return found


def _amendments(signed: Sequence[Signed]) -> list[Row]:
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
        # A table that is gone is told as its rows missing, not as an error of the check.
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
