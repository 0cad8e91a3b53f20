"""A flat view near one place: where the needle goes in, and which way it points.

The same drawing as `picture`, cut to a square about the place, with an arrow for the direction as
it is seen from there; a direction straight towards or away from the eye is a ring.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

import numpy as np

from filiform.anatomy.model import Vector
from filiform.anatomy.surface.flat import FlatView, best_view, flat_view
from filiform.anatomy.surface.geodesics import Spot

ACROSS_CM = 26.0
"""Width of skin that is shown: a shoulder blade with its borders, or a buttock (a choice)."""

ARROW_CM = 3.6
"""Length of the arrow of a direction along the skin (a choice of the drawing)."""

ALONG = 0.35
"""Share of a direction that must lie in the picture for an arrow; with less it is a ring."""

_NUMBERS = re.compile(r"[-+]?\d+")


def close_up(
    spot: Spot,
    *,
    heading: Vector | None = None,
    others: Iterable[tuple[Spot, str]] = (),
    label: str = "",
    shade: str = "",
    view: str = "",
) -> str:
    """The SVG. heading: to the body's left, to the head, to the front; None for straight in.
    others: further places with a mark each ("2"). shade: address of the shade picture. view: the
    one that shows the place best if empty. Its size and place stand in data-view and viewBox.
    """
    seen = flat_view(view or best_view(spot))
    at = seen.place(spot) or (seen.width / 2, seen.height / 2)
    half = ACROSS_CM * seen.scale / 2
    left, top = at[0] - half, at[1] - half
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    mirror = f'transform="matrix(-1 0 0 1 {seen.width} 0)" ' if seen.mirror else ""
    parts = [
        f'<svg class="flat close-up" data-view="{seen.id}" data-step="{seen.scale / 2:g}" '
        f'data-x="{at[0]:.0f}" data-y="{at[1]:.0f}" '
        f'viewBox="{left:.0f} {top:.0f} {2 * half:.0f} {2 * half:.0f}" {spoken} focusable="false">',
        f'<path class="skin" d="{seen.outline}"/>',
    ]
    if shade:
        parts.append(
            f'<image class="shade" {mirror}href="{escape(shade)}" width="{seen.width}" '
            f'height="{seen.height}" preserveAspectRatio="none"/>'
        )
    parts += [
        f'<path class="region" d="{path}"/>'
        for path, (x0, y0, x1, y1) in _regions(seen.id)
        if x0 < left + 2 * half and x1 > left and y0 < top + 2 * half and y1 > top
    ]
    unit = half / 40
    parts += [_other(seen, other, mark, unit) for other, mark in others]
    parts += [_arrow(seen, at, heading, unit), _cross(at, unit), "</svg>"]
    return "".join(parts)


def moved(spot: Spot, *, right_cm: float = 0.0, down_cm: float = 0.0, view: str = "") -> Spot:
    """The place that is so far to the right and down in its best view; the same one where that
    would be beside the body."""
    seen = flat_view(view or best_view(spot))
    at = seen.place(spot)
    if at is None:
        return spot
    return seen.spot(at[0] + right_cm * seen.scale, at[1] + down_cm * seen.scale) or spot


@lru_cache(maxsize=16)
def _regions(name: str) -> tuple[tuple[str, tuple[int, int, int, int]], ...]:
    """Outlines of a view's regions with the box that holds each."""
    return tuple((path, _box(path)) for path in flat_view(name).regions.values())


def _box(path: str) -> tuple[int, int, int, int]:
    """The corners of a path as `flat` writes them: a start, then steps, for each ring."""
    corners = []
    for ring in path.split("M")[1:]:
        steps = np.array(_NUMBERS.findall(ring), dtype=np.int64).reshape(-1, 2)
        at = steps.cumsum(axis=0)
        corners.append([*at.min(axis=0), *at.max(axis=0)])
    table = np.array(corners)
    low, high = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _arrow(seen: FlatView, at: tuple[float, float], heading: Vector | None, unit: float) -> str:
    if heading is None:
        return ""
    x, y, depth = (seen.camera[:3] @ np.array(heading)).tolist()
    # The picture is mirrored, and the body of which the heading is told is not.
    across = -x if seen.mirror else x
    whole = math.hypot(across, y, depth)
    along = math.hypot(across, y) / whole
    if along < ALONG:
        # Straight at the picture: away from the eye is into the body.
        kind = "away" if depth < 0 else "towards"
        return (
            f'<circle class="heading {kind}" cx="{at[0]:.0f}" cy="{at[1]:.0f}" '
            f'r="{3.4 * unit:.1f}"/>'
        )
    size = ARROW_CM * seen.scale
    # A picture counts downwards.
    turn = math.atan2(-y, across)
    tip = (at[0] + size * math.cos(turn), at[1] + size * math.sin(turn))
    wings = "".join(
        f"M{tip[0]:.1f} {tip[1]:.1f}L{tip[0] - 2.6 * unit * math.cos(turn + side):.1f} "
        f"{tip[1] - 2.6 * unit * math.sin(turn + side):.1f}"
        for side in (0.5, -0.5)
    )
    return f'<path class="heading" d="M{at[0]:.1f} {at[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}{wings}"/>'


def _cross(at: tuple[float, float], unit: float) -> str:
    x, y = at
    size = 2.2 * unit
    return (
        f'<g class="entry"><circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
        f'<path d="M{x - size:.1f} {y:.1f}H{x + size:.1f}M{x:.1f} {y - size:.1f}V{y + size:.1f}"/>'
        f"</g>"
    )


def _other(seen: FlatView, spot: Spot, mark: str, unit: float) -> str:
    at = seen.place(spot)
    if at is None:
        return ""
    return (
        f'<g class="other"><circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{2.4 * unit:.1f}"/>'
        f'<text x="{at[0]:.1f}" y="{at[1] + 1.1 * unit:.1f}" font-size="{3.2 * unit:.1f}" '
        f'text-anchor="middle">{escape(mark)}</text></g>'
    )
