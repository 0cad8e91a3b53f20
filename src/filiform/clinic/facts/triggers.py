"""Triggers by which the database itself refuses to alter, delete or replace facts.

They are laid after every migration over each model that is a `Fact`, over the audit and the chain
(`guarded_models`), so that a new room is guarded without being told to and a rebuilt table gets
its guard back. Nothing can be recorded under a treatment once its seal is there.

Rows on which facts hang, a patient or a visit (`kept_models`), may be altered, but not deleted or
replaced, and their id stays.

Ways past an update or a delete, and what closes them:

- SQLite's REPLACE deletes the row in its way and fires no trigger about it. So an insert is
  refused when a row with the same id, rowid or other unique columns is there. A REPLACE by an
  update is refused likewise.
- PostgreSQL's ON CONFLICT DO UPDATE and MERGE fire the triggers of an update. Its TRUNCATE has a
  trigger of its own.
- Triggers can be dropped, emptied or switched off: `missing_guards` compares what is there with
  what should be. What was done meanwhile, the chain tells (`facts.chain`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections, models

from filiform.clinic.facts.chain import HOLD_CHAIN
from filiform.clinic.facts.models import Chained, RecordLink, RowShape
from filiform.clinic.facts.versions import trigger_names

REFUSAL = "facts are amended, never altered or deleted"
THERE = "it is there already, and facts are amended, never altered or deleted"
KEPT = "facts hang on it: it is never deleted or replaced"
SEALED = "the treatment is signed: add an amendment"

ACT_AFTER_SEAL = "treatment_act_after_seal"
POSTGRES_FUNCTIONS = {
    "filiform_refuse": f" BEGIN RAISE EXCEPTION '{REFUSAL}'; END; ",
    "filiform_keep": f" BEGIN RAISE EXCEPTION '{KEPT}'; END; ",
    "filiform_sealed": f"""
BEGIN
  IF EXISTS (SELECT 1 FROM treatment_seal WHERE treatment_id = NEW.treatment_id) THEN
    RAISE EXCEPTION '{SEALED}';
  END IF;
  RETURN NEW;
END;
""",  # noqa: S608
}


class Guard(NamedTuple):
    """One trigger. sql creates it; function: what it calls on PostgreSQL."""

    name: str
    table: str
    sql: str
    function: str = ""


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows are only ever inserted."""
    chain = (RecordLink, RowShape)
    return [model for model in apps.get_models() if issubclass(model, Chained) or model in chain]


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows may be altered, but on which a guarded row hangs, directly or by
    way of another."""
    guarded = set(guarded_models())
    found: set[type[models.Model]] = set()
    looked_at = list(guarded)
    while looked_at:
        for field in looked_at.pop()._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target not in guarded | found:
                found.add(target)
                looked_at.append(target)
    return sorted(found, key=lambda model: model._meta.db_table)


def lay_guards(using: str = "default", **_: Any) -> None:
    """Create the triggers that are missing or altered; doing it twice changes nothing."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if postgres:
            for name, body in POSTGRES_FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${body}$$ "
                    "LANGUAGE plpgsql"
                )
            cursor.execute(HOLD_CHAIN)
        known = {} if postgres else _sqlite_triggers(cursor)
        for guard in _guards(postgres=postgres):
            if guard.table in present and known.get(guard.name) != _one_line(guard.sql):
                of_table = f" ON {guard.table}" if postgres else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{of_table}")
                cursor.execute(guard.sql)


def missing_guards(using: str = "default") -> list[str]:
    """Names of triggers that should be there and are not, or do something else."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    guards = _guards(postgres=postgres)
    with connection.cursor() as cursor:
        if postgres:
            present, sound = _postgres_triggers(cursor, guards)
        else:
            known = _sqlite_triggers(cursor)
            present = set(known)
            sound = {
                guard.name for guard in guards if known.get(guard.name) == _one_line(guard.sql)
            }
    wanted = {guard.name for guard in guards}
    return sorted((wanted - sound) | (trigger_names() - present))


def _guards(*, postgres: bool) -> list[Guard]:
    of_engine = _postgres_guards if postgres else _sqlite_guards
    return list(of_engine())


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


# --- SQLite ---------------------------------------------------------------------------------------


def _sqlite_triggers(cursor: Any) -> dict[str, str]:
    """Name → the text that created it."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: _one_line(sql) for name, sql in cursor.fetchall()}


@cache
def _sqlite_guards() -> tuple[Guard, ...]:
    guards = []
    for model in guarded_models():
        table = model._meta.db_table
        guards += [
            _sqlite(table, "update", "UPDATE", "", REFUSAL),
            _sqlite(table, "delete", "DELETE", "", REFUSAL),
            _sqlite(table, "replace", "INSERT", _is_there(model), THERE),
        ]
    for model in kept_models():
        table = model._meta.db_table
        guards += [
            _sqlite(table, "update", "UPDATE", _takes_a_place(model), KEPT),
            _sqlite(table, "delete", "DELETE", "", KEPT),
            _sqlite(table, "replace", "INSERT", _is_there(model), KEPT),
        ]
    sealed = "EXISTS (SELECT 1 FROM treatment_seal WHERE treatment_id = NEW.treatment_id)"
    act = _sqlite("treatment_act", "", "INSERT", sealed, SEALED, name=ACT_AFTER_SEAL)
    return (*guards, act)


