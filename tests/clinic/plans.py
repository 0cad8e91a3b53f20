"""How SQLite means to answer what was asked: whether it goes through a table that grows for years.

Everything counts as growing but what is named in FEW_ROWS, so that a new table is looked at, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

FEW_ROWS = re.compile(
    r"staff_|diary_(service|room|working|absence|feed)|booking_waiting|django_|couch_boardlink"
    r"|supplies_(needleproduct|lot)|payments_(price|till)|programme_programmetemplate"
    r"|frontdoor_(inboxrule|answertext|publictext|photograph)|atlas_"
)
"""Tables whose rows are people, rooms and rules of the clinic"""
LARGE_PARTS = {"outgoing_failed", "outgoing_paid", "outgoing_to"}
"""Partial indexes whose rows grow with the years all the same; of the others each holds what is
under way."""
ALIKE = {"organisation_id", "site_id", "practitioner_id", "kind", "scale", "action"}
"""Columns of which one value holds for a good part of a table: named alone they narrow nothing. A
state does: what is asked for by its state is under way."""
NULL_ONCE_OVER = {"rings_at"}
LEFT = {
    # Plans of care whose review is due, without those of ended episodes: an ending is a row of its
    # own that no index of plans can know, and from which day on nobody asks is not ours to say.
    "care_review",
}
"""Indexes gone through all the same, and why"""

STEP = re.compile(
    r"^(SCAN|SEARCH) (\S+)(?: USING (.*?)(?:INDEX|PRIMARY KEY) ?(\w*)(?: \((.*)\))?)?"
    r"(?: LEFT-JOIN)?$"
)
NAMED = re.compile(r'(?:FROM|JOIN|UPDATE|INTO) "(\w+)"(?: (?:AS )?"?(\w+)"?)?')

Query = tuple[str, tuple[Any, ...]]


@contextmanager
def asking() -> Iterator[list[Query]]:
    """What is asked of the database within, with its parameters apart: written into the text
    they would let SQLite use an index that it doesn't use for a parameter."""
    found: list[Query] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many:
            found.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def walks(queries: list[Query]) -> list[str]:
    """Each way through a growing table, with the query."""
    found = []
    for sql, params in dict.fromkeys((sql, params) for sql, params in queries):
        if not sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            continue
        found += [f"{line}\n    {sql % _short(params)}" for line in _walks(sql, params)]
    return list(dict.fromkeys(found))


def _short(params: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(repr(str(one)) for one in params)


def _walks(sql: str, params: tuple[Any, ...]) -> Iterator[str]:
    tables: dict[str, set[str]] = {}
    for table, alias in NAMED.findall(sql):
        tables.setdefault(table, set()).add(table)
        tables.setdefault(alias, set()).add(table)
    with connection.cursor() as cursor:
        # Past the wrapper, and with the parameters as the query itself has them.
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [row[3] for row in cursor.fetchall()]
        for line in lines:
            step = STEP.match(line)
            if step is None:
                assert not line.startswith(("SCAN", "SEARCH")) or "(" in line.split()[1], line
                continue
            how, alias, way, index, bounds = step.groups()
            grows = {one for one in tables.get(alias, ()) if not FEW_ROWS.match(one)}
            # An index made for this query alone is made of the whole table.
            is_made = "AUTOMATIC" in (way or "")
            if grows and (is_made or _goes_through(cursor, how, index or "", bounds or "")):
                yield f"{line} [{', '.join(sorted(grows))}]"


def _goes_through(cursor: Any, how: str, index: str, bounds: str) -> bool:
    if how == "SCAN" and not index:
        return True
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
    row = cursor.fetchone()
    is_part = bool(row and row[0] and " WHERE " in row[0])
    if (is_part and index not in LARGE_PARTS) or index in LEFT:
        return False
    if how == "SCAN":
        return True
    named = re.findall(r"(\w+)([=<>])\?", bounds)
    # An end without a beginning lies in the past as a whole.
    return bool(named) and all(
        column in ALIKE or (sign == "<" and column not in NULL_ONCE_OVER) for column, sign in named
    )


STEPS = 100
"""SQLite tells of its steps each so many."""


def steps(ask: Callable[[], Any]) -> int:
    """Steps of SQLite's machine, to within `STEPS` a query: no other program changes them."""
    told = 0

    def tell() -> int:
        nonlocal told
        told += STEPS
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tell, STEPS)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return told
