"""Answers to a questionnaire as a patient sends them from home before a visit.

score  name: a free measure of outcomes; value: {items, about}; about: PSFS's activities
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from filiform.clinic.intake.models import SentIn
from filiform.clinic.intake.parts import (
    PARTS,
    Compared,
    Differs,
    NotSendable,
    PartAtHome,
    Told,
)
from filiform.clinic.progress.actions import is_free, record_score
from filiform.clinic.progress.models import OutcomeScore
from filiform.outcomes.instruments import score
from filiform.outcomes.scales import scales

if TYPE_CHECKING:
    from filiform.clinic.facts.models import Fact
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

LONGEST_ABOUT = 120


def put_in() -> None:
    PARTS["score"] = PartAtHome(check, compare, take)


def check(told: Told) -> None:
    if not is_free(told.name):
        raise NotSendable(f"no free measure {told.name!r}")
    value: Any = told.value
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        raise NotSendable(f"{told.name}: answers are a list, got {value!r}")
    about = value.get("about", [])
    if not isinstance(about, list) or any(len(str(one)) > LONGEST_ABOUT for one in about):
        raise NotSendable(f"{told.name}: an activity has at most {LONGEST_ABOUT} characters")
    # `True` is a whole number to Python.
    if any(isinstance(one, bool) or not isinstance(one, int | None) for one in value["items"]):
        raise NotSendable(f"{told.name}: answers are whole numbers, got {value['items']!r}")
    try:
        score(told.name, value["items"])
    except ValueError as error:
        raise NotSendable(str(error)) from None


def compare(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    value: Any = row.value
    last = (
        OutcomeScore.objects.current()
        .filter(patient=patient, scale=row.name)
        .order_by("-taken_at")
        .first()
    )
    said = _in_words(value["items"], value.get("about", ()))
    has = _in_words(last.items or [last.value], last.about) if last else ""
    differs: Differs = "new" if not has else "same" if has == said else "changed"
    return Compared(scales()[row.name].name.in_language(get_language() or "en"), said, has, differs)


def _in_words(items: Sequence[Any], about: Sequence[str]) -> str:
    shown = ["–" if one is None else f"{one:g}" for one in items]
    if not about:
        return ", ".join(shown)
    return "; ".join(f"{what}: {one}" for what, one in zip(about, shown, strict=False))


def take(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    """The patient's own answer, of the day on which it was given."""
    # A questionnaire is one answer, sent as one row.
    (row,) = rows
    value: Any = row.value
    return record_score(
        by=by, patient=visit.patient, scale=row.name, taken_at=row.recorded_at,
        # The row's own id: reviewed on two tablets it is taken over once.
        items=value["items"], about=value.get("about", ()), score_id=row.pk,
    )  # fmt: skip
