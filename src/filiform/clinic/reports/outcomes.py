"""Did it help, over all patients: by complaint, practitioner, technique; and who didn't come back.

One course is one patient's complaint with needles in the period: its first pain rating, and the
last one of a later visit. Who has no later rating is missing, and is counted as such. A course of
several techniques counts in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.aftercare.models import CheckOutcome
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import Story
from filiform.clinic.events.counting import Needled, needled
from filiform.clinic.expectation.gathering import months_of
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import bounds
from filiform.disclosure import age_on
from filiform.outcomes.casemix import (
    CaseMix,
    CaseMixModel,
    ObservedExpected,
    fit,
    observed_expected,
)
from filiform.outcomes.cohort import Cohort, Followed, cohort
from filiform.outcomes.rates import FEW, EventRate, rate
from filiform.outcomes.scales import change
from filiform.outcomes.soreness import (
    GoneBetween,
    GoneShare,
    SoreAnswer,
    gone_between,
    shares_gone,
)
from filiform.planning import TECHNIQUES

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

SORE_HOURS = (48.0, 96.0, 192.0)
"""By when soreness is told to be gone. A day after the checks at 24 h, 72 h and 7 d: by their own
hours hardly anybody has answered yet, and nothing would be certain (design value)."""

CourseKey = tuple[UUID, UUID | None]


@dataclass
class PainCourse:
    """One complaint of one patient. told: average pain and pain now of each visit, oldest first.
    age: in years at the end of the period."""

    treatments: list[Needled] = field(default_factory=list)
    visits: set[UUID] = field(default_factory=set)
    told: list[tuple[int | None, int | None]] = field(default_factory=list)
    complaint: str = ""
    age: int | None = None
    months: float | None = None
    """How long the pain had been there at the first visit of the period"""

    @property
    def followed(self) -> Followed | None:
        """First against last of one kind; None where pain was never rated."""
        # The average, or the pain now where no average was asked, or asked once only: who answers
        # between visits alone rates the pain now, and is followed by it.
        kinds = [[one[kind] for one in self.told if one[kind] is not None] for kind in (0, 1)]
        found = next((of for of in kinds if len(of) > 1), None) or kinds[0] or kinds[1]
        if not found:
            return None
        after = found[-1] if len(found) > 1 else None
        known = COMPLAINTS.get(self.complaint)
        return Followed(float(found[0] or 0), after, known.population if known else "")

    @property
    def case(self) -> CaseMix | None:
        """For the case mix; None without a later rating: nobody knows what became of it."""
        found = self.followed
        if found is None or found.after is None:
            return None
        judged = change("nprs", found.before, found.after, group=found.group)
        age = float(self.age) if self.age is not None else None
        return CaseMix(
            before=found.before, better=judged.meaningful, months=self.months, age_years=age
        )


@dataclass(frozen=True)
class OutcomeLine:
    """A row of a table. few: too few followed to say more than the interval. events: treatments
    with an adverse event. age: mean, for the case mix."""

    name: str
    cohort: Cohort
    events: EventRate
    age: float | None
    beside: ObservedExpected | None = None
    """Better ones beside what the clinic's model expects of these patients"""

    @property
    def few(self) -> bool:
        return self.cohort.followed < FEW


@dataclass(frozen=True)
class OutcomesCounted:
    """model: of who gets better, over all courses of the period; sore: how many are rid of
    soreness by some hours, sore_of: treatments with an answer about it, needled: all."""

    courses: int
    unrated: int
    total: list[OutcomeLine]
    by: list[tuple[str, list[OutcomeLine]]]
    model: CaseMixModel | None
    sore: tuple[GoneShare, ...]
    sore_of: int
    needled: int


def count_outcomes(organisation: Organisation, first: date, last: date) -> OutcomesCounted:
    """Courses with a needle from the first to the last day, both included."""
    begin, end = bounds(first)[0], bounds(last)[1]
    treatments = {one.id: one for one in needled(organisation, begin, end)}
    asked = Treatment.objects.filter(
        organisation=organisation, started_at__gte=begin, started_at__lt=end
    )
    found = list(_courses(asked, treatments, last).values())
    rated = [one for one in found if one.followed is not None]
    language = get_language() or "en"
    people = {one.pk: local_name(one) for one in Member.objects.filter(organisation=organisation)}
    techniques = {code: words.in_language(language) for code, words in TECHNIQUES}
    complaints = {code: str(one.name) for code, one in COMPLAINTS.items()}
    complaints[""] = _("No complaint chosen")
    # One model of the whole clinic: each row is set beside what it expects of that row's patients.
    model = fit([one.case for one in rated if one.case is not None])
    gone = _soreness(organisation, begin, end)
    return OutcomesCounted(
        courses=len(found),
        unrated=len(found) - len(rated),
        total=[_line(_("All"), rated, model)] if rated else [],
        by=[
            (_("By complaint"), _split(rated, lambda one: [one.complaint], complaints, model)),
            (_("By technique"), _split(rated, _techniques, techniques, model)),
            # In the order of names, never of results: small numbers would make the order.
            (_("By practitioner"), _split(rated, _practitioners, people, model)),
        ],
        model=model,
        sore=shares_gone(gone, SORE_HOURS),
        sore_of=len(gone),
        needled=len(treatments),
    )


