"""Soreness after each of the last treatments, by the hour, as the checks tell it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import of_files
from filiform.outcomes.soreness import GoneBetween, SoreAnswer, gone_between

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

SHOWN = 5
"""The newest treatments; more curves over each other can't be told apart."""
ANSWERS_READ = 60
UNTIL_H = 192.0
"""The right end of the chart: a day beyond the last check."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560.0, 200.0, 40.0, 16.0, 12.0, 30.0


@dataclass(frozen=True)
class SoreCurve:
    """One treatment. path: its line in the chart; dots: (x, y)."""

    treated_at: datetime
    visit: UUID
    answers: tuple[SoreAnswer, ...]
    gone: GoneBetween | None
    path: str
    dots: tuple[tuple[str, str], ...]


@prepared
def _answered(
    patient: UUID,
) -> QuerySet[CheckOutcome, tuple[datetime, object, datetime, UUID]]:
    return (
        CheckOutcome.objects.current()
        .filter(patient=patient, result="answered")
        .order_by("-recorded_at")
        .values_list(
            *("recorded_at", "report"),
            *("check_due__treatment__started_at", "check_due__treatment__visit"),
        )[:ANSWERS_READ]
    )


def sore_curves(patient: Patient) -> list[SoreCurve]:
    """The newest first; treatments after which nobody told of soreness, or none, are left out."""
    found: dict[tuple[datetime, UUID], list[SoreAnswer]] = defaultdict(list)
    # Of both files of a person: the soreness was one body's.
    for at, report, treated_at, visit in of_files(_answered, patient):
        value = report.get("soreness_nprs") if isinstance(report, dict) else None
        hour = (at - treated_at) / timedelta(hours=1)
        if value is not None and hour >= 0:
            found[(treated_at, visit)].append(SoreAnswer(round(hour, 1), int(value)))
    newest = sorted(found, key=lambda key: key[0], reverse=True)[:SHOWN]
    return [_curve(key, sorted(found[key], key=lambda one: one.hour)) for key in newest]


def _curve(key: tuple[datetime, UUID], answers: list[SoreAnswer]) -> SoreCurve:
    dots = tuple((f"{_x(one.hour):.1f}", f"{_y(one.nprs):.1f}") for one in answers)
    return SoreCurve(
        treated_at=key[0],
        visit=key[1],
        answers=tuple(answers),
        gone=gone_between(answers),
        path="M " + " L ".join(f"{x} {y}" for x, y in dots),
        dots=dots,
    )


def _x(hour: float) -> float:
    return LEFT + min(hour / UNTIL_H, 1.0) * (WIDTH - LEFT - RIGHT)


def _y(nprs: float) -> float:
    return HEIGHT - BOTTOM - nprs / 10 * (HEIGHT - TOP - BOTTOM)


VIEW_BOX = f"0 0 {WIDTH:g} {HEIGHT:g}"
# The days on which the checks ask.
DAYS = tuple((f"{_x(24 * day):.1f}", str(day)) for day in (0, 1, 3, 7))
SCORES = tuple((f"{_y(score):.1f}", str(score)) for score in (0, 5, 10))
FRAME = {
    "view_box": VIEW_BOX,
    "days": DAYS,
    "scores": SCORES,
    "left": f"{LEFT:g}",
    "right": f"{WIDTH - RIGHT:g}",
    "label_y": f"{HEIGHT - BOTTOM + 20:g}",
}
"""What the template draws behind every curve."""
