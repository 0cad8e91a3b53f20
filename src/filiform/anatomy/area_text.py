"""The text of an area on the body, read and written.

    disc:POINT:RADIUS_CM:SIDE
    stripe:POINT>POINT>...:WIDTH_CM:SIDE
    patch:POINT>POINT>POINT...:MARGIN_CM:SIDE

A POINT is a landmark's id, a~b (half way over the skin) or a~b@t. In the atlas the side is written
relative to the trigger point (ipsilateral, contralateral) and a weight follows (essential,
spillover). Reference: docs/reference/areas.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

AreaShape = Literal["disc", "stripe", "patch"]
AreaSide = Literal["left", "right", "midline", "bilateral", "ipsilateral", "contralateral"]
AreaWeight = Literal["", "essential", "spillover"]

POINT_COUNTS: dict[str, tuple[int, int]] = {"disc": (1, 1), "stripe": (2, 24), "patch": (3, 24)}
LARGEST_CM = 60.0
SIZE_NAMES = {"disc": "radius", "stripe": "width", "patch": "margin"}
_OTHER: dict[AreaSide, AreaSide] = {
    "left": "right",
    "right": "left",
    "ipsilateral": "contralateral",
    "contralateral": "ipsilateral",
}


class AreaError(ValueError):
    """An area's text can't be used. The message is one line: what was got, what is allowed."""


@dataclass(frozen=True)
class AreaPoint:
    """A landmark, or the place at a fraction of the way over the skin from one to another."""

    start: str
    end: str = ""
    fraction: float = 0.5

    def __str__(self) -> str:
        if not self.end:
            return self.start
        at = "" if self.fraction == 0.5 else f"@{self.fraction:g}"
        return f"{self.start}~{self.end}{at}"


@dataclass(frozen=True)
class Area:
    """A shape on the skin. size_cm: radius of a disc, full width of a stripe, margin of a patch."""

    shape: AreaShape
    points: tuple[AreaPoint, ...]
    size_cm: float
    side: AreaSide
    weight: AreaWeight = ""

    def __str__(self) -> str:
        fields = [self.shape, ">".join(map(str, self.points)), f"{self.size_cm:g}", self.side]
        return ":".join(fields + ([self.weight] if self.weight else []))

    def mirror(self) -> Area:
        """The same area on the other side."""
        return replace(self, side=_OTHER.get(self.side, self.side))

    def on(self, trigger_point_side: str) -> Area:
        """The area with ipsilateral and contralateral turned into left or right.

        trigger_point_side: "left" or "right". Raises AreaError for anything else.
        """
        if trigger_point_side not in ("left", "right"):
            raise AreaError(f'side "{trigger_point_side}": a trigger point is on the left or right')
        if self.side == "ipsilateral":
            return replace(self, side="left" if trigger_point_side == "left" else "right")
        if self.side == "contralateral":
            return replace(self, side="right" if trigger_point_side == "left" else "left")
        return self


def parse_area(text: str, known: Mapping[str, bool], *, atlas: bool = False) -> Area:
    """Reads an area's text.

    atlas: also allow the sides ipsilateral and contralateral, and a weight as last field.
    known: the landmarks that may be named, and whether each is paired.
    Raises AreaError with one line that names the part it can't use.
    """
    fields = text.strip().split(":")
    wanted = "shape:points:size:side" + (":weight" if atlas else "")
    if len(fields) not in ((4, 5) if atlas else (4,)):
        raise AreaError(f'"{_short(text)}": {len(fields)} fields, expected {wanted}')
    shape = _one_of(fields[0], get_args(AreaShape), "shape")
    points = tuple(parse_point(part, known) for part in fields[1].split(">"))
    fewest, most = POINT_COUNTS[shape]
    if not fewest <= len(points) <= most:
        allowed = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise AreaError(f'"{_short(fields[1])}": {len(points)} points, a {shape} takes {allowed}')
    size = _size(fields[2], shape)
    # A patient's pain is on a side of theirs; only the atlas speaks of sides of a trigger point.
    sides = get_args(AreaSide) if atlas else get_args(AreaSide)[:4]
    side = _one_of(fields[3], sides, "side")
    weight = _one_of(fields[4], get_args(AreaWeight)[1:], "weight") if len(fields) == 5 else ""
    # Each is one of the words its type lists: that was checked above.
    area = Area(shape, points, size, side, weight)  # type: ignore[arg-type]
    _check_midline(area, known)
    return area


def _check_midline(area: Area, known: Mapping[str, bool]) -> None:
    first = area.points[0]
    alone = area.shape == "disc" and not first.end
    if area.side != "midline" or not alone:
        return
    # A point between two paired landmarks may lie in the midline; a paired landmark cannot.
    if known[first.start]:
        raise AreaError(
            f'"{first}" exists left and right, so a disc round it has no midline: '
            "say left, right or bilateral"
        )


def parse_point(text: str, known: Mapping[str, bool]) -> AreaPoint:
    """Reads a landmark, a~b or a~b@t; known as for `parse_area`. Raises AreaError."""
    match = re.fullmatch(r"([^~@]+)(?:~([^~@]+)(?:@([^~@]+))?)?", text.strip())
    if not match:
        raise AreaError(f'point "{_short(text)}": expected a landmark, a~b or a~b@fraction')
    start, end, fraction = match.groups()
    for name in filter(None, (start, end)):
        if name not in known:
            raise AreaError(unknown_landmark(name, known))
    if fraction is None:
        return AreaPoint(start, end or "")
    return AreaPoint(start, end, _fraction(fraction))


def unknown_landmark(name: str, known: Mapping[str, bool]) -> str:
    """One line that offers the landmark with the nearest name."""
    from rapidfuzz import process  # only a misspelt landmark needs it

    hint = f'; did you mean "{process.extractOne(name, list(known))[0]}"?' if known else ""
    return f'unknown landmark "{_short(name)}"{hint}'


def _fraction(text: str) -> float:
    value = _number(text)
    if value is None or not 0 <= value <= 1:
        raise AreaError(f'fraction "{_short(text)}": expected a number from 0 to 1')
    return value


def _size(text: str, shape: str) -> float:
    value = _number(text)
    # A patch may end at its corners; a disc or stripe of no width covers nothing.
    lowest = 0.0 if shape == "patch" else 0.1
    if value is None or not lowest <= value <= LARGEST_CM:
        name = SIZE_NAMES[shape]
        raise AreaError(
            f'{name} "{_short(text)}": expected centimetres from {lowest:g} to {LARGEST_CM:g}'
        )
    return value


def _number(text: str) -> float | None:
    # float() takes "nan", "1_0" and "infinity", none of which is a length.
    if not re.fullmatch(r"[0-9]*\.?[0-9]+(?:[eE]-?[0-9]+)?", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _one_of(text: str, allowed: tuple[str, ...], what: str) -> str:
    if text not in allowed:
        raise AreaError(f'{what} "{_short(text)}": expected {", ".join(allowed)}')
    return text


def _short(text: str) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= 60 else clean[:57] + "..."
