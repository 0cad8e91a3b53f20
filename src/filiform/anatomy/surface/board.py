"""A board of the body: places that must each be hit by a gloved thumb, drawn without overlapping.

Pure: spots in, geometry out. The board is a grid of *slots*, each large enough for one label (the
page makes a slot at least 44 px wide). A label sits in a slot of its own, so two can never overlap,
whatever the places are; a leader line ties it to its place. Which view and which part of it is
shown follows from the places: the fewest views that show all of them squarely, each cut down to
the part where they lie.

    spots ──► views (fewest) ──► clusters ──► panels ──► crop + slot of each label
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, hypot

import numpy as np

from filiform.anatomy.surface.flat import CLOSE_UPS, WHOLE, best_view, flat_view
from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.landmarks import mirrored
from filiform.anatomy.surface.mesh import surface

BoardPoint = tuple[float, float]
Box = tuple[float, float, float, float]

COLUMNS = 7
ROWS = 4
"""A board of 7 by 4 slots: 54 px a slot on a phone that is 390 px wide (design value)."""
MOST_PANELS = 4
LEAST_COLUMNS = 2
FILLED = 0.8
"""Of a panel's slots at most so many carry labels: a second needle finds a free one beside it."""
SQUARELY = 0.3
"""Cosine between the skin and the eye from which a view shows a place well (design value)."""
APART_CM = 42.0
"""Two groups of places further apart than this get pictures of their own (design value)."""
MARGIN_CM = 5.0
LEAST_CM = 30.0
"""The part shown is at least so wide or high: less of a back is not known for a back."""
COVERS = 0.52
"""A label nearer than this to a place, in slots, hides it."""


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """A place with its name. key: whatever the caller knows it by."""

    key: Hashable
    spot: Spot


