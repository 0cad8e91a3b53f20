"""A picture of a bruise for the demo's inbox: drawn, of nobody."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter

SIZE_PX = (480, 360)


def bruise_photograph() -> bytes:
    """A JPEG as a visitor would send it."""
    picture = Image.new("RGB", SIZE_PX, "#c99a7b")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 90, 330, 240), fill="#a9835c")
    draw.ellipse((180, 115, 300, 215), fill="#6d5876")
    draw.ellipse((215, 140, 275, 190), fill="#4b3f66")
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(18)).save(out, "JPEG", quality=85)
    return out.getvalue()
