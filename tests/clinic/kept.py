"""People and visits that many tests begin with are worked out once; later tests get the same rows.

A visit that is ready for a needle takes some 250 writes, each after questions to the rules: a
seventh of a second, before each of hundreds of tests. The first test that needs one makes it
through the actions, and what was written is noted; the next ones get these very writes again,
which is twenty times faster, and fresh copies of what the maker answered. Each test still starts
with an empty database and is rolled back as ever.

Whatever could make a difference is made anew: after a write of the test's own, while the clock
is the test's, for an object that was not kept itself, when the copy is a minute old, and on
another day than that of the copy.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

OLDEST_S = 60
"""Visits are booked for the present moment: an older copy would stand noticeably in the past."""

NO_WRITE = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA", "WITH", "EXPLAIN")
SIGNING_IN = ('"django_session"', 'SET "last_login"')
"""Nothing that is kept rests on who is signed in where."""

TRUE_CLOCK = timezone.now

Key = tuple[Any, ...]
Write = tuple[str, Any, bool]


@dataclass(frozen=True)
class Copy:
    """writes: SQL, parameters, many. values: all that was kept so far, the new one last, copied
    together, so that a visit's patient is the patient. made_at stands for the whole state."""

    made_at: float
    writes: tuple[Write, ...]
    values: list[Any]


COPIES: dict[Key, Copy] = {}


class Kept:
    """For one test: `kept(make, *given)` is `make(*given)`, made or given again."""

    def __init__(self) -> None:
        self.state = 0.0
        self.values: list[Any] = []
        self.is_touched = False
        self._notes: list[Write] | None = None
        self._is_giving_again = False

    def __call__(self, make: Callable[..., Any], *given: Any, **named: Any) -> Any:
        key = self._key(make, given, named)
        if key is None:
            self.is_touched = True
            return make(*given, **named)
        found = COPIES.get(key)
        if found is None or time.monotonic() - found.made_at > OLDEST_S:
            return self._made(key, make, given, named)
        value = self._given_again(found)
        self.values.append(value)
        self.state = found.made_at
        return value

    def _key(self, make: Callable[..., Any], given: Key, named: dict[str, Any]) -> Key | None:
        """Everything the result rests on: what was made before it, by whom, of what. None when
        it rests on something else too."""
        if self.is_touched or timezone.now is not TRUE_CLOCK:
            return None
        words = [*given, *named.items()]
        if not all(self._is_known(word) for word in words):
            return None
        names = tuple(str(getattr(word, "pk", word)) for word in words)
        return (timezone.localdate(), self.state, make.__module__, make.__qualname__, names)

    def _is_known(self, word: Any) -> bool:
        if isinstance(word, (list, tuple)):
            return all(self._is_known(one) for one in word)
        return not isinstance(word, Model) or any(word is one for one in self._all_values())

    def _all_values(self) -> Iterator[Any]:
        for value in self.values:
            yield from value if isinstance(value, (list, tuple)) else (value,)

    def _made(self, key: Key, make: Callable[..., Any], given: Key, named: dict[str, Any]) -> Any:
        made_at, self._notes = time.monotonic(), []
        try:
            value = make(*given, **named)
        finally:
            notes, self._notes = self._notes, None
        self.values.append(value)
        if not all(_is_repeatable(sql) for sql, _, _ in notes):
            self.is_touched = True
        else:
            COPIES[key] = Copy(made_at, tuple(notes), copy.deepcopy(self.values))
            self.state = made_at
        return value

    def _given_again(self, found: Copy) -> Any:
        self._is_giving_again = True
        try:
            with connection.cursor() as cursor:
                for sql, parameters, many in found.writes:
                    (cursor.executemany if many else cursor.execute)(sql, parameters)
        finally:
            self._is_giving_again = False
        *before, last = found.values
        known: dict[int, Any] = {}
        pairs = list(_pairs(before, self.values))
        known.update((id(then), now) for then, now in pairs)
        for then, now in pairs:
            now.__dict__.clear()
            now.__dict__.update(copy.deepcopy(then.__dict__, known))
        return copy.deepcopy(last, known)

    def watch(self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool,
              context: dict[str, Any]) -> Any:  # fmt: skip
        """Stands around every statement of the test."""
        if not sql.lstrip().upper().startswith(NO_WRITE):
            if self._notes is not None:
                self._notes.append((sql, list(parameters) if many else parameters, many))
            elif not self._is_giving_again and not _is_harmless(sql):
                self.is_touched = True
        return execute(sql, parameters, many, context)


def _is_harmless(sql: str) -> bool:
    return sql.startswith("ROLLBACK") or any(mark in sql for mark in SIGNING_IN)


def _is_repeatable(sql: str) -> bool:
    """A step that was undone is not, nor a row whose number the database gives out: it would be
    another one. Search terms have such numbers too, but nothing refers to them."""
    if sql.startswith("ROLLBACK"):
        return False
    return " RETURNING " not in sql or sql.startswith('INSERT INTO "patients_searchterm"')


def _pairs(then: Any, now: Any) -> Iterator[tuple[Model, Model]]:
    if isinstance(then, Model):
        yield then, now
    elif isinstance(then, (list, tuple)):
        for one, other in zip(then, now, strict=True):
            yield from _pairs(one, other)


@contextmanager
def keeping() -> Iterator[Kept]:
    """What a test's fixtures make their people with."""
    kept = Kept()
    with connection.execute_wrapper(kept.watch):
        yield kept
