"""What writes drawings. Each is part of the action to which the drawing belongs."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from filiform.anatomy.surface import BodyDrawing as Drawn
from filiform.anatomy.surface import packed, surface
from filiform.clinic.body.models import Drawing

KINDS = ("pain", "bruise", "soreness")


class DrawnFor(Protocol):
    """What a drawing belongs to: a history or the outcome of a check, of rooms above this one."""

    @property
    def pk(self) -> Any: ...
    @property
    def organisation_id(self) -> UUID: ...
    @property
    def recorded_by_id(self) -> UUID | None: ...
    @property
    def patient_id(self) -> UUID: ...


def keep_pain(story: DrawnFor, drawn: Drawn, *, visit: UUID) -> Drawing:
    """The pain drawing of a story. Call it inside the recording that writes the story.

    Nothing drawn is kept too: it says that the drawing was looked at and left empty.
    """
    return Drawing.objects.create(
        organisation_id=story.organisation_id,
        recorded_by_id=story.recorded_by_id,
        patient_id=story.patient_id,
        kind="pain",
        visit_id=visit,
        story_id=story.pk,
        release=surface().release,
        text=packed(drawn.as_text()),
    )


def keep_mark(outcome: DrawnFor, kind: str, drawn: Drawn, *, visit: UUID) -> Drawing | None:
    """A bruise or soreness that was drawn at a check; None when nothing was drawn.

    Call it inside the recording that writes the outcome. Raises KeyError for an unknown kind.
    """
    if kind not in KINDS:
        raise KeyError(f"no kind of drawing {kind!r}; there are {', '.join(KINDS)}")
    # Unlike a pain drawing: a bruise that nobody drew is simply not there.
    if not drawn:
        return None
    return Drawing.objects.create(
        organisation_id=outcome.organisation_id,
        recorded_by_id=outcome.recorded_by_id,
        patient_id=outcome.patient_id,
        kind=kind,
        visit_id=visit,
        outcome_id=outcome.pk,
        release=surface().release,
        text=packed(drawn.as_text()),
    )
