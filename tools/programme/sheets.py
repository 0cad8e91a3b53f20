"""Contact sheets of all figures: python tools/programme/sheets.py FOLDER

Reads what the figures' archive holds, so that the sheet shows what a patient sees; drawn as pixels.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from filiform.programme.figures import (
    ARROW,
    DOES,
    INK,
    LIGHT,
    ExerciseFigure,
    drawn_exercises,
    figure_of,
)

TIMES = 3
CELL = (360, 214)
COLUMNS, ROWS = 5, 9
BUILDS_IN_TURN = ("woman", "man", "woman-heavy", "man-heavy")


def rings(path: str) -> list[list[tuple[int, int]]]:
    """The lines of a path as `path_text` of figures.py writes it."""
    found = []
    for part in re.findall(r"M[^M]+", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        line = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            line.append((line[-1][0] + dx, line[-1][1] + dy))
        found.append(line)
    return found


def picture(figure: ExerciseFigure, index: int) -> Image.Image:
    """One frame, drawn large and shrunk; the last one with its arrow."""
    frame = figure.frames[index]
    sheet = Image.new("RGB", (figure.width * TIMES, figure.height * TIMES), "#ffffff")
    pen = ImageDraw.Draw(sheet)
    for zone, colour in LIGHT.items():
        if zone not in frame:
            continue
        inside = np.zeros((sheet.height, sheet.width), dtype=bool)
        for ring in rings(frame[zone]):
            one = Image.new("1", sheet.size)
            ImageDraw.Draw(one).polygon([(x * TIMES, y * TIMES) for x, y in ring], fill=1)
            inside ^= np.asarray(one)
        sheet.paste(colour or DOES[figure.does], (0, 0), Image.fromarray(inside))
    for line in rings(frame.get("line", "")):
        pen.line([(x * TIMES, y * TIMES) for x, y in line], fill=INK, width=4, joint="curve")
    if figure.arrow and index in (-1, len(figure.frames) - 1):
        _arrow(pen, figure.arrow)
    return sheet.resize((figure.width, figure.height), Image.Resampling.LANCZOS)


def _arrow(pen: ImageDraw.ImageDraw, points: tuple[tuple[int, int], ...]) -> None:
    a, m, b = (np.array(p, dtype=float) * TIMES for p in points)
    control = 2 * m - (a + b) / 2
    t = np.linspace(0, 1, 24)[:, None]
    bow = [tuple(p) for p in (1 - t) ** 2 * a + 2 * t * (1 - t) * control + t * t * b]
    way = b - control if np.linalg.norm(b - control) > 1 else b - a
    way = way / max(1e-6, float(np.linalg.norm(way)))
    across = np.array([-way[1], way[0]])
    tip = [
        tuple(b + way * 18),
        tuple(b - way * 27 + across * 24),
        tuple(b - way * 27 - across * 24),
    ]
    for colour, width in (("#ffffff", 17), (ARROW, 9)):
        pen.line(bow, fill=colour, width=width, joint="curve")
        pen.polygon(tip, fill=ARROW, outline=colour)


def cell(name: str, build: str) -> Image.Image:
    """Start and end of an exercise under its name."""
    figure = figure_of(name, build)
    tile = Image.new("RGB", CELL, "#ffffff")
    count = 2 if figure.moves else 1
    for i in range(count):
        one = picture(figure, -1 if i else 0)
        one.thumbnail((CELL[0] // 2 - 6, CELL[1] - 20))
        tile.paste(one, (i * CELL[0] // 2 + 3, 17))
    ImageDraw.Draw(tile).text((4, 2), f"{name} ({build})", fill="#333333")
    return tile


def main(folder: Path) -> None:
    """Sheets of COLUMNS x ROWS figures, builds in turn, as figures-1.webp and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(drawn_exercises())
    for first in range(0, len(names), COLUMNS * ROWS):
        some = names[first : first + COLUMNS * ROWS]
        rows = -(-len(some) // COLUMNS)
        sheet = Image.new("RGB", (COLUMNS * CELL[0], rows * CELL[1]), "#ffffff")
        for i, name in enumerate(some):
            build = BUILDS_IN_TURN[(first + i) % len(BUILDS_IN_TURN)]
            sheet.paste(cell(name, build), (i % COLUMNS * CELL[0], i // COLUMNS * CELL[1]))
        sheet.save(folder / f"figures-{first // (COLUMNS * ROWS) + 1}.webp", quality=72, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
