"""`filiform migrate`: bring the database up to date."""

from __future__ import annotations

import argparse
from typing import Any

from filiform.commands import application
from filiform.words import counted


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Create the tables that this version needs, or change them. Back up first.",
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    # Counted before, since afterwards none is missing.
    missing = application.missing_migrations()
    from filiform.clinic.operations.tables import bring_up_to_date

    bring_up_to_date()
    print(f"The database is up to date ({counted(len(missing), 'migration')} applied).")
    return 0
