"""Drawings of older releases of the surface, carried onto the patches of this one.

For every release there is a small table (data/releases/<release>.tsv): the centre, area and
region of each patch of its left half. When the patches change, that of the former release stays
here. Each small triangle of this release's skin takes the weight of the older patch whose centre
is nearest, in the same region and on the same side where there is one; a patch takes the mean of
its triangles. So area is kept nearly, and an edge moves by at most about a patch: callers say
that the drawing came from an older release.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from filiform.anatomy.surface.language import AreaError
from filiform.anatomy.surface.mesh import surface
from filiform.anatomy.surface.patches import patchwork
from filiform.anatomy.surface.weights import PatchValues, PatchWeights, read_runs
from filiform.arrays import Floats, Ints

COLUMNS = ("patch", "region", "x_cm", "y_cm", "z_cm", "area_cm2")
SAME_PLACE_CM = 0.11
"""Patches whose centres are this near, the rounding of the table, are the same patch."""


@dataclass(frozen=True, eq=False)
class SurfaceRelease:
    """Patches of a release, the left half: row i is patch i; patch i + n is its mirror image."""

    id: str
    regions: tuple[str, ...]
    centres_cm: Floats
    areas_cm2: Floats

    @property
    def count(self) -> int:
        """Patches on both sides."""
        return 2 * len(self.regions)


def read_table(release: str, text: str) -> SurfaceRelease:
    """A release from its table. Raises AreaError naming the row that can't be used."""
    regions, centres, areas = [], [], []
    for number, row in enumerate(csv.DictReader(text.splitlines(), delimiter="\t")):
        try:
            if int(row["patch"]) != number:
                raise ValueError
            centres.append([float(row[name]) for name in ("x_cm", "y_cm", "z_cm")])
            areas.append(float(row["area_cm2"]))
            regions.append(row["region"])
        except (KeyError, TypeError, ValueError):
            raise AreaError(
                f"table of release {release}, row {number}: expected the columns "
                f"{', '.join(COLUMNS)}, patches counted from 0"
            ) from None
    return SurfaceRelease(release, tuple(regions), np.array(centres), np.array(areas))


def table_text() -> str:
    """The table of the current release, as it is kept for the releases to come."""
    from filiform.anatomy.surface.patches import patches

    rows = ["\t".join(COLUMNS)]
    for patch in patches()[: patchwork().count // 2]:
        # A millimetre: patches are 1 cm wide and more, and the table stays small.
        x, y, z = (f"{value:.1f}" for value in patch.centre_cm)
        rows.append(f"{patch.number}\t{patch.region}\t{x}\t{y}\t{z}\t{patch.area_cm2:.1f}")
    return "\n".join(rows) + "\n"


@lru_cache(maxsize=1)
def known_releases() -> dict[str, SurfaceRelease]:
    """Every release that has a table, the current one too."""
    folder = files("filiform.anatomy.surface").joinpath("data").joinpath("releases")
    return {
        file.name.removesuffix(".tsv"): read_table(
            file.name.removesuffix(".tsv"), file.read_text("utf-8")
        )
        for file in folder.iterdir()
        if file.name.endswith(".tsv")
    }


def carried_forward(release: str, patches: str) -> PatchWeights:
    """Weights on today's patches from the patches of an older release. Raises AreaError."""
    older = known_releases().get(release)
    if older is None:
        known = ", ".join(sorted(known_releases()))
        raise AreaError(f'drawing of release "{release[:40]}": this one reads {known}')
    return mapped(older, read_runs(patches, older.count))


def mapped(older: SurfaceRelease, values: PatchValues) -> PatchWeights:
    """Weights of an older release's patches on the patches of this one."""
    half = older.count // 2
    nearest, same = _nearest(older)
    sides = []
    for one in (values[:half], values[half:]):
        face = one[nearest.clip(0)]
        # Clipped, for -1 is the last patch; what is read there is not used.
        sides.append(np.where(same >= 0, one[same.clip(0)], _mean_of_faces(face)))
    return PatchWeights(np.concatenate(sides).clip(0, 1))


def _mean_of_faces(face_values: PatchValues) -> Floats:
    skin, work = surface(), patchwork()
    half_faces = len(skin.faces) // 2
    areas, owner = skin.face_areas_cm2[:half_faces], work.of_face[:half_faces]
    total = np.bincount(owner, face_values * areas, work.count // 2)
    return np.asarray(total / work.areas_cm2[: work.count // 2])


@lru_cache(maxsize=4)
def _nearest(older: SurfaceRelease) -> tuple[Ints, Ints]:
    """For each left face the older patch nearest to it; for each left patch the older patch that
    is the very same one, or -1."""
    skin, work = surface(), patchwork()
    half_faces, half = len(skin.faces) // 2, work.count // 2
    middles = skin.points[skin.faces[:half_faces]].mean(axis=1)
    owner = work.of_face[:half_faces]
    nearest = np.full(half_faces, -1, dtype=np.int64)
    for number, name in enumerate(work.regions):
        mine = np.flatnonzero(work.region_of[owner] == number)
        there = np.flatnonzero(np.array(older.regions) == name)
        # A region that is new since then takes the nearest patch of any.
        there = there if len(there) else np.arange(len(older.regions))
        nearest[mine] = there[_closest(middles[mine], older.centres_cm[there])]
    return nearest, _same(older, half)


def _same(older: SurfaceRelease, half: int) -> Ints:
    from filiform.anatomy.surface.patches import patches

    own = patches()[:half]
    centres = np.array([patch.centre_cm for patch in own])
    closest = _closest(centres, older.centres_cm)
    away = np.abs(centres - older.centres_cm[closest]).max(axis=1)
    area = np.abs(np.array([p.area_cm2 for p in own]) - older.areas_cm2[closest])
    region = np.array([p.region == older.regions[i] for p, i in zip(own, closest, strict=True)])
    # Place, area and region: a patch that was split keeps its centre nearly, but not its area.
    return np.where((away < SAME_PLACE_CM) & (area < SAME_PLACE_CM) & region, closest, -1)


def _closest(points: Floats, centres: Floats) -> Ints:
    away = (centres**2).sum(1) - 2 * points @ centres.T
    return np.asarray(away.argmin(axis=1))
