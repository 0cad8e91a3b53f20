"""What keeps trigger points alive: a short list for the targets' region, each with its action."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.programme.choice import TreatedMuscle
from filiform.programme.knowledge import ROOM, knowledge
from filiform.words import Words

CauseKind = Literal["posture", "work", "sleep", "footwear", "stress", "deficiency", "illness"]


class Cause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One perpetuating factor. groups: groups of muscles that it feeds; none is for all. ask: the
    question. action: what is done about it when it is found."""

    id: str
    kind: CauseKind
    groups: frozenset[str]
    name: Words
    ask: Words
    action: Words
    sources: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: tuple[Cause, ...]


@cache
def causes() -> dict[str, Cause]:
    """All causes by id. Raises ValueError naming the file, and an unknown group."""
    known = {group.id for group in knowledge().group_of.values()}
    found: dict[str, Cause] = {}
    for cause in read_toml(ROOM, "causes.toml", _Table).cause:
        if strangers := cause.groups - known:
            raise ValueError(f"causes.toml, {cause.id}: unknown {sorted(strangers)}")
        found[cause.id] = cause
    return found


def causes_for(targets: Sequence[TreatedMuscle]) -> tuple[Cause, ...]:
    """The causes to look for with these targets: those of their region, then those of everyone.

    Raises KeyError for a muscle that the atlas does not know.
    """
    groups = {knowledge().group_of[muscle_id].id for muscle_id, _ in targets}
    own = [one for one in causes().values() if one.groups & groups]
    return (*own, *(one for one in causes().values() if not one.groups))
