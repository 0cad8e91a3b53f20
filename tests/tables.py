"""Tables of cases as one test each: quick to run, and a failure still names every case that fails.

A parametrized test costs pytest some milliseconds of set-up for each row, which for the tables of
clinical cases is more than the checks themselves.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

Test = Callable[..., None]


def check_each(
    cases: Iterable[Any], check: Callable[..., None], *, name: Callable[[Any], str] = str
) -> None:
    """Run `check` on every case; those that fail are all named, the first with its traceback.

    A case that is a tuple is given as arguments. An empty table fails: it would check nothing.
    """
    failures: list[tuple[str, Exception]] = []
    count = 0
    for case in cases:
        count += 1
        try:
            check(*case) if isinstance(case, tuple) else check(case)
        except Exception as failure:  # whatever goes wrong with a case is told with its name
            failures.append((name(case), failure))
    assert count, "the table holds no case"
    if not failures:
        return
    lines = [f"{case}: {_first_line(failure)}" for case, failure in failures]
    summary = f"{len(failures)} of {count} cases fail:\n" + "\n".join(lines)
    raise AssertionError(summary) from failures[0][1]


def _first_line(failure: Exception) -> str:
    told = str(failure).strip().splitlines()
    return f"{type(failure).__name__} {told[0] if told else ''}".strip()


def in_one_test(
    names: str | tuple[str, ...],
    cases: Iterable[Any],
    *,
    ids: Callable[[Any], str] = str,
    around: Callable[[], AbstractContextManager[Any]] = nullcontext,
) -> Callable[[Test], Test]:
    """`check_each`, written where `pytest.mark.parametrize` would stand: the test stays as it is.

    Fixtures are made once for the whole table; a test that leaves something behind undoes it by
    `around`, a context manager that is entered for each case.

    names: one name, whose cases are single values, or several, whose cases are sequences.
    ids: gives a case its name, from its first value; else all its values name it.
    """
    wanted = names if isinstance(names, tuple) else (names,)
    table = [tuple(one) if isinstance(names, tuple) else (one,) for one in cases]

    def case_name(values: tuple[Any, ...]) -> str:
        return ", ".join(map(str, values)) if ids is str else ids(values[0])

    def wrap(test: Test) -> Test:
        @functools.wraps(test)
        def whole_table(**fixtures: Any) -> None:
            def check(*values: Any) -> None:
                with around():
                    test(**dict(zip(wanted, values, strict=True)), **fixtures)

            check_each(table, check, name=case_name)

        # pytest reads from the signature which fixtures to make; the cases are no fixtures.
        asked = inspect.signature(test).parameters
        whole_table.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [asked[name] for name in asked if name not in wanted]
        )
        return whole_table

    return wrap
