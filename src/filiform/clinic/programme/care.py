"""How the plan round a programme stands: goals, causes, the plan of care, and what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import files_of
from filiform.clinic.programme.models import (
    CauseAnswer,
    DoneInClinic,
    GoalScore,
    HomeTick,
    PatientGoal,
    PlanOfCare,
    ProgrammeItem,
    ProgrammeTemplate,
)
from filiform.clinic.programme.queries import known_places
from filiform.clinic.programme.vocabulary import OPEN_CAUSES
from filiform.clinic.treatment.models import Act
from filiform.clinic.visits.models import Visit
from filiform.outcomes import ScoreChange, change
from filiform.programme import (
    Adherence,
    CarePlanned,
    Cause,
    HomeDay,
    adherence,
    causes,
    causes_for,
    knowledge,
    reasons_to_look_again,
)
from filiform.programme.adherence import TOO_PAINFUL_NPRS
from filiform.reasons import Reason, Weight
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation

TICKS_READ = 600
"""The newest ticks of a patient; three exercises a day for half a year and some."""
ENDING_DAYS = 7
"""So long before its end a plan stands on the day's page (design value)."""
HELD = ("here", "in-room", "needles-in", "to-sign", "done")
"""States of a visit that took place."""


@dataclass(frozen=True)
class AskedCause:
    """A cause with how it stands now; `today`: answered at this visit."""

    cause: Cause
    state: str
    today: bool


def asked_causes(visit: Visit) -> list[AskedCause]:
    """The causes of the region, and every one that was found before; the open ones first."""
    answers: dict[str, CauseAnswer] = {}
    # Of all visits: a pillow that was found to be wrong stays a cause at the next complaint.
    rows = CauseAnswer.objects.current().filter(patient__in=files_of(visit.patient))
    for row in rows.order_by("recorded_at"):
        answers[row.cause] = row
    asked = {one.id: one for one in causes_for(known_places(visit))}
    known = causes()
    # What was found at another region's visit is followed all the same.
    asked |= {
        name: known[name]
        for name, row in answers.items()
        if row.state in OPEN_CAUSES and name in known
    }
    listed = [
        AskedCause(
            cause,
            answers[name].state if name in answers else "",
            name in answers and answers[name].visit_id == visit.pk,
        )
        for name, cause in asked.items()
    ]
    # False sorts before True: the open ones lead, and among equals the order stays.
    return sorted(listed, key=lambda one: one.state not in OPEN_CAUSES)


@dataclass(frozen=True)
class GoalLine:
    """A goal with its first and newest score; `change` once there are two."""

    goal: PatientGoal
    first: int | None
    last: int | None
    change: ScoreChange | None


def goal_lines(visit: Visit) -> list[GoalLine]:
    """The goals of the visit's episode in the order in which they were set."""
    if visit.episode is None:
        return []
    goals = PatientGoal.objects.current().filter(episode=visit.episode).order_by("recorded_at")
    scores: dict[UUID, list[int]] = defaultdict(list)
    rows = GoalScore.objects.current().filter(goal__episode=visit.episode)
    for goal, score in rows.order_by("visit__planned_at", "recorded_at").values_list(
        "goal", "score"
    ):
        scores[goal].append(score)
    return [_goal_line(goal, scores[goal.pk]) for goal in goals]


def _goal_line(goal: PatientGoal, scores: list[int]) -> GoalLine:
    # A goal is rated as an activity of PSFS is, so its threshold holds.
    judged = change("psfs", scores[0], scores[-1]) if len(scores) > 1 else None
    return GoalLine(goal, scores[0] if scores else None, scores[-1] if scores else None, judged)


def plan_of(visit: Visit) -> PlanOfCare | None:
    if visit.episode is None:
        return None
    return PlanOfCare.objects.current().filter(episode=visit.episode).first()


def planned(row: PlanOfCare) -> CarePlanned:
    return CarePlanned(
        visits=row.visits, needling=row.needling, starts_on=row.starts_on,
        review_on=row.review_on, ends_on=row.ends_on,
    )  # fmt: skip


