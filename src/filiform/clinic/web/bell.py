"""What rings on every page of staff: rooms say what, the bell asks them all.

A room names a function that answers with the addresses of what rings for an organisation, the
oldest first, from one prepared query: pages ask every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Ringing = Callable[[UUID], list[str]]
Turns = Callable[[UUID, datetime], datetime | None]

RINGING: list[Ringing] = []
TURNS: list[Turns] = []
"""Both are filled when the rooms are ready. TURNS: when something begins to ring without anybody
writing (a deadline), the next time after the given one."""


def ringing(organisation: UUID) -> list[str]:
    """Addresses of everything that rings."""
    return [address for of_room in RINGING for address in of_room(organisation)]


def next_turn(organisation: UUID, now: datetime) -> datetime | None:
    """The next moment at which something may begin to ring by itself."""
    turns = [turn for of_room in TURNS if (turn := of_room(organisation, now)) is not None]
    return min(turns, default=None)
