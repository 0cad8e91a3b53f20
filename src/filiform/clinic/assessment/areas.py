"""Where patients said by region that it hurts, for one story or for many at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.assessment.models import PainArea
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.files import of_files

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient


class AreaTold(NamedTuple):
    """Of a `PainArea` what is drawn."""

    region: str
    side: str
    quality: str
    intensity: int | None


@prepared
def _between(
    patient: UUID, since: datetime, until: datetime
) -> QuerySet[PainArea, tuple[UUID, str, str, str, int | None]]:
    # Tuples, and not a prefetch: the relation of models took longer than the drawings.
    return (
        PainArea.objects.filter(visit__patient=patient, visit__planned_at__range=(since, until))
        .order_by("pk")
        .values_list("story", "region", "side", "quality", "intensity")
    )


@prepared
def _of_story(story: UUID) -> QuerySet[PainArea, tuple[str, str, str, int | None]]:
    return (
        PainArea.objects.filter(story=story)
        .order_by("pk")
        .values_list("region", "side", "quality", "intensity")
    )


def areas_between(
    patient: Patient, since: datetime, until: datetime
) -> defaultdict[UUID, list[AreaTold]]:
    """Story's id → its areas, for the visits planned from `since` to `until` in all files of the
    person; an empty list for a story without any."""
    # A story without an area has no row here; whoever asks for it gets an empty list.
    told: defaultdict[UUID, list[AreaTold]] = defaultdict(list)
    for story, region, side, quality, intensity in of_files(_between, patient, since, until):
        told[story].append(AreaTold(region, side, quality, intensity))
    return told


def areas_of(story: UUID) -> list[AreaTold]:
    """The areas of one story."""
    return list(map(AreaTold._make, _of_story(story)))
