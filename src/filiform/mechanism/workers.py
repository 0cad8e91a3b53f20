"""Many patients on several cores: helper processes, each with an engine of its own.

libRoadRunner holds the interpreter's lock, so threads would not help. A helper is this Python
running `filiform.mechanism.worker`; it lives until its standard input is closed, that is as long
as this process. Answers don't depend on how many helpers there are.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import IO

import msgspec
import numpy as np

from filiform.arrays import Floats
from filiform.mechanism.engine import PRECISE, Tolerances, engine

WORTH_A_HELPER = 150_000.0
"""Patients times hours from which a helper's start (about a second) pays."""
PATIENCE_S = 5.0
"""So long a helper may take to end before it is killed."""


class SimulationRun(msgspec.Struct):
    """One run as bytes; shapes: of values, starts and hours."""

    names: list[str]
    values: bytes
    starts: bytes
    patients: int
    shared: dict[str, float]
    hours: list[float]
    record: list[str]
    tolerances: Tolerances

    def done(self) -> bytes:
        """Run it here; the courses as bytes, (patients, hours, record)."""
        found = engine().run(
            self.names,
            np.frombuffer(self.values).reshape(self.patients, -1),
            np.frombuffer(self.starts).reshape(self.patients, -1),
            self.shared,
            np.array(self.hours),
            self.record,
            self.tolerances,
        )
        return found.tobytes()


def send(stream: IO[bytes], message: bytes) -> None:
    # The length first: a pipe knows no ends of messages.
    stream.write(len(message).to_bytes(8, "big") + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = int.from_bytes(head, "big")
    body = stream.read(length)
    # Half a message: whoever wrote it was killed over it.
    return body if len(body) == length else None


class HelperLost(RuntimeError):
    """A helper process ended, killed from outside for instance."""


class Helpers:
    """The helper processes of this process; started when first needed."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def started(self) -> bool:
        return bool(self._running)

    def start(self, count: int) -> None:
        for _number in range(count - len(self._running)):
            self._running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "filiform.mechanism.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    start_new_session=True,  # Ctrl-C is for the parent; its end is theirs
                )
            )

    def stop(self) -> None:
        for process in self._running:
            for stream in filter(None, (process.stdin, process.stdout)):
                with suppress(BrokenPipeError):
                    stream.close()
            try:
                process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._running = []

    def give(self, number: int, task: SimulationRun) -> None:
        stdin = self._running[number].stdin
        assert stdin is not None  # noqa: S101 - opened as a pipe above
        send(stdin, msgspec.msgpack.encode(task))

    def take(self, number: int) -> bytes:
        stdout = self._running[number].stdout
        assert stdout is not None  # noqa: S101 - opened as a pipe above
        answer = receive(stdout)
        if answer is None:
            raise HelperLost
        return answer


HELPERS = Helpers()
atexit.register(HELPERS.stop)


def cores() -> int:
    """Cores this process may use, at most 8."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(count or 1, 8)


def run_patients(
    names: Sequence[str],
    values: Floats,
    starts: Floats,
    shared: Mapping[str, float],
    hours: Floats,
    record: Sequence[str],
    tolerances: Tolerances = PRECISE,
) -> Floats:
    """As `Engine.run`, with the patients shared out over the cores where that is quicker."""
    engine()
    tasks = [
        SimulationRun(
            list(names),
            np.ascontiguousarray(part, float).tobytes(),
            np.ascontiguousarray(start, float).tobytes(),
            len(part),
            dict(shared),
            [float(hour) for hour in hours],
            list(record),
            tolerances,
        )
        for part, start in _shares(values, starts, _wanted(len(values), float(hours[-1])))
    ]
    # One run at a time: two requests must not read each other's answers from one pipe.
    with HELPERS.lock:
        answers = _answers(tasks)
    found = [np.frombuffer(answer).reshape(-1, len(hours), len(record)) for answer in answers]
    return np.concatenate(found)


def _wanted(patients: int, hours: float) -> int:
    # Helpers that run already cost nothing to ask; their start has to pay for itself.
    worth = (HELPERS.started and patients >= 50) or patients * hours >= WORTH_A_HELPER
    return cores() if worth else 1


def _shares(values: Floats, starts: Floats, count: int) -> list[tuple[Floats, Floats]]:
    return list(zip(np.array_split(values, count), np.array_split(starts, count), strict=True))


def _answers(tasks: list[SimulationRun]) -> list[bytes]:
    """The first share is done here while the helpers do the others; all here if one is lost."""
    first, *others = tasks
    try:
        if others:
            HELPERS.start(len(others))
        for number, task in enumerate(others):
            HELPERS.give(number, task)
        return [first.done(), *(HELPERS.take(number) for number in range(len(others)))]
    except (HelperLost, BrokenPipeError):
        HELPERS.stop()
        # Slower and never wrong: what is answered does not hang on where it was worked out.
        return [task.done() for task in tasks]
    except BaseException:
        # Their answers would lie in the pipes and be taken for those of the next run.
        HELPERS.stop()
        raise
