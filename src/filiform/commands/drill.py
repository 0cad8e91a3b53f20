"""`filiform drill`: can this clinic be brought back, how long would it take, what would be lost?"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.commands.serve import demand_free

if TYPE_CHECKING:
    from filiform.clinic.operations.drill import DrillReport

MOST_WRITERS = 32
ROOM_NEEDED = 2.1
"""Of the database's own size: the copy, the restored clinic, and what is written beside them."""


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "drill",
        help="rehearse a restore: copy, restore elsewhere, check, start, compare",
        description="Copy the clinic while it is in use, restore the copy elsewhere, check it, "
        "start it, ask it for pages, and compare it with the clinic. Nothing is written into the "
        "record but an audit entry; a report stays in the data folder, in drills/. Exit status 1 "
        "when the clinic could not be brought back whole.",
    )
    command.add_argument(
        "--into", type=Path, metavar="FOLDER", help="restore there, and keep it (a new folder)"
    )
    command.add_argument("--port", type=int, default=0, help="of the restored clinic (any free)")
    command.add_argument(
        "--with-writers",
        type=int,
        default=0,
        metavar="N",
        help="demo mode only: N writers record invented acts while the copy is made",
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    _demand_sense(args)
    application.start()
    application.demand_migrated()
    from django.conf import settings

    from filiform.clinic.operations import drill
    from filiform.clinic.operations.writers import NoNeedleInError
    from filiform.clinic.staff.models import Organisation

    # What is recorded stays; even a rehearsal may put no invented act into a real record.
    if args.with_writers and not settings.DEMO:
        raise InputError(
            "--with-writers records invented acts, which is for demo mode only; in a clinic run "
            "the drill while it is at work"
        )
    if not Organisation.objects.exists():
        raise InputError("there is no clinic yet; make one with: filiform create-clinic")

    def tell(step: drill.Step) -> None:
        if not args.json:
            print(drill.line(step), flush=True)

    folder = _folder(args.into, settings.DATA_FOLDER)
    try:
        report = drill.rehearse(
            folder,
            keeps=args.into is not None,
            port=args.port,
            writers=args.with_writers,
            tell=tell,
        )
    except NoNeedleInError as error:
        raise InputError(f"--with-writers: {error}") from None
    readable = drill.keep(report, settings.DATA_FOLDER)
    _tell(report, readable, as_json=args.json)
    return 0 if report.passed else 1


def _demand_sense(args: argparse.Namespace) -> None:
    if not 0 <= args.with_writers <= MOST_WRITERS:
        raise InputError(
            f"--with-writers is {args.with_writers}; allowed is 0 to {MOST_WRITERS} writers"
        )
    if not 0 <= args.port <= 65535:
        raise InputError(f"--port is {args.port}; allowed is 1 to 65535, or 0 for any free one")
    if args.port:
        demand_free("127.0.0.1", args.port)
    into: Path | None = args.into
    if into is not None and into.exists():
        raise InputError(f"{into} exists; name a folder that doesn't, so that nothing is mixed up")
    if into is not None and not into.absolute().parent.is_dir():
        raise InputError(f"{into.absolute().parent} is not a folder; create it first")


def _folder(into: Path | None, data_folder: Path) -> Path:
    """Where the drill is done; it does not exist yet."""
    if into is not None:
        _demand_room(into.absolute().parent)
        return into.absolute()
    from filiform.clinic.operations.drill import FOLDER

    # Beside the record itself: as private as that, and on a disk meant for so much.
    below = data_folder / FOLDER
    try:
        below.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{below} can't be made: {error.strerror}") from None
    _demand_room(below)
    # Two drills at once must not restore into the same folder.
    return below / f"rehearsal-{os.getpid()}"


def _demand_room(folder: Path) -> None:
    """Raises InputError where the disk would run full, which stops the clinic too."""
    file = application.database_file()
    # PostgreSQL lies on another disk, or another machine, whose room can't be asked here.
    if file is None or not file.exists():
        return
    needed, free = int(file.stat().st_size * ROOM_NEEDED), shutil.disk_usage(folder).free
    if free < needed:
        raise InputError(
            f"{folder} has {free / 1e9:.1f} GB free; {needed / 1e9:.1f} GB are needed. Name a "
            "folder on a larger disk with --into"
        )


def _tell(report: DrillReport, readable: Path, *, as_json: bool) -> None:
    import msgspec

    from filiform.clinic.operations.drill import outcome

    if as_json:
        print(msgspec.json.encode(report).decode())
        return
    print(outcome(report))
    print(f"The report: {readable}")
