"""What is read of drawings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import AreaError, of_regions
from filiform.anatomy.surface import Drawing as Drawn
from filiform.clinic.body.models import Drawing
from filiform.clinic.facts.reading import read_once

if TYPE_CHECKING:
    from filiform.clinic.aftercare.models import CheckOutcome
    from filiform.clinic.assessment.models import PainArea, Story
    from filiform.clinic.patients.models import Patient


@read_once
def pain_of(story: Story) -> Drawn:
    """The pain drawing of a story; a story told before there were drawings is drawn by region."""
    row = Drawing.objects.current().filter(story=story).order_by("-recorded_at", "-id").first()
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


def by_region(areas: Iterable[PainArea]) -> Drawn:
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
    rows = Drawing.objects.current().filter(patient=patient, outcome__isnull=False)
    return [(row.visit_id, _drawn(row)) for row in rows.order_by("recorded_at")]


def pains_of(stories: Iterable[Story]) -> dict[object, Drawn]:
    """Story's id → its drawing, in two queries for however many."""
    told = list(stories)
    ids = [story.pk for story in told]
    found = {
        row.story_id: _drawn(row)
        for row in Drawing.objects.current().filter(story__in=ids).order_by("recorded_at")
    }
    by_words = [story for story in told if story.pk not in found]
    prefetch_related_objects(by_words, "areas")
    return found | {
        story.pk: by_region(sorted(story.areas.all(), key=lambda area: area.pk))
        for story in by_words
    }
