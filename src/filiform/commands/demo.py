"""`filiform demo`: the demo clinic, in a database that is still empty."""

from __future__ import annotations

import argparse
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "demo",
        help="load the demo clinic into an empty database",
        description="Make the demo clinic (MidCity Mall, Rehmanabad) with invented patients in "
        "every state of the pathway, dated relative to today. Needs FILIFORM_DEMO=yes.",
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    from django.conf import settings

    if not settings.DEMO:
        raise InputError(
            "the demo clinic is loaded in demo mode only, so that no invented patient comes to "
            "lie among real ones. Set FILIFORM_DEMO=yes and another FILIFORM_DATA folder."
        )
    application.demand_migrated()
    from filiform.clinic.demo.clinic import load
    from filiform.clinic.staff.models import Organisation

    # Facts can't be taken out again, so invented ones never go in beside others.
    if Organisation.objects.exists():
        raise InputError(
            f"the database in {settings.DATA_FOLDER} has a clinic already. For a fresh demo "
            "delete that folder or name another one in FILIFORM_DATA."
        )
    print(f"The demo clinic is loaded: {load()}")
    return 0
