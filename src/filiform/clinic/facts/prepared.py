"""Queries whose SQL is made once.

Building a queryset and compiling it to SQL takes Django about a millisecond, the database a tenth
of that; a page with twenty queries spends most of its time on making the same twenty texts again.
A function that is marked `@prepared` builds its queryset once for each connection, with
placeholders for its arguments; afterwards only the values are filled in. Rows come back as the
same model instances (or tuples, for `values_list`) that the queryset would give.

    @prepared
    def targets_of(visit: UUID) -> QuerySet[Target]:
        return Target.objects.current().filter(visit=visit).order_by("recorded_at")

    targets_of(visit.pk)          # list[Target]
    targets_of.plainly(visit.pk)  # the same through the queryset, for the tests that compare both

docs/decisions/0012-prepared-queries.md says why, and what of Django it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import ObjectDoesNotExist
from django.db import connections
from django.db.models import Field, Model, QuerySet
from django.db.models.query import (  # type: ignore[attr-defined]  # no stub names the last
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from filiform.clinic.facts import chain
from filiform.clinic.facts.models import Chained
from filiform.clinic.facts.quick_rows import maker, quick_converter

Row = TypeVar("Row")
"""A model, or the tuple or value of `values_list`."""
One = TypeVar("One", bound=Model)
ReadRows = Iterable[tuple[Any, ...]]
Fill = Callable[[ReadRows], list[Any]]

MANY = 40
"""Ids that a query for several takes at once: two pages of a list."""

EVERY: list[Prepared[Any]] = []
"""All prepared queries of the clinic, for the test that compares each with its queryset."""


class Prepared(Generic[Row]):
    """One query by its arguments. Arguments are ids, texts, whole numbers, days and moments."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        # By connection: SQL and converters differ between engines, and each thread has its own.
        self._made: WeakKeyDictionary[Any, _Made] = WeakKeyDictionary()
        update_wrapper(self, build)
        EVERY.append(self)

    def __call__(self, *arguments: Any) -> list[Row]:
        """The rows. Raises ValueError for None: SQL would need another text for it."""
        connection = connections["default"]
        made = self._made.get(connection)
        if made is None:
            made = self._made[connection] = _make(self._build, arguments, connection)
        with connection.cursor() as cursor:
            cursor.execute(made.sql, made.bind(arguments, connection))
            return made.fill(cursor.fetchall())

    def first(self, *arguments: Any) -> Row | None:
        """The first row; the queryset should end with [:1]."""
        rows = self(*arguments)
        return rows[0] if rows else None

    def among(self, ids: Iterable[Any]) -> list[Row]:
        """The rows for any number of ids, of a query that takes `*ids`: MANY at a time, because
        the text has one mark for each. Short of that the last one stands there several times."""
        wanted = list(dict.fromkeys(ids))
        rows = []
        for start in range(0, len(wanted), MANY):
            part = wanted[start : start + MANY]
            rows += self(*part, *part[-1:] * (MANY - len(part)))
        return rows

    def plainly(self, *arguments: Any) -> list[Row]:
        """The same through Django's queryset: the referee."""
        return list(self._build(*arguments))


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Mark a function of plain values that returns a queryset."""
    return Prepared(build)


class _Made:
    """The text of a query, where each argument stands in it, and how rows become objects."""

    def __init__(self, sql: str, slots: list[int | _Constant], fill: Fill) -> None:
        self.sql, self.slots, self.fill = sql, slots, fill

    def bind(self, arguments: tuple[Any, ...], connection: Any) -> list[Any]:
        # "= NULL" is true of no row: the query would answer nothing, in silence.
        if None in arguments:
            raise ValueError("a prepared query takes no None: prepare a query for each case")
        given = [for_database(value, connection) for value in arguments]
        return [slot.value if isinstance(slot, _Constant) else given[slot] for slot in self.slots]


class _Constant:
    """A parameter that is the same at every call."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _make(
    build: Callable[..., QuerySet[Any]], arguments: tuple[Any, ...], connection: Any
) -> _Made:
    stand_ins = [_stand_in(number, value) for number, value in enumerate(arguments)]
    queryset = build(*stand_ins)
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    places = {_key(for_database(one, connection)): n for n, one in enumerate(stand_ins)}
    slots = [places.get(_key(value), _Constant(value)) for value in parameters]
    # An argument that Django folded away would be the first caller's for ever.
    lost = set(range(len(arguments))) - {slot for slot in slots if isinstance(slot, int)}
    if lost:
        raise TypeError(f"{build.__qualname__}: argument {min(lost)} is not found in its SQL")
    return _Made(sql, slots, _filler(queryset, compiler))


