"""The drawing of one band over time: values in, places in a box out.

Time runs from left to right in every language, as in the chart of progress.

   10 |  ,--.___          shaded: nine of ten virtual patients
      | /  median         line: the middle one
    0 +-----------        dots: what was measured
      0  1  2  3 days
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from filiform.mechanism import StateBand, StateMeasurement

WIDTH, HEIGHT = 560.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 18.0, 14.0, 40.0


@dataclass(frozen=True)
class BandTick:
    """A labelled place on an axis, as text for the SVG."""

    at: str
    label: str


@dataclass(frozen=True)
class Dot:
    """A measured value's place; spoken: hour and value for the table."""

    x: str
    y: str
    hour: float
    value: float


@dataclass(frozen=True)
class BandChart:
    """Everything the template needs; outer: the band before it was narrowed, or empty."""

    band: str
    line: str
    outer: str
    dots: tuple[Dot, ...]
    days: tuple[BandTick, ...]
    values: tuple[BandTick, ...]
    view_box: str = f"0 0 {WIDTH:g} {HEIGHT:g}"
    left: str = f"{LEFT:g}"
    right: str = f"{WIDTH - RIGHT:g}"
    bottom: str = f"{HEIGHT - BOTTOM:g}"
    label_y: str = f"{HEIGHT - BOTTOM + 24:g}"


@dataclass(frozen=True)
class Axes:
    """until_hours: right end; low, high: ends of the upright axis; times: days with a label."""

    until_hours: float
    low: float
    high: float
    steps: tuple[float, ...]
    days: tuple[float, ...]
    factor: float = 1.0
    """Values are multiplied by it before they are drawn and labelled."""

    def x(self, hour: float) -> float:
        # What lies beyond an axis stands at its end: a dot outside the box would be seen by nobody.
        share = min(max(hour / self.until_hours, 0.0), 1.0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (value * self.factor - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM)

    def path(self, hours: Sequence[float], values: Sequence[float]) -> str:
        pairs = zip(hours, values, strict=True)
        return "M " + " L ".join(f"{self.x(h):.1f} {self.y(v):.1f}" for h, v in pairs)


PAIN = Axes(336, 0, 10, (0, 2, 4, 6, 8, 10), (0, 2, 4, 7, 10, 14))
SORENESS = Axes(96, 0, 10, (0, 2, 4, 6, 8, 10), (0, 1, 2, 3, 4))
MOVEMENT = Axes(336, 40, 100, (40, 60, 80, 100), (0, 2, 4, 7, 10, 14), 100.0)
PAIN_LONG = Axes(2016, 0, 10, (0, 2, 4, 6, 8, 10), (0, 14, 28, 42, 56, 70, 84))


def draw(
    hours: Sequence[float],
    band: StateBand,
    axes: Axes,
    *,
    outer: StateBand | None = None,
    measured: Sequence[StateMeasurement] = (),
) -> BandChart:
    """Lay a band out in the box. outer: a wider band drawn behind it as an outline."""
    count = sum(hour <= axes.until_hours for hour in hours)
    inside = list(hours[:count])
    return BandChart(
        band=_closed(axes, inside, band.low[:count], band.high[:count]),
        line=axes.path(inside, band.median[:count]),
        outer=_closed(axes, inside, outer.low[:count], outer.high[:count]) if outer else "",
        dots=tuple(
            Dot(f"{axes.x(one.hour):.1f}", f"{axes.y(one.value):.1f}", one.hour, one.value)
            for one in measured
            if one.hour <= axes.until_hours
        ),
        # Labelled in days: nobody thinks of a sore muscle in hours.
        days=tuple(BandTick(f"{axes.x(day * 24):.1f}", f"{day:g}") for day in axes.days),
        values=tuple(
            BandTick(f"{axes.y(step / axes.factor):.1f}", f"{step:g}") for step in axes.steps
        ),
    )


def _closed(axes: Axes, hours: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    # Along the lower edge and back along the upper one, so that the area closes.
    back = axes.path(list(reversed(hours)), list(reversed(high)))
    return f"{axes.path(hours, low)} L{back[1:]} Z"
