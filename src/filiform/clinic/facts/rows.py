"""The one text of a row that every engine and every later version makes again, and its hash.

A row's text is the JSON list of its shape's key and its values, in the order of the shape. Values
stand as SQLite keeps them, because that is what a check reads five million times: ids as 32
hexadecimal digits, times in UTC as "2026-11-28 12:04:59.123456", yes and no as 1 and 0. Values of
JSON columns stand as canonical JSON: PostgreSQL keeps neither the order of keys nor "1.0".

A shape is a table and its columns. A migration that adds a column makes a new shape; rows from
before keep theirs, in which the new column has no part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import JSONField, Model

KEY_BYTES, ID_BYTES, HASH_BYTES = 8, 16, 32
ENTRY_BYTES = KEY_BYTES + ID_BYTES + HASH_BYTES
"""What a link holds of a row."""

_encoder = msgspec.json.Encoder(order="deterministic")
_encode: Callable[[Any], bytes] = _encoder.encode
LARGEST_INTEGER = 2**63
SHORT = 200
"""Characters up to which a canonical JSON is remembered: `{}` comes a million times."""


class Shape(NamedTuple):
    """label: of the model, "intake.answer". columns: of its table, the id among them."""

    label: str
    columns: tuple[str, ...]

    @property
    def key(self) -> bytes:
        """The shape's short name: it is bound to what it names."""
        return hashlib.sha256(_encode([self.label, *self.columns])).digest()[:KEY_BYTES]


@cache
def shape_of(model: type[Model]) -> Shape:
    """The shape in which rows of a model are written today."""
    columns = tuple(field.column for field in model._meta.concrete_fields)
    return Shape(model._meta.label_lower, columns)


class _Writing(NamedTuple):
    """How a model's instances are hashed: worked out once."""

    key: bytes
    name: str
    fields: tuple[tuple[str, Callable[[Any], Any], type[json.JSONEncoder] | None, bool], ...]


@cache
def _writing(model: type[Model]) -> _Writing:
    key = shape_of(model).key
    fields = tuple(
        (field.attname, field.get_prep_value, getattr(field, "encoder", None),
         isinstance(field, JSONField))
        for field in model._meta.concrete_fields
    )  # fmt: skip
    return _Writing(key, key.hex(), fields)


def entry_of(row: Model) -> bytes:
    """Shape's key, id and hash of a row that has just been inserted."""
    writing = _writing(type(row))
    values: list[Any] = [writing.name]
    for name, prepare, encoder, is_json in writing.fields:
        value = getattr(row, name)
        if is_json and value is not None:
            # As the database will give it back: tuples become lists, numbers as keys texts.
            values.append(canonical_json(json.dumps(value, cls=encoder)))
        else:
            values.append(plain(prepare(value)))
    id_: UUID = row.pk
    return writing.key + id_.bytes + hashlib.sha256(_encode(values)).digest()


def hash_of(name: str, values: Sequence[Any]) -> bytes:
    """name: the shape's key in hexadecimal; values: as `plain` and `canonical_json` make them."""
    return hashlib.sha256(_encode((name, *values))).digest()


def plain(value: Any) -> Any:
    """A value of Python or of PostgreSQL as SQLite keeps it."""
    # By the very type: True is an int too, and a code of an enumeration a str.
    if value is None or type(value) in (str, int, float):
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    # Codes that are enumerations are texts; what else there is has no text of its own to hash.
    return str.__str__(value) if isinstance(value, str) else value


def canonical_json(text: str) -> str:
    """The same text for the same value, however an engine spells it. Not JSON: as it is."""
    return _canonical_short(text) if len(text) <= SHORT else _canonical(text)


def _canonical(text: str) -> str:
    try:
        return _encode(_one_spelling(msgspec.json.decode(text))).decode()
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text


_canonical_short = lru_cache(maxsize=4096)(_canonical)


def _one_spelling(value: Any) -> Any:
    """Whole numbers without a point: PostgreSQL writes out the digits of 6.6e16, SQLite doesn't.
    By the decimal digits, because the exact value of the float may have others."""
    if isinstance(value, dict):
        return {name: _one_spelling(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_one_spelling(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        value = int(Decimal(repr(value)))
    if isinstance(value, int) and abs(value) >= LARGEST_INTEGER:
        return repr(float(value))
    return value
