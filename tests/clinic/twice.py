"""Somebody else at the same moment: what they do falls between a look and a write."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, room: ModuleType, other: Callable[[], object]
) -> None:
    """Lets another sender through just before the room's transaction begins."""
    real, went = room.recording, []

    def recording(*args, **options):
        if not went:
            went.append(True)
            other()
        return real(*args, **options)

    monkeypatch.setattr(room, "recording", recording)
