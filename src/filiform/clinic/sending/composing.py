"""What rooms above put into the queue, and what the messages say.

This room knows how a message goes; what it is about, the rooms above know. They name, by kind, a
function that makes the message at the moment it is sent (or says that it is needed no more), and
functions that look for what is due.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready

Compose = Callable[[Outgoing, str, datetime], Ready | None]
"""Given the row, the clinic's public address and the time; None: it is not needed any more."""
Enqueue = Callable[[datetime], int]
"""Given the time; how many messages it put into the queue."""

COMPOSERS: dict[str, Compose] = {}
SOURCES: list[Enqueue] = []
BY_HAND: dict[str, str] = {}
"""All three are filled when the rooms are ready. BY_HAND: kind → name of the address at which its
ready message is shown to whoever sends it."""
