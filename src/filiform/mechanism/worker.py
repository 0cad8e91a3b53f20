"""A helper process of the simulation: tasks from standard input, courses to standard output."""

from __future__ import annotations

import sys

import msgspec

from filiform.mechanism.workers import Task, receive, send


def main() -> int:
    decoder = msgspec.msgpack.Decoder(Task)
    while (message := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, decoder.decode(message).done())
    return 0


if __name__ == "__main__":
    sys.exit(main())
