"""Photographs for the public pages: read with care, cut to a square, drawn anew and small."""

from __future__ import annotations

import io
from typing import IO, NamedTuple
from uuid import UUID

from PIL import Image, ImageOps

from filiform.clinic.frontdoor.models import Photograph
from filiform.clinic.staff.models import Organisation
from filiform.clinic.web.pictures import cleaned
from filiform.reasons import Reason

SIDE_PX = 480
"""Of a square: shown at 160 to 240 px, sharp on a telephone (design value)."""
QUALITY = 72


class Drawn(NamedTuple):
    """A photograph as it is kept: WebP, nothing but pixels."""

    content: bytes
    width_px: int
    height_px: int


def drawn(file: IO[bytes], size: int) -> Drawn | Reason:
    """The photograph of an uploaded file, or why it can't be used. size: of the file in bytes."""
    picture = cleaned(file, size)
    if isinstance(picture, Reason):
        return picture
    with Image.open(io.BytesIO(picture.data), formats=("WEBP",)) as opened:
        # Never made larger: that would add bytes and no detail.
        side = min(SIDE_PX, *opened.size)
        # The upper part: in a portrait the face is above the middle.
        square = ImageOps.fit(opened.convert("RGB"), (side, side), centering=(0.5, 0.35))
    out = io.BytesIO()
    # The slowest way and the smallest file: drawn once, and sent to everybody.
    square.save(out, "WEBP", quality=QUALITY, method=6)
    return Drawn(out.getvalue(), side, side)


def photographs_of(organisation: Organisation) -> dict[UUID, Photograph]:
    """Member or site → the photograph that is shown, without its pixels."""
    rows = Photograph.objects.current().filter(organisation=organisation).defer("picture")
    found: dict[UUID, Photograph] = {}
    # Should there be two, the newest stays.
    for row in rows.order_by("recorded_at"):
        subject = row.member_id or row.site_id
        if subject is not None:
            found[subject] = row
    return found


def photograph(photograph_id: UUID) -> Photograph | None:
    """One that is shown, for everybody; None for one that was replaced or taken away."""
    return Photograph.objects.current().filter(pk=photograph_id).first()
