"""A body in a pose: the turn of every bone, the points that follow, what lies between two poses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rig import BONES, NUMBER, Floats, Ints, Rig
from turning import about, vector_of


@dataclass
class Posed:
    """turns: of each bone in the world. place: where the root's pivot stands."""

    turns: Floats
    place: Floats

    def moves(self, rig: Rig) -> tuple[Floats, Floats]:
        """(bones, 3, 3) and (bones, 3): x -> turn x + shift."""
        shifts = np.zeros((len(BONES), 3))
        for i, bone in enumerate(BONES):
            pivot = rig.joints[bone.pivot]
            if not bone.parent:
                at = self.place
            else:
                p = NUMBER[bone.parent]
                at = self.turns[p] @ pivot + shifts[p]
            shifts[i] = at - self.turns[i] @ pivot
        return self.turns, shifts

    def points(self, rig: Rig, some: slice | Ints = slice(None)) -> Floats:
        """The skin, or some points of it, rounded to a micrometre so that no last bit shows."""
        turns, shifts = self.moves(rig)
        moves = np.concatenate([turns.reshape(-1, 9), shifts], axis=1)
        # Few points from the full table: cutting rows out of the sparse one takes longer.
        weights = rig.spread if isinstance(some, slice) else rig.weights[some]
        mixed, rest = weights @ moves, rig.points[some]
        posed = mixed[:, 9:] + sum(mixed[:, k:9:3] * rest[:, k : k + 1] for k in range(3))
        return np.asarray(np.round(posed, 4))

    def joint(self, rig: Rig, bone: str, joint: str = "") -> Floats:
        """Where a joint that moves with a bone stands."""
        turns, shifts = self.moves(rig)
        i = NUMBER[bone]
        return np.asarray(turns[i] @ rig.joints[joint or BONES[i].pivot] + shifts[i])


def midway(a: Posed, b: Posed, share: float) -> Posed:
    """Between two poses: every bone turns the shortest way in its parent's frame."""
    turns = np.empty_like(a.turns)
    for i, bone in enumerate(BONES):
        if bone.parent:
            p = NUMBER[bone.parent]
            one, two = a.turns[p].T @ a.turns[i], b.turns[p].T @ b.turns[i]
            up = turns[p]
        else:
            one, two, up = a.turns[i], b.turns[i], np.eye(3)
        vector = vector_of(one.T @ two) * share
        size = float(np.linalg.norm(vector))
        turns[i] = up @ one @ (about(vector, size) if size > 1e-9 else np.eye(3))
    return Posed(turns, a.place * (1 - share) + b.place * share)
