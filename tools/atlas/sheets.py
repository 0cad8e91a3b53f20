"""Draws the contact sheets of docs/reference/atlas/: python tools/atlas/sheets.py [PREFIX]

Every zone of every trigger point and pain source, from the front, from behind and from the third
direction that shows it best; the skin over the muscle as a blue tint, its site as a dot. Drawn on
the right side. PREFIX limits the sheets to those whose name begins with it.
"""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[1] / "surface"))
from render import SKIN, Camera, Floats, Ints, Seen, look, painted

from filiform.anatomy import Muscle, atlas
from filiform.anatomy.surface import parse_point, patchwork, surface
from filiform.anatomy.surface.drawing import locate
from filiform.anatomy.surface.landmarks import mirrored
from filiform.anatomy.zones import outline, zone_matrix

OUT = Path(__file__).parents[2] / "docs/reference/atlas"
ESSENTIAL = np.array([158.0, 38.0, 52.0])
SPILLOVER = np.array([232.0, 132.0, 116.0])
OVER_MUSCLE = np.array([96.0, 148.0, 196.0])
SCALE, PANEL, LEAST_CM = 8, 180, 24.0
VIEWS = {"front": (0, 0), "back": (180, 0), "right": (-90, 0), "inner": (90, 0), "below": (0, -90)}
THIRD = {"right": 1.0, "inner": 0.8, "below": 0.5}
"""The third direction is the one that shows most of the zones, those easier to read preferred."""
COLUMNS, CAPTION, ON_A_SHEET = 2, 76, 12


@dataclass(frozen=True)
class Cell:
    """One picture: the zones of a source, the skin over its muscle, its site, what is told."""

    title: str
    told: str
    essential: Floats
    spillover: Floats
    skin: Floats
    site: Floats | None


@cache
def eye(name: str) -> tuple[Camera, Seen, Ints]:
    """A camera, what it sees of the outer skin, and the faces it was shown.

    From the inner side and from below only the right half is shown.
    """
    skin = surface()
    turn, tilt = VIEWS[name]
    faces = np.arange(len(skin.faces))
    if name in ("inner", "below"):
        faces = faces[len(faces) // 2 :]
    camera = Camera(np.array([0.0, 86.0, 0.0]), 178.0, 130 * SCALE, 178 * SCALE, turn, tilt)
    seen = look(camera, skin.points, skin.faces[faces])
    flat = camera.project(skin.points)[skin.faces[faces]][:, :, :2]
    one, two = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    inside = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] >= 0
    seen.nearest[(seen.nearest >= 0) & inside[seen.nearest]] = -1
    return camera, seen, faces


def colours(cell: Cell) -> Floats:
    """Colour of every face."""
    of_face = patchwork().of_face
    colour = np.tile(SKIN, (len(of_face), 1))
    for weights, paint, most in (
        (cell.skin, OVER_MUSCLE, 0.55),
        (cell.spillover, SPILLOVER, 1.0),
        (cell.essential, ESSENTIAL, 1.0),
    ):
        share = (most * weights[of_face])[:, None]
        colour = colour * (1 - share) + paint * share
    return colour


def panel(cell: Cell, name: str) -> tuple[Image.Image, float]:
    """A square about the zones, and how much of them is seen in it.

    Where nothing is seen from here, the square lies where the zones are behind the body.
    """
    camera, seen, faces = eye(name)
    wanted = (cell.essential + cell.spillover + 0.3 * cell.skin)[patchwork().of_face][faces]
    shown = np.where(seen.nearest >= 0, wanted[seen.nearest], 0)
    row, col = np.nonzero(shown > 0.25)
    if not (wanted > 0.25).any():
        return Image.new("RGB", (PANEL, PANEL), (250, 248, 244)), 0.0
    if not len(row):
        corners = surface().points[surface().faces[faces[wanted > 0.25]]].reshape(-1, 3)
        col, row = camera.project(corners)[:, :2].astype(int).T
    size = int(max(max(np.ptp(row), np.ptp(col)) + 8 * SCALE, LEAST_CM * SCALE))
    top = int((row.min() + row.max()) / 2 - size / 2)
    left = int((col.min() + col.max()) / 2 - size / 2)
    window = np.full((size, size), -1)
    rows = slice(max(top, 0), min(top + size, camera.height))
    cols = slice(max(left, 0), min(left + size, camera.width))
    window[rows.start - top : rows.stop - top, cols.start - left : cols.stop - left] = seen.nearest[
        rows, cols
    ]
    picture = Image.fromarray(painted(Seen(window, seen.depth, seen.shade), colours(cell)[faces]))
    if cell.site is not None:
        x, y, z = camera.project(cell.site[None])[0]
        inside = 0 <= int(y) < camera.height and 0 <= int(x) < camera.width
        if inside and z > seen.depth[int(y), int(x)] - 0.8:
            x, y, r = x - left, y - top, size / 60
            ImageDraw.Draw(picture).ellipse((x - r, y - r, x + r, y + r), fill=(20, 24, 36))
    return picture.resize((PANEL, PANEL), Image.Resampling.LANCZOS), float(shown.sum())


