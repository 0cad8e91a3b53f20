"""A picture that somebody uploads, read with care and drawn anew.

What is kept is never the file that came: only its pixels, so that neither a camera's place and
time nor anything hidden in the file reaches the record or another reader's browser.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import IO, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from filiform.reasons import Reason

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8 * 1024 * 1024
"""Largest file that is looked at: a telephone's photograph of a screen has 3 to 6 MB."""
MOST_PIXELS = 40_000_000
"""Most pixels that are unpacked; a small file can hold more than a server's memory."""
MOST_SIDE_PX = 1600
"""What is kept: an ultrasound machine's own screen has about 1,000 lines (a choice)."""
QUALITY = 82


class Cleaned(NamedTuple):
    """A picture as it is kept. kind: the media type that it is served with."""

    data: bytes
    kind: str
    width_px: int
    height_px: int
    sha256: str


def cleaned(file: IO[bytes], size: int) -> Cleaned | Reason:
    """The picture of an uploaded file without anything but its pixels, or why it can't be used.

    size: of the file in bytes.
    """
    megabytes: dict[str, str | int | float] = {
        "most": MOST_BYTES // 1024 // 1024,
        "got": f"{size / 1024 / 1024:.1f}",
    }
    if size > MOST_BYTES:
        return Reason("picture-too-large", params=megabytes)
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that is too large for comfort; here it is refused.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Only these three decoders are ever tried, whatever the file says that it is.
            with Image.open(file, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return Reason("picture-too-many-pixels")
                # The camera's turn is in the metadata that goes; it has to be done before.
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError,
            Image.DecompressionBombError, Image.DecompressionBombWarning):  # fmt: skip
        return Reason("picture-unreadable", params={"allowed": "JPEG, PNG, WebP"})
    picture.thumbnail((MOST_SIDE_PX, MOST_SIDE_PX))
    # A new picture of the pixels alone: `info` of the old one holds what is to be left behind.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY)
    data = out.getvalue()
    return Cleaned(data, "image/webp", *bare.size, hashlib.sha256(data).hexdigest())
