"""A helper process of the simulation: tasks from standard input, courses to standard output.

It ends quietly when its parent is gone.
"""

from __future__ import annotations

import os
import sys

import msgspec

from filiform.mechanism.workers import SimulationRun, receive, send


def main() -> int:
    decoder = msgspec.msgpack.Decoder(SimulationRun)
    try:
        while (message := receive(sys.stdin.buffer)) is not None:
            send(sys.stdout.buffer, decoder.decode(message).done())
    except BrokenPipeError:
        # Else Python complains at its end that it could not flush a pipe nobody reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
