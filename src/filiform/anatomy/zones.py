"""The zones of all pain sources as weights on patches, and what refers to a place.

Drawing every zone takes seconds; so the weights are kept in `data/zones.npz`, made by
`python tools/atlas/zones.py` and stamped with the texts and the surface they were drawn from.
The left side is stored and mirrored, as `draw` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt

from filiform.anatomy.atlas import Atlas, atlas
from filiform.anatomy.model import SourceKind
from filiform.anatomy.surface import (
    AreaPoint,
    PatchWeights,
    Spot,
    draw,
    parse_area,
    patchwork,
    surface,
)
from filiform.anatomy.surface.drawing import locate
from filiform.anatomy.surface.landmarks import mirrored
from filiform.anatomy.tables import DataError

Weights = npt.NDArray[np.float32]
ZoneKind = Literal["trigger-point"] | SourceKind
ZoneSide = Literal["left", "right", ""]
MAKE = "python tools/atlas/zones.py"
STEPS = 255
"""Weights are stored in so many steps."""


@dataclass(frozen=True)
class ZoneSource:
    """What a row of the matrix belongs to.

    id: "infraspinatus/1" or the id of a pain source. side: "" where there is one in the body.
    muscle_id: "" unless a trigger point.
    """

    id: str
    kind: ZoneKind
    side: ZoneSide
    muscle_id: str


@dataclass(frozen=True, eq=False)
class ZoneMatrix:
    """Rows are sources, columns patches; weights from 0 to 1 (`PatchWeights` of the same release).

    Overlapping zones of one source are joined: the larger weight of each patch.
    """

    sources: tuple[ZoneSource, ...]
    essential: Weights
    spillover: Weights

    @cached_property
    def rows(self) -> dict[tuple[str, str], int]:
        """Row by (id, side)."""
        return {(source.id, source.side): row for row, source in enumerate(self.sources)}

    def zones(self, source_id: str, side: str) -> tuple[PatchWeights, PatchWeights]:
        """Essential and spillover weights of one source. Raises KeyError if there is none such."""
        row = self.rows[source_id, side]
        return PatchWeights(self.essential[row]), PatchWeights(self.spillover[row])

    @cached_property
    def felt_cm2(self) -> Weights:
        """(patches, sources): skin of each patch on which pain is felt, spillover at its share."""
        felt = np.maximum(self.essential, SPILLOVER * self.spillover)
        return np.ascontiguousarray((felt * patchwork().areas_cm2.astype(np.float32)).T)

    @cached_property
    def whole_cm2(self) -> Weights:
        """All skin on which each source is felt, spillover at its share."""
        return np.asarray(self.felt_cm2.sum(axis=0))


@dataclass(frozen=True)
class _Drawn:
    """One line of the store: a source with its zones as text."""

    id: str
    kind: ZoneKind
    sided: bool
    muscle_id: str
    essential: tuple[str, ...]
    spillover: tuple[str, ...]


def drawn_sources(known: Atlas) -> Iterator[_Drawn]:
    """Everything with zones: trigger points in the atlas' order, then the other pain sources."""
    for point in known.trigger_points:
        yield _Drawn(
            point.id,
            "trigger-point",
            True,
            point.muscle_id,
            point.essential_zones,
            point.spillover_zones,
        )
    for source in known.pain_sources.values():
        yield _Drawn(
            source.id,
            source.kind,
            source.sided,
            "",
            source.essential_zones,
            source.spillover_zones,
        )


def stamp(known: Atlas) -> str:
    """Digest of all that the stored weights depend on."""
    # Texts and surface, not the code: a change of the drawing code is told by its tests.
    lines = [surface().release]
    for entry in drawn_sources(known):
        lines.append("\t".join((entry.id, str(entry.sided), *entry.essential, "/")))
        lines.append("\t".join(entry.spillover))
    for muscle in known.muscles.values():
        lines.append("\t".join((muscle.id, *muscle.outline.areas)))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def union(zones: tuple[str, ...]) -> Weights:
    """The zones of a source on the left, drawn now and joined."""
    whole = np.zeros(patchwork().count, dtype=np.float32)
    for zone in zones:
        np.maximum(whole, draw(parse_area(zone, atlas=True).on("left")).values, out=whole)
    return whole


