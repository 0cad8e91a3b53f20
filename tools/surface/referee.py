"""Exact geodesics between random points, which tests hold the run-time distances against.

python tools/surface/referee.py writes tests/anatomy/surface/exact_geodesics.tsv (package
pygeodesic, Mitchell, Mount and Papadimitriou's exact method, on the reference body).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygeodesic.geodesic as exact

from filiform.anatomy.surface import surface

OUT = Path(__file__).parents[2] / "tests/anatomy/surface/exact_geodesics.tsv"
SOURCES, TARGETS = 40, 5


def main() -> None:
    """40 random sources with 5 targets each, drawn evenly over the skin's area."""
    skin = surface()
    solver = exact.PyGeodesicAlgorithmExact(skin.points, skin.faces.astype(np.int32))
    chance = np.bincount(skin.faces.ravel(), np.repeat(skin.face_areas_cm2, 3))
    random = np.random.default_rng(20261122)
    rows = ["start\tend\tcm"]
    for start in random.choice(len(chance), SOURCES, replace=False, p=chance / chance.sum()):
        ends = random.choice(len(chance), TARGETS, replace=False, p=chance / chance.sum())
        away, _ = solver.geodesicDistances(np.array([start]), ends)
        rows += [f"{start}\t{e}\t{d:.4f}" for e, d in zip(ends, away, strict=True)]
        near = np.argsort(((skin.points - skin.points[start]) ** 2).sum(1))[20:120:25]
        away, _ = solver.geodesicDistances(np.array([start]), near)
        rows += [f"{start}\t{e}\t{d:.4f}" for e, d in zip(near, away, strict=True)]
    OUT.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
