"""The board as server-sent events, on a server that has few threads.

A stream holds one of a worker's four threads for as long as it lives. So each process lets one
board stream and no more, and ends it after a while; the browser opens the next by itself. A second
board on the same worker gets what there is now and is told to ask again soon: it polls.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

STREAMS = threading.BoundedSemaphore(1)
"""Of one process: three threads stay for the tablets that record."""
LIVES_S = 25.0
LOOKS_EVERY_S = 2.0
RETRY_MS = 1000
POLL_MS = 4000

Look = Callable[[], tuple[str, str]]
"""Answers a version and what is shown; asked again and again."""


def event(html: str, version: str, retry_ms: int) -> str:
    """One message of the event stream; a line of data for each line of the fragment."""
    data = "\n".join(f"data: {line}" for line in html.splitlines())
    return f"retry: {retry_ms}\nid: {version}\nevent: board\n{data}\n\n"


def stream(
    look: Look,
    *,
    lives_s: float = LIVES_S,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[str]:
    """The board now, and anew whenever it changes, until the stream's time is over."""
    if not STREAMS.acquire(blocking=False):
        version, html = look()
        yield event(html, version, POLL_MS)
        return
    try:
        end, shown = clock() + lives_s, ""
        while True:
            version, html = look()
            # A comment keeps the line alive, and finds out that nobody listens any more.
            yield event(html, version, RETRY_MS) if version != shown else ": still here\n\n"
            shown = version
            if clock() >= end:
                return
            wait(LOOKS_EVERY_S)
    # Also when the browser goes away in the middle: the server closes the generator then.
    finally:
        STREAMS.release()
