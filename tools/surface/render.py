"""A small software rasteriser for the contact sheets: orthographic, z-buffer, soft light.

Pictures are NumPy arrays (height, width, 3) of bytes. No graphics card, no window.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

SKIN = np.array([226.0, 201.0, 184.0])
PAPER = np.array([250.0, 248.0, 244.0])


@dataclass(frozen=True)
class Camera:
    """Looks along -z of its own frame. centre in cm, span_cm: height of the picture."""

    centre: Floats
    span_cm: float
    width: int
    height: int
    turn_deg: float = 0.0
    tilt_deg: float = 0.0

    def project(self, points: Floats) -> Floats:
        """Pixel x, pixel y and depth (larger is nearer) of points."""
        a, b = np.radians(self.turn_deg), np.radians(self.tilt_deg)
        around = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
        over = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        seen = (points - self.centre) @ (over @ around).T
        scale = self.height / self.span_cm
        x = self.width / 2 + seen[:, 0] * scale
        y = self.height / 2 - seen[:, 1] * scale
        return np.column_stack([x, y, seen[:, 2]])


def view(camera: Camera, points: Floats, faces: Ints, colours: Floats) -> tuple[Bytes, Floats]:
    """The picture and its depth buffer. colours: one RGB row (0-255) per face."""
    seen = look(camera, points, faces)
    return painted(seen, colours), seen.depth


@dataclass(frozen=True)
class Seen:
    """What a camera sees: the nearest face of each pixel (-1: none), depth, light per face."""

    nearest: Ints
    depth: Floats
    shade: Floats


def look(camera: Camera, points: Floats, faces: Ints) -> Seen:
    """What is seen, to be painted in as many colours as wanted."""
    shape = (camera.height, camera.width)
    depth = np.full(shape, -np.inf)
    on_screen = camera.project(points)
    corners = on_screen[faces]
    flat = corners * [1, -1, camera.height / camera.span_cm]
    normal = np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0])
    size = np.linalg.norm(normal, axis=1) + 1e-12
    shade = 0.35 + 0.65 * (normal @ np.array([-0.35, 0.5, 0.79]) / size).clip(0)
    low, high = corners[:, :, :2].min(1), corners[:, :, :2].max(1)
    seen = (high >= 0).all(1) & (low[:, 0] < camera.width) & (low[:, 1] < camera.height)
    nearest = np.full(shape, -1)
    for size, some in _by_size(np.flatnonzero(seen), low, high):
        _paint(corners, some, size, nearest, depth)
    return Seen(nearest, depth, shade)


def painted(seen: Seen, colours: Floats) -> Bytes:
    """The picture of what is seen. colours: one RGB row (0-255) per face."""
    picture = np.tile(PAPER, (*seen.nearest.shape, 1))
    hit = seen.nearest >= 0
    picture[hit] = (colours * seen.shade[:, None])[seen.nearest[hit]]
    return picture.clip(0, 255).astype(np.uint8)


def _by_size(faces: Ints, low: Floats, high: Floats) -> list[tuple[int, Ints]]:
    """Faces grouped by the side of the pixel square that holds them."""
    wide = np.ceil((high[faces] - low[faces]).max(1)).astype(int) + 1
    bounds = [0, 3, 6, 12, 24, 48, 100, 4000]
    groups = []
    for above, upto in itertools.pairwise(bounds):
        some = faces[(wide > above) & (wide <= upto)]
        if len(some):
            groups.append((int(wide[(wide > above) & (wide <= upto)].max()), some))
    return groups


def _paint(corners: Floats, faces: Ints, size: int, nearest: Ints, depth: Floats) -> None:
    """Keeps for every pixel the nearest face, chunk by chunk."""
    height, width = depth.shape
    step = np.arange(size)
    dx, dy = (grid.ravel() for grid in np.meshgrid(step, step))
    chunk = max(1, 2_000_000 // (size * size))
    for start in range(0, len(faces), chunk):
        some = faces[start : start + chunk]
        a, b, c = (corners[some, i, :, None] for i in range(3))
        x0 = np.floor(corners[some, :, 0].min(1)).astype(int)[:, None]
        y0 = np.floor(corners[some, :, 1].min(1)).astype(int)[:, None]
        col, row = x0 + dx, y0 + dy
        x, y = col + 0.5, row + 0.5
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        area = np.where(np.abs(area) < 1e-9, np.inf, area)
        v = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
        w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
        z = a[:, 2] + v * (b[:, 2] - a[:, 2]) + w * (c[:, 2] - a[:, 2])
        hit = (v >= -1e-6) & (w >= -1e-6) & (v + w <= 1 + 1e-6) & np.isfinite(area)
        hit &= (col >= 0) & (row >= 0) & (col < width) & (row < height)
        face = np.broadcast_to(some[:, None], hit.shape)[hit]
        order = np.argsort(z[hit], kind="stable")
        at = (row[hit][order], col[hit][order])
        layer, top = np.full(depth.shape, -1), np.full(depth.shape, -np.inf)
        layer[at], top[at] = face[order], z[hit][order]
        won = top > depth
        depth[won], nearest[won] = top[won], layer[won]


def label(
    picture: Bytes,
    depth: Floats,
    camera: Camera,
    marks: dict[str, Floats],
    colour: tuple[int, int, int] = (170, 20, 20),
    slack_cm: float = 0.6,
) -> Image.Image:
    """The picture with a dot and a name at every mark that is not hidden behind the body."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    taken: list[tuple[float, float, float, float]] = []
    for name, point in marks.items():
        x, y, z = camera.project(np.asarray(point)[None])[0]
        col, row = int(x), int(y)
        if not (0 <= col < camera.width and 0 <= row < camera.height):
            continue
        if z < depth[row, col] - slack_cm:
            continue
        draw.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=colour)
        if name:
            _write(draw, name, x, y, taken, camera)
    return image


def _write(
    draw: ImageDraw.ImageDraw,
    name: str,
    x: float,
    y: float,
    taken: list[tuple[float, float, float, float]],
    camera: Camera,
) -> None:
    wide, tall = draw.textlength(name), 10.0
    for step in range(24):
        for left in (x + 5, x - 5 - wide):
            top = y - 5 + (step // 2 + step % 2) * 10.0 * (1 if step % 2 else -1)
            box = (left, top, left + wide, top + tall)
            free = all(
                box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in taken
            )
            if free and box[0] >= 0 and box[2] < camera.width:
                taken.append(box)
                draw.line((x, y, left if left > x else left + wide, top + 6), fill=(110, 110, 110))
                draw.text((left, top), name, fill=(25, 25, 35))
                return