def _sqlite(
    table: str, verb: str, event: str, condition: str, refusal: str, *, name: str = ""
) -> Guard:
    name = name or f"{table}_no_{verb}"
    when = f"WHEN {condition} " if condition else ""
    # SQLite keeps this text word for word, and `missing_guards` compares it.
    sql = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    )
    return Guard(name, table, sql)


def _is_there(model: type[models.Model]) -> str:
    """Whether a row would be in the way of the new one, and REPLACE would delete it."""
    # An integer key is another name of the rowid; where none is given, NEW.rowid is -1.
    return " OR ".join(_same(model, columns) for columns in (*_unique(model), ("rowid",)))


def _takes_a_place(model: type[models.Model]) -> str:
    """Whether an update takes another id, or what is unique of another row."""
    key = model._meta.pk.column
    # IS NOT and not <>, which is true of nothing that is NULL.
    moves = f"NEW.{key} IS NOT OLD.{key} OR NEW.rowid IS NOT OLD.rowid"
    others = [
        f"({' OR '.join(f'NEW.{one} IS NOT OLD.{one}' for one in columns)}) "
        f"AND {_same(model, columns)}"
        for columns in _unique(model)
        if columns != (key,)
    ]
    return " OR ".join([moves, *others])


def _same(model: type[models.Model], columns: tuple[str, ...]) -> str:
    table = model._meta.db_table
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608


def _unique(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """Sets of columns that no two rows share. Raises TypeError for a kind of uniqueness for which
    nobody has thought of how REPLACE is refused."""
    meta = model._meta
    if isinstance(meta.pk, models.CompositePrimaryKey):
        yield tuple(field.column for field in meta.pk_fields)
    else:
        yield (meta.pk.column,)
    yield from ((f.column,) for f in meta.concrete_fields if f.unique and not f.primary_key)
    for constraint in meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        if constraint.condition is not None or not constraint.fields:
            raise TypeError(
                f"{meta.label}: {constraint.name} is unique under a condition or by an expression; "
                "facts.triggers can refuse a REPLACE by columns alone"
            )
        columns = {field.name: field.column for field in meta.concrete_fields}
        yield tuple(columns[name] for name in constraint.fields)


# --- PostgreSQL -----------------------------------------------------------------------------------


@cache
def _postgres_guards() -> tuple[Guard, ...]:
    guards = []
    for model in guarded_models():
        table = model._meta.db_table
        guards += [
            _postgres(table, "update", "UPDATE", "ROW", "filiform_refuse"),
            _postgres(table, "delete", "DELETE", "ROW", "filiform_refuse"),
            _postgres(table, "truncate", "TRUNCATE", "STATEMENT", "filiform_refuse"),
        ]
    for model in kept_models():
        table, key = model._meta.db_table, model._meta.pk.column
        moves = f"ROW WHEN (NEW.{key} IS DISTINCT FROM OLD.{key})"
        guards += [
            _postgres(table, "update", "UPDATE", moves, "filiform_keep"),
            _postgres(table, "delete", "DELETE", "ROW", "filiform_keep"),
            _postgres(table, "truncate", "TRUNCATE", "STATEMENT", "filiform_keep"),
        ]
    act = _postgres("treatment_act", "", "INSERT", "ROW", "filiform_sealed", name=ACT_AFTER_SEAL)
    return (*guards, act)


def _postgres(
    table: str, verb: str, event: str, each: str, function: str, *, name: str = ""
) -> Guard:
    name = name or f"{table}_no_{verb}"
    sql = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {function}()"
    )
    return Guard(name, table, sql, function)


def _postgres_triggers(cursor: Any, guards: list[Guard]) -> tuple[set[str], set[str]]:
    """(names of the triggers that are switched on, names of the guards that are as they should
    be)."""
    cursor.execute(
        "SELECT tgname, proname, prosrc, tgenabled, pg_get_triggerdef(pg_trigger.oid) "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    )
    present, works = set(), {}
    for name, function, body, enabled, sql in cursor.fetchall():
        # Fires in every ordinary session. D is switched off; R fires on a replica alone.
        if enabled in ("O", "A"):
            present.add(name)
            works[name] = (function, body, _plain_definition(sql))
    sound = {
        guard.name
        for guard in guards
        if works.get(guard.name)
        == (guard.function, POSTGRES_FUNCTIONS[guard.function], _plain_definition(guard.sql))
    }
    return present, sound


def _plain_definition(sql: str) -> str:
    """PostgreSQL tells a trigger in its own spelling: with the schema, parentheses and capitals."""
    for mark in ("public.", "(", ")", '"'):
        sql = sql.replace(mark, "")
    return _one_line(sql).lower()