@dataclass(frozen=True, slots=True)
class Label:
    """Where the label of a mark lies. centre, place: in slots from the panel's upper left corner;
    place is where the mark itself is drawn."""

    key: Hashable
    centre: BoardPoint
    place: BoardPoint


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture on the board. column, row, columns, rows: what it takes of the board's slots.

    crop: x, y, width and height of what is shown of the view, in units of its picture.
    free: slots without a label, for needles that come later, as centres in slots.
    """

    view: str
    crop: Box
    column: int
    row: int
    columns: int
    rows: int
    labels: tuple[Label, ...]
    free: tuple[BoardPoint, ...]


@dataclass(frozen=True, slots=True)
class LabelBoard:
    columns: int
    rows: int
    panels: tuple[Panel, ...]


def board_of(marks: Sequence[LabelledPlace]) -> LabelBoard:
    """The board for some marks, in the order given. No marks: a board without panels."""
    groups = _groups(marks)
    if not groups:
        return LabelBoard(COLUMNS, ROWS, ())
    places = _panel_places([len(members) for _view, members in groups])
    rows = max(row + high for _column, row, _wide, high in places)
    panels = [_panel(*group, place) for group, place in zip(groups, places, strict=True)]
    return LabelBoard(COLUMNS, rows, tuple(panels))


# --- which views ---
def _groups(marks: Sequence[LabelledPlace]) -> list[tuple[str, list[LabelledPlace]]]:
    """Marks by the picture that shows them: close-ups and clusters first; where that would be more
    pictures than fit, whole views alone, which are four at most."""
    by_view = _by_view(marks)
    clusters = [(view, part) for view, members in by_view for part in _clusters(view, members)]
    near = [(_close_up(part) or view, part) for view, part in clusters]
    return near if len(near) <= MOST_PANELS else by_view


def _by_view(marks: Sequence[LabelledPlace]) -> list[tuple[str, list[LabelledPlace]]]:
    """The fewest whole views that show every mark well, found greedily; at most four."""
    shows = {id(mark): _shown_well(mark.spot) for mark in marks}
    left, found = list(marks), []
    while left:
        # WHOLE is in the order of preference, so that equals go to the same view every time.
        view = max(WHOLE, key=lambda one: sum(one in shows[id(mark)] for mark in left))
        found.append((view, [mark for mark in left if view in shows[id(mark)]]))
        left = [mark for mark in left if view not in shows[id(mark)]]
    return found


@lru_cache(maxsize=1024)
def _shown_well(spot: Spot) -> frozenset[str]:
    best = best_view(spot)
    # The best counts even where it shows the place at a slant: one view has to.
    return frozenset({best}) | {view for view in WHOLE if facing(view, spot) >= SQUARELY}


def facing(view: str, spot: Spot) -> float:
    """Cosine between the skin at a spot and a view's eye; -1 where the view doesn't show it."""
    picture = flat_view(view)
    at = picture.place(spot)
    # A close-up of the hand knows patches of the forearm that its picture has cut off.
    if at is None or not (0 <= at[0] <= picture.width and 0 <= at[1] <= picture.height):
        return -1.0
    here = mirrored(spot) if picture.mirror else spot
    skin = surface()
    up = np.array(here.weights) @ skin.normals[skin.faces[here.face]]
    return float(picture.camera[2] @ up)


def _close_up(marks: Sequence[LabelledPlace]) -> str | None:
    """The close-up of head, hand or foot that shows all marks well, or none."""
    worst = {view: min(_facing_kept(view, mark.spot) for mark in marks) for view in CLOSE_UPS}
    best = max(CLOSE_UPS, key=lambda view: worst[view])
    return best if worst[best] >= SQUARELY else None


_facing_kept = lru_cache(maxsize=8192)(facing)


def _clusters(view: str, marks: Sequence[LabelledPlace]) -> list[list[LabelledPlace]]:
    """Marks of one view in groups that lie far from each other (single linkage)."""
    scale = flat_view(view).scale
    groups: list[list[LabelledPlace]] = []
    for mark in marks:
        x, y = _place(view, mark.spot)
        near = [
            group
            for group in groups
            if any(
                hypot(x - other_x, y - other_y) / scale <= APART_CM
                for other_x, other_y in (_place(view, other.spot) for other in group)
            )
        ]
        joined = [member for group in near for member in group]
        groups = [group for group in groups if group not in near] + [[*joined, mark]]
    # By identity: two marks may be equal.
    order = {id(mark): number for number, mark in enumerate(marks)}
    for group in groups:
        group.sort(key=lambda mark: order[id(mark)])
    return sorted(groups, key=lambda group: order[id(group[0])])


def _place(view: str, spot: Spot) -> BoardPoint:
    """Where a spot lies in a view; the middle for one that no view shows, as in the armpit."""
    picture = flat_view(view)
    return picture.place(spot) or (picture.width / 2, picture.height / 2)


# --- where each picture stands ---
def _panel_places(counts: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Column, row, columns and rows of each panel: up to three beside each other, four two by two.
    The board grows by rows until every panel has slots enough."""
    lines = [counts] if len(counts) < MOST_PANELS else [counts[:2], counts[2:]]
    found, top = [], 0
    for line in lines:
        widths = _widths(line)
        pairs = list(zip(line, widths, strict=True))
        least = max(ceil(count / (FILLED * wide)) for count, wide in pairs)
        high = max(ROWS // len(lines), least)
        left = 0
        for wide in widths:
            found.append((left, top, wide, high))
            left += wide
        top += high
    return found


def _widths(counts: Sequence[int]) -> list[int]:
    """The board's columns shared out by the number of marks, each panel at least two."""
    widths = [LEAST_COLUMNS] * len(counts)
    for _spare in range(COLUMNS - sum(widths)):
        # The next column goes to the most crowded panel.
        crowded = max(range(len(counts)), key=lambda n: counts[n] / widths[n])
        widths[crowded] += 1
    return widths


def _panel(view: str, marks: Sequence[LabelledPlace], place: tuple[int, int, int, int]) -> Panel:
    column, row, columns, rows = place
    spots = [_place(view, mark.spot) for mark in marks]
    crop = _crop(view, spots, columns / rows)
    x, y, wide, high = crop
    places = [((a - x) / wide * columns, (b - y) / high * rows) for a, b in spots]
    centres, free = spread(places, columns, rows)
    labels = tuple(
        Label(mark.key, centre, at) for mark, centre, at in zip(marks, centres, places, strict=True)
    )
    return Panel(view, crop, column, row, columns, rows, labels, tuple(free))


def _crop(view: str, spots: Sequence[BoardPoint], aspect: float) -> Box:
    """The part of a view that is shown: all spots with a margin, in the panel's own shape."""
    picture = flat_view(view)
    near = view in CLOSE_UPS
    margin = MARGIN_CM * picture.scale * (0.3 if near else 1.0)
    least = LEAST_CM * picture.scale * (0.4 if near else 1.0)
    left, right = min(x for x, _y in spots) - margin, max(x for x, _y in spots) + margin
    top, bottom = min(y for _x, y in spots) - margin, max(y for _x, y in spots) + margin
    wide, high = max(right - left, least), max(bottom - top, least)
    # Both from the sizes before: whichever is too small grows into the panel's shape.
    wide, high = max(wide, high * aspect), max(high, wide / aspect)
    x = _inside((left + right - wide) / 2, wide, picture.width)
    y = _inside((top + bottom - high) / 2, high, picture.height)
    return (x, y, wide, high)


def _inside(start: float, length: float, whole: float) -> float:
    """Shifted so that no more ground is shown beside the body than there has to be."""
    if length >= whole:
        return (whole - length) / 2
    return min(max(start, 0.0), whole - length)


# --- labels in slots ---
def spread(
    places: Sequence[BoardPoint], columns: int, rows: int
) -> tuple[list[BoardPoint], list[BoardPoint]]:
    """A slot of its own for each place, as near as can be; and the slots that stay free.

    places: in slots, 0 to columns and 0 to rows. Answers centres of slots, in the order of the
    places, and the free centres. Two centres are at least one slot apart, so labels that fit a slot
    never overlap; lines from label to place don't cross. Raises ValueError when there are more
    places than slots.
    """
    slots = [(x + 0.5, y + 0.5) for y in range(rows) for x in range(columns)]
    if len(places) > len(slots):
        raise ValueError(f"{len(places)} places need as many slots; there are {len(slots)}")
    cost = [[_cost(place, slot, places) for slot in slots] for place in places]
    taken = _first_choice(cost, len(slots))
    # Exchanging two labels whose lines cross always shortens both together, and what a hidden place
    # adds to a slot is the same for every label in it: so when nothing can be shortened any more,
    # no lines cross.
    while _shorten(cost, taken, len(slots)):
        pass
    used = set(taken)
    free = [slot for number, slot in enumerate(slots) if number not in used]
    return [slots[number] for number in taken], free


def _cost(place: BoardPoint, slot: BoardPoint, places: Iterable[BoardPoint]) -> float:
    """Length of the line, and more for a slot whose label would hide a place, whosesoever it is."""
    hides = any(_apart(slot, other) < COVERS for other in places)
    # As much as a line that is one slot longer (design value).
    return _apart(place, slot) + (1.0 if hides else 0.0)


def _apart(one: BoardPoint, other: BoardPoint) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _first_choice(cost: Sequence[Sequence[float]], slots: int) -> list[int]:
    taken: list[int] = []
    for row in cost:
        taken.append(min((n for n in range(slots) if n not in taken), key=lambda n: row[n]))
    return taken


def _shorten(cost: Sequence[Sequence[float]], taken: list[int], slots: int) -> bool:
    """One round of better slots and exchanges; whether there was any."""
    better = False
    for one, row in enumerate(cost):
        free = (n for n in range(slots) if n not in taken)
        best = min(free, key=lambda n: row[n], default=None)
        # By more than a rounding, or two that are equal would change for ever.
        if best is not None and row[best] < row[taken[one]] - 1e-9:
            taken[one] = best
            better = True
        for other in range(one):
            mine, theirs = taken[one], taken[other]
            now = row[mine] + cost[other][theirs]
            if row[theirs] + cost[other][mine] < now - 1e-9:
                taken[one], taken[other] = theirs, mine
                better = True
    return better
