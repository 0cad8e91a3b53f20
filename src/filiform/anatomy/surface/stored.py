"""A drawing as it is kept: its text where that is short, else packed. Under 4 kB for one layer,
whatever is drawn; several layers are that small unless every patch differs from its neighbours.

Packed: "~" and, in base 85, the deflated layers with a byte (percent) for every patch.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np

from filiform.anatomy.surface.language import AreaError
from filiform.anatomy.surface.layers import MOST_LAYERS
from filiform.anatomy.surface.weights import run_text

SHORT = 1200
"""Characters up to which a text is kept as it is, so that a person can read the table."""
LONGEST_STORED = 40_000
_BOMB = 200_000
"""Bytes to which a stored drawing may unfold: MOST_LAYERS layers of all patches."""


def packed(text: str) -> str:
    """What is stored for a drawing's text."""
    if len(text) <= SHORT:
        return text
    release, _, rest = text.partition(";")
    heads, rows = [], []
    for part in rest.split("|"):
        quality, intensity, patches = part.split(":")
        heads.append(f"{quality}:{intensity}")
        rows.append(_dense(patches))
    # A percentage is at most 100, so that 255 can part the layers.
    raw = f"{release};{'|'.join(heads)}".encode() + b"\0" + b"\xff".join(rows)
    short = "~" + base64.b85encode(zlib.compress(raw, 9)).decode()
    # Noise of many layers may pack worse than it reads.
    return short if len(short) < len(text) else text


def unpacked(stored: str) -> str:
    """The drawing's text again. Raises AreaError for what can't have been stored by `packed`."""
    if not stored.startswith("~"):
        return stored
    if len(stored) > LONGEST_STORED:
        raise AreaError(f"stored drawing of {len(stored)} characters: expected at most 40,000")
    try:
        unfold = zlib.decompressobj()
        # Bounded: 40 kB of base 85 could unfold to tens of megabytes.
        raw = unfold.decompress(base64.b85decode(stored[1:]), _BOMB)
        head, _, body = raw.partition(b"\0")
        release, _, heads = head.decode("ascii").partition(";")
    except (ValueError, zlib.error, binascii.Error):
        raise AreaError("stored drawing: it does not unfold") from None
    rows = body.split(b"\xff")
    names = heads.split("|")
    if unfold.unconsumed_tail or len(names) != len(rows) or len(names) > MOST_LAYERS:
        raise AreaError("stored drawing: its layers don't fit together")
    parts = [f"{name}:{run_text(list(row))}" for name, row in zip(names, rows, strict=True)]
    # Bounded by _BOMB already: no byte becomes more than eleven characters.
    return f"{release};{'|'.join(parts)}"


def _dense(patches: str) -> bytes:
    """One byte a patch up to the last that is drawn."""
    # As many as five digits can name.
    values = np.zeros(100_000, dtype=np.uint8)
    last = -1
    for part in filter(None, patches.split(",")):
        numbers, _, percent = part.partition("=")
        first, _, end = numbers.partition("-")
        last = int(end or first)
        values[int(first) : last + 1] = int(percent)
    return values[: last + 1].tobytes()
