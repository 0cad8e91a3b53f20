"""`filiform bounces`: read which e-mails came back, so that the desk telephones instead."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filiform.commands import application
from filiform.commands.errors import InputError
from filiform.words import counted


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "bounces",
        help="read which e-mails came back",
        description="Read what mail servers sent back and mark the messages that did not arrive "
        "as failed, with why: they stand on the desk's pages as to be telephoned. Each BOX is a "
        "Maildir, an mbox, a file with one mail, or - for one mail on standard input, as a mail "
        "server hands it over. Without any, the mailbox of FILIFORM_BOUNCES_IMAP is read; "
        "'filiform serve' looks into that by itself. Reading a box again changes nothing.",
    )
    command.add_argument("boxes", nargs="*", metavar="BOX")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    application.demand_migrated()
    from filiform.clinic.sending.mailboxes import MailboxError
    from filiform.clinic.sending.worker import look_at

    try:
        seen, changed = look_at(_mails(args.boxes))
    except MailboxError as error:
        raise InputError(str(error)) from None
    print(f"{counted(seen, 'mail')} read, {counted(changed, 'message')} marked")
    return 0


def _mails(boxes: list[str]) -> Iterator[bytes]:
    from filiform.clinic.sending import mailboxes
    from filiform.clinic.sending.setup import setup

    for box in boxes:
        if box == "-":
            yield from mailboxes.in_stream(sys.stdin.buffer)
        else:
            yield from mailboxes.in_path(Path(box))
    if not boxes:
        address = setup().bounces_imap
        if not address:
            # Asked for only when it is read: boxes that are named need no setting.
            raise InputError(
                "no mailbox is named and FILIFORM_BOUNCES_IMAP is not set; name a Maildir, an "
                "mbox, a file with one mail, or - for standard input"
            )
        yield from mailboxes.in_imap(address)
