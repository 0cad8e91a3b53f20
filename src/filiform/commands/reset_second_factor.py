"""`filiform reset-second-factor`: for an owner who has lost telephone and recovery codes."""

from __future__ import annotations

import argparse
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "reset-second-factor",
        help="let somebody who has lost the telephone set up a new second factor",
        description="Take away the passkeys, the authenticator app and the recovery codes of one "
        "person, and end their sessions. At the next sign-in they set up new ones. Among "
        "colleagues the owner does this in the browser; this is for an owner without another. "
        "Whoever can run it can read the database anyway.",
    )
    command.add_argument("--username", required=True, help="the name they sign in with")
    command.add_argument("--why", required=True, help="the reason, for the audit")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    application.demand_migrated()
    from filiform.clinic.staff.factor_actions import reset_factors
    from filiform.clinic.staff.models import Member

    member = Member.objects.filter(username=args.username.strip().lower()).first()
    if member is None:
        raise InputError("nobody signs in with this --username; see Clinic, People for the names")
    # Whoever has this shell is not known by an account, so the reason is all that the audit can
    # name.
    reset_factors(member=member, by=None, why=args.why)
    print("Reset. At the next sign-in a new second factor is set up.")
    return 0
