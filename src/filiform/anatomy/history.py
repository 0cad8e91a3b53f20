"""Released versions of the atlas as flat rows, and what differs between two of them.

A released version is never altered: its rows are kept in `data/releases/VERSION.json.gz`, made by
`python tools/atlas/release.py`, so that a plan made with it can still be read against it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from filiform.anatomy.atlas import Atlas, atlas
from filiform.anatomy.model import Muscle

HistoryRow = dict[str, str]
HistoryRows = dict[str, HistoryRow]
TABLES = (
    *("muscles", "trigger-points", "outlines", "needling", "hazards", "pain-sources"),
    *("prevalence", "landmarks", "regions", "privileges"),
)
NESTED = ("trigger_points", "needling", "hazards", "outline")
RENAMED = {"direction": "direction.en", "technique": "technique_text"}
"""Columns of the needling notes that had another name up to release 2026.11.2."""


@dataclass(frozen=True)
class AtlasRelease:
    """One version. stamp: version and digest, as plans store it. rows: by "table/id"."""

    version: str
    stamp: str
    rows: HistoryRows


@dataclass(frozen=True)
class AtlasChange:
    """What happened to one row, or to one field of it.

    field, before, after are empty for a row that came or went.
    """

    table: str
    row: str
    kind: Literal["added", "removed", "changed"]
    field: str = ""
    before: str = ""
    after: str = ""


class UnknownReleaseError(ValueError):
    """No such version is kept; the message names those that are."""


def current(known: Atlas | None = None) -> AtlasRelease:
    """The atlas of this installation as flat rows."""
    whole = known or atlas()
    rows = {f"{table}/{key}": row for table, key, row in _rows(whole)}
    return AtlasRelease(whole.release.split("+")[0], whole.release, rows)


def kept_versions() -> tuple[str, ...]:
    """Versions whose rows are kept, the oldest first."""
    folder = files("filiform.anatomy") / "data" / "releases"
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".json.gz")]
    return tuple(sorted((name.removesuffix(".json.gz") for name in names), key=_in_order))


@lru_cache(maxsize=4)
def kept(version: str) -> AtlasRelease:
    """A kept version. Raises UnknownReleaseError naming those that are kept."""
    if version not in kept_versions():
        allowed = ", ".join(kept_versions())
        raise UnknownReleaseError(f"the atlas has no release {version[:40]!r}; kept are {allowed}")
    path = files("filiform.anatomy") / "data" / "releases" / f"{version}.json.gz"
    content = json.loads(gzip.decompress(path.read_bytes()))
    return AtlasRelease(
        version,
        content["stamp"],
        {key: _named_as_now(key, row) for key, row in content["rows"].items()},
    )


def _named_as_now(key: str, row: HistoryRow) -> HistoryRow:
    """A kept row under today's column names, so that a renamed column is not a changed fact."""
    # The bytes of a kept release are never rewritten; only what is compared gets today's names.
    if not key.startswith("needling/"):
        return row
    return {RENAMED.get(name, name): text for name, text in row.items()}


def packed(release: AtlasRelease) -> bytes:
    """The content of its file; the same rows give the same bytes."""
    content = {"stamp": release.stamp, "rows": release.rows}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Without a time in it: a release is compared by its bytes.
    return gzip.compress(text.encode(), 9, mtime=0)


def differences(before: AtlasRelease, after: AtlasRelease) -> tuple[AtlasChange, ...]:
    """Everything that changed, table by table, in the order of the newer version's rows."""
    changes = [
        _change(key, before.rows.get(key), after.rows.get(key))
        # The newer order first; what is gone follows, where nobody looks for it.
        for key in dict.fromkeys((*after.rows, *before.rows))
        if before.rows.get(key) != after.rows.get(key)
    ]
    found = [change for some in changes for change in some]
    order = {table: place for place, table in enumerate(TABLES)}
    return tuple(sorted(found, key=lambda change: order.get(change.table, len(TABLES))))


def _change(key: str, old: HistoryRow | None, new: HistoryRow | None) -> list[AtlasChange]:
    table, _, row = key.partition("/")
    if old is None or new is None:
        return [AtlasChange(table, row, "removed" if new is None else "added")]
    names = dict.fromkeys((*new, *old))
    return [
        AtlasChange(table, row, "changed", name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def _rows(known: Atlas) -> Iterator[tuple[str, str, HistoryRow]]:
    for muscle in known.muscles.values():
        yield from _rows_of(muscle)
    for source in known.pain_sources.values():
        yield "pain-sources", source.id, _flat(source)
    for found in known.prevalence:
        key = (found.muscle_id, found.complaint, found.trp_status, found.side, found.study)
        yield "prevalence", " · ".join(key), _flat(found)
    for mark in known.landmarks.values():
        yield "landmarks", mark.id, _flat(mark)
    for region in known.regions.values():
        yield "regions", region.id, _flat(region)
    for privilege in known.privileges.values():
        yield "privileges", privilege.id, _flat(privilege)


def _rows_of(muscle: Muscle) -> Iterator[tuple[str, str, HistoryRow]]:
    yield "muscles", muscle.id, _flat(muscle, without=NESTED)
    for point in muscle.trigger_points:
        yield "trigger-points", point.id, _flat(point)
    yield "outlines", muscle.id, _flat(muscle.outline)
    yield "needling", muscle.id, _flat(muscle.needling)
    for hazard in muscle.shared_hazards:  # its own one stands in the needling row
        yield "hazards", f"{muscle.id}/{hazard.structure.en}", _flat(hazard)


def _flat(entry: msgspec.Struct, without: tuple[str, ...] = ()) -> HistoryRow:
    """Fields as text: texts in two languages as two fields, lists in one line, nothing as ""."""
    found: HistoryRow = {}
    for name, value in msgspec.to_builtins(entry, order="sorted").items():
        if name not in without:
            _add(found, name, value)
    # Nothing is left out rather than empty: a new empty column is then no change of any row.
    return {name: text for name, text in found.items() if text}


def _add(row: HistoryRow, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for inner, one in value.items():
            _add(row, f"{name}.{inner}", one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        row[name] = " | ".join(str(one) for one in value)
    elif isinstance(value, bool):
        row[name] = "yes" if value else "no"
    else:
        row[name] = "" if value is None else str(value)


def _in_order(version: str) -> tuple[int, ...]:
    # By numbers: 2026.9 came before 2026.11.
    return tuple(int(part) for part in version.split("."))
