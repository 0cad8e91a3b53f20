"""Every corner of the shape space as a closed body in the anatomical position, and its compression.

A corner is one of 2 sexes x 4 ages x 3 weights x 3 heights. The 72 bodies are written as a mean
and a few principal shifts, with their coefficients; bodies between the corners are interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from makehuman import BODY_POINTS, Floats, Ints, MakeHuman, shape_corners
from pose import anatomical, harmonic_fill

HERE = Path(__file__).parent
COMPONENTS = 28


def insides() -> npt.NDArray[np.bool_]:
    """Which points lie inside the eye sockets and the mouth."""
    inside = np.zeros(BODY_POINTS, dtype=bool)
    for line in (HERE / "insides.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        for part in line.split():
            first, _, last = part.partition("-")
            inside[int(first) : int(last or first) + 1] = True
    return inside


def quad_edges(quads: Ints) -> Ints:
    """Every edge once, as sorted point pairs."""
    pairs = np.vstack([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    return np.asarray(np.unique(np.sort(pairs, axis=1), axis=0))


@dataclass(frozen=True)
class Bodies:
    """The corners' bodies: points (72, 13380, 3) in cm."""

    points: Floats
    quads: Ints
    mirror: Ints


def build_bodies(source: MakeHuman) -> Bodies:
    """All corners, posed and closed. Takes some 15 s."""
    inside = insides()
    fill = harmonic_fill(quad_edges(source.quads), inside)
    bodies = []
    for corner in shape_corners():
        raw = source.body(*corner)
        eye = raw[source.rig.joints["helper-l-eye"]]
        points = anatomical(raw, source.rig, source.mirror)
        bodies.append(_closed(points, fill, inside, eye, source.mirror))
    return Bodies(np.array(bodies), source.quads, source.mirror)


def _closed(
    points: Floats, fill: object, inside: npt.NDArray[np.bool_], eye: Floats, mirror: Ints
) -> Floats:
    """Lays the insides flat; the eyes' are then pushed out to the closed lid's curve."""
    points = np.asarray(fill @ points)  # type: ignore[operator]
    centre = eye.mean(axis=0)
    radius = np.linalg.norm(points - centre, axis=1)
    socket = inside & (radius < 3.0) & (points[:, 0] > 0.5)
    rim = np.linalg.norm(eye - centre, axis=1).mean()
    out = np.maximum(radius, rim) / radius
    points[socket] = centre + (points[socket] - centre) * out[socket, None]
    points[mirror[socket]] = points[socket] * [-1, 1, 1]
    points[:, 1] -= points[:, 1].min()
    return points


@dataclass(frozen=True)
class Compressed:
    """mean (n, 3), shifts (k, n, 3) for the points of the left half and the midline, and the
    coefficients (72, k) of the corners."""

    mean: Floats
    shifts: Floats
    coefficients: Floats


def compress(bodies: Floats, kept: Ints) -> Compressed:
    """Principal shifts of the kept points."""
    flat = bodies[:, kept].reshape(len(bodies), -1)
    mean = flat.mean(axis=0)
    left, size, right = np.linalg.svd(flat - mean, full_matrices=False)
    count = COMPONENTS
    return Compressed(
        mean.reshape(-1, 3),
        right[:count].reshape(count, -1, 3),
        left[:, :count] * size[:count],
    )
