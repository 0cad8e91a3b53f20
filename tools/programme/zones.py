"""Clothes, hair and muscles on the skin, cut out of the mesh along smooth lines.

Each is a number at every point of the reference body, positive inside; triangles are cut where it
passes nought, so that a hem is straight although the mesh is coarse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.sparse as sparse
from rig import Floats, Ints

from filiform.anatomy.surface import patchwork, surface

ZONES = ("skin", "shirt", "trousers", "hair", "muscle", "wood", "cloth", "wall", "ball", "iron")
HAIR = ("head-top", "head-side", "head-back")
HEM_CM, ANKLE_CM, SLEEVE = 93.0, 11.0, 0.72
"""Where shirt and trousers end on the reference body; the sleeve's share of the upper arm."""
NECK_AT, NECK_CM = np.array([0.0, 148.5, 0.5]), 9.6
"""Middle and radius of the neckline's ball."""


@dataclass(frozen=True)
class Cut:
    """faces (n, 3) with a zone each; points beyond the mesh's are (i, j, t): i + t (j - i)."""

    faces: Ints
    zones: Ints
    ends: Ints
    shares: Floats

    def points(self, posed: Floats) -> Floats:
        """The mesh's points and those of the cuts. Cuts may lie on earlier cuts."""
        whole = np.vstack([posed, np.zeros((len(self.ends), 3))])
        first = len(posed)
        # In layers: no cut of one layer lies on another of it.
        todo = np.arange(len(self.ends))
        while len(todo):
            now = self.ends[todo].max(axis=1) < first + todo[0]
            stop = len(todo) if now.all() else int(np.argmin(now))
            part = todo[:stop]
            a, b = whole[self.ends[part, 0]], whole[self.ends[part, 1]]
            whole[first + part] = a + self.shares[part, None] * (b - a)
            todo = todo[stop:]
        return whole


def _smooth(values: Floats, rounds: int) -> Floats:
    """Spread over neighbours, so that patches' steps become a slope."""
    spread = _spread()
    for _ in range(rounds):
        values = spread @ values
    return np.asarray(values)


@cache
def _spread() -> sparse.csr_matrix:
    faces = surface().faces
    pairs = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    count = len(surface().points)
    graph = sparse.coo_matrix(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count)
    ).tocsr()
    graph = ((graph + graph.T) > 0).astype(float) + sparse.identity(count)
    return sparse.diags(1 / np.asarray(graph.sum(1)).ravel()) @ graph


def _of_patches(values: Floats) -> Floats:
    """Values of patches at the points."""
    faces = surface().faces
    per_face = np.repeat(values[patchwork().of_face], 3)
    count = np.bincount(faces.ravel(), minlength=len(surface().points))
    return np.asarray(np.bincount(faces.ravel(), per_face, len(count)) / np.maximum(count, 1))


def _cut(
    cut: Cut, fields: list[Floats], field: Floats, zone: str, only: tuple[str, ...] = ()
) -> Cut:
    """Gives a zone to what is positive. fields: to be extended for the new points."""
    values = field[cut.faces]
    able = (
        np.isin(cut.zones, [ZONES.index(z) for z in only]) if only else np.ones(len(values), bool)
    )
    inside = values > 0
    count = inside.sum(axis=1)
    zones = np.where((count == 3) & able, ZONES.index(zone), cut.zones)
    mixed = np.flatnonzero(able & (count > 0) & (count < 3))
    keep = np.ones(len(values), bool)
    keep[mixed] = False
    new_faces, new_zones, ends, shares = [], [], [], []
    first, known = len(field), dict[tuple[int, int], int]()

    def between(i: int, j: int) -> int:
        a, b = sorted((i, j))
        if (a, b) not in known:
            known[a, b] = first + len(ends)
            ends.append((a, b))
            shares.append(round(float(field[a] / (field[a] - field[b])), 4))
        return known[a, b]

    for f in mixed.tolist():
        corners = cut.faces[f].tolist()
        odd = [bool(x) for x in inside[f]]
        lone = odd.index(sum(odd) == 1)
        a, b, c = corners[lone], corners[(lone + 1) % 3], corners[(lone + 2) % 3]
        ab, ac = between(a, b), between(a, c)
        old, new = int(cut.zones[f]), ZONES.index(zone)
        new_faces += [(a, ab, ac), (ab, b, c), (ab, c, ac)]
        new_zones += [new, old, old] if sum(odd) == 1 else [old, new, new]
    at, share = np.array(ends, dtype=int).reshape(-1, 2), np.array(shares)
    for i, one in enumerate(fields):
        fields[i] = np.concatenate([one, one[at[:, 0]] + share * (one[at[:, 1]] - one[at[:, 0]])])
    return Cut(
        np.vstack([cut.faces[keep], np.array(new_faces, dtype=int).reshape(-1, 3)]),
        np.concatenate([zones[keep], np.array(new_zones, dtype=int)]),
        np.vstack([cut.ends, at]),
        np.concatenate([cut.shares, share]),
    )


@cache
def _clothes() -> list[tuple[str, Floats]]:
    """Zones in the order in which they are cut, over the bare skin."""
    points = surface().points
    names = np.array([patchwork().regions[i] for i in patchwork().region_of])
    hair = _smooth(_of_patches(np.isin(names, HAIR).astype(float)), 5) - 0.5
    arm_names = (
        "upper-arm-front",
        "upper-arm-side",
        "upper-arm-back",
        "elbow-inner",
        "elbow-outer",
        "elbow-front",
        "elbow-back",
        "forearm-front",
        "forearm-back",
        "forearm-thumb-side",
        "wrist-front",
        "wrist-back",
        "palm",
        "hand-back",
        "thumb",
        "index-finger",
        "middle-ring-fingers",
        "little-finger",
    )
    on_arm = _of_patches(np.isin(names, arm_names).astype(float)) > 0.5
    # Along the arm, which hangs 20 degrees off the upright at rest.
    a = np.radians(20.0)
    along = np.abs(points[:, 0]) * np.sin(a) - points[:, 1] * np.cos(a)
    shoulder = along[np.isin(np.arange(len(points)), _near("acromion-tip"))].mean()
    elbow = along[np.isin(np.arange(len(points)), _near("olecranon"))].mean()
    sleeve = np.where(on_arm, along - (shoulder + SLEEVE * (elbow - shoulder)), -20.0)
    neck = NECK_CM - np.linalg.norm(points - NECK_AT, axis=1)
    chin = np.minimum(points[:, 2] - 4.0, points[:, 1] - 142.5)
    head = np.maximum(points[:, 1] - (NECK_AT[1] + 2.0), chin)
    return [
        ("shirt", np.where(on_arm, 1.0, points[:, 1] - HEM_CM)),
        ("skin", np.maximum(neck, head)),
        ("skin", sleeve),
        ("skin", ANKLE_CM - points[:, 1]),
        ("hair", hair),
    ]


def _near(name: str) -> Ints:
    from filiform.anatomy.surface import places

    return surface().faces[places()[name].spot.face]


def cut_out(muscle: Floats) -> Cut:
    """The body with its clothes, and a muscle over them. muscle: weight of each patch."""
    field = _smooth(_of_patches(muscle), 2) - 0.3
    steps = [*_clothes(), ("muscle", field)]
    fields = [np.asarray(one, dtype=float) for _, one in steps]
    faces = np.asarray(surface().faces)
    cut = Cut(
        faces, np.full(len(faces), ZONES.index("trousers")), np.zeros((0, 2), int), np.zeros(0)
    )
    for i, (zone, _) in enumerate(steps):
        cut = _cut(cut, fields, fields[i], zone)
    return cut
