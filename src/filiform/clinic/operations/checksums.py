"""The checksum at the end of a backup: SHA-256 over everything before it.

    content | MARK | 64 hexadecimal digits | MARK

SQLite's own check finds a page that is not built like a page, not one whose text was changed by a
flipped bit. SQLite and pg_restore read what the head of a file tells them to and leave the trailer
alone. The mark stands twice so that no single flipped bit makes a file look as if it never had one.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

MARK = b"\nfiliform-sha256\n"
TRAILER_BYTES = 2 * len(MARK) + 64
BLOCK_BYTES = 1024 * 1024


class WrongChecksum(Exception):
    """The file is not as it was written."""


def add(path: Path) -> None:
    """Write the trailer, and see the whole file onto the disk. Raises OSError."""
    with path.open("r+b") as file:
        digest = _digest(path, path.stat().st_size)
        file.seek(0, os.SEEK_END)
        file.write(MARK + digest + MARK)
        file.flush()
        os.fsync(file.fileno())


def verify(path: Path) -> bool:
    """Whether the file bears a checksum; False for one that was written before there were any.

    Raises WrongChecksum when it doesn't fit, or is itself damaged or cut off. Raises OSError.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        # More than the trailer: of one that was cut off the first mark is still found.
        file.seek(max(0, size - 2 * TRAILER_BYTES))
        end = file.read()
    trailer = end[-TRAILER_BYTES:]
    if MARK not in end:
        return False
    whole = trailer.startswith(MARK) and trailer.endswith(MARK) and len(trailer) == TRAILER_BYTES
    if not whole or trailer[len(MARK) : -len(MARK)] != _digest(path, size - TRAILER_BYTES):
        raise WrongChecksum
    return True


def _digest(path: Path, length: int) -> bytes:
    """Of the first `length` bytes, in hexadecimal digits."""
    # In blocks: a backup may be larger than the memory.
    found, left = hashlib.sha256(), length
    with path.open("rb") as file:
        while left and (block := file.read(min(BLOCK_BYTES, left))):
            found.update(block)
            left -= len(block)
    return found.hexdigest().encode("ascii")
