"""`filiform send`: hand over the messages that are due. `filiform serve` runs it by itself."""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

from filiform.commands import application

EVERY_S = 5.0


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
    from filiform.clinic.sending.worker import round_of_work

    setup()  # a wrong setting is said at the start, not in the night
    if args.once:
        print(f"{round_of_work()} handed over")
        return 0
    try:
        # The server that started it may have been killed: then nobody wants it any more.
        while not args.beside or os.getppid() == args.beside:
            close_old_connections()
            round_of_work()
            time.sleep(EVERY_S)
    except KeyboardInterrupt:
        pass
    return 0
