"""Decide before the lock, and see under it that nothing has been written meanwhile.

While one transaction writes, everybody else who wants to write waits. What an action has to read
and think over before its first row is most of its time; done under the lock, it is everybody's.

So an action decides first, on what the record says without a lock, and notes the versions of the
record before it reads anything. Under the lock it asks for the versions again. Triggers raise them
in the transaction of every write (`facts.versions`), so the same versions mean that it would read
the same rows and decide the same; other versions mean that it decides again, under the lock.

That holds for decisions that rest on one patient's record and on the organisation's (its staff,
sites, lots) alone, and that write nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from filiform.clinic.facts.reading import read_anew
from filiform.clinic.facts.versions import versions_of

T = TypeVar("T")


class Ahead(Generic[T]):
    """A decision that was made before the lock. Inside `one_reading(anew=True)`, which remembers
    what was read for the rest of the action, too."""

    def __init__(self, decide: Callable[[], T], *, patient: UUID, organisation: UUID) -> None:
        self._decide, self._about = decide, (patient, organisation)
        # Before anything is read: written in between, it is decided again for nothing.
        self._versions = versions_of(*self._about)
        self._decided = decide()

    def under_the_lock(self) -> T:
        """The decision, as it would be if it were made now. Once, with the write lock held."""
        if versions_of(*self._about) == self._versions:
            return self._decided
        # Or it would decide by what this very reading remembers.
        read_anew()
        return self._decide()
