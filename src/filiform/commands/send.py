"""`filiform send`: hand over the messages that are due. `filiform serve` runs it by itself."""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

from filiform.commands import application

EVERY_S = 5.0
RETURNS_EVERY_S = 300.0
"""Between two looks for e-mails that came back: hours later, so minutes don't matter."""


def add_parser(commands: Any) -> None:
    command = commands.add_parser(
        "send",
        help="hand over the messages that are due",
        description="Look for messages that are due and hand them to the clinic's providers, until "
        "Ctrl-C. `filiform serve` starts this by itself; it may run twice without sending twice.",
    )
    command.add_argument("--once", action="store_true", help="one round, then stop")
    command.add_argument("--beside", type=int, metavar="PID", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    application.start()
    application.demand_migrated()
    from django.db import close_old_connections

    from filiform.clinic.sending.setup import setup
    from filiform.clinic.sending.worker import look_for_bounces, round_of_work

    setup()  # a wrong setting is said at the start, not in the night
    if args.once:
        print(f"{round_of_work()} handed over")
        return 0
    # So that the first look comes with the first round.
    looked = time.monotonic() - RETURNS_EVERY_S
    try:
        # The server that started it may have been killed: then nobody wants it any more.
        while not args.beside or os.getppid() == args.beside:
            # Nobody else does it here: there is no request at whose end Django would.
            close_old_connections()
            round_of_work()
            if time.monotonic() - looked >= RETURNS_EVERY_S:
                looked = time.monotonic()
                look_for_bounces()
            time.sleep(EVERY_S)
    except KeyboardInterrupt:
        pass
    return 0
