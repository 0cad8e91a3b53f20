"""Makes the flat views: python tools/surface/flat.py

For every view the mesh is drawn without what is hidden, the borders between patches are followed
on the pixels, smoothed and kept as arcs with the patch on either side (data/flat.npz); the soft
shade of the body is kept as a picture of darkness alone (web/filiform/flat/*.webp), so that the
page gives the colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from filiform.anatomy import atlas
from filiform.anatomy.surface import patchwork, places, surface

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/filiform/anatomy/surface/data/flat.npz"
SHADES = ROOT / "web/filiform/flat"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HAND = ("wrist-front", "wrist-back", "palm", "hand-back", "thumb", "index-finger",
        "middle-ring-fingers", "little-finger", "forearm-front", "forearm-back",
        "forearm-thumb-side")  # fmt: skip
FOOT = ("heel", "sole", "foot-ball", "foot-top", "big-toe", "toes", "ankle-inner",
        "ankle-outer", "ankle-front", "achilles", "shin", "calf", "leg-outer")  # fmt: skip
SOLE = ("heel", "sole", "foot-ball", "foot-top", "big-toe", "toes")


@dataclass(frozen=True)
class View:
    """centre and size (width, height) in cm; turned about the upright axis, then tilted, then
    rolled in the picture, in degrees. only: regions that are drawn, those of the left."""

    id: str
    centre: tuple[float, float, float]
    size: tuple[float, float]
    turn: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    only: tuple[str, ...] = ()
    pixels: int = 12
    """per cm"""


def hand(palm: bool) -> View:
    """The left hand with its fingers down."""
    wrist, tip = (places()[k].at() for k in ("volar-wrist-mid", "middle-tip"))
    down = tip - wrist
    roll = float(np.degrees(np.arctan2(down[0], -down[1])))
    middle = (wrist * 0.45 + tip * 0.55).tolist()
    return View(
        "hand-palm-left" if palm else "hand-back-left",
        (middle[0], middle[1], middle[2]),
        (17, 25),
        0 if palm else 180,
        0,
        -roll if palm else roll,
        HAND,
        40,
    )


def views() -> list[View]:
    side = (50, 174)
    return [
        View("front", (0, 85.5, 0), (102, 174)),
        View("back", (0, 85.5, 0), (102, 174), 180),
        View("left", (0, 85.5, 0), side, 90),
        View("right", (0, 85.5, 0), side, 270),
        View("head-front", (0, 157.5, 0), (27, 31), 0, pixels=34),
        View("head-back", (0, 157.5, 0), (27, 31), 180, pixels=34),
        View("head-left", (0, 157.5, 3), (31, 31), 90, pixels=34),
        View("head-right", (0, 157.5, 3), (31, 31), 270, pixels=34),
        hand(palm=True),
        hand(palm=False),
        View("foot-top-left", (18.5, 5, 8), (19, 31), 0, 62, 0, FOOT, 34),
        View("foot-sole-left", (18.5, 4, 8), (19, 31), 0, -90, 0, SOLE, 34),
    ]


def frame(view: View) -> Floats:
    """Rows: to the right in the picture, up, and towards the eye."""
    a, b, c = np.radians([view.turn, view.tilt, view.roll])
    around = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    over = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    rolled = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return rolled @ over @ around


def seen(view: View, points: Floats) -> Floats:
    """Pixel x, pixel y and depth (larger is nearer)."""
    there = (points - np.array(view.centre)) @ frame(view).T
    wide, high = view.size
    return np.column_stack(
        [
            (there[:, 0] + wide / 2) * view.pixels,
            (high / 2 - there[:, 1]) * view.pixels,
            there[:, 2] * view.pixels,
        ]
    )


def raster(view: View) -> tuple[Ints, Floats, Floats]:
    """Nearest face (-1: none), depth and outward normal of every pixel."""
    skin, work = surface(), patchwork()
    faces = np.arange(len(skin.faces))
    if view.only:
        names = [work.regions.index(name) for name in view.only]
        inside = np.isin(work.region_of[work.of_face], names)
        faces = faces[inside & (work.of_face < work.count // 2)]
    wide, high = (round(x * view.pixels) for x in view.size)
    at = seen(view, skin.points)
    normals = seen(view, skin.points + skin.normals) - at
    nearest = np.full((high, wide), -1)
    depth = np.full((high, wide), -np.inf)
    normal = np.zeros((high, wide, 3))
    corners = at[skin.faces]
    for face in faces:
        a, b, c = corners[face]
        x0, y0 = np.floor(corners[face, :, :2].min(0)).astype(int)
        x1, y1 = np.ceil(corners[face, :, :2].max(0)).astype(int) + 1
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, wide), min(y1, high)
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if x0 >= x1 or y0 >= y1 or abs(area) < 1e-9:
            continue
        x, y = np.meshgrid(np.arange(x0, x1) + 0.5, np.arange(y0, y1) + 0.5)
        v = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        w = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        z = a[2] + v * (b[2] - a[2]) + w * (c[2] - a[2])
        box = np.s_[y0:y1, x0:x1]
        won = (v >= -1e-9) & (w >= -1e-9) & (v + w <= 1 + 1e-9) & (z > depth[box])
        depth[box][won], nearest[box][won] = z[won], face
        n = normals[skin.faces[face]]
        mixed = n[0] * (1 - v - w)[..., None] + n[1] * v[..., None] + n[2] * w[..., None]
        normal[box][won] = mixed[won]
    normal /= np.maximum(np.linalg.norm(normal, axis=2), 1e-9)[..., None]
    return nearest, depth / view.pixels, normal


def labels(nearest: Ints, smallest: int) -> Ints:
    """Patch + 1 of each pixel, 0 outside; specks go to what lies round them."""
    of_face = patchwork().of_face
    found = np.where(nearest >= 0, of_face[nearest.clip(0)] + 1, 0)
    for _ in range(2):
        specks = np.zeros(found.shape, bool)
        for label, box in enumerate(ndimage.find_objects(found), start=1):
            if box is None:
                continue
            parts, count = ndimage.label(found[box] == label)
            sizes = np.bincount(parts.ravel(), minlength=count + 1)
            specks[box] |= np.isin(parts, np.flatnonzero(sizes < smallest)) & (parts > 0)
        nearest_kept = ndimage.distance_transform_edt(
            specks, return_distances=False, return_indices=True
        )
        found = found[tuple(nearest_kept)]
    return found


def region_labels() -> Ints:
    """For each patch 1 + twice the number of its region, and 1 more on the right where the region
    has sides."""
    work = patchwork()
    sided = np.array([atlas().regions[name].sided for name in work.regions])
    right = np.arange(work.count) >= work.count // 2
    return np.asarray(1 + 2 * work.region_of + (right & sided[work.region_of]))


def arcs(found: Ints) -> list[tuple[Floats, int, int]]:
    """Borders on the grid of pixel corners: points (n, 2), label on the left and on the right.

    Every arc runs from one junction to the next, or round.
    """
    padded = np.pad(found, 1)
    steps: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}

    def add(x: int, y: int, dx: int, dy: int, left: int, right: int) -> None:
        steps.setdefault((x, y), []).append((dx, dy, left, right))
        steps.setdefault((x + dx, y + dy), []).append((-dx, -dy, right, left))

    across = padded[1:-1, :-1] != padded[1:-1, 1:]
    for y, x in zip(*(i.tolist() for i in np.nonzero(across)), strict=True):
        # an upright border between (x-1) and x, walked downwards: on its left lies what is east
        add(x, y, 0, 1, int(padded[y + 1, x + 1]), int(padded[y + 1, x]))
    along = padded[:-1, 1:-1] != padded[1:, 1:-1]
    for y, x in zip(*(i.tolist() for i in np.nonzero(along)), strict=True):
        add(x, y, 1, 0, int(padded[y, x + 1]), int(padded[y + 1, x + 1]))
    junctions = {
        place
        for place, ways in steps.items()
        if len(ways) != 2 or {ways[0][2], ways[0][3]} != {ways[1][2], ways[1][3]}
    }
    walked: set[tuple[int, int, int, int]] = set()
    found_arcs = []
    for start in [*sorted(junctions), *sorted(set(steps) - junctions)]:
        for dx, dy, left, right in steps[start]:
            if (*start, dx, dy) in walked:
                continue
            trail, here, step = [start], start, (dx, dy)
            while True:
                walked.add((*here, *step))
                there = (here[0] + step[0], here[1] + step[1])
                walked.add((*there, -step[0], -step[1]))
                trail.append(there)
                if there in junctions or there == start:
                    break
                step = next(
                    (w[0], w[1]) for w in steps[there] if (w[0], w[1]) != (-step[0], -step[1])
                )
                here = there
            found_arcs.append((np.array(trail, float), left, right))
    return found_arcs


def smooth(trail: Floats, sigma: float, tolerance: float) -> Floats:
    """A staircase as a soft line with few points; its ends stay."""
    closed = bool((trail[0] == trail[-1]).all()) and len(trail) > 3
    if closed:
        soft = ndimage.gaussian_filter1d(trail[:-1], sigma, axis=0, mode="wrap")
        soft = np.vstack([soft, soft[:1]])
    else:
        ends = 2 * trail[:1] - trail[1 : len(trail)][::-1], 2 * trail[-1:] - trail[:-1][::-1]
        longer = np.vstack([ends[0], trail, ends[1]])
        soft = ndimage.gaussian_filter1d(longer, sigma, axis=0, mode="nearest")
        soft = soft[len(ends[0]) : len(ends[0]) + len(trail)]
        soft[0], soft[-1] = trail[0], trail[-1]
    if closed:
        half = len(soft) // 2
        return np.vstack(
            [simplified(soft[: half + 1], tolerance)[:-1], simplified(soft[half:], tolerance)]
        )
    return simplified(soft, tolerance)


def smoothed(view: View, arc: tuple[Floats, int, int], *, soft: bool) -> Floats:
    """A border as a line. soft: borders of regions, which follow no feature of the mesh; the
    outline against the background stays sharp."""
    trail, left, right = arc
    whole = view.pixels < 20
    cm = SOFT_CM[whole] if soft and left and right else SHARP_CM[whole]
    return smooth(trail, view.pixels * cm, view.pixels * WORTH_CM[whole])


SHARP_CM, SOFT_CM = {True: 0.22, False: 0.12}, {True: 1.1, False: 0.4}
"""Smoothing on whole bodies and on close-ups."""
WORTH_CM = {True: 0.08, False: 0.025}
"""By how much a line may be off: whole bodies are shown at some 3 mm a pixel, close-ups at 0.8."""


def simplified(line: Floats, tolerance: float) -> Floats:
    """Douglas and Peucker."""
    keep, todo = {0, len(line) - 1}, [(0, len(line) - 1)]
    while todo:
        i, j = todo.pop()
        if j - i < 2:
            continue
        step = line[j] - line[i]
        from_i = line[i + 1 : j] - line[i]
        length = np.hypot(*step)
        off = (
            np.abs(step[0] * from_i[:, 1] - step[1] * from_i[:, 0]) / length
            if length > 1e-9
            else np.hypot(*from_i.T)
        )
        k = int(off.argmax())
        if off[k] > tolerance:
            keep.add(i + 1 + k)
            todo += [(i, i + 1 + k), (i + 1 + k, j)]
    return line[sorted(keep)]


def shade(view: View, nearest: Ints, depth: Floats, normal: Floats) -> Image.Image:
    """Darkness of the body as the alpha of black: light from above and a little from the left,
    folds and far sides darker."""
    inside = nearest >= 0
    light = normal @ (np.array([-0.32, -0.46, 0.83]) / np.linalg.norm([0.32, 0.46, 0.83]))
    dark = 0.36 * (1 - light.clip(0, 1)) + 0.22 * (1 - normal[..., 2].clip(0, 1)) ** 2
    plain = np.where(inside, depth, np.nan)
    floor = np.nanmin(plain) - 3.0
    flat = np.where(inside, depth, floor)
    for cm, strength in ((0.5, 0.10), (2.0, 0.05)):
        weight = ndimage.gaussian_filter(inside.astype(float), cm * view.pixels)
        mean = ndimage.gaussian_filter(np.where(inside, flat, 0), cm * view.pixels)
        dark += strength * ((mean / np.maximum(weight, 1e-6) - depth) / cm).clip(0, 2.0)
    jump = ndimage.grey_dilation(flat, 3) - ndimage.grey_erosion(flat, 3)
    edge = ndimage.gaussian_filter((jump > 1.2).astype(float) * inside, 0.06 * view.pixels)
    dark = np.where(inside, (dark + 0.30 * edge).clip(0, 0.85), 0)
    dark = ndimage.gaussian_filter(dark, 0.5)
    alpha = Image.fromarray((dark * 255).astype(np.uint8))
    target = round(view.size[1] * (5.2 if view.pixels < 20 else 17))
    size = (round(target * view.size[0] / view.size[1]), target)
    alpha = alpha.resize(size, Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", size, (52, 28, 16, 0))
    picture.putalpha(alpha)
    return picture


def main() -> None:
    SHADES.mkdir(parents=True, exist_ok=True)
    store: dict[str, npt.NDArray[np.generic]] = {"release": np.array(surface().release)}
    for view in views():
        nearest, depth, normal = raster(view)
        shade(view, nearest, depth, normal).save(
            SHADES / f"{view.id}.webp", quality=60, method=6, alpha_quality=96
        )
        scale = 10 if view.pixels < 20 else 50  # units of the picture per cm
        patch_of_pixel = labels(nearest, max(6, view.pixels * view.pixels // 60))
        region_of_pixel = np.concatenate([[0], region_labels()])[patch_of_pixel]
        for what, found in (("patch", arcs(patch_of_pixel)), ("region", arcs(region_of_pixel))):
            kept = [
                np.round(smoothed(view, arc, soft=what == "region") * scale / view.pixels)
                for arc in found
            ]
            store[f"{view.id}/{what}/points"] = np.vstack(kept).astype(np.int16)
            store[f"{view.id}/{what}/lengths"] = np.array([len(t) for t in kept], np.uint16)
            store[f"{view.id}/{what}/sides"] = np.array([arc[1:] for arc in found], np.uint16)
        store[f"{view.id}/size"] = np.array([*view.size, scale], np.float64)
        store[f"{view.id}/camera"] = np.vstack([frame(view), view.centre])
        print(view.id)
    np.savez_compressed(DATA, **store)


if __name__ == "__main__":
    main()
