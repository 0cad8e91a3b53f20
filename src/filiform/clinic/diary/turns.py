"""One after the other, for those who want times at once on SQLite.

SQLite lets one write at a time and wakes none of those who wait: each tries again after a while,
and with fifty at once some try in vain until their time is over ("database is locked"). Threads of
one process wait here instead, in a queue. What keeps two from one time is not this but the database
(`actions`); another process, and PostgreSQL, need no turn here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

_TURN = threading.Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for one's turn. A room that books inside a transaction of its own opens it in here."""
    connection = connections["default"]
    # Who is in a transaction already holds the database: waiting for a turn would hold up both.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _TURN:
        yield
