"""What a case of a table writes is undone before the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """A savepoint that is always rolled back. Rows only: instances in memory keep what they got."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
