"""Distances over the skin against exact geodesics and against a slow, obvious referee."""

from __future__ import annotations

import csv
import heapq
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from filiform.anatomy.surface import Spot, distance_cm, geodesics, line, places, surface
from filiform.anatomy.surface.geodesics import (
    found_line,
    kept_lines,
    spread,
)
from filiform.anatomy.surface.landmarks import mirrored

EXACT = Path(__file__).parent / "exact_geodesics.tsv"


def exact_rows() -> list[tuple[int, int, float]]:
    with EXACT.open() as lines:
        return [
            (int(r["start"]), int(r["end"]), float(r["cm"]))
            for r in csv.DictReader(lines, delimiter="\t")
        ]


def corner(point: int) -> Spot:
    """The spot of a mesh point."""
    face = int(surface().faces_of_point[point][0])
    weights = [float(p == point) for p in surface().faces[face]]
    return Spot(face, (weights[0], weights[1], weights[2]))


def by_walking_edges(start: int) -> dict[int, float]:
    """Dijkstra along the mesh's edges alone: obvious, and never shorter than the true way."""
    skin = surface()
    near: dict[int, set[int]] = {}
    for a, b, c in skin.faces.tolist():
        near.setdefault(a, set()).update((b, c))
        near.setdefault(b, set()).update((a, c))
        near.setdefault(c, set()).update((a, b))
    away, queue = {start: 0.0}, [(0.0, start)]
    while queue:
        cm, here = heapq.heappop(queue)
        if cm > away[here] or cm > 40:
            continue
        for there in near[here]:
            far = cm + float(np.linalg.norm(skin.points[here] - skin.points[there]))
            if far < away.get(there, np.inf):
                away[there] = far
                heapq.heappush(queue, (far, there))
    return away


def test_distances_agree_with_exact_geodesics_within_two_percent() -> None:
    errors = []
    # The table has nine ends for each start: one field of distances serves them all.
    field = cache(lambda start: spread(np.array([start]), np.zeros(1), np.inf))
    for start, end, cm in exact_rows():
        errors.append(field(start)[end] / cm - 1)
    worst, mean = max(np.abs(errors)), float(np.mean(errors))
    assert len(errors) > 300
    assert np.percentile(np.abs(errors), 95) < 0.02
    assert mean < 0.01
    assert worst < 0.10


def test_straightened_ways_are_as_long_as_exact_geodesics() -> None:
    errors = []
    for start, end, cm in exact_rows()[::3]:
        if cm > 3:
            errors.append(line(corner(start), corner(end)).length_cm / cm - 1)
    assert np.percentile(np.abs(errors), 90) < 0.015
    assert max(np.abs(errors)) < 0.05


@pytest.mark.parametrize("name", ["acromion-tip", "umbilicus", "patella-center"])
def test_no_distance_is_longer_than_a_walk_along_the_edges(name: str) -> None:
    start = int(surface().faces[places()[name].spot.face][0])
    walked = by_walking_edges(start)
    away = spread(np.array([start]), np.zeros(1), 35.0)
    reached = np.flatnonzero(np.isfinite(away))
    straight = np.linalg.norm(surface().points[reached] - surface().points[start], axis=1)
    assert (away[reached] >= straight * 0.995 - 0.01).all()
    longer = [away[i] / walked[i] for i in reached.tolist() if walked.get(i, 0) > 1]
    assert max(longer) < 1.01
    assert np.mean(longer) < 0.97


@pytest.mark.parametrize(
    ("one", "two"),
    [("acromion-tip", "lateral-epicondyle"), ("asis", "psis"), ("glabella", "vertex"),
     ("lateral-malleolus", "fifth-metatarsal-base"), ("thumb-base", "thumb-tip")],
)  # fmt: skip
def test_there_and_back_is_the_same_way(one: str, two: str) -> None:
    a, b = places()[one].spot, places()[two].spot
    assert distance_cm(a, b) == pytest.approx(distance_cm(b, a), rel=0.02, abs=0.05)
    assert line(a, b).length_cm == pytest.approx(line(b, a).length_cm, rel=0.03)
    middle, back = line(a, b).part(0.5).at(), line(b, a).part(0.5).at()
    assert float(np.linalg.norm(middle - back)) < 0.7


def test_half_way_is_as_far_from_both_ends() -> None:
    a, b = places()["asis"].spot, places()["patella-center"].spot
    middle = line(a, b).part(0.5)
    assert distance_cm(a, middle) == pytest.approx(distance_cm(middle, b), rel=0.03)


def test_every_place_of_a_way_lies_on_the_skin() -> None:
    way = line(places()["c7-spinous"].spot, places()["acromion-tip"].spot)
    for spot, point in zip(way.spots, way.points, strict=True):
        assert float(np.linalg.norm(spot.at() - point)) < 1e-6
        assert sum(spot.weights) == pytest.approx(1)
        assert min(spot.weights) >= -1e-9


def test_ways_that_are_kept_are_the_ways_that_are_found() -> None:
    kept = kept_lines()
    assert len(kept) > 300
    some = list(kept.values())[:: max(1, len(kept) // 12)]
    for way in some:
        fresh = found_line(way.spots[0], way.spots[-1])
        assert np.abs(fresh.points - way.points).max() < 1e-9
        for ours, theirs in zip(fresh.spots, way.spots, strict=True):
            # A spot on an edge may be told from either face; its place is what counts.
            assert np.abs(ours.at() - theirs.at()).max() < 1e-9


def test_the_nearest_place_on_a_triangle_agrees_with_trying_many_places() -> None:
    rng = np.random.default_rng(4)
    steps = np.linspace(0, 1, 81)
    grid = np.array([(1 - i - j, i, j) for i in steps for j in steps])
    grid = grid[grid[:, 0] >= -1e-12]
    for _ in range(60):
        p, a, b, c = rng.normal(size=(4, 3))
        weights = geodesics._clamped(p, geodesics._sides(a, b, c))
        corners = np.array([a, b, c])
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1)
        tried = np.linalg.norm(grid @ corners - p, axis=1).min()
        assert np.linalg.norm(weights @ corners - p) <= tried + 1e-9
        assert np.linalg.norm(weights @ corners - p) > tried - 0.1


def test_a_way_begins_and_ends_at_its_own_ends() -> None:
    start, end = places()["acromion-tip"].spot, places()["lateral-epicondyle"].spot
    way = line(start, end)
    assert way.part(0) == start
    assert way.part(1) == end


def test_from_ankle_to_ankle_the_skin_leads_up_one_leg_and_down_the_other() -> None:
    """A way more than four times as long as the straight line."""
    left = places()["medial-malleolus"].spot
    straight = float(np.linalg.norm(left.at() - mirrored(left).at()))
    inside_leg = distance_cm(left, places()["thigh-medial-proximal"].spot)
    assert distance_cm(left, mirrored(left)) > max(4 * straight, 2 * inside_leg)


def test_two_taps_on_one_spot_are_no_way_apart() -> None:
    here = places()["acromion-tip"].spot
    beside = Spot(here.face, (0.2, 0.3, 0.5))
    assert found_line(here, here).length_cm == 0
    assert distance_cm(here, here) == pytest.approx(0, abs=1e-6)
    straight = float(np.linalg.norm(here.at() - beside.at()))
    assert straight <= distance_cm(here, beside) <= 1.05 * straight + 1e-9


def test_ways_kept_for_another_surface_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    np.savez(folder / "lines.npz", release="another")
    monkeypatch.setattr(geodesics, "files", lambda package: tmp_path)
    assert kept_lines.__wrapped__() == {}
