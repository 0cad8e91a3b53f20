"""Who may read the files of the clinic on its own machine: nobody but the account it runs under.

The database, what SQLite lays beside it, copies, keys and logs are 0600, their folders 0700. What
is made from now on is so by the process's mask; what lies there from before is tightened at the
start. Only what is the clinic's own is touched: FILIFORM_DATA may name a folder that holds other
things too.

Windows keeps rights in another way: there the data folder has to be the account's own, and
neither is anything changed nor checked (docs/how-to/run-a-clinic.md).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

PRIVATE_MASK = 0o077
OURS = ("*.sqlite3", "*.sqlite3-*", "*.part", "*key*", "*.log", "log", "spool*")
FOLDERS = ("keys", "kept", "spool", "logs", "backups", "digests", "drills")
"""Of the data folder; with everything in them."""


def make_private() -> None:
    """From here on everything that this process makes is its account's alone."""
    if os.name == "posix":
        os.umask(PRIVATE_MASK)


def tighten(data_folder: Path, database: Path | None) -> list[Path]:
    """Take away what group and others may. Returns what was changed; what belongs to another
    account stays as it is and is found by `too_open`."""
    changed = []
    for path, now in _open(data_folder, database):
        try:
            path.chmod(now & ~PRIVATE_MASK)
        except OSError:
            continue
        changed.append(path)
    return changed


def too_open(data_folder: Path, database: Path | None) -> list[str]:
    """Each file and folder that others may read or write, in a sentence with what to do."""
    return [
        f"{path} is {now:04o}; allowed is {now & ~PRIVATE_MASK:04o}: "
        f"chmod {now & ~PRIVATE_MASK:04o} {path}"
        for path, now in _open(data_folder, database)
    ]


def _open(data_folder: Path, database: Path | None) -> Iterator[tuple[Path, int]]:
    """What is open to others, with its mode; links are not followed, lest the clinic's account
    change a file elsewhere."""
    if os.name != "posix":
        return
    for path in dict.fromkeys(_ours(data_folder, database)):
        try:
            found = path.lstat()
        except OSError:
            continue
        mode = stat.S_IMODE(found.st_mode)
        if mode & PRIVATE_MASK and not stat.S_ISLNK(found.st_mode):
            yield path, mode


def _ours(data_folder: Path, database: Path | None) -> Iterator[Path]:
    if data_folder.is_dir():
        yield data_folder
        for pattern in OURS:
            yield from data_folder.glob(pattern)
        for name in FOLDERS:
            folder = data_folder / name
            if folder.is_dir() and not folder.is_symlink():
                yield from (folder, *folder.rglob("*"))
    if database is not None:
        # FILIFORM_DATABASE_URL may name a file elsewhere, whose folder is not ours to change.
        yield from (database, *database.parent.glob(f"{database.name}-*"))
