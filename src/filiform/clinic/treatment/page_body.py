"""The body on the treatment page: a picture of the part that is needled, and on it one label for
each planned point and each needle, none over another (`anatomy.surface.board`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filiform.anatomy.surface.board import LabelBoard, LabelledPlace, Panel, board_of
from filiform.anatomy.surface.flat import flat_view
from filiform.anatomy.surface.geodesics import Spot
from filiform.clinic.assessment.details import details_of
from filiform.clinic.body.pictures import view_names
from filiform.clinic.body.places import place_of
from filiform.clinic.body.regions import view_address

if TYPE_CHECKING:
    from filiform.clinic.treatment.page import TreatmentPage
    from filiform.clinic.treatment.page_targets import NeedleRow, TargetCard

UNIT = 100
"""Of a slot in the board's own SVG."""


@dataclass(frozen=True)
class Point:
    """One label. column, row: of the board's grid, from 1. state: planned, in or out."""

    card: TargetCard
    needle: NeedleRow | None
    state: str
    column: int
    row: int

    @property
    def label(self) -> str:
        return self.needle.label if self.needle else str(self.card.number)


@dataclass(frozen=True)
class Line:
    """From the middle of a label to its place, in units of the board's SVG."""

    x: float
    y: float
    to_x: float
    to_y: float
    state: str


@dataclass(frozen=True)
class Picture:
    """A view cut down to a part, where it stands on the board."""

    name: Any
    address: str
    x: int
    y: int
    wide: int
    high: int
    crop: str
    whole_wide: int
    whole_high: int


@dataclass(frozen=True)
class BodyBoard:
    rows: int
    wide: int
    high: int
    pictures: list[Picture]
    lines: list[Line]
    points: list[Point]
    free: str
    """Free slots, "column,row" from 1, for needles that a tablet without a line puts there"""


def body_on_page(page: TreatmentPage) -> BodyBoard | None:
    """The board of a treatment; None where the atlas knows the place of nothing on it."""
    things = dict(_things(page))
    marks = tuple((key, spot) for key, (_card, _needle, _state, spot) in things.items())
    if not marks:
        return None
    board = _board(marks)
    found = BodyBoard(
        rows=board.rows,
        wide=board.columns * UNIT,
        high=board.rows * UNIT,
        pictures=[_picture(panel) for panel in board.panels],
        lines=[],
        points=[],
        free=" ".join(
            f"{panel.column + int(x) + 1},{panel.row + int(y) + 1}"
            for panel in board.panels
            for x, y in panel.free
        ),
    )
    for panel in board.panels:
        for label in panel.labels:
            card, needle, state, _spot = things[label.key]
            at = [
                (UNIT * (panel.column + x), UNIT * (panel.row + y))
                for x, y in (label.centre, label.place)
            ]
            found.lines.append(Line(*at[0], *at[1], state))
            column, row = (int(panel.column + label.centre[0]), int(panel.row + label.centre[1]))
            found.points.append(Point(card, needle, state, column + 1, row + 1))
    # By their numbers, as the tiles stand: the keyboard goes through them in that order.
    found.points.sort(key=lambda one: (one.card.number, one.needle.number if one.needle else 0))
    return found


def _things(page: TreatmentPage) -> Iterator[tuple[Any, tuple[Any, Any, str, Spot]]]:
    """What gets a label: every needle that is in, else the target itself, planned or done."""
    for card in page.cards:
        inside = card.inside
        # Where it went in, else where it was planned to, else where the atlas has it.
        entry = details_of(card.plan).entry
        for needle in inside:
            spot = place_of(card.target, needle.place or entry)
            if spot is not None:
                yield needle.id, (card, needle, "in", spot)
        # A needle that is in stands for its target; a second label there would say nothing.
        if inside:
            continue
        spot = place_of(card.target, entry)
        if spot is not None and (card.plan is not None or card.outside):
            yield card.target.pk, (card, None, "out" if card.outside else "planned", spot)


@lru_cache(maxsize=256)
def _board(marks: tuple[tuple[UUID, Spot], ...]) -> LabelBoard:
    """Kept, because a tablet asks again every few seconds, and four of them do."""
    return board_of([LabelledPlace(key, spot) for key, spot in marks])


def _picture(panel: Panel) -> Picture:
    view = flat_view(panel.view)
    return Picture(
        name=view_names()[panel.view],
        address=view_address(panel.view),
        x=panel.column * UNIT,
        y=panel.row * UNIT,
        wide=panel.columns * UNIT,
        high=panel.rows * UNIT,
        crop=" ".join(f"{number:.0f}" for number in panel.crop),
        whole_wide=view.width,
        whole_high=view.height,
    )
