"""What may stand in the columns of a table: type, unit, constraint, meaning, as data.

The words are those of the Frictionless Table Schema. Decisions rest on columns with a closed list
or a number; a column of type "prose" is only shown. So a reworded note changes no decision.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Literal

import msgspec

from filiform.anatomy.tables import DataError, build, data_text, parts

Type = Literal["string", "list", "prose", "number", "boolean"]


class Constraints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """required: never empty. enum: the closed list, for a list of each of its parts."""

    required: bool
    unique: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column. Raises ValueError where its own description is not whole."""

    name: str
    type: Type
    description: str
    constraints: Constraints
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.description.strip():
            raise ValueError(f"{self.name}: says nothing about itself")
        bounded = self.constraints.minimum is not None and self.constraints.maximum is not None
        if self.type == "number" and not (self.unit and bounded):
            raise ValueError(f"{self.name}: a number needs a unit, a minimum and a maximum")
        if self.type == "boolean" and set(self.constraints.enum) != {"yes", "no"}:
            raise ValueError(f"{self.name}: a boolean is 'yes' or 'no'")

    def fault(self, text: str) -> str:
        """What is wrong with a value of this column, "" if nothing."""
        rule = self.constraints
        if not text.strip():
            return "is empty, and a value is required" if rule.required else ""
        if self.type == "number":
            return self._fault_of_number(text)
        # A list is checked by its parts: "prone; standing" must not pass for its first word.
        for part in parts(text) if self.type == "list" else (text,):
            if rule.enum and part not in rule.enum:
                return f"got {part!r}, allowed: {', '.join(rule.enum)}"
            if rule.pattern and not re.fullmatch(rule.pattern, part):
                return f"got {part!r}, allowed: {rule.pattern}"
        return ""

    def _fault_of_number(self, text: str) -> str:
        low, high = self.constraints.minimum, self.constraints.maximum
        try:
            value = float(text)
        except ValueError:
            return f"got {text!r}, expected a number"
        if low is not None and high is not None and not low <= value <= high:  # NaN too
            return f"got {value:g} {self.unit}, allowed: {low:g} to {high:g}"
        return ""


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns of one table, in their order."""

    field: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.field)

    @property
    def prose(self) -> tuple[str, ...]:
        """Columns that are for people only."""
        return tuple(one.name for one in self.field if one.type == "prose")

    def check(self, place: str, row: dict[str, str]) -> None:
        """Raises DataError naming the place, the column and what is allowed there."""
        for one in self.field:
            if fault := one.fault(row[one.name]):
                raise DataError(f"{place}, {one.name}: {fault}")


@cache
def needling_schema() -> Schema:
    """The schema of needling.tsv. Raises DataError where it is not whole."""
    name = "needling.schema.toml"
    return build(Schema, name, tomllib.loads(data_text(name)))
