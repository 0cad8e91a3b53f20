"""How rows of the disclosure are written: checked, one after another, the former kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from django.db import IntegrityError, transaction

from filiform.clinic.facts.models import Fact
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.patients.models import Patient
from filiform.disclosure import Coding, Kind, Status

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

Row = TypeVar("Row", bound=Fact)
SIDES = ("", "left", "right", "midline", "bilateral")


class Contradiction(ValueError):
    """ "Nothing" was said about a kind of which something is listed; the message names it."""


class ChangedMeanwhile(Exception):
    """Somebody amended or voided the fact since it was shown."""


def insert_after(row: Row, *, by: Member, why: str, **changes: Any) -> Row:
    """A copy of a row with changes, in its place."""
    model = type(row)
    same = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in ("id", "recorded_at", "recorded_by", "replaces", "is_void", "why")
    }
    after = model(**{**same, **changes}, recorded_by=by, replaces=row, why=why.strip())
    if isinstance(after, DisclosedFact) and not after.is_void:
        check({field.name: getattr(after, field.name) for field in model._meta.concrete_fields})
    try:
        with transaction.atomic():
            after.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    return after


def check(row: dict[str, Any]) -> None:
    if not row["text"] and not row["none_known"]:
        raise ValueError("the text is empty; say in words what it is")
    if row["side"] not in SIDES:
        raise ValueError(f"side is {row['side']!r}; allowed are {', '.join(SIDES[1:])} or none")
    if row["start"] and row["end"] and row["end"] < row["start"]:
        raise ValueError(f"it ends on {row['end']}, before it began on {row['start']}")
    Kind(row["kind"])
    Status(row["status"])


def plain(codings: Iterable[Any]) -> list[dict[str, str]]:
    found = []
    for coding in codings:
        one = coding if isinstance(coding, Coding) else msgspec.convert(coding, Coding)
        found.append({"system": one.system, "code": one.code, "display": one.display})
    return found


def require_why(why: str) -> None:
    if not why.strip():
        raise ValueError("a fact is amended or voided with a reason; none was given")


def lock(patient: Patient) -> None:
    """Hold the patient's row, so that two people's taps come one after the other."""
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=patient.pk)
