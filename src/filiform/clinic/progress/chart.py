"""The drawing of pain over time: values in, places in a box out.

Time runs from left to right in every language: numbers and dates read that way in Urdu too, and
a picture that is shown across the desk must not turn round with the reader. The axis says so in
words.

      0 |        x of a moment, in proportion to the time that has passed
        |  o
        |     o----o   y of a rating: 10 on top, 0 at the bottom
     10 +-------------
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

PainKind = Literal["now", "worst", "average", "after", "soreness"]
LINES: tuple[PainKind, ...] = ("worst", "average", "now")
"""Ratings joined by a line, the most important one drawn last and so on top."""

WIDTH, HEIGHT = 720.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 24.0, 16.0, 44.0
TICK_ROOM = 84.0
"""Width kept free for the label of one day."""


@dataclass(frozen=True)
class PainPoint:
    """One rating. `nprs` is 0 to 10; `after` is the pain right after needling, `soreness` what
    the patient said at a check. Raises ValueError for a rating outside."""

    at: datetime
    kind: PainKind
    nprs: int
    visit_id: UUID | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.nprs <= 10:
            raise ValueError(f"A pain rating is a number from 0 to 10, got {self.nprs}.")


@dataclass(frozen=True)
class Mark:
    """One rating's place, as text for the SVG, and its shape as path data around (0, 0)."""

    kind: PainKind
    x: float
    y: float
    nprs: int
    at: datetime
    shape: str

    @property
    def place(self) -> str:
        return f"translate({self.x:.1f} {self.y:.1f})"


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis. `anchor` keeps the outermost labels inside the box."""

    place: float
    label: str
    day: date | None = None
    anchor: str = "middle"

    @property
    def at(self) -> str:
        return f"{self.place:.1f}"


@dataclass(frozen=True)
class Chart:
    marks: tuple[Mark, ...]
    lines: tuple[tuple[PainKind, str], ...]
    days: tuple[Tick, ...]
    ratings: tuple[Tick, ...]
    kinds: tuple[PainKind, ...]
    goal: str
    """y of the rating at which the change would mean something; empty where there is none."""
    view_box: str = f"0 0 {WIDTH:g} {HEIGHT:g}"
    left: str = f"{LEFT:g}"
    right: str = f"{WIDTH - RIGHT:g}"
    bottom: str = f"{HEIGHT - BOTTOM:g}"
    label_y: str = f"{HEIGHT - BOTTOM + 24:g}"


SHAPES: dict[PainKind, str] = {
    "now": "M -6 0 a 6 6 0 1 0 12 0 a 6 6 0 1 0 -12 0 z",
    "after": "M -5 0 a 5 5 0 1 0 10 0 a 5 5 0 1 0 -10 0 z",
    "worst": "M 0 -7 L 6.5 5 H -6.5 z",
    "average": "M -5 -5 H 5 V 5 H -5 z",
    "soreness": "M 0 -6.5 L 6.5 0 L 0 6.5 L -6.5 0 z",
}
"""Each kind has its own shape: colour is never the only sign."""


def y_of(nprs: float) -> float:
    """Distance from the top, in units of the view box, of a rating; outside 0-10 it is held at
    the edge."""
    held = min(max(nprs, 0.0), 10.0)
    return TOP + (10.0 - held) / 10.0 * (HEIGHT - TOP - BOTTOM)


def x_of(at: datetime, first: datetime, last: datetime) -> float:
    """Distance from the left; a single moment stands in the middle."""
    span = (last - first) / timedelta(seconds=1)
    share = 0.5 if span <= 0 else ((at - first) / timedelta(seconds=1)) / span
    # Room for half a mark on either side: the widest is 13.
    return LEFT + 12 + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT - 24)


def draw(points: Sequence[PainPoint], *, goal_nprs: float | None = None) -> Chart | None:
    """Lay the ratings out in the box; None when there is nothing to draw.

    points: in any order. goal_nprs: the rating at which the change from the first visit would be
    one that patients call worthwhile.
    """
    if not points:
        return None
    ordered = sorted(points, key=lambda point: point.at)
    first, last = ordered[0].at, ordered[-1].at
    marks = tuple(
        Mark(p.kind, x_of(p.at, first, last), y_of(p.nprs), p.nprs, p.at, SHAPES[p.kind])
        for p in ordered
    )
    present = {mark.kind for mark in marks}
    return Chart(
        # SVG has no other order than that of its elements: what comes last lies on top.
        marks=tuple(sorted(marks, key=lambda mark: _layer(mark.kind))),
        lines=tuple(
            (kind, path)
            for kind in LINES
            if (path := _path([mark for mark in marks if mark.kind == kind]))
        ),
        days=_days(marks),
        ratings=tuple(Tick(y_of(n), str(n)) for n in (0, 2, 4, 6, 8, 10)),
        kinds=tuple(kind for kind in SHAPES if kind in present),
        goal=f"{y_of(goal_nprs):.1f}" if goal_nprs is not None else "",
    )


def _layer(kind: PainKind) -> int:
    return ("soreness", "worst", "average", "after", "now").index(kind)


def _path(marks: Sequence[Mark]) -> str:
    if len(marks) < 2:
        return ""
    return "M " + " L ".join(f"{mark.x:.1f} {mark.y:.1f}" for mark in marks)


def _days(marks: Sequence[Mark]) -> tuple[Tick, ...]:
    """Labels for as many days as have room, the first and the last always among them."""
    places: dict[date, float] = {}
    for mark in marks:
        places.setdefault(mark.at.date(), mark.x)
    days = sorted(places.items(), key=lambda entry: entry[1])
    if len(days) == 1:
        return (Tick(days[0][1], "", days[0][0]),)
    last_day, last_x = days[-1][0], marks[-1].x
    # A label in the middle of the first or last mark would stand half outside the box.
    chosen = [Tick(days[0][1], "", days[0][0], "start")]
    for day, x in days[1:-1]:
        # The outermost labels lie wholly on one side of their mark: towards them half a label
        # more has to be free.
        before = TICK_ROOM * (1.5 if len(chosen) == 1 else 1.0)
        if x - chosen[-1].place >= before and last_x - x >= TICK_ROOM * 1.5:
            chosen.append(Tick(x, "", day))
    chosen.append(Tick(last_x, "", last_day, "end"))
    return tuple(chosen)
