"""Short geodesics between near points, from which longer ones are put together at run time.

For every point of the left half: the points at most three quads away, with the exact geodesic
length (Mitchell, Mount and Papadimitriou's method, package pygeodesic). Ways that only repeat two
shorter ones are left out. Lengths are stored as the ratio to the straight line, in one byte.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pygeodesic.geodesic as exact
import scipy.sparse as sparse
from placing import Floats, Ints

RINGS = 3
TOO_FOLDED = 1.0
"""Log ratio of geodesic to straight line from which a way is left out (across a fold of skin)."""


def reach(quads: Ints, count: int) -> sparse.csr_matrix:
    """Which points lie at most three quads apart."""
    pairs = np.vstack([quads[:, [i, j]] for i in range(4) for j in range(4) if i != j])
    ones = np.ones(len(pairs), dtype=np.int32)
    near = sparse.coo_matrix((ones, pairs.T), (count, count)).tocsr() > 0
    far = near
    for _ in range(RINGS - 1):
        far = (far @ near + far) > 0
    far = far.tolil()
    far.setdiag(False)
    return far.tocsr()


def short_ways(points: Floats, faces: Ints, quads: Ints, half: Ints) -> tuple[Ints, Ints, Floats]:
    """From-point (in the half), to-point and geodesic length of every kept short way."""
    near = reach(quads, len(points))
    solver = exact.PyGeodesicAlgorithmExact(points, faces.astype(np.int32))
    from_, to, length = [], [], []
    for point in half:
        others = near.indices[near.indptr[point] : near.indptr[point + 1]]
        straight = np.linalg.norm(points[others] - points[point], axis=1)
        ways = _exact(solver, int(point), others, float(straight.max()))
        kept = ways > 0
        from_.append(np.full(int(kept.sum()), point))
        to.append(others[kept])
        length.append(ways[kept])
    return np.concatenate(from_), np.concatenate(to), np.concatenate(length)


def _exact(solver: exact.PyGeodesicAlgorithmExact, point: int, others: Ints, far: float) -> Floats:
    """Exact lengths to others. The search is stopped early; where a fold makes the way longer
    than that, the library answers an unreached point with an overflow and is asked again.
    Zeros where it finds none (the flat, closed mouth): the caller then keeps the edges alone."""
    for factor in (1.15, 2.0, 6.0):
        try:
            away, _ = solver.geodesicDistances(np.array([point]), others, far * factor)
        except OverflowError:
            continue
        if (away < 1e9).all():
            return np.asarray(away)
    return np.zeros(len(others))


def prune(
    start: Ints, end: Ints, length: Floats, count: int, mirror: Ints
) -> npt.NDArray[np.bool_]:
    """False for ways that two shorter kept ways replace almost exactly (within 0.02 %)."""
    ways = sparse.coo_matrix(
        (np.tile(length, 2), (np.r_[start, mirror[start]], np.r_[end, mirror[end]])),
        (count, count),
    ).tolil()
    table = ways.tocsr()
    rows = [
        dict(zip(table.indices[a:b].tolist(), table.data[a:b].tolist(), strict=True))
        for a, b in zip(table.indptr[:-1], table.indptr[1:], strict=True)
    ]
    keep = np.ones(len(start), dtype=bool)
    for i, (a, b, d) in enumerate(zip(start.tolist(), end.tolist(), length.tolist(), strict=True)):
        other = rows[b]
        for middle, part in rows[a].items():
            if part < d and middle in other and part + other[middle] <= d * 1.0002:
                keep[i] = False
                break
    return keep
