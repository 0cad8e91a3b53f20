"""How rows of the disclosure are written: checked, one after another, the former kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from filiform.clinic.facts.amending import in_place, next_version
from filiform.clinic.intake.models import DisclosedFact
from filiform.disclosure import Coding, Kind, Status

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

SIDES = ("", "left", "right", "midline", "bilateral")


class Contradiction(ValueError):
    """ "Nothing" was said about a kind of which something is listed; the message names it."""


def insert_after(row: DisclosedFact, *, by: Member, why: str, **changes: Any) -> DisclosedFact:
    """A copy of a fact with changes, in its place, checked as a new one is."""
    after = next_version(row, by=by, why=why, **changes)
    if not after.is_void:
        check({field.name: getattr(after, field.name) for field in row._meta.concrete_fields})
    return in_place(after)


def check(row: dict[str, Any]) -> None:
    if not row["text"] and not row["none_known"]:
        raise ValueError("the text is empty; say in words what it is")
    if row["side"] not in SIDES:
        raise ValueError(f"side is {row['side']!r}; allowed are {', '.join(SIDES[1:])} or none")
    if row["start"] and row["end"] and row["end"] < row["start"]:
        raise ValueError(f"it ends on {row['end']}, before it began on {row['start']}")
    Kind(row["kind"])
    Status(row["status"])


def plain(codings: Iterable[Any]) -> list[dict[str, str]]:
    found = []
    for coding in codings:
        one = coding if isinstance(coding, Coding) else msgspec.convert(coding, Coding)
        found.append({"system": one.system, "code": one.code, "display": one.display})
    return found
