"""Pictures of exercises: start, end and an arrow, drawn from our own body's surface.

The outlines were drawn once by `python tools/programme/figures.py` from the poses in
data/poses.toml and are kept packed in data/figures.zip, one entry for each exercise and build;
here they are only put together. Drawing one anew takes a second, reading one under a millisecond.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

Build = Literal["woman", "man", "woman-heavy", "man-heavy"]
BUILDS: tuple[Build, ...] = ("woman", "man", "woman-heavy", "man-heavy")
HEAVY_KG_PER_M2 = 29.0
"""Body mass index from which the heavier build resembles the patient more (design value: half way
between the two builds' own)."""
GAP = 26
"""Units between start and end."""
SECONDS = 4.0
"""One way of the movement and back: slow, as it is done (design value)."""
LIGHT = {
    "wall": "#ece7df", "wood": "#cdb592", "cloth": "#b8c6b4", "skin": "#c99876", "shirt": "#dde4e8",
    "trousers": "#8fa1b0", "hair": "#4b3a33", "muscle": "", "ball": "#6d8f5f", "iron": "#6b7178",
}  # fmt: skip
DOES = {"works": "#e0762b", "lengthens": "#2a8f86"}
"""Colour of a muscle that works or is pressed, and of one that lengthens."""
INK, ARROW = "#33404d", "#1d3d5c"
DARK = ".line{stroke:#c6d0d8}.wall{fill:#3a3f45}.shirt{fill:#aab6bf}.skin{fill:#bd8d6c}"
DARK_ARROW = ".arrow{stroke:#dbe9f6}.tip{fill:#dbe9f6}.halo{stroke:#10161c}"


class ExerciseFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise in one build, the right side sore.

    width, height: of one picture, in units. frames: from start to end; zone → SVG path; "line" is
    stroked. arrow: three points, none when nothing moves. does: "works" or "lengthens".
    """

    width: int
    height: int
    does: Literal["works", "lengthens"]
    frames: tuple[dict[str, str], ...]
    arrow: tuple[tuple[int, int], ...] = ()

    @property
    def moves(self) -> bool:
        """Whether there is an end beside the start."""
        return len(self.frames) > 1

    @property
    def still_width(self) -> int:
        """Of the picture that `still` makes."""
        return 2 * self.width + GAP if self.moves else self.width


@cache
def _store() -> zipfile.ZipFile:
    data = files("filiform.programme").joinpath("data").joinpath("figures.zip").read_bytes()
    return zipfile.ZipFile(io.BytesIO(data))


@cache
def figure_release() -> str:
    """Eight characters that change with any picture: part of their addresses."""
    # The archive's own check sums: no picture has to be unpacked. With the colours, which are ours.
    sums = "".join(f"{one.filename}{one.CRC:08x}" for one in _store().infolist())
    return hashlib.sha256((sums + repr((LIGHT, DOES, DARK, GAP))).encode()).hexdigest()[:8]


@cache
def drawn_exercises() -> frozenset[str]:
    """Ids of the exercises that have a picture."""
    return frozenset(name.split("/")[0] for name in _store().namelist())


def build_for(sex: str, height_cm: float | None, weight_kg: float | None) -> Build:
    """The build that resembles a patient. sex: female, male or anything else (drawn as a woman)."""
    heavy = (
        height_cm is not None
        and weight_kg is not None
        and height_cm > 0
        and weight_kg / (height_cm / 100) ** 2 >= HEAVY_KG_PER_M2
    )
    if sex == "male":
        return "man-heavy" if heavy else "man"
    return "woman-heavy" if heavy else "woman"


@lru_cache(maxsize=256)
def figure_of(exercise: str, build: str) -> ExerciseFigure:
    """What is kept of an exercise. Raises KeyError for one without a picture."""
    return msgspec.json.decode(_store().read(f"{exercise}/{build}"), type=ExerciseFigure)


@lru_cache(maxsize=256)
def still(exercise: str, build: str, side: str = "right", *, turned: bool = False) -> str:
    """Start and end beside each other as an SVG document; one picture for what does not move.

    side: where it is done; "left" mirrors, anything else is as drawn. turned: the start on the
    right, for readers of Urdu. Raises KeyError for an exercise without a picture.
    """
    found = figure_of(exercise, build)
    first = _frame(found, 0, side)
    if len(found.frames) == 1:
        return _document(found, found.width, first + _arrow(found, side))
    far = found.width + GAP
    last = _frame(found, -1, side) + _arrow(found, side)
    left, right = (last, first) if turned else (first, last)
    middle, high = found.width + GAP / 2, found.height / 2
    tip = 5 if not turned else -5
    between = f'<path class="halo go" d="M{middle - tip:g} {high - 9:g}l{2 * tip} 9l{-2 * tip} 9"/>'
    body = f'{left}<g transform="translate({far})">{right}</g>{between}'
    return _document(found, far + found.width, body)


@lru_cache(maxsize=64)
def moving(exercise: str, build: str, side: str = "right") -> str:
    """The movement to and fro, as wide as `still`; it stands at its end where motion is not wanted.

    Raises KeyError for an exercise without a picture.
    """
    found = figure_of(exercise, build)
    count = len(found.frames)
    if count == 1:
        return still(exercise, build, side)
    # Frames stand apart, or an arm of the next one would reach into the window.
    width, far = 2 * found.width + GAP, found.width + 40
    strip = "".join(
        f'<g transform="translate({i * far})">{_frame(found, i, side)}</g>' for i in range(count)
    )
    end = f"transform:translateX({-far * (count - 1)}px)"
    style = (
        # It rests at both ends: what has to be seen is where the movement begins and where it ends.
        f"@keyframes go{{0%,12%{{transform:translateX(0)}}88%,to{{{end}}}}}"
        f".strip{{animation:go {SECONDS / 2:g}s steps({count - 1}) infinite alternate}}"
        f"@media(prefers-reduced-motion){{.strip{{animation:none;{end}}}}}"
    )
    window = (
        f'<svg x="{(width - found.width) / 2:g}" width="{found.width}" height="{found.height}" '
        f'viewBox="0 0 {found.width} {found.height}"><g class="strip">{strip}</g></svg>'
    )
    return _document(found, width, window, style)


def _frame(found: ExerciseFigure, index: int, side: str) -> str:
    frame = found.frames[index]
    paths = "".join(
        f'<path class="{zone}" d="{frame[zone]}"/>' for zone in (*LIGHT, "line") if zone in frame
    )
    return _mirrored(found, paths, side)


def _mirrored(found: ExerciseFigure, drawn: str, side: str) -> str:
    if side != "left":
        return drawn
    return f'<g transform="matrix(-1 0 0 1 {found.width} 0)">{drawn}</g>'


def _arrow(found: ExerciseFigure, side: str) -> str:
    """A bow through the arrow's middle point, with a halo so that it shows on any ground."""
    if not found.arrow:
        return ""
    (ax, ay), (mx, my), (bx, by) = found.arrow
    # The middle point lies on the bow: the control point lies twice as far out.
    cx, cy = 2 * mx - (ax + bx) / 2, 2 * my - (ay + by) / 2
    wx, wy = (bx - cx, by - cy) if (bx - cx) ** 2 + (by - cy) ** 2 > 1 else (bx - ax, by - ay)
    # An arrow of no length points nowhere, and must not divide by nothing.
    size = (wx * wx + wy * wy) ** 0.5 or 1.0
    wx, wy = wx / size, wy / size
    bow = f"M{ax} {ay}Q{cx:.0f} {cy:.0f} {bx} {by}"
    tip = (
        f"M{bx + 6 * wx:.0f} {by + 6 * wy:.0f}"
        f"L{bx - 9 * wx - 8 * wy:.0f} {by - 9 * wy + 8 * wx:.0f}"
        f"L{bx - 9 * wx + 8 * wy:.0f} {by - 9 * wy - 8 * wx:.0f}z"
    )
    drawn = (
        f'<path class="halo" d="{bow}"/><path class="halo" d="{tip}"/>'
        f'<path class="arrow" d="{bow}"/><path class="tip" d="{tip}"/>'
    )
    return _mirrored(found, drawn, side)


def _document(found: ExerciseFigure, width: float, body: str, style: str = "") -> str:
    # Only these get a rule: some thirty pictures stand on a page.
    shown = {zone for frame in found.frames for zone in frame}
    fills = "".join(
        f".{zone}{{fill:{colour or DOES[found.does]}}}"
        for zone, colour in LIGHT.items()
        if zone in shown
    )
    rules = (
        f"path{{fill-rule:evenodd}}{fills}"
        f".line{{fill:none;stroke:{INK};stroke-width:1.3;stroke-linejoin:round;stroke-linecap:round}}"
        ".halo{fill:none;stroke:#fff;stroke-width:6;stroke-linecap:round;stroke-linejoin:round}"
        f".arrow{{fill:none;stroke:{ARROW};stroke-width:3.2;stroke-linecap:round}}.tip{{fill:{ARROW}}}"
        ".go{stroke:#8a949d;stroke-width:3}"
    )
    dark = f"@media(prefers-color-scheme:dark){{{DARK}{DARK_ARROW}}}"
    return (
        # Width and height as well: without them a picture that may shrink shrinks to nothing.
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{found.height}" '
        f'viewBox="0 0 {width:g} {found.height}">'
        f"<style>{rules}{dark}{style}</style>{body}</svg>"
    )
