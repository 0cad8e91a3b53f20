"""All sources of the body and what each state of each does to the skin; made once a process.

The left side is worked out and mirrored, so right is exactly its image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from filiform.anatomy import atlas
from filiform.anatomy.surface import patches, patchwork
from filiform.anatomy.zones import ZoneMatrix, outline, zone_matrix
from filiform.arrays import Floats, Ints
from filiform.targeting.knowledge import frequency, parameters, satellites

Kind = Literal["trigger-point", "nerve-root", "joint", "viscus"]
SourceSide = Literal["left", "right", "midline"]
Places = dict[tuple[str, SourceSide], int]
Skin = npt.NDArray[np.float32]
MEAN_PATCH_CM2 = 8.0
"""Size of a middling patch on trunk and limbs; smaller ones count by the root of their size."""


@dataclass(frozen=True)
class NetworkSource:
    """One thing that can hurt. points: its trigger-point numbers; empty for other sources.

    detail: "peripheral-nerve" where the kind alone would mislead, or "".
    """

    id: str
    kind: Kind
    side: SourceSide
    points: tuple[str, ...] = ()
    detail: str = ""

    @property
    def muscular(self) -> bool:
        return self.kind == "trigger-point"


@dataclass(frozen=True, eq=False)
class Network:
    """Sources and their states, the sided ones first (left, then right), then those of the middle.

    points_of: for each state the places in `NetworkSource.points` that are active.
    hurts (states, patches): probability that a patch is painful in that state.
    spared: natural logarithm of 1 - hurts where that is not 0, patch after patch, with its state
        and where each patch begins; of referred pain only, since whether a muscle is felt over
        itself is one event, not many.
    reached (sources, patches): how far a patch lies in the zones of any of its points, 0 to 1.
    mirror: the same source on the other side. sided: how many sources have a side.
    evidence (patches): how much of an independent observation each patch is.
    """

    sources: tuple[NetworkSource, ...]
    first_state: Ints
    points_of: tuple[tuple[int, ...], ...]
    share: Floats
    key: Ints
    hurts: Skin
    spared: tuple[Ints, Ints, Floats]
    reached: Skin
    mirror: Ints
    sided: int
    evidence: Floats
    place: Places

    def spares(self, patches_weight: Floats) -> Floats:
        """(states): sum over patches of weight times log(1 - hurts); 0 or less. Quick where few
        patches have a weight."""
        # A sparse product by hand, as SciPy is no dependency: only the cells of these patches are
        # touched.
        state, first, logarithm = self.spared
        some = np.flatnonzero(patches_weight)
        count = first[some + 1] - first[some]
        entry = np.arange(count.sum()) + np.repeat(first[some] - (count.cumsum() - count), count)
        weighed = logarithm[entry] * np.repeat(patches_weight[some], count)
        return np.bincount(state[entry], weighed, len(self.share)).astype(np.float64)

    @cached_property
    def hurts_by_patch(self) -> Skin:
        """(patches, states): `hurts`, so that the rows of a few patches lie together."""
        return np.ascontiguousarray(self.hurts.T)

    @cached_property
    def reached_by_patch(self) -> Skin:
        """(patches, sources): `reached`, likewise."""
        return np.ascontiguousarray(self.reached.T)

    @cached_property
    def spares_all(self) -> Floats:
        """(states): `spares` of the whole skin, each patch by its evidence."""
        return self.spares(self.evidence)


@dataclass(frozen=True, eq=False)
class _Cause:
    """A muscle or another source on the left or in the middle. zones (points, patches)."""

    source: NetworkSource
    essential: Skin
    spillover: Skin
    local: Skin

    def skin(self) -> Skin:
        """(patches): where any of its points may be felt, 0 to 1."""
        parts = (self.essential, self.spillover, self.local)
        return np.asarray(np.vstack(parts).max(axis=0), dtype=np.float32)


@cache
def network() -> Network:
    """The network of this release; some tenths of a second the first time."""
    sided, middle = _causes()
    states = [_states(len(cause.essential)) for cause in (*sided, *middle)]
    pairs = list(zip((*sided, *middle), states, strict=True))
    referred = _both_sides([_hurts(cause, own) for cause, own in pairs], len(sided))
    local = _both_sides([_over_itself(cause, own) for cause, own in pairs], len(sided))
    return _assembled(sided, middle, states, referred, np.maximum(referred, local))


def _both_sides(skins: list[Skin], sided: int) -> Skin:
    """Those of the left, their mirror images, those of the middle."""
    # Patches are numbered left half first; each one's mirror image comes half the number later.
    left, rest, half = skins[:sided], skins[sided:], patchwork().count // 2
    return np.vstack([*left, *(np.roll(skin, half, axis=1) for skin in left), *rest])


def _causes() -> tuple[list[_Cause], list[_Cause]]:
    """Causes on the left, and those of which there is one in the body."""
    zones = zone_matrix()
    sided = [
        _cause(
            NetworkSource(
                muscle.id, "trigger-point", "left", tuple(p.number for p in muscle.trigger_points)
            ),
            [zones.rows[point.id, "left"] for point in muscle.trigger_points],
            zones,
        )
        for muscle in atlas().muscles.values()
    ]
    middle = []
    for other in atlas().pain_sources.values():
        # The answer has four kinds by contract; `detail` tells a peripheral nerve from a root.
        kind: Kind = "nerve-root" if other.kind == "peripheral-nerve" else other.kind
        detail = other.kind if other.kind == "peripheral-nerve" else ""
        row = [zones.rows[other.id, "left" if other.sided else ""]]
        if other.sided:
            sided.append(_cause(NetworkSource(other.id, kind, "left", (), detail), row, zones))
        else:
            middle.append(_cause(NetworkSource(other.id, kind, "midline", (), detail), row, zones))
    return sided, middle


def _cause(source: NetworkSource, rows: list[int], zones: ZoneMatrix) -> _Cause:
    """Muscles are felt over themselves too, whichever of their points is active."""
    local = np.zeros_like(zones.essential[rows[:1]])
    if source.muscular:
        local = outline(source.id, "left").values[None].astype(np.float32)
    parts = zones.essential[rows], zones.spillover[rows], local
    return _Cause(source, *(blurred(part) for part in parts))


def _assembled(
    sided: list[_Cause],
    middle: list[_Cause],
    states: list[list[tuple[int, ...]]],
    referred: Skin,
    hurts: Skin,
) -> Network:
    n = len(sided)
    lefts = [cause.source for cause in sided]
    rights = [NetworkSource(one.id, one.kind, "right", one.points, one.detail) for one in lefts]
    sources = (*lefts, *rights, *(cause.source for cause in middle))
    ordered = [*states[:n], *states]
    counts = [len(own) for own in ordered]
    mirror = np.concatenate([np.arange(n, 2 * n), np.arange(n), np.arange(2 * n, len(sources))])
    place = {(one.id, one.side): at for at, one in enumerate(sources)}
    areas, half = patchwork().areas_cm2, patchwork().count // 2
    # The bound is for a coarser surface; no patch of this one reaches it.
    count_each = np.minimum(np.sqrt(areas / MEAN_PATCH_CM2), 1.25)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Network(
        sources=sources,
        first_state=first,
        points_of=tuple(state for own in ordered for state in own),
        share=np.concatenate([_shares(own) for own in ordered]),
        key=_keys(sources, place),
        hurts=hurts,
        spared=_spared(referred),
        reached=_reached(sided, middle, half),
        mirror=mirror,
        sided=2 * n,
        evidence=count_each / parameters().observation_patches,
        place=place,
    )


def _spared(hurts: Skin) -> tuple[Ints, Ints, Floats]:
    # One cell in 24 is left: the table is kept sparse because every question sums over it.
    patch, state = np.nonzero(hurts.T > 1e-4)
    first = np.searchsorted(patch, np.arange(hurts.shape[1] + 1))
    return state, first, np.log1p(-hurts[state, patch].astype(np.float64))


def _reached(sided: list[_Cause], middle: list[_Cause], half: int) -> Skin:
    """The skin of every source, whatever is seldom felt there: it accounts for a patch too."""
    left = np.stack([cause.skin() for cause in sided])
    return np.vstack([left, np.roll(left, half, axis=1), *(one.skin()[None] for one in middle)])


def _keys(sources: tuple[NetworkSource, ...], place: Places) -> Ints:
    key_of = {row.satellite_id: row.key_id for row in satellites()}
    keys = [
        place[key_of[one.id], one.side] if one.muscular and one.id in key_of else -1
        for one in sources
    ]
    return np.array(keys, dtype=np.int64)


def _states(points: int) -> list[tuple[int, ...]]:
    """One point active, or two. A source without numbered points has the one state."""
    singles = [(one,) for one in range(points)]
    # Not three: of five points 15 states are followed so, with every set there would be 31.
    return singles + list(combinations(range(points), 2))


def _shares(states: list[tuple[int, ...]]) -> Floats:
    singles = sum(len(state) == 1 for state in states)
    pairs = len(states) - singles
    # A muscle with one point can't have several: that share stays with the point.
    several = parameters().several_points if pairs else 0.0
    return np.array(
        [(1 - several) / singles if len(state) == 1 else several / pairs for state in states]
    )


def _over_itself(cause: _Cause, states: list[tuple[int, ...]]) -> Skin:
    """(states, patches): pain over the muscle, the same whichever point is active."""
    local = cause.local * frequency(cause.source.id, "local")
    return np.repeat(local, len(states), axis=0).astype(np.float32)


def _hurts(cause: _Cause, states: list[tuple[int, ...]]) -> Skin:
    """(states, patches): the strongest of the state's points at each patch, referred pain only."""
    name = cause.source.id
    points = np.maximum(
        cause.essential * frequency(name, "essential"),
        cause.spillover * frequency(name, "spillover"),
    )
    return np.stack([points[list(state)].max(axis=0) for state in states]).astype(np.float32)


def blurred(zones: Skin) -> Skin:
    """Zones (..., patches) spread to neighbours, each with its former height: what people draw."""
    near, weight = _neighbours()
    spread = zones.astype(np.float32)
    for _ in range(parameters().blur_steps):
        spread = (spread + np.einsum("...pk,pk->...p", spread[..., near], weight)) / 2
    before, after = zones.max(axis=-1), spread.max(axis=-1)
    # Spreading flattens small zones; how often one is felt must not hang on its size.
    height = np.where(after > 0, before / np.maximum(after, 1e-6), 0.0)
    return np.asarray(np.minimum(spread * height[..., None], 1.0), dtype=np.float32)


@cache
def _neighbours() -> tuple[Ints, Skin]:
    """Neighbours of each patch, padded, and their weights by size."""
    work = patches()
    most = max(len(patch.neighbours) for patch in work)
    near = np.zeros((len(work), most), dtype=np.int64)
    weight = np.zeros((len(work), most), dtype=np.float32)
    for patch in work:
        own = patch.neighbours
        near[patch.number, : len(own)] = own
        # Places without a neighbour point at patch 0 and keep the weight 0.
        weight[patch.number, : len(own)] = [work[one].area_cm2 for one in own]
    return near, weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-6)
