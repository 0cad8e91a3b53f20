"""The depth of a needle as a bar: target range, limit, and what lies beyond it."""

from __future__ import annotations

from dataclasses import dataclass

from filiform.planning import Depth

WIDTH = 600.0
"""Units of the drawing from the skin to its end."""


@dataclass(frozen=True)
class DepthBar:
    """Places along the bar in its units, from the skin; `planned` may be None."""

    end_mm: float
    target_start: float
    target_width: float
    limit: float
    planned: float | None
    limit_mm: float
    ticks: tuple[tuple[float, int], ...]

    @property
    def beyond_width(self) -> float:
        return WIDTH - self.limit

    @property
    def over(self) -> bool:
        # A depth on the limit itself is within it.
        return self.planned is not None and self.planned > self.limit + 0.01


def depth_bar(depth: Depth, planned_mm: float | None) -> DepthBar:
    """The limit stands at two thirds of the bar; a planned depth is always on it."""
    end_mm = max(depth.limit * 1.5, (planned_mm or 0) * 1.1, 10.0)
    at = WIDTH / end_mm
    step = 5 if end_mm <= 50 else 10
    return DepthBar(
        end_mm=end_mm,
        target_start=round(depth.target[0] * at, 1),
        target_width=round((depth.target[1] - depth.target[0]) * at, 1),
        limit=round(depth.limit * at, 1),
        planned=None if planned_mm is None else round(planned_mm * at, 1),
        limit_mm=depth.limit,
        ticks=tuple((round(mm * at, 1), mm) for mm in range(0, int(end_mm) + 1, step)),
    )
