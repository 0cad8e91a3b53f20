"""Looks at patients' pages that the record could not take, kept until it can.

A full disk must not hide the needles that are in: a page is shown though the audit's row about it
can't be written. The row goes to a small file instead, one JSON document a line, ids and codes
only, synced to the disk; where no folder takes it, into this process's memory. It is written into
the record with its own time by the next page that finds the record writable, in any process, and
`filiform check` tells of it as long as it waits.

A file is written and emptied under a lock on it, so that no row is lost between two processes.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import Error

from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.prepared import insert

try:
    import fcntl
except ImportError:  # Windows: one server process, and files that nobody can take away while open
    fcntl = None  # type: ignore[assignment]

LOG = logging.getLogger("filiform.audit")
NAME = "seen.jsonl"
MOST_IN_MEMORY = 20_000
"""A row is some 500 bytes; a day in a clinic has a few thousand looks."""
AT_ONCE = 500
"""Rows that one page writes back on its way: 0.1 s at most."""

IN_MEMORY: deque[Entry] = deque(maxlen=MOST_IN_MEMORY)
MEMORY_LOCK = Lock()


def keep(entry: Entry) -> None:
    """Keep a row that the database has just refused, for later."""
    line = json.dumps(_as_json(entry)) + "\n"
    for folder in settings.SPOOL_FOLDERS:
        try:
            with _held(_file_in(folder)) as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            continue  # the same full disk, as a rule: the next folder may lie on another one
        LOG.error("the audit can't be written: a look at a page waits in %s", folder / NAME)
        return
    with MEMORY_LOCK:
        IN_MEMORY.append(entry)
    LOG.error("the audit can't be written, nor a file beside it: a look waits in memory")


def waiting() -> list[tuple[Path, int]]:
    """Files with rows that wait, and how many each holds."""
    found = []
    for folder in settings.SPOOL_FOLDERS:
        path = folder / NAME
        try:
            if path.stat().st_size and _is_ours(folder):
                found.append((path, path.read_bytes().count(b"\n")))
        except OSError:
            continue
    return found


def write_back() -> None:
    """Write what waits into the record. Costs nothing while nothing waits; raises nothing, since
    it is done beside a page that somebody wants to see."""
    try:
        if IN_MEMORY:
            _write_memory()
        for folder in settings.SPOOL_FOLDERS:
            path = folder / NAME
            if path.exists() and path.stat().st_size and _is_ours(folder):
                _empty(path)
    except (OSError, ValueError, KeyError, Error) as error:
        LOG.error("looks at pages still wait for the audit: %s", type(error).__name__)


def _write_memory() -> None:
    with MEMORY_LOCK:  # else two threads would take out what one has written
        some = [IN_MEMORY[at] for at in range(min(AT_ONCE, len(IN_MEMORY)))]
        _insert(some)
        for _ in some:
            IN_MEMORY.popleft()


def _empty(path: Path) -> None:
    with _held(path) as file:
        file.seek(0)
        lines = file.read().splitlines(keepends=True)
        # A line without its end was cut off by the full disk; its page was kept elsewhere.
        whole = [line for line in lines if line.endswith(b"\n")]
        _insert([_from_json(json.loads(line)) for line in whole[:AT_ONCE]])
        rest = b"".join(whole[AT_ONCE:])
        file.seek(0)
        file.truncate()
        file.write(rest)
        file.flush()


def _insert(entries: list[Entry]) -> None:
    """Those that are not there yet: after a power cut between the record and the file they are."""
    there = set(
        Entry.objects.filter(pk__in=[one.pk for one in entries]).values_list("pk", flat=True)
    )
    with one_link():
        for entry in entries:
            if entry.pk not in there:
                insert(entry)


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes]]:
    """The file, opened and locked; alone with it until it is closed. Raises OSError."""
    # Appending, so that whoever comes next writes behind what waits, wherever it was read to.
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield file


def _file_in(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(folder):
        raise PermissionError(f"{folder} belongs to another account")
    return folder / NAME


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can have laid the file there: one of the folders may lie in /tmp."""
    if os.name != "posix":
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "at": entry.at.isoformat(),
        "organisation": str(entry.organisation_id),
        "by": str(entry.by_id),
        "action": entry.action,
        "patient": str(entry.patient_id),
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
    }


def _from_json(kept: dict[str, str]) -> Entry:
    return Entry(
        pk=UUID(kept["id"]),
        at=datetime.fromisoformat(kept["at"]),
        organisation_id=UUID(kept["organisation"]),
        by_id=UUID(kept["by"]),
        action=kept["action"],
        patient_id=UUID(kept["patient"]),
        subject_type=kept["subject_type"],
        subject_id=kept["subject_id"],
        details={},
    )
