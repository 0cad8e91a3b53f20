"""One page reads each fact once.

The rail asks nine rooms for their state, and several of them look at the same targets, the same
screening, the same consent. Inside `one_reading()` a query that is marked `@read_once` goes to
the database once for each visit (or patient). The guards open one for every page that is only
read. Outside of it nothing is remembered, so that no action ever decides on something old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_read: ContextVar[dict[Any, Any] | None] = ContextVar("read", default=None)


@contextmanager
def one_reading(*, anew: bool = False) -> Iterator[None]:
    """What is read in here is read once. Nested readings share what was read.

    anew: begin with nothing, whatever is open outside: for what is decided under a lock.
    """
    if _read.get() is not None and not anew:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_anew() -> None:
    """Forget what the open reading has read; what was remembered may not hold any more."""
    known = _read.get()
    if known is not None:
        known.clear()


def read_once(query: Callable[P, T]) -> Callable[P, T]:
    """For queries whose arguments are rows (known by their id) and plain values."""

    @wraps(query)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _read.get()
        if known is None:
            return query(*args, **kwargs)
        named = tuple((name, _key(value)) for name, value in sorted(kwargs.items()))
        key = (query, tuple(map(_key, args)), named)
        if key not in known:
            known[key] = query(*args, **kwargs)
        found: T = known[key]
        return found

    return remembered


def _key(value: Any) -> Any:
    # By the id alone: ids are made at random, so that no row of another model has the same.
    return getattr(value, "pk", value)
