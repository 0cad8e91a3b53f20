"""Somebody else at the same moment: what they do falls between a look and a write."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    room: ModuleType,
    other: Callable[[], object],
    name: str = "recording",
) -> None:
    """Lets another sender through just before the room takes its turn to write. name: of what the
    room calls for that."""
    real, went = getattr(room, name), []

    def turn(*args, **options):
        if not went:
            went.append(True)
            other()
        return real(*args, **options)

    monkeypatch.setattr(room, name, turn)
