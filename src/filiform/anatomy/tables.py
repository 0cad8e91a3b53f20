"""Reading the atlas' tables: every defect is named by file, line and column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import msgspec

Struct = TypeVar("Struct", bound=msgspec.Struct)


class DataError(ValueError):
    """A row of the project's own data can't be used: file, place, what was got."""


def data_text(name: str) -> str:
    """The text of one data file of the atlas."""
    return (files("filiform.anatomy") / "data" / name).read_text(encoding="utf-8")


def rows(name: str, text: str, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a tab-separated table as (place, row); place names the file and line.

    Raises DataError if the header differs from `columns` or a row has another number of fields.
    """
    lines = text.splitlines()
    header = tuple(lines[0].split("\t")) if lines else ()
    if header != columns:
        raise DataError(f"{name}, line 1: the columns are {header}, expected {columns}")
    # Tabs and no quoting: the tables are read by people and by git diff, a line a row.
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise DataError(f"{name}, line {number}: {len(fields)} fields, expected {len(columns)}")
        yield f"{name}, line {number}", dict(zip(columns, fields, strict=True))


def parts(text: str, separator: str = "; ") -> tuple[str, ...]:
    """The parts of a list held in one field; empty text is an empty list."""
    return tuple(part for part in text.split(separator) if part)


def yes_or_no(place: str, column: str, text: str) -> bool:
    """Raises DataError if the field holds neither "yes" nor "no"."""
    if text not in ("yes", "no"):
        raise DataError(f"{place}, {column}: got {text!r}, expected 'yes' or 'no'")
    return text == "yes"


def number_or_none(place: str, column: str, text: str) -> float | None:
    """Raises DataError if the field is neither empty nor a number."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise DataError(f"{place}, {column}: got {text!r}, expected a number") from None


def count_or_none(place: str, column: str, text: str) -> int | None:
    """Raises DataError if the field is neither empty nor a whole number."""
    if not text:
        return None
    # int() would take "1_000" and " 5"; a table of counts must not hold either.
    if not text.isdecimal():
        raise DataError(f"{place}, {column}: got {text!r}, expected a whole number")
    return int(text)


def build(kind: type[Struct], place: str, fields: object) -> Struct:
    """A struct from plain fields. Raises DataError naming the place and the field."""
    try:
        return msgspec.convert(fields, kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise DataError(f"{place}: {error}") from None


@lru_cache(maxsize=4)
def _parsed(name: str, text: str) -> dict[str, list[dict[str, object]]]:
    """A TOML file of tables; kept, because several kinds of rows stand in one file."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}: {error}") from None


def toml_rows(name: str, text: str, key: str, kind: type[Struct]) -> tuple[Struct, ...]:
    """The tables [[key]] of a TOML file. Raises DataError naming the entry and its field."""
    entries = _parsed(name, text).get(key, [])
    return tuple(
        build(kind, f"{name}, {key} {number} ({entry.get('id', '?')})", entry)
        for number, entry in enumerate(entries, start=1)
    )
