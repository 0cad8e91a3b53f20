"""Flat views of the body: outlines of regions and patches as seen from twelve sides.

Made once from the mesh by tools/surface/flat.py (what is hidden is not drawn; borders are
smoothed) and kept as arcs between patches, so that any set of patches can be outlined without a
seam. Hands and feet are kept for the left; the right is their mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.landmarks import mirrored
from filiform.anatomy.surface.mesh import surface
from filiform.anatomy.surface.patches import patches, patchwork
from filiform.anatomy.surface.weights import PatchWeights
from filiform.arrays import Bools, Floats, Ints

WHOLE = ("front", "back", "left", "right")
CLOSE_UPS = (
    *("head-front", "head-back", "head-left", "head-right"),
    *("hand-palm-right", "hand-palm-left", "hand-back-left", "hand-back-right"),
    *("foot-top-right", "foot-top-left", "foot-sole-left", "foot-sole-right"),
)
"""Close-ups in pairs as they are seen: palms and feet from the front, the patient's right on the
reader's left."""
VIEWS = (*WHOLE, *CLOSE_UPS)


@dataclass(frozen=True, eq=False)
class Arcs:
    """Borders between labels. points: of all arcs, one after the other, in units of the picture.

    lengths: points of each arc. sides: label on the left and on the right of each, 0 for no body.
    """

    points: Ints
    lengths: Ints
    sides: Ints

    @cached_property
    def starts(self) -> Ints:
        """Number of the first point of each arc, and the end."""
        return np.concatenate([[0], np.cumsum(self.lengths)])

    def rings(self, chosen: Bools) -> list[Ints]:
        """Closed lines round what is chosen: one truth for each label, the first for no body."""
        on_left, on_right = chosen[self.sides[:, 0]], chosen[self.sides[:, 1]]
        lines = {}
        for i in np.flatnonzero(on_left != on_right).tolist():
            line = self.points[self.starts[i] : self.starts[i + 1]]
            # Turned so that what is chosen lies on its left: by that rings are put together.
            lines[i] = line if on_left[i] else line[::-1]
        return _rings(lines)


