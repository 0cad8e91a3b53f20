"""Where patients said by region that it hurts, for all their stories at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.assessment.models import PainArea
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
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
def _areas(patient: UUID) -> QuerySet[PainArea, tuple[UUID, str, str, str, int | None]]:
    # Tuples, and not a prefetch: the relation of models took longer than the drawings.
    return (
        PainArea.objects.filter(patient=patient)
        .order_by("pk")
        .values_list("story", "region", "side", "quality", "intensity")
    )


@read_once
def areas_told(patient: Patient) -> Mapping[UUID, Sequence[AreaTold]]:
    """Story's id → its areas, of all files of the person; nothing for a story without any."""
    told: dict[UUID, list[AreaTold]] = defaultdict(list)
    for story, region, side, quality, intensity in of_files(_areas, patient):
        told[story].append(AreaTold(region, side, quality, intensity))
    return told
