"""Keeping an ultrasound picture of a target's place."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from filiform.clinic.assessment.actions.safety import closed
from filiform.clinic.assessment.models import DepthPicture, Target
from filiform.clinic.facts.amending import voided
from filiform.clinic.facts.recording import recording
from filiform.clinic.web.pictures import cleaned
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


def keep_picture(
    *, by: Member, target: Target, file: IO[bytes], size: int
) -> DepthPicture | tuple[Reason, ...]:
    """Keep the pixels of an uploaded picture with the record; the same picture twice is one.

    size: of the file in bytes. Answers the reasons where it can't be used.
    """
    if refused := closed(target.visit):
        return refused
    found = cleaned(file, size)
    if isinstance(found, Reason):
        return (found,)
    with recording("depth-picture-kept", by=by) as entry:
        # By the pixels' sum: a slow upload that is sent again must not stand there twice.
        same = DepthPicture.objects.current().filter(
            visit=target.visit, muscle=target.muscle, side=target.side, sha256=found.sha256
        )
        row = same.first() or DepthPicture.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            patient=target.patient,
            visit=target.visit,
            muscle=target.muscle,
            side=target.side,
            trp=target.trp,
            picture=found.data,
            kind=found.kind,
            width_px=found.width_px,
            height_px=found.height_px,
            sha256=found.sha256,
        )
        entry.about(row, muscle=target.muscle, side=target.side)
    return row


def drop_picture(*, by: Member, picture: DepthPicture, why: str) -> tuple[Reason, ...]:
    """Take a picture off the record's pages; the row stays. Raises ValueError without a why."""
    if refused := closed(picture.visit):
        return refused
    with recording("depth-picture-dropped", by=by) as entry:
        entry.about(voided(picture, by=by, why=why))
    return ()
