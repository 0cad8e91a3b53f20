"""How the pain went over the visits. Every list has an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localtime

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment.areas import areas_of
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.body.models import Drawing
from filiform.clinic.body.queries import pain_told
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.progress.chart import PainKind, PainPoint
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import by_our_clock
from filiform.outcomes import ScoreChange, change, review
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Episode

VISITS_DRAWN = 60
"""The newest visits in the chart; a year of weekly visits and some."""
TOLD_TWICE = 20
"""Stories read beyond one a visit: two tablets may each have told one."""
AT_VISIT: tuple[tuple[str, PainKind], ...] = (
    ("pain_now", "now"),
    ("pain_worst", "worst"),
    ("pain_average", "average"),
)


def pain_series(patient: Patient) -> list[PainPoint]:
    """Every pain rating of the newest visits, the oldest first.

    From the story of each visit (now, worst, average), from the response right after needling,
    and from the checks (soreness). A story told again in one visit counts in its last version.
    """
    points = _told(patient) + _right_after(patient) + _at_checks(patient)
    return sorted(points, key=lambda point: (point.at, point.kind))


class ToldPain(NamedTuple):
    """Of a story what is drawn or judged: making sixty rows with their visits took longer than
    all that is drawn from them."""

    pk: UUID
    pain_now: int | None
    pain_worst: int | None
    pain_average: int | None
    complaint_code: str
    visit_id: UUID
    planned_at: datetime
    episode_id: UUID | None
    needled: bool
    on_body: bool
    """Whether it was told where it hurts"""


ToldRow = tuple[
    UUID, int | None, int | None, int | None, str, UUID, datetime, UUID | None, bool, bool
]


@prepared
def _stories(patient: UUID) -> QuerySet[Story, ToldRow]:
    # By the visit's patient, which is the story's: the index of visits is in the wanted order, so
    # that the engine stops after sixty of a thousand instead of sorting them all.
    return (
        Story.objects.current()
        .filter(visit__patient=patient)
        .order_by("-visit__planned_at", "-recorded_at")
        .annotate(
            needled=Exists(Treatment.objects.current().filter(visit=OuterRef("visit"))),
            on_body=Exists(Drawing.objects.current().filter(story=OuterRef("pk")))
            | Exists(PainArea.objects.filter(story=OuterRef("pk"))),
        )
        .values_list(
            *("pk", "pain_now", "pain_worst", "pain_average", "complaint_code"),
            *("visit", "visit__planned_at", "visit__episode", "needled", "on_body"),
        )[: VISITS_DRAWN + TOLD_TWICE]
    )


def _newest_treatments(patient: UUID) -> QuerySet[Treatment, Any]:
    """What the chart's ratings after needling come from: without an end here, every act and every
    check of ten years would be looked through for them."""
    return (
        Treatment.objects.current()
        .filter(patient=patient)
        .order_by("-started_at")
        .values("pk")[:VISITS_DRAWN]
    )


@prepared
def _responses(patient: UUID) -> QuerySet[Act, tuple[datetime, Any, UUID]]:
    return (
        Act.objects.current()
        .filter(treatment__in=_newest_treatments(patient), kind="response")
        .order_by("-at")
        .values_list("at", "details", "treatment__visit")[:VISITS_DRAWN]
    )


@prepared
def _answered(patient: UUID) -> QuerySet[CheckOutcome, tuple[datetime, Any, UUID]]:
    return (
        CheckOutcome.objects.current()
        .filter(check_due__treatment__in=_newest_treatments(patient), result="answered")
        .order_by("-recorded_at")
        # Every treatment has three checks: after 24 and 72 hours and after 7 days.
        .values_list("recorded_at", "report", "check_due__treatment__visit")[: 3 * VISITS_DRAWN]
    )


@read_once
def stories(patient: Patient) -> tuple[ToldPain, ...]:
    """The story of each of the newest visits in its last version, the newest first."""
    last: dict[UUID, ToldPain] = {}
    for story in map(ToldPain._make, _stories(patient.pk)):
        last.setdefault(story.visit_id, story)
    return tuple(last.values())[:VISITS_DRAWN]


def _told(patient: Patient) -> list[PainPoint]:
    return [
        PainPoint(at, kind, value, story.visit_id)
        for story in stories(patient)
        for at in (localtime(story.planned_at),)
        for name, kind in AT_VISIT
        if (value := getattr(story, name)) is not None
    ]


def _right_after(patient: Patient) -> list[PainPoint]:
    return [
        PainPoint(localtime(by_our_clock(at, details)), "after", int(value), visit)
        for at, details, visit in _responses(patient.pk)
        if (value := details.get("pain")) is not None
    ]


def _at_checks(patient: Patient) -> list[PainPoint]:
    return [
        PainPoint(localtime(at), "soreness", int(value), visit)
        for at, report, visit in _answered(patient.pk)
        if (value := report.get("soreness_nprs")) is not None
    ]


@dataclass
class PainRow:
    """One day of the table beside the chart."""

    day: date
    ratings: dict[str, int] = field(default_factory=dict)
    visit_id: UUID | None = None


def by_day(points: Iterable[PainPoint]) -> list[PainRow]:
    """The same ratings as in the chart, one row for each day, the newest first."""
    rows: dict[date, PainRow] = {}
    for point in points:
        row = rows.setdefault(point.at.date(), PainRow(point.at.date()))
        # The points come in the order of time: the last rating of a day stands for it.
        row.ratings[point.kind] = point.nprs
        row.visit_id = row.visit_id or point.visit_id
    return sorted(rows.values(), key=lambda row: row.day, reverse=True)


def population(patient: Patient, visits: Iterable[UUID]) -> str:
    """The group of patients whose thresholds fit the first complaint that is known, else ""."""
    wanted = set(visits)
    codes = (one.complaint_code for one in stories(patient) if one.visit_id in wanted)
    complaint = COMPLAINTS.get(next(filter(None, codes), ""))
    return complaint.population if complaint else ""


def pain_change(points: Iterable[PainPoint], *, group: str = "") -> tuple[str, ScoreChange] | None:
    """First against last rating of the average pain, or of the pain now where no average was
    asked; None with fewer than two visits. group: a population of `outcomes`, e.g. "neck"."""
    ordered = list(points)
    # The average first: a day's rating hangs on what was done that morning.
    for kind in ("average", "now"):
        ratings = [point.nprs for point in ordered if point.kind == kind]
        if len(ratings) > 1:
            return kind, change("nprs", ratings[0], ratings[-1], group=group)
    return None


def visits_judged(patient: Patient, points: list[PainPoint], episode: Episode | None) -> set[UUID]:
    """The visits of an episode; without one those of the newest rated visit's episode, and all
    visits without an episode where that one has none."""
    # A soreness at a check belongs to a visit too, but says nothing of the newest complaint.
    rated = [point.visit_id for point in points if point.visit_id and point.kind == "now"]
    rated = rated or [point.visit_id for point in points if point.visit_id]
    if not rated:
        return set()
    told = {story.visit_id: story.episode_id for story in stories(patient)}
    known = {visit: told[visit] for visit in rated if visit in told}
    # Rated after needling or at a check only, with no story in that visit.
    if missing := set(rated) - set(known):
        known |= dict(Visit.objects.filter(pk__in=missing).values_list("pk", "episode"))
    wanted = episode.pk if episode is not None else known.get(rated[-1])
    return {visit for visit, one in known.items() if one == wanted}


def in_visits(points: Iterable[PainPoint], visits: set[UUID]) -> list[PainPoint]:
    """The ratings of some visits only: change is judged within one complaint."""
    return [point for point in points if point.visit_id in visits]


@dataclass(frozen=True)
class PainSpread:
    """Where it hurt then and now, in cm² of the reference body; percent: the change, 0 for none
    before."""

    then: BodyDrawing
    now: BodyDrawing
    then_at: datetime
    now_at: datetime

    @property
    def percent(self) -> float:
        before = self.then.area_cm2
        return 100 * (self.now.area_cm2 - before) / before if before else 0.0


def spread(patient: Patient, visits: Iterable[UUID]) -> PainSpread | None:
    """The first and the last pain drawing in these visits; None with fewer than two."""
    wanted = set(visits)
    told = sorted(
        (story for story in stories(patient) if story.visit_id in wanted),
        key=lambda story: story.planned_at,
    )
    first = _first_drawn(told)
    last = _first_drawn(reversed(told))
    # One drawing has nothing to stand beside.
    if first is None or last is None or first[0] == last[0]:
        return None
    return PainSpread(first[1], last[1], first[0].planned_at, last[0].planned_at)


def _first_drawn(told: Iterable[ToldPain]) -> tuple[ToldPain, BodyDrawing] | None:
    """One drawing after the other: of twenty that lie between nothing is shown."""
    for story in told:
        if story.on_body and (pain := _pain(story.pk)):
            return story, pain
    return None


def _pain(story: UUID) -> BodyDrawing:
    return pain_told(story, lambda: areas_of(story))


def reasons_to_review(
    points: Iterable[PainPoint], patient: Patient, visits: Iterable[UUID]
) -> tuple[Reason, ...]:
    """What the measured change says about going on with needling in these visits."""
    told = {story.visit_id: story.needled for story in stories(patient)}
    # A visit that told nothing is rated right after needles or at a check, so it had some.
    needled = sum(told.get(visit, True) for visit in set(visits))
    found = pain_change(points)
    return review([found[1]] if found else [], visits=needled)
