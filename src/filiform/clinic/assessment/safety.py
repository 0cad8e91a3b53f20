"""What screening says of a visit, and what was confirmed, justified and signed about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from filiform.anatomy import atlas
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import (
    Clearance,
    Justification,
    SecondSignature,
    Target,
    Verdict,
)
from filiform.clinic.assessment.queries import story, targets
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.intake.queries import disclosure_of, evaluated
from filiform.clinic.visits.models import Visit
from filiform.disclosure import Disclosure
from filiform.reasons import Evidence
from filiform.screening import (
    FoundIndication,
    MuscleGroup,
    NeedlingSite,
    PersonalRisk,
    Screening,
    every_muscle,
    for_complaint,
    personal_risks,
)
from filiform.screening.engine import screened


@read_once
def disclosure(visit: Visit) -> Disclosure:
    return disclosure_of(visit.patient, visit)


def sites_of(chosen: Iterable[Target]) -> tuple[NeedlingSite, ...]:
    """What screening is asked about. Without what the atlas has dropped: no rule knows where it
    lies, and its needle is refused for that (`staff.credentials`)."""
    known = atlas().muscles
    return tuple(NeedlingSite(one.muscle, one.side) for one in chosen if one.muscle in known)


@read_once
def screening(visit: Visit, on: date) -> Screening:
    """Screening for the visit's targets; for the whole body while none is chosen."""
    found = evaluated(visit.patient, on, visit)
    # The rules were read for the banner already; only the sites are added here.
    return screened(found, sites_of(targets(visit)), cleared=cleared(visit, on))


@read_once
def every_muscles_answer(visit: Visit, on: date) -> tuple[MuscleGroup, ...]:
    """Which muscles of the body are out, which need a reason or a change, which are free."""
    return every_muscle(disclosure(visit), on=on, cleared=cleared(visit, on))


@read_once
def own_risks(visit: Visit, on: date) -> tuple[PersonalRisk, ...]:
    """What may happen to this patient at the visit's targets."""
    return personal_risks(disclosure(visit), sites_of(targets(visit)), on=on)


@prepared
def _verdicts(visit: UUID) -> QuerySet[Verdict]:
    return (
        Verdict.objects.current()
        .filter(visit=visit)
        .select_related("recorded_by")
        .order_by("-recorded_at")[:1]
    )


@read_once
def verdict(visit: Visit) -> Verdict | None:
    """What was confirmed last."""
    return _verdicts.first(visit.pk)


@read_once
def justifications(visit: Visit) -> list[Justification]:
    """Written reasons of this visit, of whichever release."""
    return _justifications(visit.pk)


@prepared
def _justifications(visit: UUID) -> QuerySet[Justification]:
    return (
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
    # Where a diagnosis in the record gives it already, that stands as the evidence.
    if complaint.indication not in {one.id for one in found}:
        evidence = Evidence("story", str(complaint.name))
        found.insert(0, for_complaint(complaint.indication, evidence))
    return found


@read_once
def clearances(visit: Visit) -> dict[str, Clearance]:
    """Rule → the last letter of clearance for this patient, whether it still holds or not."""
    return {row.rule: row for row in _clearances(visit.patient_id)}


@prepared
def _clearances(patient: UUID) -> QuerySet[Clearance]:
    return (
        Clearance.objects.current()
        .filter(patient=patient)
        .select_related("recorded_by")
        .order_by("recorded_at")
    )


def cleared(visit: Visit, on: date) -> frozenset[str]:
    """Rules for which a letter of clearance holds on a day."""
    found = clearances(visit).values()
    # On the day of needling: a letter may have run out since the plan was made.
    return frozenset(row.rule for row in found if row.given_on <= on <= row.valid_until)


@read_once
def second_signatures(visit: Visit) -> dict[UUID, SecondSignature]:
    """Written reason → who signed it second."""
    return {row.justification_id: row for row in _second_signatures(visit.pk)}


@prepared
def _second_signatures(visit: UUID) -> QuerySet[SecondSignature]:
    return SecondSignature.objects.current().filter(visit=visit).select_related("recorded_by")
