"""What a migration leaves behind: the shapes of today, and the beginning of a chain over the rows
of a clinic that had none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction

from filiform.clinic.facts.chain import BEGINNING, append
from filiform.clinic.facts.models import Chained, RecordLink, RowShape
from filiform.clinic.facts.rows import shape_of
from filiform.clinic.facts.stored import Stored, table_of
from filiform.clinic.facts.triggers import guarded_models

FIRST_WITH_CHAIN = ("record", "0004_chain")
ROWS_EACH = 1000
"""Rows in one link of a beginning: 56 kB."""


def chained_models() -> list[type[models.Model]]:
    """Every model whose rows stand in a chain."""
    return [model for model in guarded_models() if issubclass(model, Chained)]


def lay_shapes(using: str = "default", **_: Any) -> None:
    """Note the shapes in which rows are written from now on; those of before stay."""
    connection = connections[using]
    # Called after every migration, also one that stops before that table.
    if RowShape._meta.db_table not in connection.introspection.table_names():
        return
    known = set(RowShape.objects.using(using).values_list("key", flat=True))
    shapes = (shape_of(model) for model in chained_models())
    RowShape.objects.using(using).bulk_create(
        RowShape(key=shape.key.hex(), label=shape.label, columns=",".join(shape.columns))
        for shape in shapes
        if shape.key.hex() not in known
    )


def begin_chains(using: str = "default", plan: Any = (), **_: Any) -> None:
    """In the very migration that brings the chain: link what was recorded before.

    Never later: whoever took a chain away would else be given a new one over what is left.
    """
    steps = {(step.app_label, step.name) for step, backwards in plan if not backwards}
    if FIRST_WITH_CHAIN not in steps:
        return
    connection = connections[using]
    with transaction.atomic(using=using):
        chained = set(RecordLink.objects.using(using).values_list("organisation", flat=True))
        for organisation in _organisations(connection) - chained:
            begin(organisation, connection)


def begin(organisation: UUID, connection: Any) -> None:
    """The first links of a chain, over all that is there."""
    entries = _entries(organisation, connection)
    while part := b"".join(islice(entries, ROWS_EACH)):
        append(organisation, part, connection=connection, kind=BEGINNING)


def _entries(organisation: UUID, connection: Any) -> Iterator[bytes]:
    stored = Stored(connection)
    for model in chained_models():
        table = table_of(shape_of(model))
        if table is not None:
            yield from stored.entries(table, organisation)


def _organisations(connection: Any) -> set[UUID]:
    found: set[UUID] = set()
    for model in chained_models():
        of_model = model._base_manager.using(connection.alias)
        # In an order of its own: the model's would be asked for, too, and then nothing is distinct.
        found |= set(of_model.order_by().values_list("organisation_id", flat=True).distinct())
    return found