@lru_cache(maxsize=1)
def zone_matrix() -> ZoneMatrix:
    """Zones of all sources on both sides, read once; sided ones left first, then right.

    Raises DataError when the stored weights were made from other texts or another surface.
    """
    known = atlas()
    stored = _stored()
    entries = list(drawn_sources(known))
    essential = _unpacked(stored, "essential", len(entries))
    spillover = _unpacked(stored, "spillover", len(entries))
    sources: list[ZoneSource] = []
    picked: list[int] = []
    turned: list[bool] = []
    for row, entry in enumerate(entries):
        sides: tuple[ZoneSide, ...] = ("left", "right") if entry.sided else ("",)
        for side in sides:
            sources.append(ZoneSource(entry.id, entry.kind, side, entry.muscle_id))
            picked.append(row)
            turned.append(side == "right")
    both = [np.ascontiguousarray(part[picked]) for part in (essential, spillover)]
    for part in both:
        # Patch i + n/2 mirrors patch i, so that the right half needs no drawing and no storing.
        part[turned] = np.roll(part[turned], patchwork().count // 2, axis=1)
        # One matrix for the whole process: who wrote into it would move everybody's pain.
        part.flags.writeable = False
    return ZoneMatrix(tuple(sources), *both)


@lru_cache(maxsize=1)
def _outlines() -> Weights:
    return _unpacked(_stored(), "outline", len(atlas().muscles))


def outline(muscle_id: str, side: str) -> PatchWeights:
    """The skin over a muscle on one side. Raises KeyError if the atlas has no such muscle."""
    row = list(atlas().muscles).index(atlas().muscle(muscle_id).id)
    left = PatchWeights(_outlines()[row])
    return left.mirror() if side == "right" else left


def _stored() -> dict[str, npt.NDArray[np.generic]]:
    with (files("filiform.anatomy") / "data" / "zones.npz").open("rb") as stream:
        stored = dict(np.load(stream).items())
    # Refused rather than drawn anew: that takes seconds, and would be paid by a patient's page.
    if str(stored["stamp"]) != stamp(atlas()):
        raise DataError(f"zones.npz was made from other zones or another surface; run {MAKE}")
    return stored


def packed(rows: list[Weights], name: str) -> dict[str, npt.NDArray[np.generic]]:
    """Rows as sparse arrays: how many patches each covers, which, and how much of each."""
    # A byte each: a 255th of a patch is finer than anybody draws.
    steps = [np.round(row * STEPS).astype(np.uint8) for row in rows]
    covered = [np.flatnonzero(row) for row in steps]
    return {
        f"{name}_count": np.array([len(some) for some in covered], dtype=np.uint16),
        f"{name}_patch": np.concatenate(covered).astype(np.uint16),
        f"{name}_step": np.concatenate(
            [row[some] for row, some in zip(steps, covered, strict=True)]
        ),
    }


def _unpacked(stored: dict[str, npt.NDArray[np.generic]], name: str, rows: int) -> Weights:
    whole = np.zeros((rows, patchwork().count), dtype=np.float32)
    row = np.repeat(np.arange(rows), stored[f"{name}_count"].astype(np.int64))
    whole[row, stored[f"{name}_patch"]] = stored[f"{name}_step"].astype(np.float32) / STEPS
    return whole


SPILLOVER = 0.5
"""How much spillover counts beside essential pain (1) in the reverse look-up: a design value."""


@dataclass(frozen=True)
class Referral:
    """How strongly a source refers to a place.

    strength: share of the place that its pain covers, 0 to 1; spillover counts half.
    own_share: share of the source's own pain that lies in the place, 0 to 1.
    """

    source: ZoneSource
    strength: float
    own_share: float


def what_refers_to(place: PatchWeights, *, least: float = 0.1) -> tuple[Referral, ...]:
    """All sources that refer to a place, the strongest first.

    least: sources that cover less of the place are left out. An empty place gets no answer.
    Order: strength times (1 + own share), so that of two sources that cover the place alike the
    one comes first whose pain is felt here rather than elsewhere too (a design choice). This tells
    where pain may come from, not how likely: that is targeting's question.
    """
    whole = float(place.values @ patchwork().areas_cm2)
    # A place of no area has no share that could be covered.
    if not whole:
        return ()
    matrix = zone_matrix()
    # A tap covers a few of some thousand patches; only their rows are multiplied.
    some = np.flatnonzero(place.values)
    covered = place.values[some] @ matrix.felt_cm2[some]
    strength, own = covered / whole, covered / matrix.whole_cm2
    kept = np.flatnonzero(strength >= least)
    # Stable, so that equals keep the atlas' order and a page looks the same every time.
    order = kept[np.argsort(-(strength * (1 + own))[kept], kind="stable")].tolist()
    return tuple(
        Referral(matrix.sources[row], min(1.0, float(strength[row])), float(own[row]))
        for row in order
    )


TAP_CM = 1.5
"""Radius about a tapped place."""


def place_at(point: AreaPoint, side: str, radius_cm: float = TAP_CM) -> PatchWeights:
    """A small disc about a point of the area language, to ask what refers there."""
    spot = locate(point)
    return place_about(mirrored(spot) if side == "right" else spot, radius_cm)


def place_about(spot: Spot, radius_cm: float = TAP_CM) -> PatchWeights:
    """A small disc about a tapped spot: whole faces, so that it is quick."""
    centre, skin = spot.at(), surface()
    a, b, c = (skin.points[skin.faces[:, k]] for k in range(3))
    inside = np.linalg.norm((a + b + c) / 3 - centre, axis=1) <= radius_cm
    # A face may be larger than the disc: the tapped one always counts.
    inside[spot.face] = True
    area = skin.face_areas_cm2
    covered = np.bincount(patchwork().of_face[inside], area[inside], patchwork().count)
    return PatchWeights((covered / patchwork().areas_cm2).clip(0, 1))
