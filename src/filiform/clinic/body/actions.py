"""What writes drawings. Each is part of the action to which the drawing belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filiform.anatomy.surface import BodyDrawing as Drawn
from filiform.anatomy.surface import packed, surface
from filiform.clinic.body.models import Drawing

if TYPE_CHECKING:
    from filiform.clinic.aftercare.models import CheckOutcome
    from filiform.clinic.assessment.models import Story

KINDS = ("pain", "bruise", "soreness")


def keep_pain(story: Story, drawn: Drawn) -> Drawing:
    """The pain drawing of a story. Call it inside the recording that writes the story.

    Nothing drawn is kept too: it says that the drawing was looked at and left empty.
    """
    return Drawing.objects.create(
        organisation_id=story.organisation_id,
        recorded_by=story.recorded_by,
        patient_id=story.patient_id,
        kind="pain",
        visit_id=story.visit_id,
        story=story,
        release=surface().release,
        text=packed(drawn.as_text()),
    )


def keep_mark(outcome: CheckOutcome, kind: str, drawn: Drawn) -> Drawing | None:
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
        recorded_by=outcome.recorded_by,
        patient_id=outcome.patient_id,
        kind=kind,
        visit_id=outcome.check_due.treatment.visit_id,
        outcome=outcome,
        release=surface().release,
        text=packed(drawn.as_text()),
    )