def _filler(queryset: QuerySet[Any], compiler: Any) -> Fill:
    """How rows become what the queryset gives."""
    # The converters of each column are looked up once, too.
    read = _reader(compiler)
    kind = cast(Any, queryset)._iterable_class
    if kind is ModelIterable:
        return _models(queryset.db, compiler, read)
    if kind not in (ValuesListIterable, FlatValuesListIterable):
        raise TypeError(f"prepared queries give models or values_list, not {kind.__name__}")
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in read(rows)]
    return lambda rows: [tuple(row) for row in read(rows)]


def _reader(compiler: Any) -> Callable[[ReadRows], Iterable[Sequence[Any]]]:
    """Values of the database → of Python, as the compiler's `apply_converters` gives them."""
    converters = compiler.get_converters([one[0] for one in compiler.select])
    if not converters:
        return lambda rows: rows
    places = [
        (place, quick_converter(of_column, expression, compiler.connection))
        for place, (of_column, expression) in converters.items()
    ]

    def read(rows: ReadRows) -> Iterable[Sequence[Any]]:
        for row in map(list, rows):
            for place, convert in places:
                row[place] = convert(row[place])
            yield row

    return read


def _models(db: str, compiler: Any, read: Callable[[ReadRows], Iterable[Sequence[Any]]]) -> Fill:
    described = compiler.klass_info
    model, fields = described["model"], described["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    make = maker(model, names, db)
    related = get_related_populators(described, compiler.select, db)

    def models(rows: ReadRows) -> list[Any]:
        found = []
        for row in read(rows):
            one = make(row[start:end])
            for populator in related:
                populator.populate(row, one)
            found.append(one)
        return found

    return models


def _stand_in(number: int, value: Any) -> Any:
    """A value of the same kind that nobody would write into a query."""
    if isinstance(value, UUID):
        return UUID(int=0xF11F0000_0000_0000_0000_0000_0000_0000 + number)
    # Before int, of which bool is a kind: Django folds both into the text.
    if isinstance(value, bool) or value is None:
        raise ValueError(f"argument {number} is {value!r}: prepare a query for each case")
    if isinstance(value, int):
        # Further out than any number that a query names, and not too large for a column.
        return -(10**15) - number
    if isinstance(value, datetime):
        return datetime(1207, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(value, date):
        return date(1207, 1, 1) + timedelta(days=number)
    if isinstance(value, str):
        return f"⟨argument {number}⟩"
    raise ValueError(
        f"argument {number} is a {type(value).__name__}; allowed are ids, texts, "
        "whole numbers, days and moments"
    )


def for_database(value: Any, connection: Any) -> Any:
    """A value as the engine takes it, None too; what Django's fields would do."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _key(value: Any) -> tuple[type, Any]:
    # Not by value alone: 1 == True. PostgreSQL's JSON parameters can't be hashed; those are
    # never arguments.
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    return type(value), value


_UPDATES: WeakKeyDictionary[Any, dict[tuple[type[Model], tuple[str, ...]], str]] = (
    WeakKeyDictionary()
)


def update(row: Model, *names: str) -> None:
    """Write some fields of a row that is there, as `save(update_fields=names)` would; the SQL is
    made once. For what may change in the record, as a visit's state: the guards of the database
    refuse the rest. Raises ObjectDoesNotExist when the row is gone."""
    connection = connections["default"]
    fields = [cast("Field[Any, Any]", row._meta.get_field(name)) for name in names]
    made = _UPDATES.setdefault(connection, {})
    sql = made.get((type(row), names))
    if sql is None:
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        key = quote(row._meta.pk.column)
        sql = f"UPDATE {quote(row._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608
        made[type(row), names] = sql
    values = [
        field.get_db_prep_save(field.pre_save(row, add=False), connection)
        for field in (*fields, row._meta.pk)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if not cursor.rowcount:
            raise ObjectDoesNotExist(f"no {row._meta.label_lower} has the id {row.pk}")


_INSERTS: WeakKeyDictionary[Any, dict[type[Model], str]] = WeakKeyDictionary()


def insert(row: One) -> One:
    """Insert a new row whose id is set, as `save(force_insert=True)` would; its SQL is made once.

    Models of the record send no signals, so none are sent here.
    """
    is_chained = isinstance(row, Chained)
    if is_chained and not chain.is_open():
        with chain.one_link():
            return insert(row)
    connection = connections["default"]
    model, fields = type(row), row._meta.concrete_fields
    made = _INSERTS.setdefault(connection, {})
    if model not in made:
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        made[model] = f"INSERT INTO {quote(row._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    # The fields' own conversion: dates, JSON and ids differ between the engines.
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(made[model], values)
    row._state.adding, row._state.db = False, connection.alias
    if is_chained:
        chain.note([row])
    return row
