"""Pictures that other programs show of us: the social preview and the icons, drawn from data.

Drawn here and not shipped, because the name and number on them are the clinic's own.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from filiform.clinic.documents.making import png

BLUE, WHITE = "#24557f", "#ffffff"
SMOOTH = 4
"""Drawn so many times larger and made smaller: Pillow's lines have no soft edges."""
# The needle of web/filiform/icon.svg, in its 32 units.
STROKES = (((6, 26), (19, 13)), ((16.5, 10.5), (21.5, 15.5)), ((19, 13), (26, 6)))
STROKE_UNITS = 2.6


@lru_cache(maxsize=8)
def icon_png(side_px: int, form: str = "PNG") -> bytes:
    """The icon as a square picture; form: PNG or ICO."""
    side = side_px * SMOOTH
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 7 / 32, fill=BLUE)
    _needle(draw, side / 32, (0, 0))
    small = picture.resize((side_px, side_px), Image.Resampling.LANCZOS)
    return _saved(small, form)


@lru_cache(maxsize=16)
def social_png(name: str, said: str, address: str, phone: str, language: str) -> bytes:
    """The picture beside a link to the clinic, 1200 by 630: name, what it does, how to reach it.

    Set by the typesetter of our papers, which joins Urdu's letters. Raises ImproperlyConfigured
    where the typefaces were not built.
    """
    told = {"name": name, "said": said, "address": address, "phone": phone}
    return png("frontdoor/papers/social.typ", told, language)


def _needle(draw: ImageDraw.ImageDraw, unit: float, at: tuple[float, float]) -> None:
    thick = STROKE_UNITS * unit
    for stroke in STROKES:
        points = [(at[0] + x * unit, at[1] + y * unit) for x, y in stroke]
        draw.line(points, fill=WHITE, width=round(thick))
        for x, y in points:  # round ends
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=WHITE)


def _saved(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, optimize=True)
    return out.getvalue()
