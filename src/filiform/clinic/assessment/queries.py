"""What is read about story, screening, targets, findings and plans of a visit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import (
    Clearance,
    Finding,
    Justification,
    PainArea,
    PlannedNeedling,
    SecondSignature,
    Story,
    Target,
    Verdict,
)
from filiform.clinic.facts.reading import read_once
from filiform.clinic.intake.queries import disclosure_of
from filiform.clinic.patients.queries import body as measured
from filiform.clinic.visits.models import Visit
from filiform.disclosure import Disclosure
from filiform.reasons import Evidence
from filiform.screening import (
    FoundIndication,
    MuscleGroup,
    PersonalRisk,
    Screening,
    Site,
    every_muscle,
    for_complaint,
    personal_risks,
    screen,
)

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

RECENT_DAYS = 14
"""How far back needlings of the same muscle matter: planning looks at 7 days at most."""


@read_once
def story(visit: Visit) -> Story | None:
    """The story that holds; its painful areas are `pain_areas(visit)`."""
    return (
        Story.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-id")
        .first()
    )


@read_once
def pain_areas(visit: Visit) -> list[PainArea]:
    told = story(visit)
    return areas_of(told) if told else []


def areas_of(told: Story) -> list[PainArea]:
    return list(PainArea.objects.filter(story=told).order_by("id"))


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
    return (
        Story.objects.current()
        .filter(visit__episode=visit.episode_id, visit__planned_at__lt=visit.planned_at)
        .exclude(visit=visit)
        .select_related("visit")
        .order_by("-visit__planned_at", "-recorded_at")
        .first()
    )


@read_once
def targets(visit: Visit) -> list[Target]:
    """The muscles that are to be needled, in the order in which they were chosen."""
    return list(Target.objects.current().filter(visit=visit).order_by("recorded_at", "id"))


@read_once
def plans(visit: Visit) -> list[tuple[Target, PlannedNeedling | None]]:
    """Every target with its plan, None where it has none yet."""
    rows = PlannedNeedling.objects.current().filter(visit=visit).order_by("recorded_at")
    by_target = {row.target_id: row for row in rows}
    return [(target, by_target.get(target.pk)) for target in targets(visit)]


def plan_of(target: Target) -> PlannedNeedling | None:
    return PlannedNeedling.objects.current().filter(target=target).order_by("-recorded_at").first()


@read_once
def findings(visit: Visit) -> list[Finding]:
    return list(Finding.objects.current().filter(visit=visit).order_by("recorded_at"))


def findings_by_muscle(visit: Visit) -> dict[tuple[str, str], dict[str, Finding]]:
    """(muscle, side) → finding → what was found."""
    found: dict[tuple[str, str], dict[str, Finding]] = {}
    for row in findings(visit):
        found.setdefault((row.muscle, row.side), {})[row.finding] = row
    return found


@read_once
def disclosure(patient: Patient) -> Disclosure:
    return disclosure_of(patient)


def sites_of(chosen: Iterable[Target]) -> tuple[Site, ...]:
    return tuple(Site(target.muscle, target.side) for target in chosen)  # type: ignore[arg-type]


@read_once
def screening(visit: Visit, on: date) -> Screening:
    """Screening for the visit's targets; for the whole body while none is chosen."""
    return screen(
        disclosure(visit.patient), sites_of(targets(visit)), on=on, cleared=cleared(visit, on)
    )


@read_once
def body_screening(visit: Visit, on: date) -> Screening:
    """Screening of the whole body, whatever is chosen."""
    return screen(disclosure(visit.patient), on=on, cleared=cleared(visit, on))


@read_once
def every_muscles_answer(visit: Visit, on: date) -> tuple[MuscleGroup, ...]:
    """Which muscles of the body are out, which need a reason or a change, which are free."""
    return every_muscle(disclosure(visit.patient), on=on, cleared=cleared(visit, on))


@read_once
def own_risks(visit: Visit, on: date) -> tuple[PersonalRisk, ...]:
    """What may happen to this patient at the visit's targets."""
    return personal_risks(disclosure(visit.patient), sites_of(targets(visit)), on=on)


