"""The mesh: closed, mirrored, of human size, and the same under its release id."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import numpy as np
import pytest

from filiform.anatomy.surface import patches, patchwork, shape, surface
from filiform.anatomy.surface.builds import DENSITY_KG_PER_L
from filiform.anatomy.surface.mesh import FACES, POINTS, face_areas_cm2, volume_litres

BUILDS = [
    ("female", 30, 162, 58),
    ("male", 30, 175, 75),
    ("male", 80, 168, 66),
    ("female", 45, 158, 92),
    ("male", 25, 180, 58),
    ("female", 8, 126, 25),
]


def test_the_surface_is_closed_and_in_one_piece() -> None:
    faces = surface().faces
    assert faces.shape == (FACES, 3)
    edges = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    directed = set(map(tuple, edges.tolist()))
    assert len(directed) == len(edges), "an edge is run over twice in the same direction"
    assert all((b, a) in directed for a, b in directed), "an edge has a face on one side only"
    assert len(np.unique(faces)) == POINTS
    assert POINTS - len(edges) // 2 + FACES == 2, "not a sphere in its topology"


def test_left_and_right_are_mirror_images_to_the_last_bit() -> None:
    skin = surface()
    assert (skin.mirror[skin.mirror] == np.arange(POINTS)).all()
    assert (skin.points[skin.mirror] == skin.points * [-1, 1, 1]).all()
    half = FACES // 2
    assert (skin.mirror[skin.faces[:half]][:, ::-1] == skin.faces[half:]).all()


def test_the_reference_body_is_an_adult_of_170_cm_standing_on_the_ground() -> None:
    points = surface().points
    assert points[:, 1].min() == pytest.approx(0, abs=0.01)
    assert points[:, 1].max() == pytest.approx(170, abs=0.01)
    assert 1.65 <= surface().face_areas_cm2.sum() / 1e4 <= 1.9


def test_faces_look_outward() -> None:
    assert volume_litres(surface().points, surface().faces) == pytest.approx(65, abs=8)


@pytest.mark.parametrize(("sex", "age", "height", "weight"), BUILDS)
def test_a_build_has_the_height_and_weight_asked_for(
    sex: str, age: int, height: int, weight: int
) -> None:
    points = shape(sex, age, height, weight)  # type: ignore[arg-type]
    assert points.shape == (POINTS, 3)
    assert points.dtype == np.float32
    assert points[:, 1].max() == pytest.approx(height, abs=0.1)
    litres = volume_litres(points.astype(np.float64), surface().faces)
    assert litres * 1.01 == pytest.approx(weight, rel=0.02)


@pytest.mark.parametrize(("sex", "age", "height", "weight"), BUILDS)
def test_skin_area_agrees_with_mostellers_formula(
    sex: str, age: int, height: int, weight: int
) -> None:
    points = shape(sex, age, height, weight).astype(np.float64)  # type: ignore[arg-type]
    area_m2 = face_areas_cm2(points, surface().faces).sum() / 1e4
    assert area_m2 == pytest.approx((height * weight / 3600) ** 0.5, rel=0.06)


@pytest.mark.parametrize(("sex", "age", "height", "weight"), BUILDS)
def test_every_build_is_symmetric(sex: str, age: int, height: int, weight: int) -> None:
    points = shape(sex, age, height, weight)  # type: ignore[arg-type]
    assert (points[surface().mirror] == points * np.float32([-1, 1, 1])).all()


def test_a_heavier_patient_is_broader_at_the_waist() -> None:
    waists = []
    for weight in (45, 58, 75, 95):
        points = shape("female", 40, 160, weight)
        belt = points[(np.abs(points[:, 1] - 98) < 3) & (np.abs(points[:, 0]) < 25)]
        waists.append(float(np.ptp(belt[:, 2])))
    assert waists == sorted(waists)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (("neither", 30, 160, 60), "sex"),
        (("female", -1, 160, 60), "age_years"),
        (("female", 30, 20, 60), "height_cm"),
        (("female", 30, 160, 900), "weight_kg"),
        (("female", float("nan"), 160, 60), "age_years"),
    ],
)
def test_an_impossible_build_is_refused_by_name(build: tuple[object, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        shape(*build)  # type: ignore[arg-type]


def test_the_release_id_is_the_digest_of_the_data() -> None:
    folder = files("filiform.anatomy.surface").joinpath("data")
    total = hashlib.sha256()
    for name, array in sorted(surface().arrays.items()):
        total.update(f"{name}{array.dtype.str}{array.shape}".encode())
        total.update(array.tobytes())
    total.update(folder.joinpath("landmarks.tsv").read_text("utf-8").encode())
    assert surface().release == f"body-1-{total.hexdigest()[:12]}"


def test_patches_are_small_on_face_hands_and_feet_and_of_middle_size_elsewhere() -> None:
    for patch in patches():
        low, high = (0.0, 2.0) if patch.fine else (3.0, 12.0)
        assert low < patch.area_cm2 <= high, patch


def test_every_patch_is_connected() -> None:
    faces, of_face = surface().faces, patchwork().of_face
    edges: dict[tuple[int, int], int] = {}
    links: dict[int, list[int]] = {}
    for face, corners in enumerate(faces.tolist()):
        for i in range(3):
            edge = tuple(sorted((corners[i], corners[(i + 1) % 3])))
            other = edges.setdefault(edge, face)  # type: ignore[arg-type]
            if other != face and of_face[other] == of_face[face]:
                links.setdefault(face, []).append(other)
                links.setdefault(other, []).append(face)
    for number in range(patchwork().count):
        own = set(np.flatnonzero(of_face == number).tolist())
        stack = [next(iter(own))]
        while stack:
            face = stack.pop()
            if face in own:
                own.discard(face)
                stack += links.get(face, [])
        assert not own, number


def test_patches_of_left_and_right_mirror_each_other() -> None:
    every = patches()
    half = len(every) // 2
    turned = {"left": "right", "right": "left", "front": "front", "back": "back"}
    for left, right in zip(every[:half], every[half:], strict=True):
        assert (left.side, right.side) == ("left", "right")
        assert left.region == right.region
        assert left.area_cm2 == pytest.approx(right.area_cm2, rel=1e-9)
        assert turned[left.view] == right.view
        assert left.centre_cm[0] == pytest.approx(-right.centre_cm[0], abs=1e-9)
        mirrored = {(n + half) % len(every) for n in left.neighbours}
        assert mirrored == set(right.neighbours)


def test_neighbours_know_each_other() -> None:
    for patch in patches():
        assert patch.neighbours
        assert all(patch.number in patches()[n].neighbours for n in patch.neighbours)


def test_every_region_of_the_atlas_lies_on_the_surface_and_no_other() -> None:
    from filiform.anatomy import atlas

    assert {patch.region for patch in patches()} == set(atlas().regions)


def test_a_patch_is_seen_from_where_it_lies() -> None:
    views = {patch.region: patch.view for patch in patches() if patch.side == "left"}
    assert views["breastbone"] == "front"
    assert views["spine-lower"] == "back"
    assert views["leg-outer"] in ("left", "back", "front")
    hips = [p.view for p in patches() if p.region == "hip-side" and p.side == "right"]
    assert "left" not in hips


def test_without_a_weight_the_body_is_a_middle_one_of_the_height_asked_for() -> None:
    middle, short = shape("female", 30), shape("female", 30, 150)
    assert short[:, 1].max() == pytest.approx(150, abs=0.01)
    assert middle[:, 1].max() == pytest.approx(165, abs=15)


def test_without_a_height_the_body_still_has_the_weight_asked_for() -> None:
    body = shape("male", 40, weight_kg=70)
    assert volume_litres(body, surface().faces) * DENSITY_KG_PER_L == pytest.approx(70, abs=0.7)
