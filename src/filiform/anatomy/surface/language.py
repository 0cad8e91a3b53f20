"""The text of an area on this surface: `area_text` with the landmarks that lie on it."""

from __future__ import annotations

from functools import lru_cache

from filiform.anatomy import area_text
from filiform.anatomy.area_text import Area, AreaError, AreaPoint, AreaShape, AreaSide, AreaWeight
from filiform.anatomy.surface.landmarks import places

__all__ = [
    "Area",
    "AreaError",
    "AreaPoint",
    "AreaShape",
    "AreaSide",
    "AreaWeight",
    "parse_area",
    "parse_point",
]


@lru_cache(maxsize=1)
def _known() -> dict[str, bool]:
    return {place.id: place.paired for place in places().values()}


def parse_area(text: str, *, atlas: bool = False) -> Area:
    """Reads an area's text.

    atlas: also allow the sides ipsilateral and contralateral, and a weight as last field.
    Raises AreaError with one line that names the part it can't use.
    """
    return area_text.parse_area(text, _known(), atlas=atlas)


def parse_point(text: str) -> AreaPoint:
    """Reads a landmark, a~b or a~b@t. Raises AreaError."""
    return area_text.parse_point(text, _known())
