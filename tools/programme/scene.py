"""A figure: poses, what is held, how it is looked at, and its frames as outlines."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from drawing import Camera, Outlines, outlines
from posed import Posed, midway
from posing import landmark_at, pose
from props import Mesh, ball, props
from rig import Floats, Rig
from zones import Cut, cut_out

from filiform.anatomy import atlas
from filiform.anatomy.surface import draw, parse_area, patchwork, surface
from filiform.programme.knowledge import knowledge

POSES = Path(__file__).parents[2] / "src/filiform/programme/data/poses.toml"
LONG_SIDE = 330
"""Units of the longer side of a picture."""
VIEWS = {"front": (-20, 6), "right": (-68, 8), "back": (-158, 8), "left": (68, 8)}
"""Turn and tilt. A little off the axes: an arm that points at the eye still shows."""
FRAMED_CM = 161.0
"""Height of the body for which the frames of poses.toml were chosen."""
MARKERS = (
    "vertex",
    "middle-knuckle.r",
    "middle-knuckle.l",
    "patella-center.r",
    "patella-center.l",
    "heel-posterior.r",
    "heel-posterior.l",
    "sternum-mid",
    "sacrum-mid",
)
FEET, KNEES = ("foot.l", "foot.r"), ("lowerleg.l", "lowerleg.r")
ANCHORS = {"feet": FEET, "legs": KNEES, "right": ("foot.r",), "left": ("foot.l",)}
STANDS_ON = {
    "stand": FEET, "bent": FEET, "kneel": KNEES, "half-kneel": ("lowerleg.r", "foot.l"),
    "four": KNEES, "hook": FEET,
}  # fmt: skip
"""What stays in its place from start to end, by the posture that the start begins with."""


@dataclass(frozen=True)
class Figure:
    """One row of poses.toml. arrow: "auto", "none", a landmark, or a landmark and a way in cm."""

    id: str
    start: str
    end: str
    props: str = ""
    view: str = "auto"
    zoom: str = ""
    arrow: str = "auto"
    muscles: tuple[str, ...] = ()
    sides: str = "r"
    does: str = "works"


@dataclass
class Drawn:
    """Frames from start to end and the arrow's points, in units of a width x height picture."""

    width: int
    height: int
    frames: list[Outlines]
    arrow: list[tuple[int, int]] = field(default_factory=list)


def _lengthened() -> dict[str, tuple[str, ...]]:
    """Muscles of each stretch."""
    return {one.id: tuple(sorted(one.muscles)) for one in knowledge().stretch_of.values()}


def read(path: Path = POSES) -> dict[str, Figure]:
    """Every figure by the id of its exercise."""
    found = {}
    stretched = _lengthened()
    for name, row in tomllib.loads(path.read_text("utf-8")).items():
        start = row.get("start", "")
        end = row.get("end", start)
        if end.startswith("+"):
            end = f"{start};{end[1:]}"
        muscles = tuple(row.get("muscles", "").split()) or stretched.get(name, ())
        found[name] = Figure(
            name,
            start,
            end,
            row.get("props", ""),
            str(row.get("view", "auto")),
            row.get("zoom", ""),
            row.get("arrow", "auto"),
            muscles,
            row.get("sides", "r"),
            "lengthens" if name in stretched else "works",
        )
    return found


@cache
def _muscle_patches(muscle: str, side: str) -> Floats:
    texts = atlas().muscles[muscle].outline.areas
    areas = [parse_area(text, atlas=True).on("right" if side == "r" else "left") for text in texts]
    return np.asarray(np.max([draw(area).values for area in areas], axis=0))


@lru_cache(maxsize=4)
def muscle_cut(muscles: tuple[str, ...], sides: str) -> tuple[np.ndarray, Cut]:
    """Which patches are coloured, and the body cut out with them; the same for every build."""
    weights = np.zeros(patchwork().count)
    for muscle in muscles:
        for side in sides:
            weights = np.maximum(weights, _muscle_patches(muscle, side))
    return weights > 0.45, cut_out(weights)


def _hair(rig: Rig, posed: Posed, build: str) -> list[Mesh]:
    """A woman's knot of hair."""
    if not build.startswith("woman"):
        return []
    points = posed.points(rig)
    spot, normal = landmark_at(points, "occiput-upper")
    return [ball(spot + normal * 1.5, 4.4, "hair")]


def _features(points: Floats) -> list[Floats]:
    """Eyes, brows and mouth as lines on the skin."""

    def at(name: str) -> Floats:
        return landmark_at(points, name)[0]

    found = []
    for s in "lr":
        inner, outer = at(f"inner-canthus.{s}"), at(f"orbit-lateral-rim.{s}")
        low = at(f"orbit-center.{s}")
        found.append(
            np.array(
                [
                    inner * 0.9 + outer * 0.1,
                    low + np.array([0, -0.2, 0.2]),
                    inner * 0.3 + outer * 0.7,
                ]
            )
        )
        brow = at(f"eyebrow-mid.{s}")
        found.append(
            np.array(
                [
                    brow * 0.5 + inner * 0.5 + [0, 0.9, 0],
                    brow,
                    brow * 0.45 + outer * 0.55 + [0, 0.5, 0],
                ]
            )
        )
    lip = at("philtrum") * 0.35 + at("lower-incisors") * 0.65
    left, right = at("mouth-corner.l"), at("mouth-corner.r")
    found.append(np.array([left, lip + np.array([0, 0, 0.2]), right]))
    return found


