"""Puts a MakeHuman body into the anatomical position and closes its eyes and mouth.

Arms hang 20 degrees away from the trunk with straight elbows and the palms forward. Rotations are
found from the body's own joints, so that every build takes the same posture, and are carried to
the skin with the rig's weights (linear blend skinning). The left side is posed and mirrored.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
import scipy.sparse.linalg as solver
from makehuman import BODY_POINTS, Floats, Ints, Rig

ARM_AWAY_DEG = 20.0
CARRYING_ANGLE_DEG = 6.0
TWIST_SHARE = {"upperarm01": 0.1, "upperarm02": 0.3, "lowerarm01": 0.5, "lowerarm02": 0.8}
"""How much of the forearm's turning each bone has taken up; the hand has taken all of it."""


def unit(vector: Floats) -> Floats:
    """The vector with length 1."""
    return np.asarray(vector / np.linalg.norm(vector))


def turn(axis: Floats, angle: float) -> Floats:
    """Rotation matrix about a unit axis by an angle in radians (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def turn_between(a: Floats, b: Floats) -> Floats:
    """The smallest rotation that takes direction a to direction b."""
    axis = np.cross(unit(a), unit(b))
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:
        return np.eye(3)
    return turn(axis / sine, float(np.arctan2(sine, unit(a) @ unit(b))))


class _Move:
    """A rotation about a joint followed by a shift: x -> turn (x - origin) + place."""

    def __init__(self, rotation: Floats, origin: Floats, place: Floats) -> None:
        self.rotation, self.origin, self.place = rotation, origin, place

    def __call__(self, points: Floats) -> Floats:
        return np.asarray((points - self.origin) @ self.rotation.T + self.place)


def _arm_moves(points: Floats, rig: Rig) -> dict[str, _Move]:
    """The movement of each bone of the left arm, by the bone's first name."""

    def joint(name: str) -> Floats:
        return np.asarray(points[rig.joints[name]].mean(axis=0))

    shoulder, elbow, wrist = joint("l-shoulder"), joint("l-elbow"), joint("l-hand")
    knuckles = joint("l-finger-2-1"), joint("l-finger-5-1")
    away, carry = np.radians(ARM_AWAY_DEG), np.radians(ARM_AWAY_DEG + CARRYING_ANGLE_DEG)
    upper = np.array([np.sin(away), -np.cos(away), 0.0])
    lower = np.array([np.sin(carry), -np.cos(carry), 0.0])

    arm = turn_between(elbow - shoulder, upper)
    forearm = turn_between(arm @ (wrist - elbow), lower) @ arm
    hand = turn_between(forearm @ ((knuckles[0] + knuckles[1]) / 2 - wrist), lower) @ forearm
    thumbward = hand @ (knuckles[0] - knuckles[1])
    thumbward = unit(thumbward - lower * (thumbward @ lower))
    wanted = unit(np.array([1.0, 0, 0]) - lower * lower[0])
    angle = float(np.arctan2(np.cross(thumbward, wanted) @ lower, thumbward @ wanted))

    place = {"shoulder": shoulder, "elbow": shoulder + arm @ (elbow - shoulder)}
    place["wrist"] = place["elbow"] + forearm @ (wrist - elbow)
    moves = {}
    for bone, share in TWIST_SHARE.items():
        axis, base, name, origin = (
            (upper, arm, "shoulder", shoulder)
            if bone.startswith("upper")
            else (lower, forearm, "elbow", elbow)
        )
        moves[bone] = _Move(turn(axis, angle * share) @ base, origin, place[name])
    moves["wrist"] = _Move(turn(lower, angle) @ hand, wrist, place["wrist"])
    return moves


def anatomical(points: Floats, rig: Rig, mirror: Ints) -> Floats:
    """The body's 13,380 points in the anatomical position, feet on y = 0, midline on x = 0."""
    body = points[:BODY_POINTS]
    moves = _arm_moves(points, rig)
    total = np.zeros(BODY_POINTS)
    posed = np.zeros_like(body)
    for bone, (index, weight) in rig.weights.items():
        name, _, side = bone.partition(".")
        if name.startswith(("metacarpal", "finger")):
            name = "wrist"
        move = moves.get(name) if side == "L" else None
        here = move(body[index]) if move else body[index]
        posed[index] += weight[:, None] * here
        total[index] += weight
    posed /= total[:, None]
    left = _left_points(body, mirror)
    posed[mirror[left]] = posed[left] * [-1, 1, 1]
    posed[mirror == np.arange(BODY_POINTS), 0] = 0.0
    return np.asarray(posed)


def posed_joints(points: Floats, rig: Rig) -> dict[str, Floats]:
    """Joint centres of the left side and the midline after posing, by MakeHuman's names."""
    moves = _arm_moves(points, rig)
    floor = np.array([0.0, points[:BODY_POINTS, 1].min(), 0.0])
    centres = {}
    for name, index in rig.joints.items():
        centre = points[index].mean(axis=0)
        if name == "l-elbow":
            centre = moves["lowerarm01"](centre)
        elif name.startswith(("l-hand", "l-finger")):
            centre = moves["wrist"](centre)
        centres[name] = centre - floor
    return centres


def _left_points(body: Floats, mirror: Ints) -> Ints:
    paired = np.flatnonzero(mirror != np.arange(BODY_POINTS))
    return np.asarray(paired[body[paired, 0] > body[mirror[paired], 0]])


def harmonic_fill(edges: Ints, inside: npt.NDArray[np.bool_]) -> sparse.csr_matrix:
    """A matrix that puts every inside point at the mean of its neighbours; others stay.

    edges: (n, 2) point pairs. Returns (13380, 13380).
    """
    ones = np.ones(len(edges))
    shape = (BODY_POINTS, BODY_POINTS)
    graph = sparse.coo_matrix((ones, (edges[:, 0], edges[:, 1])), shape).tocsr()
    graph = graph + graph.T
    laplacian = sparse.diags(np.asarray(graph.sum(1)).ravel()) - graph
    free, fixed = np.flatnonzero(inside), np.flatnonzero(~inside)
    system = laplacian[free][:, free].tocsc()
    right = -laplacian[free][:, fixed].toarray()
    used = np.flatnonzero(np.abs(right).sum(0))
    weights = solver.splu(system).solve(right[:, used])
    fill = sparse.lil_matrix(shape)
    fill[fixed, fixed] = 1.0
    rows = np.repeat(free, len(used))
    filled = sparse.coo_matrix((weights.ravel(), (rows, np.tile(fixed[used], len(free)))), shape)
    return (fill.tocsr() + filled.tocsr()).tocsr()
