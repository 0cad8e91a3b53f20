"""What is read about story, targets, findings and plans of a visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment.models import (
    DepthPicture,
    Finding,
    MeasuredDepth,
    PainArea,
    PlannedNeedling,
    PlanTemplate,
    Story,
    Target,
    TargetSide,
)
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients.files import files_of, of_files
from filiform.clinic.patients.queries import body as measured
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import by_our_clock

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

RECENT_DAYS = 14
"""How far back needlings of the same muscle matter: planning looks at 7 days at most."""


@prepared
def _stories(visit: UUID) -> QuerySet[Story]:
    return (
        Story.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-id")[:1]
    )


@read_once
def story(visit: Visit) -> Story | None:
    """The story that holds; its painful areas are `pain_areas(visit)`."""
    return _stories.first(visit.pk)


@read_once
def pain_areas(visit: Visit) -> list[PainArea]:
    told = story(visit)
    return areas_of(told) if told else []


@prepared
def _areas(story: UUID) -> QuerySet[PainArea]:
    return PainArea.objects.filter(story=story).order_by("id")


def areas_of(told: Story) -> list[PainArea]:
    return _areas(told.pk)


def story_versions(visit: Visit) -> list[Story]:
    """Every version of a visit's story with its areas, the newest first."""
    return list(
        Story.objects.filter(visit=visit)
        .select_related("recorded_by")
        .prefetch_related("areas")
        .order_by("-recorded_at", "-id")
    )


@read_once
def former_story(visit: Visit) -> Story | None:
    """The last story that was told before this visit in the same episode."""
    if visit.episode_id is None:
        return None
    return _former_stories.first(visit.episode_id, visit.planned_at, visit.pk)


@prepared
def _former_stories(episode: UUID, before: datetime, visit: UUID) -> QuerySet[Story]:
    return (
        Story.objects.current()
        .filter(visit__episode=episode, visit__planned_at__lt=before)
        .exclude(visit=visit)
        .select_related("visit")
        .order_by("-visit__planned_at", "-recorded_at")[:1]
    )


@prepared
def _targets(visit: UUID) -> QuerySet[Target]:
    return Target.objects.current().filter(visit=visit).order_by("recorded_at", "id")


@read_once
def targets(visit: Visit) -> list[Target]:
    """The muscles that are to be needled, in the order in which they were chosen."""
    return _targets(visit.pk)


@prepared
def _plans(visit: UUID) -> QuerySet[PlannedNeedling]:
    return PlannedNeedling.objects.current().filter(visit=visit).order_by("recorded_at")


@read_once
def plans(visit: Visit) -> list[tuple[Target, PlannedNeedling | None]]:
    """Every target with its plan, None where it has none yet."""
    # Two tablets that plan a target at once leave two current rows; the later one holds.
    by_target = {row.target_id: row for row in _plans(visit.pk)}
    return [(target, by_target.get(target.pk)) for target in targets(visit)]


def plannable(visit: Visit) -> list[tuple[Target, PlannedNeedling | None]]:
    """The same of muscles that the atlas has: what a later release dropped can't be planned, only
    taken off the targets."""
    return [row for row in plans(visit) if row[0].muscle in atlas().muscles]


@prepared
def _plans_of_target(target: UUID) -> QuerySet[PlannedNeedling]:
    return (
        PlannedNeedling.objects.current()
        .filter(target=target)
        .select_related("target")
        .order_by("-recorded_at")[:1]
    )


@read_once
def plan_of(target: Target | UUID) -> PlannedNeedling | None:
    """The plan that holds for a target, given as its row or its id."""
    return _plans_of_target.first(getattr(target, "pk", target))


@prepared
def _current_target(target: UUID, visit: UUID) -> QuerySet[Target]:
    return Target.objects.current().filter(pk=target, visit=visit)


@read_once
def findings(visit: Visit) -> list[Finding]:
    return list(Finding.objects.current().filter(visit=visit).order_by("recorded_at"))


def findings_by_muscle(visit: Visit) -> dict[tuple[str, str], dict[str, Finding]]:
    """(muscle, side) → finding → what was found. "Not sure" found nothing and is left out."""
    found: dict[tuple[str, str], dict[str, Finding]] = {}
    for row in findings(visit):
        if row.present is None and row.value is None:
            continue
        found.setdefault((row.muscle, row.side), {})[row.finding] = row
    return found


@read_once
def last_plans(visit: Visit) -> dict[tuple[str, str], PlannedNeedling]:
    """(muscle, side) → how it was planned the last time before this visit."""
    rows = (
        PlannedNeedling.objects.current()
        .filter(
            patient__in=files_of(visit.patient_id),
            target__muscle__in=[target.muscle for target in targets(visit)],
            visit__planned_at__lt=visit.planned_at,
        )
        .exclude(visit=visit)
        .select_related("target", "visit")
        .order_by("-visit__planned_at", "-recorded_at")[:60]
    )
    found: dict[tuple[str, str], PlannedNeedling] = {}
    for row in rows:
        # Newest first, so the first one found for a muscle is its last plan.
        found.setdefault((row.target.muscle, row.target.side), row)
    return found


