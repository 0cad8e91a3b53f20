"""What the browser is sent is the same body."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from filiform.anatomy.surface import patchwork, places, shape, surface
from filiform.anatomy.surface.packing import (
    pack_points,
    pack_surface,
    point_order,
    read_points,
    read_surface,
)

BODIES = {
    "reference": lambda: surface().points,
    "thin man": lambda: shape("male", 30, 180, 58),
    "heavy woman": lambda: shape("female", 45, 160, 110),
    "child": lambda: shape("female", 6, 115, 20),
}


def test_faces_patches_and_regions_arrive_as_they_are() -> None:
    got = read_surface(pack_surface())
    assert got.release == surface().release
    assert np.array_equal(point_order()[got.faces], surface().faces)
    assert np.array_equal(got.patch_of_face, patchwork().of_face)
    assert np.array_equal(got.region_of_patch, patchwork().region_of)
    assert got.regions == patchwork().regions


def test_landmarks_arrive_in_their_places() -> None:
    got = {row[0]: row for row in read_surface(pack_surface()).landmarks}
    assert set(got) == set(places())
    points = surface().points
    for place in places().values():
        _, face, b1, b2, paired = got[place.id]
        a, b, c = points[surface().faces[face]]
        there = a * (1 - b1 - b2) + b * b1 + c * b2
        assert np.linalg.norm(there - place.at()) < 0.001
        assert paired == place.paired


@pytest.mark.parametrize("body", BODIES)
def test_points_arrive_within_half_a_step_and_mirrored_exactly(body: str) -> None:
    points = np.asarray(BODIES[body](), dtype=np.float64)
    got = read_points(pack_points(points))
    step = np.abs(points).max() / 32_767
    assert np.abs(got - points).max() <= step / 2 + 1e-9
    assert step < 0.006
    assert np.array_equal(got[surface().mirror], got * np.array([-1.0, 1.0, 1.0]))


def test_the_same_body_packs_to_the_same_bytes() -> None:
    assert pack_points(surface().points) == pack_points(surface().points.copy())


def test_documents_are_small_on_the_wire() -> None:
    assert len(gzip.compress(pack_surface(), 9)) < 64_000
    for body in BODIES.values():
        assert len(gzip.compress(pack_points(body()), 9)) < 32_000


def test_a_body_that_is_not_mirrored_is_refused() -> None:
    points = surface().points.copy()
    points[100, 0] += 0.1
    with pytest.raises(ValueError, match="mirrors the left exactly"):
        pack_points(points)
    with pytest.raises(ValueError, match="expected \\(13380, 3\\)"):
        pack_points(points[:5])


def test_another_document_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="FILIBODY"):
        read_points(b"something else altogether")
    with pytest.raises(ValueError, match="kind surface: expected points"):
        read_points(pack_surface())