@read_once
def verdict(visit: Visit) -> Verdict | None:
    """What was confirmed last."""
    return (
        Verdict.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at")
        .first()
    )


@read_once
def justifications(visit: Visit) -> list[Justification]:
    """Written reasons of this visit, of whichever release."""
    return list(
        Justification.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("recorded_at")
    )


def justified(visit: Visit, release: str) -> dict[str, Justification]:
    """Rule → the written reason that holds for this release of the rules."""
    return {row.rule: row for row in justifications(visit) if row.release == release}


@read_once
def indicated(visit: Visit, on: date) -> list[FoundIndication]:
    """What needling may do for the diagnoses in the record and for the complaint."""
    found = list(screening(visit, on).indications)
    told = story(visit)
    complaint = COMPLAINTS.get(told.complaint_code) if told else None
    if complaint is None or not complaint.indication:
        return found
    if complaint.indication not in {one.id for one in found}:
        evidence = Evidence("story", str(complaint.name))
        found.insert(0, for_complaint(complaint.indication, evidence))
    return found


@read_once
def clearances(visit: Visit) -> dict[str, Clearance]:
    """Rule → the last letter of clearance for this patient, whether it still holds or not."""
    rows = (
        Clearance.objects.current()
        .filter(patient=visit.patient_id)
        .select_related("recorded_by")
        .order_by("recorded_at")
    )
    return {row.rule: row for row in rows}


def cleared(visit: Visit, on: date) -> frozenset[str]:
    """Rules for which a letter of clearance holds on a day."""
    found = clearances(visit).values()
    return frozenset(row.rule for row in found if row.given_on <= on <= row.valid_until)


@read_once
def second_signatures(visit: Visit) -> dict[UUID, SecondSignature]:
    """Written reason → who signed it second."""
    rows = SecondSignature.objects.current().filter(visit=visit).select_related("recorded_by")
    return {row.justification_id: row for row in rows}


@read_once
def last_plans(visit: Visit) -> dict[tuple[str, str], PlannedNeedling]:
    """(muscle, side) → how it was planned the last time before this visit."""
    rows = (
        PlannedNeedling.objects.current()
        .filter(
            patient=visit.patient_id,
            target__muscle__in=[target.muscle for target in targets(visit)],
            visit__planned_at__lt=visit.planned_at,
        )
        .exclude(visit=visit)
        .select_related("target", "visit")
        .order_by("-visit__planned_at", "-recorded_at")[:60]
    )
    found: dict[tuple[str, str], PlannedNeedling] = {}
    for row in rows:
        found.setdefault((row.target.muscle, row.target.side), row)
    return found


@read_once
def days_since_needled(visit: Visit, on: date) -> dict[tuple[str, str], float]:
    """(muscle, side) → days since a needle was last in it; only the last RECENT_DAYS."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    # Through the target's needles: what happened in a treatment is known to this room only as
    # what became of its targets.
    rows = (
        Target.objects.filter(patient=visit.patient_id, acts__kind="insertion", acts__at__gte=since)
        .exclude(visit=visit)
        .values_list("muscle", "side", "acts__at")
    )
    found: dict[tuple[str, str], float] = {}
    for muscle, side, at in rows:
        days = float((on - timezone.localtime(at).date()).days)
        found[muscle, side] = min(days, found.get((muscle, side), days))
    return found


@read_once
def treatments_before(visit: Visit) -> tuple[int, int]:
    """(treatments of the patient, treatments of this episode) before this visit."""
    counted = (
        Visit.objects.filter(patient=visit.patient_id, treatment__isnull=False)
        .exclude(pk=visit.pk)
        .aggregate(all=Count("id"), here=Count("id", filter=Q(episode=visit.episode_id)))
    )
    return counted["all"], counted["here"] if visit.episode_id else 0


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
        "age_years": float(patient.age_on(on)),
        "height_cm": height_cm,
        "weight_kg": weight_kg,
    }


def target_in(visit: Visit, target_id: UUID) -> Target | None:
    """A current target of the visit by its id."""
    return Target.objects.current().filter(visit=visit, pk=target_id).first()
