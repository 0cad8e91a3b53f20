"""What is read of drawings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.db.models import Model, QuerySet

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import AreaError, of_regions
from filiform.anatomy.surface import BodyDrawing as Drawn
from filiform.clinic.body.models import Drawing
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients.files import of_files

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient


@prepared
def _of_story(story: UUID) -> QuerySet[Drawing]:
    return Drawing.objects.current().filter(story=story).order_by("-recorded_at", "-id")[:1]


@prepared
def _between(patient: UUID, since: datetime, until: datetime) -> QuerySet[Drawing]:
    # By the visit's patient, which is the drawing's: the index of visits cuts out the days.
    return (
        Drawing.objects.current()
        .filter(visit__patient=patient, visit__planned_at__range=(since, until))
        .order_by("recorded_at")
    )


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


class StoryTold(Protocol):
    """A history, of a room above this one; its areas are what it told by region."""

    @property
    def pk(self) -> Any: ...
    @property
    def areas(self) -> Any: ...


@read_once
def pain_of(story: StoryTold) -> Drawn:
    """The pain drawing of a story; a story told before there were drawings is drawn by region."""
    return pain_drawn(_of_story.first(story.pk), lambda: story.areas.order_by("id"))


def pain_told(story: UUID, areas: AreasTold) -> Drawn:
    """The same for a story of which no more than the id is known. areas: what it told by region,
    asked when nobody drew."""
    return pain_drawn(_of_story.first(story), areas)


def pain_drawn(row: Drawing | None, areas: AreasTold) -> Drawn:
    """What a row shows. Without one, and in a release that nobody kept a table of, the regions
    stand for it that the story names."""
    try:
        return row.drawn if row is not None else by_region(areas())
    except AreaError:
        return by_region(areas())


def has_drawing(story: StoryTold) -> bool:
    """False for a story that was told by regions alone."""
    return Drawing.objects.current().filter(story=story.pk).exists()


AreasTold = Callable[[], Iterable[RegionArea]]


def by_region(areas: Iterable[RegionArea]) -> Drawn:
    """Whole regions, because nobody said where in them; regions the atlas dropped are left out."""
    return of_regions(
        (area.region, area.side, 1.0, area.quality, area.intensity)
        for area in areas
        if area.region in atlas().regions
    )


def marks_of(outcomes: Iterable[Model]) -> dict[tuple[object, str], Drawn]:
    """(outcome's id, kind) → what was drawn at it."""
    rows = Drawing.objects.current().filter(outcome__in=[one.pk for one in outcomes])
    return {(row.outcome_id, row.kind): mark_drawn(row) for row in rows}


def mark_drawn(row: Drawing) -> Drawn:
    """A bruise or soreness; nothing for one of a release that nobody kept a table of."""
    return pain_drawn(row, tuple)


def drawings_between(patient: Patient, since: datetime, until: datetime) -> list[Drawing]:
    """All that was drawn of the visits planned from `since` to `until`, in all files of the person,
    each file's oldest first."""
    return of_files(_between, patient, since, until)
