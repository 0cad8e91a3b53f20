"""Rows of prepared queries become instances the short way, where that is the same.

An act reads some thirty rows of ten columns. Django's way makes a `UUID` of each id anew (most of
them are the same patient's, visit's and organisation's), and goes through `Model.__init__`, which
looks for keyword arguments, deferred columns and signals at each column of each row. Where none of
that can make a difference, it is left out; everywhere else it is Django's own way.
`tests/clinic/facts/test_prepared.py` compares both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from inspect import getattr_static
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

Convert = Callable[[Any], Any]
MOST_IDS = 20_000
"""Ids of which the object is kept; some 300 bytes each. A `UUID` can't be changed: many rows may
share one."""

id_of = lru_cache(maxsize=MOST_IDS)(UUID)


def quick_converter(converters: Sequence[Any], expression: Any, connection: Any) -> Convert:
    """One function for all converters of a column."""

    def convert(value: Any) -> Any:
        for one in converters:
            value = one(value, expression, connection)
        return value

    if connection.vendor != "sqlite" or len(converters) != 1:
        return convert
    # By name: what `get_converters` gives is a method, bound anew at each call.
    name = getattr(converters[0], "__name__", "")
    if name == "convert_uuidfield_value":
        return lambda value: None if value is None else id_of(value)
    if name == "convert_datetimefield_value" and connection.timezone is UTC:
        # The driver has read a column's text already; what an expression gives it leaves as it is.
        return lambda value: (
            value.replace(tzinfo=UTC)
            if isinstance(value, datetime) and value.tzinfo is None
            else convert(value)
        )
    return convert


def maker(model: type[Model], names: Sequence[str], db: str) -> Callable[[Sequence[Any]], Any]:
    """Values of the columns `names` → an instance, as `from_db` makes it."""
    columns = tuple(names)
    if not _is_plain(model):
        return lambda values: model.from_db(db, columns, values)

    def make(values: Sequence[Any]) -> Any:
        one = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, db
        # What setting each attribute of a fresh instance comes to; a column that was left out is
        # read when somebody asks for it, as always.
        one.__dict__.update(zip(columns, values, strict=True), _state=state)
        return one

    return make


def _is_plain(model: type[Model]) -> bool:
    """Whether nothing happens when an instance is made but that its attributes are set."""
    # Of all classes but Django's own: a base class of ours may do something, too.
    own = {name for one in model.__mro__ if one not in (Model, object) for name in vars(one)}
    is_listened_to = pre_init.has_listeners(model) or post_init.has_listeners(model)
    set_plainly = (DeferredAttribute, ForeignKeyDeferredAttribute)
    return (
        not own & {"__init__", "__new__", "__setattr__", "from_db"}
        and not is_listened_to
        and all(
            type(getattr_static(model, field.attname)) in set_plainly
            for field in model._meta.concrete_fields
        )
    )
