"""What is read of drawings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import QuerySet

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import AreaError, of_regions
from filiform.anatomy.surface import BodyDrawing as Drawn
from filiform.clinic.body.models import Drawing
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients.files import of_files

if TYPE_CHECKING:
    from filiform.clinic.aftercare.models import CheckOutcome
    from filiform.clinic.assessment.models import Story
    from filiform.clinic.patients.models import Patient


@prepared
def _of_story(story: UUID) -> QuerySet[Drawing]:
    return Drawing.objects.current().filter(story=story).order_by("-recorded_at", "-id")[:1]


@prepared
def _of_patient(patient: UUID) -> QuerySet[Drawing]:
    return Drawing.objects.current().filter(patient=patient).order_by("recorded_at")


@read_once
def pain_of(story: Story) -> Drawn:
    """The pain drawing of a story; a story told before there were drawings is drawn by region."""
    row = _of_story.first(story.pk)
    return _drawn(row) if row is not None else by_region(story.areas.order_by("id"))


def _drawn(row: Drawing) -> Drawn:
    """A drawing of a release that nobody kept a table of is shown by the regions it was named
    after."""
    try:
        return row.drawn
    except AreaError:
        return by_region(row.story.areas.order_by("id")) if row.story else Drawn()


def has_drawing(story: Story) -> bool:
    """False for a story that was told by regions alone."""
    return Drawing.objects.current().filter(story=story).exists()


class RegionArea(Protocol):
    """What `by_region` asks of an area."""

    @property
    def region(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def quality(self) -> str: ...
    @property
    def intensity(self) -> int | None: ...


def by_region(areas: Iterable[RegionArea]) -> Drawn:
    """Whole regions, because nobody said where in them; regions the atlas dropped are left out."""
    return of_regions(
        (area.region, area.side, 1.0, area.quality, area.intensity)
        for area in areas
        if area.region in atlas().regions
    )


def marks_of(outcomes: Iterable[CheckOutcome]) -> dict[tuple[object, str], Drawn]:
    """(outcome's id, kind) → what was drawn at it."""
    rows = Drawing.objects.current().filter(outcome__in=list(outcomes))
    return {(row.outcome_id, row.kind): _drawn(row) for row in rows}


def marks_on(patient: Patient) -> list[tuple[object, Drawn]]:
    """Bruises and soreness of a patient with the id of the visit, oldest first."""
    return [(row.visit_id, _drawn(row)) for row in _all_of(patient) if row.outcome_id]


@read_once
def _all_of(patient: Patient) -> tuple[Drawing, ...]:
    return tuple(of_files(_of_patient, patient))


def pains_of(
    patient: Patient, stories: Iterable[UUID], told: Mapping[UUID, Sequence[RegionArea]]
) -> dict[UUID, Drawn]:
    """Story's id → its drawing, in one query for however many stories of a patient.

    told: the areas of each story, for those that nobody drew.
    """
    drawn = {row.story_id: row for row in _all_of(patient) if row.story_id is not None}
    return {
        story: _drawn(drawn[story]) if story in drawn else by_region(told.get(story, ()))
        for story in stories
    }
