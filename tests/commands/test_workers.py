"""The processes that serve the clinic begin to listen together."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from filiform.commands import workers
from filiform.commands.workers import Together


def _times(together: Together, loading_s: list[float]) -> list[float]:
    """When each process has its application, in seconds from the start, by how long it loads."""
    loads = iter(loading_s)
    together.load = lambda: time.sleep(next(loads))
    began = time.monotonic()

    def begin(_: int) -> float:
        together()
        return time.monotonic() - began

    with ThreadPoolExecutor(len(loading_s)) as pool:
        return list(pool.map(begin, range(len(loading_s))))


def test_none_answers_before_the_slowest_can():
    together = Together(3, lambda: None)
    assert min(_times(together, [0.0, 0.05, 0.3])) >= 0.3


def test_one_that_is_started_again_waits_for_nobody(monkeypatch):
    together = Together(2, lambda: None)
    _times(together, [0.0, 0.0])
    together.load = lambda: "the clinic"
    # Without patience for anybody: with one look more it would not come back in time.
    monkeypatch.setattr(workers, "LOOK_EVERY_S", 60.0)
    assert together() == "the clinic"


def test_one_that_cannot_load_does_not_keep_the_others_from_serving(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE_S", 0.1)
    together = Together(2, lambda: "the clinic")
    assert together() == "the clinic"
