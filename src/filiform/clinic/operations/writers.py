"""Writers for a drill on an invented clinic: acts go on being recorded while the copy is made.

Never in a real clinic, where its own people write.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from django.db import connection
from django.utils import timezone

from filiform.clinic.facts.models import new_id
from filiform.clinic.treatment.actions import record_act
from filiform.clinic.treatment.course import course_of
from filiform.clinic.treatment.models import Act, Treatment

FIRST_WITHIN_S = 20


class NoNeedleInError(Exception):
    """There is no treatment in which an act could be recorded."""


class Writers:
    """`with Writers(4) as writers:` records twitches until the block is left.

    acknowledged: act → when the action came back, by `time.monotonic`.
    """

    def __init__(self, number: int) -> None:
        self.acknowledged: dict[UUID, float] = {}
        self.problems: list[str] = []
        self._done = threading.Event()
        needles = _needles_in(number)
        self._threads = [
            # There may be fewer needles than writers.
            threading.Thread(target=self._write, args=(needles[one % len(needles)],))
            for one in range(number)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        end = time.monotonic() + FIRST_WITHIN_S
        try:
            # A copy that is made before anybody writes would show nothing.
            while len(self.acknowledged) < len(self._threads) and time.monotonic() < end:
                time.sleep(0.01)
        except BaseException:  # Ctrl-C: nobody else would tell them to stop
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def before(self, moment: float) -> list[UUID]:
        """The acts that were acknowledged before."""
        return [act for act, at in self.acknowledged.items() if at < moment]

    def _write(self, needle: Act) -> None:
        try:
            treatment = Treatment.objects.get(pk=needle.treatment_id)
            by = treatment.practitioner
            while not self._done.is_set():
                number = new_id()
                answer = record_act(
                    by=by,
                    treatment=treatment,
                    act_id=number,
                    kind="twitch",
                    at=timezone.now(),
                    needle=needle.pk,
                )
                if not isinstance(answer, Act):
                    self.problems.append(f"an act was refused: {answer[0].code}")
                    return
                self.acknowledged[number] = time.monotonic()
        except Exception as error:
            # In a thread it would go unseen.
            self.problems.append(f"a writer broke off: {type(error).__name__}")
        finally:
            # Each thread has a connection of its own, which nobody else closes.
            connection.close()


def missing(acts: Sequence[UUID]) -> int:
    """How many of these acts the database does not hold, which Django's models look at."""
    there = 0
    for start in range(0, len(acts), 500):
        there += Act.objects.filter(pk__in=acts[start : start + 500]).count()
    return len(acts) - there


def _needles_in(number: int) -> list[Act]:
    """Raises NoNeedleInError."""
    found = []
    for treatment in Treatment.objects.filter(seal__isnull=True).order_by("-started_at")[:number]:
        course = course_of(treatment.acts.order_by("number"))
        found += [needle.act for needle in course.needles_in[:1]]
    if not found:
        raise NoNeedleInError("no needle is in: begin a treatment first")
    return found