def used(row: PlanOfCare) -> tuple[int, int]:
    """Visits of the episode since the plan began, and how many of them had needles."""
    visits = [
        pk
        for pk, at in Visit.objects.filter(episode=row.episode_id, state__in=HELD).values_list(
            "pk", "planned_at"
        )
        # The plan begins with a day, a visit has a moment: compared by the clock on the wall.
        if localdate(at) >= row.starts_on
    ]
    needled = Act.objects.current().filter(treatment__visit__in=visits, kind="insertion")
    return len(visits), needled.values("treatment__visit").distinct().count()


def to_look_again(row: PlanOfCare, *, on: date) -> tuple[Reason, ...]:
    """Why the plan asks for a decision."""
    visits, needled = used(row)
    return reasons_to_look_again(planned(row), visits=visits, needled=needled, on=on)


def plans_ending(organisation: Organisation, *, on: date, most: int) -> list[PlanOfCare]:
    """Plans whose review is due or whose end is near, of episodes that are still open."""
    soon = on + timedelta(days=ENDING_DAYS)
    # A review lies before the end (`reasons_against_plan`): whose end is near is found by it, too.
    rows = _reviewed_by(organisation.pk, soon)
    return [row for row in rows if row.review_on <= on or row.ends_on <= soon][:most]


@prepared
def _reviewed_by(organisation: UUID, day: date) -> QuerySet[PlanOfCare]:
    return (
        PlanOfCare.objects.current()
        .filter(organisation=organisation, episode__discharge__isnull=True, review_on__lte=day)
        .select_related("patient", "episode")
        .order_by("review_on")[:200]
    )


def templates(organisation: Organisation) -> list[ProgrammeTemplate]:
    """By name, without what stands in them: a clinic may keep hundreds."""
    return list(_templates_in(organisation).only("name").order_by("name", "pk"))


def template_of(organisation: Organisation, template_id: UUID) -> ProgrammeTemplate | None:
    return _templates_in(organisation).filter(pk=template_id).first()


def _templates_in(organisation: Organisation) -> QuerySet[ProgrammeTemplate]:
    return ProgrammeTemplate.objects.current().filter(organisation=organisation)


def done_at(visit: Visit) -> dict[str, DoneInClinic]:
    """Item → what was done of it at the visit."""
    rows = DoneInClinic.objects.current().filter(visit=visit).select_related("programme_item")
    return {row.programme_item.item: row for row in rows}


@dataclass(frozen=True)
class HomeLine:
    """One exercise at home with what became of it."""

    row: ProgrammeItem
    name: Words
    easier: Words | None
    harder: Words | None
    adherence: Adherence
    last: HomeTick | None


def home_lines(patient: Patient, *, on: date) -> list[HomeLine]:
    """Every exercise that is meant at home, of the newest visit that has a programme.

    Ticks of former versions of an item count too.
    """
    files = files_of(patient)
    visit = last_programmed(files)
    return lines_of(held(visit), files, on=on) if visit else []


def last_programmed(files: Iterable[UUID]) -> Visit | None:
    """The newest visit of a patient's files that has a programme."""
    visits = Visit.objects.filter(patient__in=list(files), programme_items__isnull=False)
    return visits.order_by("-planned_at").first()


def held(visit: Visit) -> list[ProgrammeItem]:
    """What a visit's programme asks for at home, in every stretch of time; advice is no work."""
    rows = ProgrammeItem.objects.current().filter(visit=visit).exclude(phase="clinic")
    work = rows.filter(kind__in=("exercise", "stretch", "self-release"))
    return list(work.order_by("chosen_at", "recorded_at"))


def lines_of(rows: Iterable[ProgrammeItem], files: Iterable[UUID], *, on: date) -> list[HomeLine]:
    """The lines of some items, one for each whatever its phases; `files`: the patient's."""
    ticks: dict[str, list[HomeTick]] = defaultdict(list)
    found = HomeTick.objects.current().filter(patient__in=list(files)).order_by("-on")
    for tick in found.select_related("programme_item")[:TICKS_READ]:
        ticks[tick.programme_item.item].append(tick)
    # One line for an item of several phases, with the dose of the row that was chosen last.
    newest: dict[str, ProgrammeItem] = {row.item: row for row in rows}
    return [_home_line(row, ticks[item], on) for item, row in newest.items()]


