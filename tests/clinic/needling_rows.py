"""Visits with needles in them, written row by row.

The treatment room's own gates (credentials, consent, count) are tested there; the rooms that come
after it only need the rows that such a treatment leaves behind.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from filiform.anatomy import atlas


def choose_target(visit, muscle: str, side: str = "right"):
    from filiform.clinic.assessment.models import Target

    return Target.objects.create(
        organisation=visit.organisation,
        recorded_by=visit.practitioner,
        patient=visit.patient,
        visit=visit,
        muscle=muscle,
        side=side,
        atlas_release=atlas().release,
    )


def needled(visit, *muscles: str, started_at: datetime | None = None, minutes: int = 10):
    """A treatment with one needle in and out in each muscle, the last one out after `minutes`."""
    from filiform.clinic.treatment.models import Act, Treatment

    start = started_at or timezone.now()
    house = {"organisation": visit.organisation, "recorded_by": visit.practitioner}
    treatment = Treatment.objects.create(
        **house,
        patient=visit.patient,
        visit=visit,
        practitioner=visit.practitioner,
        started_at=start,
    )
    number = 0
    for muscle in muscles:
        rows = {**house, "patient": visit.patient, "treatment": treatment}
        needle = Act.objects.create(
            **rows,
            number=(number := number + 1),
            kind="insertion",
            at=start,
            target=choose_target(visit, muscle),
            details={"diameter_mm": 0.25, "length_mm": 40},
        )
        Act.objects.create(
            **rows,
            number=(number := number + 1),
            kind="removal",
            at=start + timedelta(minutes=minutes),
            needle=needle,
        )
    return treatment