def drawn(cell: Cell) -> Image.Image:
    """Three panels and the words below."""
    panels = {name: panel(cell, name) for name in VIEWS}
    third = max(THIRD, key=lambda name: THIRD[name] * panels[name][1])
    image = Image.new("RGB", (3 * PANEL + 4, PANEL + CAPTION), (250, 248, 244))
    write = ImageDraw.Draw(image)
    for place, name in enumerate(("front", "back", third)):
        image.paste(panels[name][0], (place * (PANEL + 2), 0))
        write.text((place * (PANEL + 2) + 3, 2), name, (120, 116, 110), ImageFont.load_default(9))
    write.text((2, PANEL + 2), cell.title, (20, 24, 36), ImageFont.load_default(14))
    lines = textwrap.wrap(cell.told, 92)[:4]
    write.text((2, PANEL + 20), "\n".join(lines), (60, 60, 66), ImageFont.load_default(11))
    return image


def sheet(name: str, cells: list[Cell]) -> None:
    """Writes one sheet."""
    pictures = [drawn(cell) for cell in cells]
    wide, tall = pictures[0].size
    rows = -(-len(pictures) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (wide + 8), rows * (tall + 6)), (250, 248, 244))
    for place, picture in enumerate(pictures):
        whole.paste(picture, (place % COLUMNS * (wide + 8), place // COLUMNS * (tall + 6)))
    OUT.mkdir(parents=True, exist_ok=True)
    whole.save(OUT / f"{name}.webp", quality=72, method=6)
    print(f"{name}: {len(cells)} pictures")


def muscle_cells(muscle: Muscle) -> list[Cell]:
    """One cell per trigger point."""
    cells = []
    for point in muscle.trigger_points:
        essential, spillover = zone_matrix().zones(point.id, "right")
        site = mirrored(locate(parse_point(point.site_point))).at()
        told = f"{point.site.en}. Mimics: {muscle.mimics.en}"
        skin = outline(muscle.id, "right").values
        cells.append(Cell(point.id, told, essential.values, spillover.values, skin, site))
    return cells


def source_cells(kind: str) -> list[Cell]:
    """One cell per pain source of a kind."""
    cells = []
    for source in atlas().pain_sources.values():
        if source.kind != kind:
            continue
        essential, spillover = zone_matrix().zones(source.id, "right" if source.sided else "")
        site = None
        if source.site_point:
            site = mirrored(locate(parse_point(source.site_point))).at()
        told = source.tells_apart.en
        none = np.zeros(patchwork().count)
        cells.append(Cell(source.name.en, told, essential.values, spillover.values, none, site))
    return cells


def main(prefix: str = "") -> None:
    sheets: dict[str, list[Cell]] = {}
    for region in atlas().muscle_regions:
        cells = [
            cell
            for muscle in atlas().muscles.values()
            if muscle.region == region
            for cell in muscle_cells(muscle)
        ]
        for number, start in enumerate(range(0, len(cells), ON_A_SHEET), start=1):
            sheets[f"zones-{region}-{number}"] = cells[start : start + ON_A_SHEET]
    for kind in ("nerve-root", "joint", "peripheral-nerve", "viscus"):
        cells = source_cells(kind)
        for number, start in enumerate(range(0, len(cells), ON_A_SHEET), start=1):
            sheets[f"sources-{kind}-{number}"] = cells[start : start + ON_A_SHEET]
    for name, cells in sheets.items():
        if name.startswith(prefix) and cells:
            sheet(name, cells)


if __name__ == "__main__":
    main(*sys.argv[1:2])
