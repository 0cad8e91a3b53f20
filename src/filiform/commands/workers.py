"""The processes that serve the clinic begin together."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 20.0
"""For the slowest; a process that can't load the clinic must not keep the others from serving."""
LOOK_EVERY_S = 0.01


class Together:
    """Loads the application in each process, and returns it when all have it.

    Each process listens by itself once it has the application, and the system spreads new
    connections over those that listen. The first would get every tablet that waits for the clinic
    to come back, and keep them as long as their browsers keep a connection: measured, one of two
    cores then idles while sixteen wait for the other.
    """

    def __init__(self, processes: int, load: Callable[[], Any]) -> None:
        self.processes = processes
        self.load = load
        self.ready = multiprocessing.Value("i", 0)

    def __call__(self) -> Any:
        application = self.load()
        with self.ready.get_lock():
            self.ready.value += 1
        until = time.monotonic() + PATIENCE_S
        # One that is started again later finds that all have been there, and doesn't wait.
        while self.ready.value < self.processes and time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)
        return application


def load_clinic() -> Any:
    """What `Together` loads. Raises what the clinic's start raises."""
    from filiform.clinic.wsgi import application

    return application
