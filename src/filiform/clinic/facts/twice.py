"""What a form that was sent twice has made already.

with recording("room-saved", by=by) as entry:
    there = sent_before(Room, key, entry)       # under the turn to write: two taps at once
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from filiform.clinic.facts.recording import EntryDraft

Row = TypeVar("Row", bound=models.Model)


def sent_before(model: type[Row], key: UUID | None, entry: EntryDraft) -> Row | None:
    """The row that the same form has made, which is all that it makes; the audit notes that it was
    sent again. key: made with the form; None for what no form has sent."""
    there = None if key is None else model._default_manager.filter(pk=key).first()
    if there is not None:
        entry.about(there, again=True)
    return there
