"""What was written is on the disk before anybody is told so, and nobody waits in line for that.

With `synchronous=FULL` SQLite waits for the disk inside a commit, while it holds the write lock:
sixteen tablets that write at once wait one after the other, though the disk could take all of it
in one go. So the record's own writes are committed without that wait and give up the lock; then
each waits for the disk by itself, and waits that come together are one to the disk.

It keeps the same promise. SQLite appends a commit to the write-ahead log and, after a power cut,
takes the log as far as it is whole: once the log is on the disk, so is everything committed before
that moment. The log's beginning and the database itself are written through by SQLite in either
mode, so neither can be torn. In between, somebody else may read what would be lost in a power cut
at that moment; whoever wrote it has had no answer yet, and sends it again.

Everything else that is written (sessions, drafts) goes on with FULL, as the connection begins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LOG = "-wal"
WAITS = "filiform_waits_for_the_disk"
"""Said by a connection of itself; it belongs to one thread."""


@contextmanager
def on_disk(connection: Any) -> Iterator[None]:
    """Leave when what was committed inside is on the disk: around the turn to write.

    Inside a transaction, and inside another of these, the outer one waits. Raises OSError when the
    disk refuses: then nobody may be told that it was written.
    """
    if connection.in_atomic_block or getattr(connection, WAITS, False) or not _has_log(connection):
        yield
        return
    _wait_in_commits(connection, "NORMAL")
    setattr(connection, WAITS, True)
    try:
        yield
    finally:
        setattr(connection, WAITS, False)
        _wait_in_commits(connection, "FULL")
        # After a refusal, too: what follows from a commit may be what failed.
        write_through(f"{connection.settings_dict['NAME']}{LOG}")


def _has_log(connection: Any) -> bool:
    # Where the file system can't do with a log (some network folders), SQLite goes on with a
    # journal, and a commit without waiting would be no promise.
    if connection.vendor != "sqlite":
        return False
    connection.ensure_connection()
    return os.path.exists(f"{connection.settings_dict['NAME']}{LOG}")


def _wait_in_commits(connection: Any, how: str) -> None:
    # Not through a cursor of Django's: this is no query of the page's.
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA synchronous={how}")


_through: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


def write_through(path: str) -> None:
    """Wait until a file is on the disk. Raises OSError when it can't be written there."""
    try:
        file = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return  # the last connection laid the log into the database, and wrote that through
    try:
        _through(file)
    finally:
        os.close(file)
