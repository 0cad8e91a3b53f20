"""The one way in which a fact takes the place of another: amended, voided, held while one decides.

with recording("target-dropped", by=by) as entry:
    entry.about(voided(target, by=by, why=why))
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from filiform.clinic.facts import chain
from filiform.clinic.facts.models import Fact
from filiform.clinic.facts.recording import Author

Row = TypeVar("Row", bound=Fact)
ITS_OWN = frozenset({"id", "recorded_at", "recorded_by", "replaces", "is_void", "why"})
"""Columns that a version doesn't take over from the one before it."""


class ChangedMeanwhile(Exception):
    """Somebody amended or voided the fact since it was shown."""


def amended(row: Row, *, by: Author, why: str = "", **changes: Any) -> Row:
    """Insert a copy of a fact with changes, in its place; the former stays readable.

    Raises ChangedMeanwhile when another version took its place already.
    """
    return in_place(next_version(row, by=by, why=why, **changes))


def voided(row: Row, *, by: Author, why: str) -> Row:
    """Take a fact back that should not have been recorded. Raises ValueError without a why, and
    as `amended`."""
    require_why(why)
    return amended(row, by=by, why=why, is_void=True)


def next_version(row: Row, *, by: Author, why: str = "", **changes: Any) -> Row:
    """The copy that `amended` inserts, for a room that has to check it first."""
    model = type(row)
    same = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in ITS_OWN
    }
    return model(**{**same, **changes}, recorded_by=by, replaces=row, why=why.strip())


def in_place(row: Row) -> Row:
    """Insert a fact that may replace another one.

    Two people who amend the same fact at once both found it current; the database lets one of
    them in. Raises ChangedMeanwhile for the other, who has to see what it is now.
    """
    try:
        # A savepoint: PostgreSQL would refuse every later statement of the transaction.
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        before = row.replaces_id  # type: ignore[attr-defined]  # the column of `replaces`
        if before is None or not type(row)._base_manager.filter(replaces=before).exists():
            raise
        raise ChangedMeanwhile from error
    return row


def require_why(why: str) -> None:
    """Raises ValueError for a reason of blanks."""
    if not why.strip():
        raise ValueError("a fact is amended or voided with a reason; none was given")


def hold(row: models.Model) -> None:
    """Keep a patient, a visit or an organisation to oneself until the transaction ends.

    What is decided from facts ("is there one already?") must not be decided twice at once. SQLite
    holds the whole file anyway. The row's key stays free: facts that name it are written meanwhile,
    and PostgreSQL's look at it, at their commit, must not wait for who waits for the chain.

    The organisation's turn to write comes first, as in `recording`: who held the row and then
    waited for the turn would be waited for by whoever has the turn and alters that row.
    """
    chain.hold(getattr(row, "organisation_id", row.pk))
    type(row)._base_manager.select_for_update(no_key=True).only("pk").get(pk=row.pk)
