"""What the model knows: its parameters and what is read off it. Both are text with a schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from filiform.words import Words

Varies = Literal["no", "patient", "dose", "start"]
"""no: the same for everybody; patient: differs between virtual patients; dose: set for a run;
start: a state's value in healthy muscle."""

UNITS = ("dimensionless", "hour", "minute", "per_hour", "kPa")


class TableError(ValueError):
    """A row of the model's own tables can't be used: file, line, what was got."""


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of the model.

    low, high: the range it may lie in; for patients the central 90 % of the prior.
    source: a published source, "assumed", "definition" or "design value" with its place.
    """

    id: str
    value: float
    low: float
    high: float
    unit: str
    varies: Varies
    source: str
    meaning: str

    @property
    def assumed(self) -> bool:
        """No measurement fixes its size."""
        return any(word in self.source for word in ("assumed", "design value"))


class State(msgspec.Struct, frozen=True):
    """One time course of the answer. id: its name outside; model: its name in the SBML file."""

    id: str
    model: str
    unit: str
    name: Words
    meaning: str


def data_text(name: str) -> str:
    """The text of one data file of the room."""
    return (files("filiform.mechanism") / "data" / name).read_text(encoding="utf-8")


def data_bytes(name: str) -> bytes:
    """The bytes of one data file of the room."""
    return (files("filiform.mechanism") / "data" / name).read_bytes()


def _rows(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    header, *lines = data_text(name).splitlines()
    columns = header.split("\t")
    for number, line in enumerate(lines, start=2):
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise TableError(f"{name}, line {number}: {len(fields)} fields, not {len(columns)}")
        yield f"{name}, line {number}", dict(zip(columns, fields, strict=True))


def _parameter(place: str, row: dict[str, str]) -> Parameter:
    try:
        found = msgspec.convert(row, Parameter, strict=False)
    except msgspec.ValidationError as error:
        raise TableError(f"{place}: {error}") from None
    # The equations convert nothing: a unit they don't know is a number they would misread.
    if found.unit not in UNITS:
        raise TableError(f"{place}: unit {found.unit!r}; allowed are {', '.join(UNITS)}")
    if not found.low <= found.value <= found.high:
        raise TableError(f"{place}: {found.value} lies outside {found.low} to {found.high}")
    if not found.source or not found.meaning:
        raise TableError(f"{place}: source and meaning must not be empty")
    return found


@cache
def parameters() -> dict[str, Parameter]:
    """All parameters by id. Raises TableError naming the line on a defect."""
    return {row["id"]: _parameter(place, row) for place, row in _rows("parameters.tsv")}


@cache
def states() -> dict[str, State]:
    """All time courses by their outside name, in the order of the answer."""
    return {
        row["id"]: State(
            row["id"],
            row["model"],
            row["unit"],
            Words(en=row["name_en"], ur=row["name_ur"]),
            row["meaning"],
        )
        for _place, row in _rows("states.tsv")
    }


@cache
def of_patients() -> tuple[str, ...]:
    """Names of the parameters that differ between virtual patients, in the table's order."""
    return tuple(one.id for one in parameters().values() if one.varies == "patient")


@cache
def starting() -> tuple[str, ...]:
    """Names of the states that have a rate, in the table's order."""
    return tuple(one.id for one in parameters().values() if one.varies == "start")
