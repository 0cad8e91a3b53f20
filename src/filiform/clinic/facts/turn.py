"""Writers of an SQLite database take turns, in the order in which they came.

SQLite lets one write at a time. Who finds it busy sleeps and looks again, from 1 ms up to 100 ms
later; meanwhile somebody who came after may have taken the lock. With sixteen tablets that write at
once some waited for half a second while the lock lay idle between two of their looks.

So a writer first takes its turn: a lock on a file beside the database (`flock`), which the system
hands to whoever has waited longest, in whatever process, at the moment it becomes free. The lock
belongs to the open file and goes with it: a process that is killed holds up nobody.

The turn is a courtesy and nothing rests on it. Who writes without it, or can't have it (a folder
that is only read, a system without `flock`), is kept apart from the others by SQLite as ever.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HAS_FLOCK = importlib.util.find_spec("fcntl") is not None  # Windows has none
if HAS_FLOCK:
    import fcntl

SUFFIX = "-turn"
"""As SQLite names what it lays beside a database; the file stays empty."""
HELD = "filiform_has_the_turn"
"""Said by a connection of itself; it belongs to one thread."""


@contextmanager
def turn(connection: Any) -> Iterator[None]:
    """Wait for the turn to write, and give it up at the end: around a transaction, never in one.

    Inside a transaction the write lock is held already: waiting there for somebody who waits for
    that lock would be for ever. So would who writes what follows from a commit: it is called while
    the turn of what was committed is still held, and would wait for itself.
    """
    has_it = connection.in_atomic_block or getattr(connection, HELD, False)
    file = None if has_it else _queue(connection)
    if file is None:
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Noted on the connection and not on the file: a lock on one opened twice waits for itself.
        setattr(connection, HELD, True)
        yield
    finally:
        setattr(connection, HELD, False)
        os.close(file)  # and with it the turn


def _queue(connection: Any) -> int | None:
    """The file in whose queue to stand, open; None where there is none."""
    name = str(connection.settings_dict["NAME"])
    # A database in memory, as in tests, is one thread's or locks by tables.
    is_file = connection.vendor == "sqlite" and not name.startswith(("file:", ":memory:"))
    if not (HAS_FLOCK and is_file):
        return None
    try:
        return os.open(f"{name}{SUFFIX}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
