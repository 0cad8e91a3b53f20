"""Tables of cases as one test each: quick to run, and a failure still names every case that fails.

A parametrized test costs pytest some milliseconds of set-up for each row, which for the tables of
clinical cases is more than the checks themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

SHOWN = 20


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
    lines = [f"{case}: {_first_line(failure)}" for case, failure in failures[:SHOWN]]
    if len(failures) > SHOWN:
        lines.append(f"... and {len(failures) - SHOWN} more")
    summary = f"{len(failures)} of {count} cases fail:\n" + "\n".join(lines)
    raise AssertionError(summary) from failures[0][1]


def _first_line(failure: Exception) -> str:
    told = str(failure).strip().splitlines()
    return f"{type(failure).__name__} {told[0] if told else ''}".strip()
