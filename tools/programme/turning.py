"""Turns and directions: what posing is made of."""

from __future__ import annotations

import numpy as np
from rig import Floats

WAYS = {
    "up": (0, 1, 0), "down": (0, -1, 0), "fwd": (0, 0, 1), "back": (0, 0, -1),
    "right": (-1, 0, 0), "left": (1, 0, 0),
}  # fmt: skip


def about(axis: Floats, degrees: float) -> Floats:
    """Rotation matrix about an axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    a = np.radians(degrees)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(a) * cross + (1 - np.cos(a)) * cross @ cross)


X, Y, Z = np.eye(3)


def frame(first: Floats, near: Floats) -> Floats:
    """Columns: `first`, what is left of `near` across it, and what stands upon both."""
    a = first / np.linalg.norm(first)
    b = near - a * (near @ a)
    b = b / np.linalg.norm(b)
    return np.column_stack([a, b, np.cross(a, b)])


def between(a: Floats, b: Floats) -> Floats:
    """The smallest turn from direction a to b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    axis = np.cross(a, b)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3) if a @ b > 0 else about(X, 180)
    return about(axis, float(np.degrees(np.arctan2(np.linalg.norm(axis), a @ b))))


def vector_of(turn: Floats) -> Floats:
    """Axis times angle in degrees of a rotation matrix."""
    angle = np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))
    if angle < 1e-7:
        return np.zeros(3)
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    if np.linalg.norm(axis) < 1e-6:  # half a turn: the axis is the column that is left
        column = (turn + np.eye(3))[:, int(np.argmax(np.diag(turn)))]
        axis = column
    return np.asarray(np.degrees(angle) * axis / np.linalg.norm(axis))


def way(words: list[str], side: float) -> Floats:
    """A direction in the world: names that are added up, or numbers (outward, up, forward)."""
    try:
        numbers = [float(w) for w in words]
        found = np.array([numbers[0] * side, numbers[1], numbers[2]])
    except ValueError:
        found = np.zeros(3)
        for word in words:
            named = {"out": (side, 0, 0), "in": (-side, 0, 0)} | WAYS
            if word not in named:
                raise ValueError(f"pose: unknown direction {word!r}") from None
            found += named[word]
    return np.asarray(found / np.linalg.norm(found))
