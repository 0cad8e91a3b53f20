"""`filiform create-clinic`: the first rows of a real clinic, and its owner's account."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.letters import as_read
from filiform.words import counted

LONGEST = {"name": 120, "address": 300, "owner": 120, "username": 60, "file_prefix": 6}
"""Letters at most, as in the columns of the database."""


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "create-clinic",
        aliases=["found"],  # the former name; it goes with the next release
        help="set up a new clinic and its owner's account",
        description="Create the organisation, its first site and the owner, who then adds the "
        "others in the browser. The password is asked for, or read from standard input.",
    )
    command.add_argument("--name", required=True, help="the clinic's name")
    command.add_argument("--address", required=True, help="the first site's address")
    command.add_argument("--phone", required=True, help="the first site's phone number")
    command.add_argument("--owner", required=True, help="the owner's name")
    command.add_argument("--username", required=True, help="the name the owner signs in with")
    command.add_argument("--file-prefix", default="F", help="letters before file numbers")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    application.demand_migrated()
    from filiform.clinic.consent.actions import publish_shipped_texts
    from filiform.clinic.facts import keys
    from filiform.clinic.staff import actions
    from filiform.clinic.staff.models import Member

    for given, most in LONGEST.items():
        setattr(args, given, _readable(given, getattr(args, given), most))
    args.username = args.username.lower()  # as it is kept; "Olga" would pass the look below
    if Member.objects.filter(username=args.username).exists():
        raise InputError(f"the name {args.username!r} is taken; choose another --username")
    # All that can be refused is refused before the first row: a clinic that is half set up can't be
    # taken back.
    phone = _phone(args.phone)
    password = _password(args.username)
    try:
        # Without it the first facts would be recorded without a mark, which `filiform check` then
        # names.
        keys.current()
    except keys.KeyFileError as error:
        raise InputError(str(error)) from None
    organisation = actions.found_organisation(name=args.name, file_prefix=args.file_prefix)
    actions.open_site(organisation=organisation, name=args.name, address=args.address, phone=phone)
    owner = actions.add_member(
        organisation=organisation,
        username=args.username,
        password=password,
        name=args.owner,
        roles=frozenset({"owner"}),
    )
    publish_shipped_texts(by=owner)
    print(f"{args.name} is set up. Run 'filiform serve' and sign in as {args.username}.")
    print(
        f"The clinic's key is {keys.path()}. Back it up apart from the database: it signs the "
        "digests of the record ('filiform digest')."
    )
    return 0


def _readable(name: str, text: str, most: int) -> str:
    """A text without what nobody sees. Raises InputError for an empty or too long one."""
    found = as_read(text).strip()
    if not 0 < len(found) <= most:
        option = "--" + name.replace("_", "-")
        raise InputError(f"{option} has {counted(len(found), 'letter')}; allowed are 1 to {most}")
    return found


def _phone(text: str) -> str:
    """E.164. Raises InputError for what is no phone number."""
    from filiform.clinic.web.phones import UnreadableNumber, e164

    try:
        return e164(text)
    except UnreadableNumber:
        raise InputError(f"--phone {text!r} is not a phone number; give it as +92 ...") from None


def _password(username: str) -> str:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {username} (at least 12 characters): ")
        if password != getpass.getpass("Once more: "):
            raise InputError("the two passwords differ; nothing was set up")
    else:
        # Not an option: what stands on a command line is seen by everybody on the machine.
        password = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
    except ValidationError as error:
        raise InputError(" ".join(error.messages)) from None
    return password
