"""Pictures that other programs show of us: the social preview and the icons, drawn from data.

Drawn here and not shipped, because the name and number on them are the clinic's own.
"""

from __future__ import annotations

import io
from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured
from PIL import Image, ImageDraw, ImageFont

from filiform.clinic.documents.making import typefaces

BLUE, WHITE, PALE = "#24557f", "#ffffff", "#d5e3ef"
SOCIAL_PX = (1200, 630)
"""What the networks that show previews ask for."""
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


@lru_cache(maxsize=8)
def social_png(name: str, said: str, reached: str) -> bytes:
    """The picture beside a link to the clinic: name, what it does, how to reach it."""
    width, height = SOCIAL_PX
    picture = Image.new("RGB", SOCIAL_PX, BLUE)
    draw = ImageDraw.Draw(picture)
    _needle(draw, 7, (60, 50))
    draw.text((84, 300), _cut(name, 34), font=_face(84, "semibold"), fill=WHITE)
    draw.text((84, 410), _cut(said, 60), font=_face(44), fill=PALE)
    draw.text((84, 490), _cut(reached, 62), font=_face(44), fill=WHITE)
    draw.rectangle((0, height - 16, width, height), fill=PALE)
    return _saved(picture, "PNG")


def _needle(draw: ImageDraw.ImageDraw, unit: float, at: tuple[float, float]) -> None:
    thick = STROKE_UNITS * unit
    for stroke in STROKES:
        points = [(at[0] + x * unit, at[1] + y * unit) for x, y in stroke]
        draw.line(points, fill=WHITE, width=round(thick))
        for x, y in points:  # round ends
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=WHITE)


def _face(size: int, weight: str = "regular") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Our typeface; Pillow's own where the typefaces were not built."""
    try:
        return ImageFont.truetype(str(typefaces() / f"filiform-sans-{weight}.ttf"), size)
    except (OSError, ImproperlyConfigured):
        return ImageFont.load_default(size)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _saved(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, optimize=True)
    return out.getvalue()
