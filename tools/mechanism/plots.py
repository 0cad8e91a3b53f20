"""Small figures as SVG text: bands, lines and published marks on two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 34, 44
INK, BLUE, RED, GREY = "#23303a", "#2b6187", "#a3262a", "#7b868e"


@dataclass(frozen=True)
class Line:
    """A line; with low and high a band around it."""

    x: Sequence[float]
    y: Sequence[float]
    label: str
    colour: str = BLUE
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    dashed: bool = False


@dataclass(frozen=True)
class Mark:
    """A published value with its range; an open range is drawn as an arrow's shaft."""

    x: float
    low: float
    high: float
    y: float | None = None
    held_out: bool = False


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 5
    power = 10 ** np.floor(np.log10(raw))
    step = next(power * unit for unit in (1, 2, 2.5, 5, 10) if raw <= power * unit * 1.0001)
    first = np.ceil(low / step) * step
    return [float(v) for v in np.arange(first, high + step * 1e-6, step)]


class Axes:
    """Places on the figure for values on the axes."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.x_range, self.y_range = x, y

    def x(self, value: float) -> float:
        low, high = self.x_range
        return LEFT + (min(max(value, low), high) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.y_range
        share = (min(max(value, low), high) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        return " ".join(f"{self.x(a):.1f},{self.y(b):.1f}" for a, b in zip(xs, ys, strict=True))


def _frame(axes: Axes, title: str, x_label: str, y_label: str) -> list[str]:
    parts = [
        f'<text x="{LEFT}" y="18" font-size="13" font-weight="600" fill="{INK}">{title}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" '
        f'fill="{INK}">{x_label}</text>',
        f'<text transform="translate(14 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle" fill="{INK}">{y_label}</text>',
    ]
    for tick in _ticks(*axes.y_range):
        y = axes.y(tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#d8dcd8"/>')
        parts.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{INK}">{tick:g}</text>'
        )
    for tick in _ticks(*axes.x_range):
        parts.append(
            f'<text x="{axes.x(tick):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle" '
            f'fill="{INK}">{tick:g}</text>'
        )
    return parts


def _mark(axes: Axes, mark: Mark) -> str:
    colour = RED if mark.held_out else INK
    x = axes.x(mark.x)
    low = mark.low if np.isfinite(mark.low) else axes.y_range[0]
    high = mark.high if np.isfinite(mark.high) else axes.y_range[1]
    parts = [f'<path d="M{x:.1f} {axes.y(low):.1f}V{axes.y(high):.1f}" stroke="{colour}" '
             f'stroke-width="{2 if mark.y is not None else 5}" stroke-opacity="'
             f'{1 if mark.y is not None else 0.35}"/>']  # fmt: skip
    if mark.y is not None:
        parts.append(f'<circle cx="{x:.1f}" cy="{axes.y(mark.y):.1f}" r="4" fill="{colour}"/>')
    return "".join(parts)


def _line(axes: Axes, line: Line) -> list[str]:
    parts = []
    if line.low is not None and line.high is not None:
        outline = axes.path([*line.x, *reversed(line.x)], [*line.low, *reversed(line.high)])
        parts.append(f'<polygon points="{outline}" fill="{line.colour}" fill-opacity="0.16"/>')
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    parts.append(
        f'<polyline points="{axes.path(line.x, line.y)}" fill="none" stroke="{line.colour}" '
        f'stroke-width="2"{dash}/>'
    )
    return parts


def figure(
    title: str,
    x_label: str,
    y_label: str,
    lines: Sequence[Line],
    marks: Sequence[Mark] = (),
    *,
    y: tuple[float, float],
) -> str:
    """One figure. Black marks were fitted to, red ones held out; thick pale ones give only a
    direction."""
    axes = Axes((float(lines[0].x[0]), float(max(line.x[-1] for line in lines))), y)
    parts = _frame(axes, title, x_label, y_label)
    for line in lines:
        parts += _line(axes, line)
    parts += [_mark(axes, mark) for mark in marks]
    for number, line in enumerate(line for line in lines if line.label):
        at = TOP + 6 + 16 * number
        parts.append(f'<path d="M{WIDTH - 190} {at}h18" stroke="{line.colour}" stroke-width="3"/>')
        parts.append(f'<text x="{WIDTH - 166}" y="{at + 4}" fill="{INK}">{line.label}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf6"/>{"".join(parts)}</svg>\n'
    )
