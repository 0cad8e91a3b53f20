"""The documents from which the browser draws a body, gzipped and kept ready.

Standard builds are named, so that anybody may have them; heights and weights are design values,
chosen to look like somebody. A patient's own build is made from what was measured.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface import shape, surface
from filiform.anatomy.surface.builds import AGE_YEARS, HEIGHT_CM, WEIGHT_KG, BodySex
from filiform.anatomy.surface.packing import pack_points, pack_surface

Points = npt.NDArray[np.floating]

STANDARD: dict[str, Callable[[], Points]] = {
    "reference": lambda: surface().points,
    "woman": lambda: shape("female", 35, 160, 60),
    "man": lambda: shape("male", 35, 172, 72),
    "child": lambda: shape("unknown", 8, 127, 26),
    "older-woman": lambda: shape("female", 75, 155, 62),
    "older-man": lambda: shape("male", 75, 167, 70),
    "thin-man": lambda: shape("male", 30, 178, 55),
    "heavy-woman": lambda: shape("female", 45, 160, 105),
}


@lru_cache(maxsize=1)
def surface_document() -> bytes:
    """Faces, patches, regions, landmarks: gzipped."""
    return _gzipped(pack_surface())


@lru_cache(maxsize=len(STANDARD))
def standard_document(build: str) -> bytes:
    """Points of a standard build: gzipped. Raises KeyError for a name that isn't in STANDARD."""
    return _gzipped(pack_points(STANDARD[build]()))


@lru_cache(maxsize=128)
def document_of(
    sex: str, age_years: int, height_cm: float | None, weight_kg: float | None
) -> bytes:
    """Points of anybody's build: gzipped. Values outside the model take its nearest ones, because
    a body that looks nearly right is better than none."""
    # The model was made of women and men; anybody else has the shape between.
    known: BodySex = "female" if sex == "female" else "male" if sex == "male" else "unknown"
    points = shape(
        known,
        min(max(age_years, 0), AGE_YEARS[1]),
        None if height_cm is None else min(max(height_cm, HEIGHT_CM[0]), HEIGHT_CM[1]),
        None if weight_kg is None else min(max(weight_kg, WEIGHT_KG[0]), WEIGHT_KG[1]),
    )
    return _gzipped(pack_points(points))


def _gzipped(document: bytes) -> bytes:
    # Without the time, so that the same body has the same bytes and the same ETag.
    return gzip.compress(document, 9, mtime=0)
