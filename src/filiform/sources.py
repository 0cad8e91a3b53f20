"""The keys under which numbers and rules name what they rest on, with what each stands for.

A key that names author and year itself ("Boyce 2020") need not stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml

SourceGrade = Literal[
    "study", "review", "case report", "guideline", "training text", "notes", "design"
]


class CitedSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One source. not_in_full: a guideline or book that was not read in full for this project;
    the rules show its known position."""

    key: str
    grade: SourceGrade
    cites: str
    not_in_full: bool = False


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: tuple[CitedSource, ...]


@cache
def sources() -> dict[str, CitedSource]:
    """Every source by its key. Raises ValueError naming the file and the key on a defect."""
    found: dict[str, CitedSource] = {}
    for one in read_toml("filiform", "sources.toml", _Table).source:
        if one.key in found:
            raise ValueError(f"data/sources.toml: the key {one.key!r} stands there twice")
        found[one.key] = one
    return found


def rests_on_unread(keys: Iterable[str]) -> bool:
    """Whether all that a rule rests on are guidelines that were not read in full.

    One source that was read is enough: then the reader can check what the rule says.
    """
    named = [sources().get(key) for key in keys]
    # A key that is not listed names author and year itself, and nothing says it was not read.
    return bool(named) and all(one is not None and one.not_in_full for one in named)
