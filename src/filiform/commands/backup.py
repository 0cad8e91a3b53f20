"""`filiform backup FILE`: a consistent copy while the clinic runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "backup",
        help="write a consistent copy of the database, while the clinic runs",
        description="Copy the database to FILE and verify the copy. FILE must not exist yet. "
        "SQLite is copied as a database file, PostgreSQL as a pg_dump archive. The copy holds "
        "patients' data: keep it where the record itself would be allowed to lie.",
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    target: Path = args.file
    if target.exists():
        raise InputError(f"{target} exists; name a file that doesn't, so that no copy is lost")
    if not target.absolute().parent.is_dir():
        raise InputError(f"{target.absolute().parent} is not a folder; create it first")
    application.start()
    application.demand_begun()
    from filiform.clinic.operations.copies import CopyError, copy_database

    try:
        summary = copy_database(target)
    except CopyError as error:
        raise InputError(str(error)) from None
    print(f"{target}: {summary}")
    return 0