@dataclass(frozen=True, eq=False)
class FlatView:
    """One view. width, height: in units of the picture, y downwards. scale: units per cm.

    patches, regions_arcs: borders, labelled by patch + 1 and by 1 + 2 * region (+ 1 on the right).
    camera: to the right, up, to the eye, and the centre, in cm. mirror: of the stored left hand or
    foot, for the right one.
    """

    id: str
    width: int
    height: int
    scale: float
    patches: Arcs
    region_arcs: Arcs
    camera: Floats
    mirror: bool

    @cached_property
    def visible(self) -> Bools:
        """Which patches this view shows."""
        # One more, for label 0: no body.
        found = np.zeros(patchwork().count + 1, dtype=np.bool_)
        found[self.patches.sides.ravel()] = True
        return found[1:]

    @cached_property
    def regions(self) -> dict[tuple[str, str], str]:
        """(region, side) → the outline of what is seen of it, as an SVG path (fill it even-odd)."""
        names = patchwork().regions
        labels = 2 * len(names) + 1
        found = {}
        for label in np.unique(self.region_arcs.sides).tolist():
            if label:
                region = names[(label - 1) // 2]
                side = "right" if (label - 1) % 2 else "left" if _sided(region) else "midline"
                rings = self.region_arcs.rings(np.arange(labels) == label)
                found[region, side] = "".join(map(_as_path, rings))
        return found

    @cached_property
    def outline(self) -> str:
        """The whole body as seen here, as an SVG path."""
        labels = int(self.region_arcs.sides.max()) + 1
        return "".join(map(_as_path, self.region_arcs.rings(np.arange(labels) > 0)))

    def path(self, inside: Bools) -> str:
        """The softened outline of a set of patches as an SVG path (fill it even-odd); "" when
        unseen."""
        seen = inside & self.visible
        # The same drawing stands on many pages, and on each in several coats: its outlines are
        # asked for again and again, and each takes some milliseconds.
        return _outline(self, np.packbits(seen).tobytes()) if seen.any() else ""

    def place(self, spot: Spot) -> tuple[float, float] | None:
        """Where a spot is drawn; None when this view doesn't show its patch."""
        if not self.visible[patchwork().of_face[spot.face]]:
            return None
        here = mirrored(spot) if self.mirror else spot
        x, y, _ = (self.camera[:3] @ (here.at() - self.camera[3])).tolist()
        across = self.width / 2 + x * self.scale
        return (self.width - across if self.mirror else across), self.height / 2 - y * self.scale

    def spot(self, x: float, y: float) -> Spot | None:
        """The place on the skin that is seen at a point of the picture; None beside the body."""
        skin = surface()
        across = self.width - x if self.mirror else x
        wanted = np.array([(across - self.width / 2), (self.height / 2 - y)]) / self.scale
        at = (skin.points - self.camera[3]) @ self.camera[:3].T
        a, b, c = (at[skin.faces[:, i]] for i in range(3))
        area = _cross(b - a, c - a)
        # A face seen edge-on has no area in the picture, and cannot be hit.
        safe = np.where(np.abs(area) < 1e-12, np.inf, area)
        here = np.broadcast_to(np.append(wanted, 0.0), a.shape)
        v, w = _cross(here - a, c - a) / safe, _cross(b - a, here - a) / safe
        shown = self.visible if not self.mirror else np.roll(self.visible, patchwork().count // 2)
        hit = (v >= 0) & (w >= 0) & (v + w <= 1) & np.isfinite(safe)
        hit &= shown[patchwork().of_face]
        if not hit.any():
            return None
        # Of all faces under a point the one nearest to the eye: the chest, not the back behind it.
        near = np.where(hit, a[:, 2] * (1 - v - w) + b[:, 2] * v + c[:, 2] * w, -np.inf)
        face = int(near.argmax())
        found = Spot(face, (float(1 - v[face] - w[face]), float(v[face]), float(w[face])))
        return mirrored(found) if self.mirror else found


@lru_cache(maxsize=2048)
def _outline(view: FlatView, packed: bytes) -> str:
    """The softened outline of the patches whose bits are set."""
    seen = np.unpackbits(np.frombuffer(packed, np.uint8), count=len(view.visible)).astype(np.bool_)
    rings = view.patches.rings(np.concatenate([[False], seen]))
    # Softened by 3.5 mm of skin, by half of that in close-ups, where fingers are as narrow.
    step = view.scale * (0.35 if view.scale < 20 else 0.18)
    return "".join(_as_path(_softened(ring, step)) for ring in rings)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _rings(lines: dict[int, Ints]) -> list[Ints]:
    """Arcs put end to end; each has the inside on its left."""
    from_end: dict[tuple[int, int], list[int]] = {}
    for i, line in lines.items():
        from_end.setdefault((int(line[0, 0]), int(line[0, 1])), []).append(i)
    rings, used = [], set()
    for i, line in lines.items():
        if i in used:
            continue
        used.add(i)
        parts, start = [line], tuple(line[0].tolist())
        end = tuple(line[-1].tolist())
        while end != start:
            onward = next((k for k in from_end.get(end, ()) if k not in used), None)
            # A border that ends in nothing is drawn so far: half an outline beats no page.
            if onward is None:
                break
            used.add(onward)
            parts.append(lines[onward][1:])
            end = tuple(lines[onward][-1].tolist())
        rings.append(np.vstack(parts))
    return rings


def _as_path(ring: Ints) -> str:
    steps = np.diff(ring, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    if len(steps) < 2:
        return ""
    moves = "".join(f"{x}{y:+d}" if not n else f"{x:+d}{y:+d}"
                    for n, (x, y) in enumerate(steps.tolist()))  # fmt: skip
    return f"M{ring[0, 0]} {ring[0, 1]}l{moves}z"


def _softened(ring: Ints, step: float) -> Ints:
    """A closed line without the teeth of the patches. step: distance of its points."""
    lengths = np.hypot(*np.diff(ring, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = int(along[-1] / step)
    # Of so few points nothing would be left.
    if count < 8:
        return ring
    wanted = np.linspace(0, along[-1], count, endpoint=False)
    even = np.column_stack([np.interp(wanted, along, ring[:, k]) for k in (0, 1)])
    # A bell two steps wide: beyond five nothing is left of it.
    weights = np.exp(-((np.arange(-5, 6) / 2.0) ** 2) / 2)
    soft = sum(
        w * np.roll(even, k, axis=0) for w, k in zip(weights, range(-5, 6), strict=True)
    ) / float(weights.sum())
    closed = np.round(np.vstack([soft, soft[:1]])).astype(np.int64)
    return np.asarray(closed)


@lru_cache(maxsize=256)
def _sided(region: str) -> bool:
    from filiform.anatomy.atlas import atlas

    known = atlas().regions.get(region)
    return known is None or known.sided


@lru_cache(maxsize=1)
def _store() -> dict[str, npt.NDArray[np.generic]]:
    path = files("filiform.anatomy.surface").joinpath("data").joinpath("flat.npz")
    with path.open("rb") as stream, np.load(stream) as store:
        return {name: store[name] for name in store.files}


@lru_cache(maxsize=len(VIEWS))
def flat_view(name: str) -> FlatView:
    """A view by its id. Raises KeyError naming the views there are."""
    if name not in VIEWS:
        raise KeyError(f"no view {name!r}; there are {', '.join(VIEWS)}")
    store = _store()
    mirror = f"{name}/size" not in store
    own = name.removesuffix("right") + "left" if mirror else name
    wide, high, scale = store[f"{own}/size"].tolist()
    width, height = round(wide * scale), round(high * scale)
    return FlatView(
        id=name,
        width=width,
        height=height,
        scale=scale,
        patches=_arcs(f"{own}/patch", width, mirror),
        region_arcs=_arcs(f"{own}/region", width, mirror),
        camera=store[f"{own}/camera"].astype(np.float64),
        mirror=mirror,
    )


def _arcs(name: str, width: int, mirror: bool) -> Arcs:
    store = _store()
    points, lengths, sides = (
        store[f"{name}/{what}"].astype(np.int64) for what in ("points", "lengths", "sides")
    )
    if mirror:
        points = np.column_stack([width - points[:, 0], points[:, 1]])
        half = patchwork().count // 2
        if name.endswith("/patch"):
            # A patch's mirror image stands half of all patches further on; 0 is no body.
            other = np.where(sides > 0, (sides - 1 + half) % (2 * half) + 1, 0)
        else:
            # Stored for the left; the label of the right follows it.
            other = np.where(sides > 0, sides + 1, 0)
        # What lay on the left of an arc lies on its right in the mirror.
        sides = other[:, ::-1]
    return Arcs(points, lengths, sides)


FRONT_OR_BACK = 0.35
"""How much rather a place is shown from the front or from behind than from a side: a design
value, in units of the cosine between the skin and the eye."""


def best_view(spot: Spot) -> str:
    """The whole-body view that shows a spot most squarely."""
    skin = surface()
    up = np.array(spot.weights) @ skin.normals[skin.faces[spot.face]]
    # No view shows the armpit or the sole; then any may be taken, and the best is the least bad.
    shown = [n for n in WHOLE if flat_view(n).place(spot) is not None] or list(WHOLE)
    return max(
        shown,
        key=lambda n: float(flat_view(n).camera[2] @ up) + FRONT_OR_BACK * (n in WHOLE[:2]),
    )


def main_view(weights: PatchWeights) -> str:
    """The whole-body view that shows most of an area; the front when there is nothing to see."""
    work = patchwork()
    covered = weights.values * work.areas_cm2
    by_view = dict.fromkeys(WHOLE, 0.0)
    for number in np.flatnonzero(covered).tolist():
        by_view[patches()[number].view] += float(covered[number])
    return max(WHOLE, key=lambda name: by_view[name])
