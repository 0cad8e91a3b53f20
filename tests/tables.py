"""A table of cases as one test that names every case which fails.

A test for each of thousands of cases spends its time in the runner: setting up, reporting and
sending to the other process take longer than one question to the rules.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

Test = Callable[..., None]


def in_one_test(
    names: str | tuple[str, ...],
    cases: Iterable[Any],
    *,
    ids: Callable[[Any], str] | None = None,
    around: Callable[[], AbstractContextManager[Any]] = nullcontext,
) -> Callable[[Test], Test]:
    """To be written where `pytest.mark.parametrize` would stand; the test itself stays as it is.

    Every case runs, also after one has failed, and the failure names them all. Fixtures are made
    once for the whole table: a test that leaves something behind undoes it by `around`, a
    context manager that is entered for each case.

    names: one name, whose cases are single values, or several, whose cases are sequences.
    ids: gives a case its name, from its first value; else the values name it.
    """
    several = isinstance(names, tuple)
    wanted = names if isinstance(names, tuple) else (names,)
    table = [tuple(one) if several else (one,) for one in cases]

    def wrap(test: Test) -> Test:
        @functools.wraps(test)
        def whole_table(**fixtures: Any) -> None:
            __tracebackhide__ = True
            broken = []
            for values in table:
                try:
                    with around():
                        test(**dict(zip(wanted, values, strict=True)), **fixtures)
                # Whatever a case raises, the others must still be tried and told.
                except Exception as error:
                    name = ids(values[0]) if ids else ", ".join(map(str, values))
                    broken.append(f"{name}\n{_told(error, test)}")
            if not table:
                pytest.fail("The table has no cases: nothing was tested.", pytrace=False)
            if broken:
                count = f"{len(broken)} of {len(table)} cases fail:"
                pytest.fail("\n\n".join((count, *broken)), pytrace=False)

        # pytest reads from the signature which fixtures to make; the cases are no fixtures.
        asked = inspect.signature(test).parameters
        whole_table.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [asked[name] for name in asked if name not in wanted]
        )
        return whole_table

    return wrap


def _told(error: Exception, test: Test) -> str:
    """Where in the test a case failed, and what was said there, each line indented."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if one.filename == test.__code__.co_filename]
    where = f"line {own[-1].lineno}: {own[-1].line}" if own else ""
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return "\n".join(f"    {line}" for line in f"{where}\n{kind}{error}".strip().splitlines())