def _home_line(row: ProgrammeItem, ticks: list[HomeTick], on: date) -> HomeLine:
    days = [_day(one) for one in ticks]
    name, easier, harder = _said(row.item)
    # The day on which the dose was changed may still be one of the old dose.
    changed = localdate(row.recorded_at) + timedelta(days=1) if row.replaces_id else None
    return HomeLine(
        row=row,
        name=name,
        easier=easier,
        harder=harder,
        adherence=adherence(
            days, on=on, days_per_week=row.dose.get("days_per_week"), changed_on=changed
        ),
        # They come newest first.
        last=ticks[0] if ticks else None,
    )


def _said(item: str) -> tuple[Words, Words | None, Words | None]:
    """Name, step down and step up of an item, whether it is proposed today or not."""
    known = knowledge()
    name = item.partition(":")[0]
    for companion in (*known.companions, *known.general):
        if companion.id == name:
            return companion.name, companion.easier, companion.harder
    for stretch in known.stretch_of.values():
        if stretch.id == name:
            steps = known.stretch_steps
            return stretch.name, stretch.easier or steps.easier, stretch.harder or steps.harder
    # Of an older release: what is done at home is not hidden because we know its name no more.
    return Words(en=item, ur=item), None, None


def too_painful(lines: Iterable[HomeLine]) -> dict[str, Reason]:
    """Item, in whichever phases it is → why it should be made easier: the practitioner is told."""
    return {
        line.row.item: Reason(
            "home-too-painful",
            Weight.PRECAUTION,
            {
                "name": line.name.en,
                "name_ur": line.name.in_language("ur"),
                "easier": line.easier.en if line.easier else "",
                "easier_ur": line.easier.in_language("ur") if line.easier else "",
            },
        )
        for line in lines
        if line.adherence.step == "down"
    }


def patients_in_pain(
    organisation: Organisation, *, on: date, most: int
) -> list[tuple[Patient, Visit]]:
    """Patients who found an exercise too painful twice, ticked within the last week, the newest
    first, each with the visit whose programme it is."""
    hurt: dict[UUID, Patient] = {}
    # Few hurt: the programme is read for them alone.
    for tick in _ticked_between(organisation.pk, on - timedelta(days=6), on):
        if _day(tick).too_painful:
            hurt.setdefault(tick.patient_id, tick.patient)
    told: list[tuple[Patient, Visit]] = []
    for patient in hurt.values():
        files = files_of(patient)
        visit = last_programmed(files)
        # Judged as on the page: a dose that was changed since is a new beginning.
        if visit and too_painful(lines_of(held(visit), files, on=on)):
            told.append((patient, visit))
        if len(told) == most:
            break
    return told


@prepared
def _ticked_between(organisation: UUID, from_day: date, to_day: date) -> QuerySet[HomeTick]:
    return (
        HomeTick.objects.current()
        .filter(organisation=organisation, on__gte=from_day, on__lte=to_day)
        # Who only ticks must not push who is in pain out of the newest: three exercises a day of
        # thirty patients are more ticks a week than are read. `HomeDay.too_painful` is a felt or
        # a rise above nothing, and judges what is left.
        .filter(Q(felt__gt=TOO_PAINFUL_NPRS) | Q(pain_after__gt=F("pain_before")))
        .select_related("patient")
        .order_by("-on")[:TICKS_READ]
    )


def _day(tick: HomeTick) -> HomeDay:
    return HomeDay(
        on=tick.on, felt=tick.felt, pain_before=tick.pain_before, pain_after=tick.pain_after
    )


def reasons_against_scores(*scores: int | None) -> tuple[Reason, ...]:
    """Ratings of pain and of goals go from 0 to 10; None where nobody was asked."""
    return tuple(
        Reason("care-score-out-of-bounds", params={"got": score})
        for score in scores
        if score is not None and not 0 <= score <= 10
    )
