"""What the record has to say in a letter, read once, in the language that is switched on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from filiform.clinic.assessment.complaints import complaint_name
from filiform.clinic.assessment.models import Finding, Story
from filiform.clinic.assessment.vocabulary import FINDINGS
from filiform.clinic.patients.births import birth_in_words
from filiform.clinic.patients.files import files_of
from filiform.clinic.programme import care
from filiform.clinic.programme.models import PlanOfCare
from filiform.clinic.progress import queries as progress
from filiform.clinic.progress import treatments
from filiform.clinic.progress.scores import MeasureCourse, courses
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.models import Discharge, Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.times import at_site, comma
from filiform.words import LANGUAGES

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.outcomes import ScoreChange

HELD = ("here", "in-room", "needles-in", "to-sign", "done")
"""States of a visit to which the patient came."""
SHORTEST_WORD = 2
"""Letters of a word that can't tell of anything."""
MOST_MUSCLES = 6
"""So many muscles are examined in a letter; more is a table, and the record has it."""


@dataclass(frozen=True)
class LetterFacts:
    """What one letter may be composed from. `muscles`: where needles went, the most first.

    pain: which rating, first against last, as `progress.queries.pain_change` judges it.
    """

    name: str
    born: str
    attended: tuple[date, ...]
    complaint: str = ""
    first_story: Story | None = None
    found: tuple[str, ...] = ()
    needled_visits: int = 0
    needles: int = 0
    muscles: tuple[str, ...] = ()
    pain: tuple[str, ScoreChange] | None = None
    measures: tuple[MeasureCourse, ...] = ()
    goals: tuple[care.GoalLine, ...] = ()
    home: tuple[care.HomeLine, ...] = ()
    effects: tuple[tuple[str, int], ...] = ()
    answered: int = 0
    plan: PlanOfCare | None = None
    ended: Discharge | None = None
    next_visit: datetime | None = None
    pains: tuple[tuple[datetime, int], ...] = field(default=())
    """Pain ratings with their time, for the document of data beside the letter"""


def given(visit: Visit, *, on: date) -> LetterFacts:
    """Everything about the complaint that the visit belongs to, up to a day."""
    patient = visit.patient
    visits = _held(visit)
    stories = _stories(visits)
    # Change is judged within this complaint alone.
    judged = {one.pk for one in visits}
    points = progress.in_visits(progress.pain_series(patient), judged)
    codes = [story.complaint_code for story in stories if story.complaint_code]
    group = progress.population(patient, judged)
    needles = _needles(visits)
    effects = treatments.side_effects(patient)
    return LetterFacts(
        name=patient.name,
        born=birth_in_words(patient.birth_date, patient.birth_date_known),
        # By each site's own clock: an employer compares the days with a time sheet.
        attended=tuple(at_site(one.planned_at, one.site_id).date() for one in visits),
        complaint=str(complaint_name(codes[-1])) if codes else "",
        first_story=stories[0] if stories else None,
        found=tuple(_found(visits)),
        needled_visits=len({treatment for treatment, _muscle, _side in needles}),
        needles=len(needles),
        muscles=_most_first(needles),
        pain=progress.pain_change(points, group=group),
        measures=tuple(
            one for one in courses(patient) if one.rows[-1].episode_id == visit.episode_id
        ),
        goals=tuple(care.goal_lines(visit)),
        home=tuple(care.home_lines(patient, on=on)),
        effects=tuple((str(one.name), one.times) for one in effects.told),
        answered=effects.answered,
        plan=care.plan_of(visit),
        ended=getattr(visit.episode, "discharge", None) if visit.episode else None,
        next_visit=_next(patient),
        pains=tuple((point.at, point.nprs) for point in points if point.kind == "now"),
    )


def _held(visit: Visit) -> list[Visit]:
    """The visits of this complaint to which the patient came, oldest first."""
    rows = Visit.objects.filter(
        patient__in=files_of(visit.patient), episode=visit.episode_id, state__in=HELD
    )
    return list(rows.order_by("planned_at"))


def _stories(visits: list[Visit]) -> list[Story]:
    rows = Story.objects.current().filter(visit__in=[one.pk for one in visits])
    return list(rows.select_related("visit").order_by("visit__planned_at", "recorded_at"))


def _found(visits: list[Visit]) -> list[str]:
    """Findings of the first visit that was examined; a muscle is a line."""
    names = dict(FINDINGS)
    rows = Finding.objects.current().filter(visit__in=[one.pk for one in visits])
    by_visit: dict[object, list[Finding]] = {}
    for row in rows.order_by("visit__planned_at", "recorded_at"):
        by_visit.setdefault(row.visit_id, []).append(row)
    # Before needling: later examinations tell of the course, not of what was found.
    first = next(iter(by_visit.values()), [])
    by_muscle: dict[str, list[str]] = {}
    for row in first:
        said = str(names.get(row.finding, "")).lower()
        # Only what was there: a reader can't tell what it means that something was not.
        if row.present and said:
            by_muscle.setdefault(muscle_in_words(row.muscle, row.side), []).append(said)
    listed = list(by_muscle.items())[:MOST_MUSCLES]
    return [f"{where}: {f'{comma()} '.join(what)}" for where, what in listed]


def _needles(visits: list[Visit]) -> list[tuple[object, str, str]]:
    rows: QuerySet[Act] = Act.objects.current().filter(
        treatment__visit__in=[one.pk for one in visits], kind="insertion", target__isnull=False
    )
    return list(rows.values_list("treatment", "target__muscle", "target__side"))


def _most_first(needles: list[tuple[object, str, str]]) -> tuple[str, ...]:
    counted = Counter((muscle, side) for _treatment, muscle, side in needles)
    return tuple(muscle_in_words(*pair) for pair, _times in counted.most_common(MOST_MUSCLES))


def _next(patient: Patient) -> datetime | None:
    rows = Visit.objects.filter(
        patient__in=files_of(patient), state="booked", planned_at__gt=timezone.now()
    )
    visit = rows.order_by("planned_at").first()
    return at_site(visit.planned_at, visit.site_id) if visit else None


def telling_words(visit: Visit) -> list[str]:
    """Words that would name a diagnosis: the complaint, the muscles that were needled, the title of
    the episode, in both languages. They are sought in letters to readers who are told none."""
    visits = _held(visit)
    codes = {story.complaint_code for story in _stories(visits) if story.complaint_code}
    muscles = {muscle for _treatment, muscle, _side in _needles(visits)}
    # The title is free text, often the complaint in the patient's words.
    found = [visit.episode.title] if visit.episode else []
    # In both: a letter in English may well hold a word of Urdu.
    for language in LANGUAGES:
        with override(language):
            found += [str(complaint_name(code)) for code in codes]
        # Without its side: a muscle that is named alone tells as much.
        found += [muscle_in_words(muscle, "", language).rstrip(",، ") for muscle in muscles]
    # Every letter holds short syllables by chance.
    return sorted({word for word in found if len(word) > SHORTEST_WORD})
