"""The surface as compact documents for the browser.

A document is `FILIBODY`, the length of its header (4 bytes, little endian), a JSON header, and the
sections that the header names, each a row of 16 or 8 bit numbers. 16 bit rows hold differences
from number to number (modulo 65536), all low bytes first, then all high bytes: that packs to half
the size. Only the left half of the body is held; docs/reference/body-chart.md tells how the other
half follows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.landmarks import places
from filiform.anatomy.surface.mesh import FACES, POINTS, surface
from filiform.anatomy.surface.patches import patchwork
from filiform.arrays import Floats, Ints

MAGIC = b"FILIBODY"
HALF_FACES = FACES // 2
STEPS = 32_767
"""A body's largest coordinate is this many steps."""


@dataclass(frozen=True, eq=False)
class Topology:
    """What `read_surface` finds: all that doesn't depend on a body's build.

    faces: (26756, 3) in the document's own order of points; patch_of_face: one for each face;
    region_of_patch: index into regions; landmarks: rows [id, face, b1, b2, paired].
    """

    release: str
    faces: Ints
    patch_of_face: Ints
    region_of_patch: Ints
    regions: tuple[str, ...]
    landmarks: tuple[tuple[str, int, float, float, bool], ...]


@lru_cache(maxsize=1)
def point_order() -> Ints:
    """Our number of each point in the documents' order: the midline, the rest of the left half,
    and the mirror images of that rest in the same order."""
    skin = surface()
    half = skin.arrays["half_points"].astype(np.int64)
    in_midline = skin.mirror[half] == half
    rest = half[~in_midline]
    return np.concatenate([half[in_midline], rest, skin.mirror[rest]])


@lru_cache(maxsize=1)
def pack_surface() -> bytes:
    """Faces, patches, regions and landmarks of this release."""
    skin, work = surface(), patchwork()
    order = point_order()
    ours = np.empty(POINTS, dtype=np.int64)
    ours[order] = np.arange(POINTS)
    header = {
        "kind": "surface",
        "release": skin.release,
        "points": POINTS,
        "midline": int((skin.mirror[order] == order).sum()),
        "regions": list(work.regions),
        # Two of three weights: the third is what is missing to 1.
        "landmarks": [
            [p.id, p.spot.face, *(round(w, 5) for w in p.spot.weights[1:]), int(p.paired)]
            for p in places().values()
        ],
    }
    half = work.count // 2
    return _document(
        header,
        {
            "faces": ours[skin.faces[:HALF_FACES]].ravel(),
            "patches": work.of_face[:HALF_FACES],
            "patch_regions": work.region_of[:half],
        },
        narrow=("patch_regions",),
    )


def pack_points(points: npt.NDArray[np.floating]) -> bytes:
    """A body's points (13380, 3) in cm, to 16 bits: 0.003 cm for an adult.

    Raises ValueError when the points are of another number or aren't mirrored exactly.
    """
    given = np.asarray(points, dtype=np.float64)
    if given.shape != (POINTS, 3):
        raise ValueError(f"points of shape {given.shape}: expected ({POINTS}, 3)")
    # Exactly: the browser gets the left half only, and would show another body.
    if not np.array_equal(given[surface().mirror], given * np.array([-1.0, 1.0, 1.0])):
        raise ValueError("points: expected a body whose right half mirrors the left exactly")
    half = given[point_order()[: len(surface().arrays["half_points"])]]
    step = float(np.abs(half).max()) / STEPS
    rows = np.round(half / step).astype(np.int64)
    header = {"kind": "points", "release": surface().release, "step_cm": step}
    return _document(header, {axis: rows[:, k] for k, axis in enumerate("xyz")})


def read_surface(document: bytes) -> Topology:
    """Reads `pack_surface` as the browser does. Raises ValueError for anything else."""
    header, rows = _read(document, "surface")
    left, patch = rows["faces"].reshape(-1, 3), rows["patches"]
    region = rows["patch_regions"]
    other = left + np.where(left < header["midline"], 0, _twin_offset(header))
    return Topology(
        release=header["release"],
        faces=np.vstack([left, other[:, ::-1]]),
        patch_of_face=np.concatenate([patch, patch + len(region)]),
        region_of_patch=np.concatenate([region, region]),
        regions=tuple(header["regions"]),
        landmarks=tuple(
            (i, f, b1, b2, bool(paired)) for i, f, b1, b2, paired in header["landmarks"]
        ),
    )


def read_points(document: bytes) -> Floats:
    """Reads `pack_points`: (13380, 3) in cm, in our own order of points."""
    header, rows = _read(document, "points")
    signed = np.column_stack([rows[axis] for axis in "xyz"])
    half = np.where(signed >= 32_768, signed - 65_536, signed) * float(header["step_cm"])
    midline = 2 * len(half) - POINTS
    points = np.empty((POINTS, 3))
    points[point_order()] = np.vstack([half, half[midline:] * np.array([-1.0, 1.0, 1.0])])
    return points


def _twin_offset(header: dict[str, Any]) -> int:
    """What to add to a point's number to get its mirror image."""
    return int(header["points"] - header["midline"]) // 2


def _document(header: dict[str, Any], rows: dict[str, Ints], narrow: tuple[str, ...] = ()) -> bytes:
    parts = {
        name: row.astype(np.uint8).tobytes() if name in narrow else _planes(row)
        for name, row in rows.items()
    }
    sections = [[name, 8 if name in narrow else 16, len(row)] for name, row in rows.items()]
    head = json.dumps({**header, "sections": sections}, separators=(",", ":")).encode()
    return b"".join([MAGIC, len(head).to_bytes(4, "little"), head, *parts.values()])


def _planes(row: Ints) -> bytes:
    # Differences in two planes of bytes: high bytes are nearly all 0, which gzip makes nothing of.
    steps = (np.diff(row, prepend=0) & 0xFFFF).astype(np.uint16)
    return (steps & 0xFF).astype(np.uint8).tobytes() + (steps >> 8).astype(np.uint8).tobytes()


def _read(document: bytes, kind: str) -> tuple[dict[str, Any], dict[str, Ints]]:
    if document[:8] != MAGIC:
        raise ValueError("document: expected FILIBODY at its start")
    at = 12 + int.from_bytes(document[8:12], "little")
    header = json.loads(document[12:at])
    if header["kind"] != kind:
        raise ValueError(f"document of kind {header['kind']}: expected {kind}")
    rows: dict[str, Ints] = {}
    for name, bits, length in header["sections"]:
        raw = np.frombuffer(document, np.uint8, length * bits // 8, at).astype(np.int64)
        at += len(raw)
        if bits == 8:
            rows[name] = raw
        else:
            rows[name] = np.cumsum(raw[:length] + (raw[length:] << 8)) & 0xFFFF
    return header, rows
