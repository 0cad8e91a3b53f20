"""Draws the contact sheets of docs/reference/surface/: python tools/surface/sheets.py

Landmarks in close-up, regions and patches, twelve referral zones, and bodies of several builds.
"""

from __future__ import annotations

import colorsys
import csv
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from render import SKIN, Camera, Floats, label, view

from filiform.anatomy.surface import draw, parse_area, patchwork, places, shape, surface

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs/reference/surface"
HEAT = np.array([168.0, 50.0, 62.0])
CLOSE_UPS = {
    "head": (
        "head",
        [((2, 158, 0), 27, 15, 0), ((0, 158, 3), 27, 90, 0), ((0, 152, 0), 34, 150, 0)],
    ),
    "neck-shoulder": (
        "neck shoulder scapula chest",
        [((10, 136, 0), 32, 10, 0), ((12, 136, 0), 32, 60, 15), ((10, 134, 0), 34, 180, 0)],
    ),
    "arm": ("arm elbow forearm", [((25, 110, 0), 50, t, 0) for t in (0, 90, 180)]),
    "hand": ("wrist hand", [((41, 84, 0), 24, t, 0) for t in (0, 180, 90)]),
    "trunk": ("chest abdomen back pelvis", [((5, 112, 0), 62, t, 0) for t in (0, 140, 180)]),
    "thigh-knee": ("pelvis thigh knee", [((10, 68, 0), 60, t, 0) for t in (0, 90, 180)]),
    "leg": ("knee leg ankle", [((16, 28, 0), 56, t, 0) for t in (0, 90, 180)]),
    "foot": (
        "ankle foot",
        [((19, 5, 9), 32, 60, 25), ((19, 4, 10), 32, 0, -90), ((19, 4, 9), 32, 0, 75)],
    ),
}
ZONES = (
    ("trapezius-upper", "1"), ("sternocleidomastoid-sternal", "2"), ("levator-scapulae", "1"),
    ("infraspinatus", "1"), ("scalene-anterior", "1"), ("pectoralis-minor", "1"),
    ("extensor-carpi-radialis-longus", "1"), ("quadratus-lumborum", "1"),
    ("gluteus-minimus", "1"), ("piriformis", "1"), ("vastus-medialis", "1"), ("soleus", "1"),
)  # fmt: skip


def plain() -> Floats:
    """Skin colour for every face."""
    return np.tile(SKIN, (len(surface().faces), 1))


def landmark_sheets() -> None:
    """One picture per part of the body, three views each."""
    with (ROOT / "src/filiform/anatomy/data/landmarks.tsv").open(encoding="utf-8") as lines:
        part = {row["id"]: row["region"] for row in csv.DictReader(lines, delimiter="\t")}
    skin = surface()
    for name, (parts, views) in CLOSE_UPS.items():
        marks = {k: p.at() for k, p in places().items() if part[k] in parts.split()}
        pictures = []
        for centre, span, turn, tilt in views:
            camera = Camera(np.array(centre, float), span, 620, 760, turn, tilt)
            picture, depth = view(camera, skin.points, skin.faces, plain())
            pictures.append(np.asarray(label(picture, depth, camera, marks)))
        save(np.hstack(pictures), f"landmarks-{name}")


def patch_sheet() -> None:
    """Regions by hue, patches by shade."""
    skin, work = surface(), patchwork()
    half = work.count // 2
    shade = 0.62 + 0.36 * ((np.arange(half) * 0.618034) % 1)
    colours = np.array(
        [
            colorsys.hsv_to_rgb((work.region_of[i] * 0.381966) % 1, 0.5, shade[i % half])
            for i in range(work.count)
        ]
    )
    faces = colours[work.of_face] * 255
    whole = [((0, 86, 0), 176, t, 0) for t in (0, 90, 180)]
    near = [((0, 158, 3), 27, 20, 0), ((41, 84, 0), 25, 0, 0), ((19, 4, 9), 32, 55, 30)]
    rows = []
    for views in (whole, near):
        row = []
        for centre, span, turn, tilt in views:
            tall = 900 if span > 100 else 480
            camera = Camera(np.array(centre, float), span, 560, tall, turn, tilt)
            row.append(view(camera, skin.points, skin.faces, faces)[0])
        rows.append(np.hstack(row))
    save(np.vstack(rows), "patches")


def zone_sheet() -> None:
    """Referral zones of twelve trigger points, front and back: dark essential, light spillover."""
    skin, work = surface(), patchwork()
    with (ROOT / "src/filiform/anatomy/data/trigger_points.tsv").open(encoding="utf-8") as lines:
        rows = {(r["muscle_id"], r["trp"]): r for r in csv.DictReader(lines, delimiter="\t")}
    cells = []
    for key in ZONES:
        row = rows[key]
        colours = plain()
        for column, strength in (("spillover_zones", 0.45), ("essential_zones", 0.95)):
            for text in filter(None, row[column].split(" | ")):
                amount = draw(parse_area(text, atlas=True).on("right")).values * strength
                here = amount[work.of_face][:, None]
                colours = colours * (1 - here) + HEAT * here
        pair = []
        for turn in (0, 180):
            camera = Camera(np.array([0, 86.0, 0]), 176, 250, 430, turn)
            pair.append(view(camera, skin.points, skin.faces, colours)[0])
        image = Image.fromarray(np.hstack(pair))
        ImageDraw.Draw(image).text((6, 4), f"{key[0]} {key[1]} (right)", fill=(25, 25, 35))
        cells.append(np.asarray(image))
    save(np.vstack([np.hstack(cells[i : i + 4]) for i in range(0, len(cells), 4)]), "zones")


def build_sheet() -> None:
    """Bodies of several builds, front and side."""
    builds = [
        ("woman 30 y, 162 cm, 58 kg", ("female", 30, 162, 58)),
        ("heavy woman 45 y, 158 cm, 92 kg", ("female", 45, 158, 92)),
        ("thin man 25 y, 180 cm, 58 kg", ("male", 25, 180, 58)),
        ("man 40 y, 175 cm, 82 kg", ("male", 40, 175, 82)),
        ("girl 8 y, 126 cm, 25 kg", ("female", 8, 126, 25)),
        ("man 80 y, 168 cm, 66 kg", ("male", 80, 168, 66)),
    ]
    cells = []
    for name, build in builds:
        points = shape(*build).astype(np.float64)  # type: ignore[arg-type]
        pair = []
        for turn in (0, 90):
            camera = Camera(np.array([0, 92.0, 3]), 190, 230, 420, turn)
            pair.append(view(camera, points, surface().faces, plain())[0])
        image = Image.fromarray(np.hstack(pair))
        ImageDraw.Draw(image).text((6, 4), name, fill=(25, 25, 35))
        cells.append(np.asarray(image))
    save(np.vstack([np.hstack(cells[i : i + 3]) for i in (0, 3)]), "builds")


def save(picture: np.ndarray, name: str) -> None:
    """Writes a compressed picture."""
    OUT.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(OUT / f"{name}.webp", quality=72, method=6)


if __name__ == "__main__":
    landmark_sheets()
    patch_sheet()
    zone_sheet()
    build_sheet()
