"""What scores of a patient say: each measure's course, judged, and what is to be asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from filiform.clinic.progress import queries
from filiform.clinic.progress.actions import is_free
from filiform.clinic.progress.models import OutcomeScore
from filiform.outcomes.cohort import Certainty, certainty
from filiform.outcomes.instruments import Instrument, instruments
from filiform.outcomes.scales import Scale, ScoreChange, change, scales

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

AGAIN_AFTER = timedelta(days=7)
"""Between visits a measure is asked at most this often (OUTCOMES-4: windows of 7 days)."""
MOST_SCORES = 200


@dataclass(frozen=True)
class MeasureCourse:
    """One measure over time. rows: oldest first, of one complaint; change: first against last, and
    between what it lies with the measurement error."""

    scale: Scale
    rows: list[OutcomeScore]
    change: ScoreChange | None
    between: Certainty | None


def courses(patient: Patient) -> list[MeasureCourse]:
    """By measure, in the order of the table of scales. Scores of different complaints are never
    compared: each course is that of the newest complaint with a score."""
    rows = (
        OutcomeScore.objects.current()
        .filter(patient=patient)
        .select_related("recorded_by")
        # The newest are read and then turned round: a course that long has its beginning cut off.
        .order_by("-taken_at", "-pk")[:MOST_SCORES]
    )
    found: dict[str, list[OutcomeScore]] = {}
    for row in reversed(rows):
        found.setdefault(row.scale, []).append(row)
    visits = {story.visit_id for story in queries.stories(patient)}
    group = queries.population(patient, visits)
    return [_course(one, found[key], group) for key, one in scales().items() if key in found]


def _course(scale: Scale, rows: list[OutcomeScore], group: str) -> MeasureCourse:
    same = [row for row in rows if row.episode_id == rows[-1].episode_id]
    values = [row.value for row in same if row.value is not None]
    # A measure of change itself, such as the global rating, is judged by its one answer.
    if len(values) < 2 and not (scale.single and values):
        return MeasureCourse(scale, same, None, None)
    judged = change(scale.id, values[0], values[-1], group=group)
    return MeasureCourse(scale, same, judged, certainty(judged))


def due_between_visits(patient: Patient, *, now: datetime) -> list[Instrument]:
    """Measures that the patient may be asked on their own page today: free ones that were answered
    before in this complaint, not within the last week. For the patient's page and for sending."""
    found = []
    for course in courses(patient):
        last = course.rows[-1]
        # Others may only be asked on the clinic's own licensed form.
        if is_free(course.scale.id) and now - last.taken_at >= AGAIN_AFTER:
            found.append(instruments()[course.scale.id])
    return found


def psfs_activities(patient: Patient) -> list[str]:
    """The activities that the patient named first: the same ones are asked at every visit."""
    row = (
        OutcomeScore.objects.current()
        .filter(patient=patient, scale="psfs")
        .exclude(about=[])
        .order_by("-taken_at")
        .first()
    )
    return list(row.about) if row is not None else []