@prepared
def _needled_since(
    patient: UUID, since: datetime, besides: UUID
) -> QuerySet[Target, tuple[str, TargetSide, datetime, Any]]:
    # Through the target's needles: what happened in a treatment is known to this room only as
    # what became of its targets.
    return (
        Target.objects.filter(
            patient=patient,
            acts__kind="insertion",
            acts__is_void=False,
            acts__replaced_by__isnull=True,
            # When it was written here, which is never before it happened: the time of a tablet
            # with a wrong clock may lie years back.
            acts__recorded_at__gte=since,
        )
        .exclude(visit=besides)
        .values_list("muscle", "side", "acts__at", "acts__details")
    )


@prepared
def _treated(patient: UUID, besides: UUID) -> QuerySet[Visit, UUID]:
    return (
        Visit.objects.filter(patient=patient, treatment__isnull=False)
        .exclude(pk=besides)
        .values_list("episode", flat=True)
    )


@read_once
def days_since_needled(visit: Visit, on: date) -> dict[tuple[str, str], float]:
    """(muscle, side) → days since a needle was last in it; only the last RECENT_DAYS."""
    # Of whoever was never treated the acts need not be asked.
    if not of_files(_treated, visit.patient_id, visit.pk):
        return {}
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    rows = of_files(_needled_since, visit.patient_id, since, visit.pk)
    found: dict[tuple[str, str], float] = {}
    for muscle, side, at, details in rows:
        # Days as the clinic counts them: yesterday evening is one day ago, not twelve hours.
        days = float((on - timezone.localtime(by_our_clock(at, details)).date()).days)
        found[muscle, side] = min(days, found.get((muscle, side), days))
    return found


@read_once
def treatments_before(visit: Visit) -> tuple[int, int]:
    """(treatments of the patient, treatments of this episode) before this visit."""
    episodes = of_files(_treated, visit.patient_id, visit.pk)
    # Visits without an episode are not one series because they share that they have none.
    here = episodes.count(visit.episode_id) if visit.episode_id else 0
    return len(episodes), here


@read_once
def body(patient: Patient) -> tuple[float | None, float | None]:
    """Height in cm and weight in kg, None where never measured."""
    now = measured(patient)
    return now.height_cm, now.weight_kg


def build(patient: Patient, on: date) -> dict[str, Any]:
    """The patient as `planning` takes them: sex, age in years, height in cm, weight in kg."""
    height_cm, weight_kg = body(patient)
    return {
        "sex": patient.sex,
        # The youngest that they can be: nobody gets an adult's depth who may be a child.
        "age_years": float(patient.least_age_on(on)),
        "height_cm": height_cm,
        "weight_kg": weight_kg,
    }


RAISES_FOR_DAYS = 180
"""How long a measured depth may raise a limit: a body changes in half a year (design value).
After that it may still lower one."""


@prepared
def _measured_depths(patient: UUID) -> QuerySet[MeasuredDepth]:
    return (
        MeasuredDepth.objects.current()
        .filter(patient=patient)
        .order_by("measured_on", "recorded_at")
    )


@read_once
def _depths(patient: Patient) -> dict[tuple[str, str, str], MeasuredDepth]:
    rows = of_files(_measured_depths, patient)
    if len(files_of(patient)) > 1:
        rows.sort(key=lambda row: (row.measured_on, row.recorded_at))
    return {(row.muscle, row.side, row.trp): row for row in rows}


def measured_depth(target: Target, patient: Patient) -> MeasuredDepth | None:
    """What was measured at a target's own place. Another point of the muscle is another place:
    there the danger may lie nearer."""
    return _depths(patient).get((target.muscle, target.side, target.trp))


def build_at(target: Target, visit: Visit, on: date) -> dict[str, Any]:
    """`build`, with the depth that was measured at the target, who measured it and how, and
    whether the patient was ever needled before."""
    patient = visit.patient
    found = build(patient, on) | {"first_visit": treatments_before(visit)[0] == 0}
    row = measured_depth(target, patient)
    if row is None:
        return found
    found["measured_depth_mm"] = row.depth_mm
    # Unsigned it may lower the limit and never raise it: that is what an old number is good for.
    if (on - row.measured_on).days <= RAISES_FOR_DAYS:
        found |= {"measured_by": row.measured_by, "measured_how": row.how}
    return found


@read_once
def target_in(visit: Visit | UUID, target_id: UUID) -> Target | None:
    """A current target of the visit by its id."""
    return _current_target.first(target_id, getattr(visit, "pk", visit))


@prepared
def _plan_templates(organisation: UUID) -> QuerySet[PlanTemplate]:
    return PlanTemplate.objects.current().filter(organisation=organisation).order_by("name", "id")


def plan_templates(organisation: UUID) -> list[PlanTemplate]:
    """The plans that a clinic keeps under a name, by name."""
    return _plan_templates(organisation)


@prepared
def _depth_pictures(patient: UUID) -> QuerySet[DepthPicture]:
    # Without the pixels: a page shows where they are, and only who looks at one fetches it.
    return (
        DepthPicture.objects.current()
        .filter(patient=patient)
        .defer("picture")
        .select_related("visit")
        .order_by("-recorded_at")
    )


@read_once
def depth_pictures(patient: Patient) -> dict[tuple[str, str], list[DepthPicture]]:
    """(muscle, side) → ultrasound pictures of it, the newest first."""
    found: dict[tuple[str, str], list[DepthPicture]] = {}
    for row in _depth_pictures(patient.pk):
        found.setdefault((row.muscle, row.side), []).append(row)
    return found
