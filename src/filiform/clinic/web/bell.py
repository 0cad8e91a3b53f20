"""What rings on every page of staff: rooms say what, the bell asks them all.

A room names a function that answers with the addresses of what rings for an organisation, the
oldest first, from one prepared query: pages ask every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Ringing = Callable[[UUID], list[str]]

RINGING: list[Ringing] = []
"""Filled when the rooms are ready."""


def ringing(organisation: UUID) -> list[str]:
    """Addresses of everything that rings."""
    return [address for of_room in RINGING for address in of_room(organisation)]