def camera_of(
    figure: Figure,
    all_points: list[Floats],
    start: Posed,
    end: Posed,
    rig: Rig,
    muscle: np.ndarray,
    extra: list[Floats],
) -> Camera:
    """The view that shows it: most of the movement across the picture, and the muscle."""
    if figure.view in VIEWS:
        turn, tilt = VIEWS[figure.view]
    elif figure.view != "auto":
        turn, tilt = (float(w) for w in figure.view.split())
    else:
        turn, tilt = _best_view(all_points, muscle)
    base = Camera(turn, tilt)
    seen = np.vstack([p @ base.axes.T for p in [*all_points, *extra]])[:, :2]
    low, high = seen.min(0) - 4, seen.max(0) + 4
    if figure.zoom:
        bone, size, *shift = figure.zoom.split()
        wide, high_cm = (
            (float(w) for w in size.split("x")) if "x" in size else (float(size), float(size))
        )
        middle = (start.joint(rig, bone) + end.joint(rig, bone)) / 2 @ base.axes.T
        middle = middle[:2] + np.array([float(w) for w in shift] or [0.0, 0.0])
        # A tall man's head must not stand beyond the frame that fits a woman.
        tall = np.ptp(rig.points[:, 1]) / FRAMED_CM
        wide, high_cm = wide * tall, high_cm * tall
        low, high = middle - np.array([wide, high_cm]) / 2, middle + np.array([wide, high_cm]) / 2
    size = high - low
    scale = round(LONG_SIDE / float(size.max()), 3)
    centre = (low + high) / 2
    return Camera(
        turn,
        tilt,
        (round(float(centre[0]), 2), round(float(centre[1]), 2)),
        int(np.ceil(size[0] * scale)),
        int(np.ceil(size[1] * scale)),
        scale,
    )


def _best_view(all_points: list[Floats], muscle: np.ndarray) -> tuple[float, float]:
    faces = surface().faces[muscle[patchwork().of_face]]
    best, score = VIEWS["front"], -1.0
    moves, seen = {}, {}
    for name, (turn, tilt) in VIEWS.items():
        axes = Camera(turn, tilt).axes
        moves[name] = float(
            np.linalg.norm(((all_points[-1] - all_points[0]) @ axes.T)[:, :2], axis=1).mean()
        )
        if len(faces):
            a, b, c = (all_points[-1][faces[:, i]] for i in range(3))
            facing = np.cross(b - a, c - a) @ axes[2]
            seen[name] = float(np.maximum(facing, 0).sum())
    most, muscle_most = max(moves.values()) or 1.0, max(seen.values(), default=0.0) or 1.0
    for name in VIEWS:
        total = round(moves[name] / most + 0.8 * seen.get(name, 0.0) / muscle_most, 3)
        if total > score:
            best, score = VIEWS[name], total
    return best


def draw_figure(figure: Figure, rig: Rig, build: str, count: Callable[[float], int]) -> Drawn:
    """All frames. count: how many frames for so many units of the largest movement."""
    start, end = pose(rig, figure.start), pose(rig, figure.end)
    _anchor(figure, rig, start, end)
    muscle, cut = muscle_cut(figure.muscles, figure.sides)
    still = figure.start == figure.end
    first, last = start.points(rig), end.points(rig)
    fixed: dict[str, Floats] = {}
    things = props(figure.props, rig, start, first, fixed)
    extra = [m.corners.reshape(-1, 3) for m in things if m.zone != "wall"]
    camera = camera_of(figure, [first, last], start, end, rig, muscle, extra)
    moved = float(np.linalg.norm((camera.flat(last) - camera.flat(first))[:, :2], axis=1).max())
    frames = 1 if still else count(moved)
    drawn = []
    for i in range(frames):
        share = i / max(1, frames - 1)
        now = (
            midway(start, end, share * share * (3 - 2 * share))
            if 0 < i < frames - 1
            else (end if i else start)
        )
        points = now.points(rig)
        meshes = props(figure.props, rig, now, points, fixed) + _hair(rig, now, build)
        drawn.append(
            outlines(camera, cut.points(points), cut.faces, cut.zones, meshes, _features(points))
        )
    return Drawn(camera.width, camera.height, drawn, _arrow(figure, camera, rig, start, end))


def _anchor(figure: Figure, rig: Rig, start: Posed, end: Posed) -> None:
    """What stands on the ground in both poses stays where it is."""
    chosen = [name for name in ANCHORS if f"anchor {name}" in figure.end]
    base = figure.start.split(";")[0].strip()
    found = ANCHORS[chosen[0]] if chosen else STANDS_ON.get(base, ("root",))
    shift = np.mean([start.joint(rig, b) - end.joint(rig, b) for b in found], axis=0)
    end.place += [shift[0], 0.0, shift[2]]


def _arrow(
    figure: Figure, camera: Camera, rig: Rig, start: Posed, end: Posed
) -> list[tuple[int, int]]:
    """Three points of the arrow; none when nothing moves or none is wanted."""
    if figure.arrow == "none":
        return []
    name, *way = figure.arrow.split()
    ends = start.points(rig), end.points(rig)
    if way:
        tip = landmark_at(ends[1], name)[0]
        shift = np.array([float(w) for w in way[:3]]) * [-1, 1, 1]
        line = np.array([tip, tip + shift / 2, tip + shift])
    else:
        middle = midway(start, end, 0.5).points(rig)

        def path(marker: str) -> Floats:
            return np.array([landmark_at(p, marker)[0] for p in (ends[0], middle, ends[1])])

        if name != "auto":
            line = path(name)
        else:
            lines = [path(marker) for marker in MARKERS]
            sizes = [
                round(
                    float(np.linalg.norm((camera.flat(one[2:]) - camera.flat(one[:1]))[0, :2])), 1
                )
                for one in lines
            ]
            line = lines[int(np.argmax(sizes))]
            if max(sizes) < 8:
                return []
    return [(int(x), int(y)) for x, y in np.floor(camera.flat(line)[:, :2] + 0.5).tolist()]