def _soreness(organisation: Organisation, begin: datetime, end: datetime) -> list[GoneBetween]:
    """Of each treatment with an answer about soreness, when that went. Hours are rounded: the
    estimate costs by how many different ones there are."""
    rows = (
        CheckOutcome.objects.current()
        .filter(
            organisation=organisation,
            result="answered",
            check_due__treatment__started_at__gte=begin,
            check_due__treatment__started_at__lt=end,
        )
        .values_list(
            *("check_due__treatment", "check_due__treatment__started_at"),
            *("recorded_at", "report"),
        )
    )
    told: dict[UUID, list[SoreAnswer]] = {}
    for treatment, treated_at, at, report in rows:
        value, hour = report.get("soreness_nprs"), (at - treated_at) / timedelta(hours=1)
        if value is not None and hour >= 0:
            told.setdefault(treatment, []).append(SoreAnswer(float(round(hour)), int(value)))
    return [gone for answers in told.values() if (gone := gone_between(answers)) is not None]


def _courses(
    asked: QuerySet[Treatment], treatments: dict[UUID, Needled], last: date
) -> dict[CourseKey, PainCourse]:
    """asked: the period's treatments, as a query and not as ids: some years of a large clinic are
    more ids than a statement of SQLite may have parameters."""
    found: dict[CourseKey, PainCourse] = {}
    rows = asked.values_list("pk", "visit", "patient", "visit__episode", "patient__birth_date")
    for key, visit, patient, episode, born in rows:
        # Begun and ended without a needle: nothing was done whose outcome could be asked for.
        if key not in treatments:
            continue
        course = found.setdefault((patient, episode), PainCourse())
        course.treatments.append(treatments[key])
        course.visits.add(visit)
        course.age = age_on(born, last)
    patients = asked.values("patient")
    _add_stories(found, patients)
    _add_between_visits(found, patients)
    return found


def _add_between_visits(found: dict[CourseKey, PainCourse], patients: QuerySet[Any, Any]) -> None:
    """The pain that patients rated on their own page after the last visit. Who was asked and
    didn't answer has no later rating, and stays among those who are missing."""
    rows = (
        OutcomeScore.objects.current()
        .filter(patient__in=patients, scale="nprs")
        .filter(recorded_by__isnull=True, value__isnull=False)
        .order_by("taken_at")
        .values_list("patient", "episode", "value", "taken_at")
    )
    for patient, episode, value, at in rows:
        course = found.get((patient, episode))
        # Only after the last treatment: before that the story of the next visit tells.
        if course is not None and course.told and at > max(t.started_at for t in course.treatments):
            course.told.append((None, round(value or 0)))


def _add_stories(found: dict[CourseKey, PainCourse], patients: QuerySet[Any, Any]) -> None:
    """Ratings from the first needled visit of the period on; those before are another period's."""
    rows = (
        Story.objects.current()
        .filter(patient__in=patients)
        .order_by("visit__planned_at", "recorded_at")
        .values_list(
            *("patient", "visit__episode", "visit", "complaint_code"),
            *("pain_average", "pain_now", "onset_on", "onset", "visit__planned_at"),
        )
    )
    last: dict[UUID, Any] = {}
    for row in rows:
        last[row[2]] = row  # a story told again in one visit counts in its last version
    begun: set[CourseKey] = set()
    for patient, episode, visit, complaint, average, now, onset_on, onset, at in last.values():
        course = found.get((patient, episode))
        if course is None:
            continue
        if visit in course.visits and (patient, episode) not in begun:
            begun.add((patient, episode))
            course.months = months_of(onset_on, onset, localdate(at))
        if (patient, episode) in begun:
            course.told.append((average, now))
            course.complaint = course.complaint or complaint or ""


def _techniques(course: PainCourse) -> set[str]:
    return {name for one in course.treatments for name in one.techniques}


def _practitioners(course: PainCourse) -> set[UUID]:
    """Of the first treatment: a course counts once, with who began it."""
    return {min(course.treatments, key=lambda one: one.started_at).practitioner}


def _line(name: str, courses: Sequence[PainCourse], model: CaseMixModel | None) -> OutcomeLine:
    treatments = {one.id: one for course in courses for one in course.treatments}.values()
    ages = [course.age for course in courses if course.age is not None]
    return OutcomeLine(
        name,
        cohort("nprs", [one.followed for one in courses if one.followed is not None]),
        # Treatments with an event and not events: two of one treatment are one patient's bad day.
        rate(sum(one.events > 0 for one in treatments), len(treatments)),
        sum(ages) / len(ages) if ages else None,
        observed_expected(model, [one.case for one in courses if one.case is not None])
        if model
        else None,
    )


def _split(
    courses: list[PainCourse],
    keys: Callable[[PainCourse], Iterable[Any]],
    names: dict[Any, str],
    model: CaseMixModel | None,
) -> list[OutcomeLine]:
    groups: dict[Any, list[PainCourse]] = {}
    for course in courses:
        for key in keys(course):
            groups.setdefault(key, []).append(course)
    lines = [_line(names.get(key, str(key)), group, model) for key, group in groups.items()]
    return sorted(lines, key=lambda line: line.name)
