"""`filiform digest`: a signed digest of the record to hand out, and the proof of an old one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.commands.inputs import named, raw
from filiform.words import counted

if TYPE_CHECKING:
    from filiform.clinic.operations.digests import Digest
    from filiform.clinic.staff.models import Organisation


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "digest",
        help="sign a digest of the record to hand out, or prove an old one",
        description="Print a digest of the chain over all rows of the record, signed with the "
        "clinic's key. Whoever was given one can have it proved later that nothing recorded until "
        "then was altered, taken away or slipped in. Exit status 1 when the chain does not pass "
        "through the digest that is to be proved.",
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument("--verify", metavar="FILE", help="prove that the chain passes through FILE")
    what.add_argument("--key", action="store_true", help="print the public key and its file")
    what.add_argument("--new-key", action="store_true", help="sign with a new key from now on")
    command.add_argument("--clinic", metavar="NAME", help="which clinic, if there are several")
    command.add_argument("--out", metavar="FILE", type=Path, help="write to FILE, a new one")
    command.add_argument("--json", action="store_true", help="with --verify: one JSON document")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    application.demand_migrated()
    from filiform.clinic.facts.keys import KeyFileError

    try:
        if args.verify:
            return _verify(args.verify, as_json=args.json)
        if args.key:
            return _show_key()
        if args.new_key:
            return _new_key()
        return _take(args.clinic, args.out)
    except KeyFileError as error:
        raise InputError(str(error)) from None


def _take(clinic: str | None, out: Path | None) -> int:
    from filiform.clinic.operations import digests

    if out is not None and out.exists():
        raise InputError(f"{out} exists; name a file that doesn't, so that no digest is lost")
    text = digests.as_text(digests.take(_organisation(clinic))) + "\n"
    if out is None:
        print(text, end="")
        return 0
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} can't be written: {error.strerror}") from None
    print(f"The digest is in {out}. Hand it out; it holds nothing about a patient.")
    return 0


def _organisation(clinic: str | None) -> Organisation:
    from filiform.clinic.staff.models import Organisation

    found = list(Organisation.objects.order_by("created_at", "pk"))
    if not found:
        raise InputError("there is no clinic yet; make one with: filiform create-clinic")
    names = ", ".join(one.name for one in found)
    if clinic is not None:
        found = [one for one in found if one.name == clinic]
    # Never the first of several: a digest that is handed out names its clinic.
    if len(found) != 1:
        got = "there are several clinics" if clinic is None else f"--clinic is {clinic!r}"
        raise InputError(f"{got}; give --clinic as one of: {names}")
    return found[0]


def _verify(file: str, *, as_json: bool) -> int:
    from filiform.clinic.operations import digests
    from filiform.reasons import reason_json, say

    try:
        digest = digests.read(raw(file, needed="a digest of filiform"))
    except digests.DigestError as error:
        raise InputError(f"{named(file)}: {error}") from None
    problems = digests.wrong_with(digest)
    if as_json:
        about = {"number": digest.number, "at": digest.at.isoformat(), "key": digest.key}
        print(json.dumps({**about, "problems": [reason_json(one) for one in problems]}))
    elif problems:
        print("NOT PROVED:", *map(say, problems), sep="\n  ")
    else:
        print(_proved(digest))
    return 1 if problems else 0


def _proved(digest: Digest) -> str:
    return (
        f"Proved: the chain of {digest.name} still passes through link {digest.number}, as signed "
        f"on {digest.at:%Y-%m-%d %H:%M %Z} with the key {digest.key}.\n"
        "That the rows are those the chain lists, 'filiform check' compares."
    )


def _show_key() -> int:
    import base64

    from filiform.clinic.facts import keys

    key = keys.current()
    former = [one for one in keys.known() if one != key.id]
    print(f"public key   {base64.b64encode(key.public).decode()}")
    print(f"its id       {key.id}")
    print(f"private key  {keys.path()} (back it up apart from the database)")
    if former:
        print(f"former       {', '.join(former)} ({counted(len(former), 'key')} kept beside it)")
    return 0


def _new_key() -> int:
    import base64

    from filiform.clinic.facts import keys

    former, new = keys.replace()
    print(f"From the server's next start on links are marked, and from now on digests signed, "
          f"with {base64.b64encode(new.public).decode()}.")  # fmt: skip
    print(
        f"The former key is kept as {keys.path().name}.{former.id}: without it the older links' "
        "marks can't be checked. Back up both, and hand the new public key out."
    )
    return 0
