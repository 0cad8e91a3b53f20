"""The whole check of a database, shared among processes when there is much of it.

Each task reads a part and answers what it found; nothing is kept between them, so memory does not
grow with the record. A small record, and one that lies in memory or in an open transaction, is
read here and now.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import connections, transaction

from filiform.clinic.facts import keys
from filiform.clinic.facts.stored import Stored
from filiform.clinic.operations import links
from filiform.clinic.operations.links import Keys, LinksPart
from filiform.clinic.operations.workers import begin_worker
from filiform.clinic.staff.models import Organisation
from filiform.clinic.treatment import seals
from filiform.clinic.treatment.models import Seal
from filiform.reasons import Reason, say

Verified = TypeVar("Verified")
MUCH = 20_000
"""Links or seals from which on other processes are worth their start."""
LINKS_EACH, SEALS_EACH = 25_000, 10_000


class Workers(Protocol):
    def submit(self, task: Callable[..., Verified], /, *given: Any) -> Future[Verified]: ...


class Here:
    """Does each task at once, in this process."""

    def submit(self, task: Callable[..., Verified], /, *given: Any) -> Future[Verified]:
        done: Future[Verified] = Future()
        done.set_result(task(*given))
        return done


class RecordCheck:
    """One check of the database of the settings, or of another one: `with checking() as check`.

    Tasks are begun at once, and waited for where their answer is asked for.
    """

    def __init__(self, workers: Workers, *, with_marks: bool) -> None:
        # Without any key, as on a machine where a backup is tried out, marks say nothing.
        self.with_marks = with_marks and bool(keys.known())
        self.workers = workers
        self.has_chain = _has_chain()
        self.organisations = list(Organisation.objects.order_by("created_at", "pk"))
        # What takes longest is begun first.
        self.file = [workers.submit(one) for one in (_pages, _references)]
        self.chains = [_Chain(self, one) for one in self.organisations]

    def database(self) -> list[str]:
        """SQLite's own checks; PostgreSQL checks its pages and references itself."""
        return [problem for task in self.file for problem in task.result()]

    def chain(self) -> list[str]:
        """Rows that are not as they were recorded, and links that don't follow each other."""
        if not self.has_chain:
            return ["the table record_link is gone: no row can be shown to be as it was recorded"]
        return [problem for chain in self.chains for problem in chain.of_links()]

    def signed(self) -> list[str]:
        """Treatments that are not as they were signed."""
        return [problem for chain in self.chains for problem in chain.of_seals()]


class _Chain:
    """The tasks of one organisation."""

    def __init__(self, check: RecordCheck, organisation: Organisation) -> None:
        self.organisation, self.with_marks = organisation, check.with_marks
        whose = organisation.pk
        self.seals_upto = seals.last_number(whose)
        self.links_upto = 0
        if check.has_chain:
            self.links_upto, _ = links.head(Stored(connections["default"]), whose)
        self.seals = [
            check.workers.submit(_seals, whose, after, upto)
            for after, upto in _parts(self.seals_upto, SEALS_EACH)
        ]
        self.links = [
            check.workers.submit(_links, whose, after, upto, check.with_marks)
            for after, upto in _parts(self.links_upto, LINKS_EACH)
        ]

    def of_links(self) -> Iterator[str]:
        parts = [task.result() for task in self.links]
        found = sum((part.found for part in parts), Counter[str]())
        # The clinic may go on recording: what came since is read together with the counts.
        with _one_moment():
            stored = Stored(connections["default"])
            last, _ = links.head(stored, self.organisation.pk)
            since = links.check_part(
                stored, self.organisation.pk, self.links_upto, last, _keys(self.with_marks)
            )
            parts += [since, links.unlisted(stored, self.organisation.pk, found + since.found)]
        for part in parts:
            yield from map(self._said, part.problems)
            if part.more:
                yield self._said(Reason(code="problems-more", params={"more": part.more}))

    def of_seals(self) -> Iterator[str]:
        for task in self.seals:
            yield from map(self._said, task.result())
        with _one_moment():
            for problem in seals.verify_end(self.organisation, self.seals_upto):
                yield self._said(problem.reason)

    def _said(self, reason: Reason) -> str:
        return f"{self.organisation.name}: {say(reason)}"


def file_problems() -> list[str]:
    """What `RecordCheck.database` finds, of a database whose tables are another version's."""
    return [*_pages(), *_references()]


@contextmanager
def checking(
    database: dict[str, Any] | None = None, *, with_marks: bool = True
) -> Iterator[RecordCheck]:
    """database: settings that differ from those of `default`, when `default` looks at another
    one (`copies.instead`). with_marks: whether links have to bear the mark of a key at hand.
    Raises KeyFileError for a key's file that can't be read."""
    if not _is_much():
        yield RecordCheck(Here(), with_marks=with_marks)
        return
    with ProcessPoolExecutor(
        max_workers=os.cpu_count(),
        mp_context=get_context("spawn"),  # a database connection can't be shared by forking
        initializer=begin_worker,
        initargs=(database or {},),
    ) as pool:
        try:
            yield RecordCheck(pool, with_marks=with_marks)
        finally:
            pool.shutdown(cancel_futures=True)


def _is_much() -> bool:
    connection = connections["default"]
    if connection.in_atomic_block or "memory" in str(connection.settings_dict["NAME"]):
        return False
    last = links.last_numbers(Stored(connection)) if _has_chain() else ()
    return max(last, default=0) > MUCH or Seal.objects.count() > MUCH


def _has_chain() -> bool:
    return "record_link" in connections["default"].introspection.table_names()


def _parts(upto: int, each: int) -> Iterator[tuple[int, int]]:
    # A number made up by a forger must not make a million parts.
    width = max(each, upto // 1000)
    return ((after, min(after + width, upto)) for after in range(0, upto, width))


@contextmanager
def _one_moment() -> Iterator[None]:
    """Several questions to the database as it is at one moment; nobody else waits."""
    connection = connections["default"]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not Django's transaction, which takes the write lock.
        connection.ensure_connection()
        connection.connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.connection.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield


# --- tasks ----------------------------------------------------------------------------------------


def _keys(with_marks: bool) -> Keys:
    return keys.known() if with_marks else None


def _links(organisation: UUID, after: int, upto: int, with_marks: bool) -> LinksPart:
    stored = Stored(connections["default"])
    return links.check_part(stored, organisation, after, upto, _keys(with_marks))


def _seals(organisation: UUID, after: int, upto: int) -> Sequence[Reason]:
    return [problem.reason for problem in seals.verify_part(organisation, after, upto)]


def _pages() -> list[str]:
    if connections["default"].vendor != "sqlite":
        return []
    stored = Stored(connections["default"])
    return [row[0] for row in stored.rows("PRAGMA integrity_check") if row[0] != "ok"]


def _references() -> list[str]:
    if connections["default"].vendor != "sqlite":
        return []
    stored = Stored(connections["default"])
    return [
        f"{table}: a row points at {parent}, which is gone"
        for table, _, parent, _ in stored.rows("PRAGMA foreign_key_check")
    ]
