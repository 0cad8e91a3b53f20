"""`filiform restore FILE`: verify a copy, then put it in the place of the database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "restore",
        help="put a verified copy in the place of the database",
        description="Verify FILE (readable, whole, of this version, seals intact) and only then "
        "put it in the place of the database. What was there before is kept beside it.",
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument(
        "--yes", action="store_true", help="replace a database that holds a clinic already"
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    source: Path = args.file
    if not source.is_file():
        raise InputError(f"{source} is not a file; name a copy that 'filiform backup' made")
    # No look at migrations here: the database that is to be replaced may be broken or not there.
    application.start()
    from filiform.clinic.operations.copies import CopyError, replace_database

    try:
        print(replace_database(source, sure=args.yes))
    except CopyError as error:
        raise InputError(str(error)) from None
    return 0
