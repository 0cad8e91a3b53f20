"""Bodies of other build: the same points, moved for sex, age, height and weight.

Made from MakeHuman's morph targets (data/LICENCE.md): a mean body, 28 principal shifts and their
coefficients at 2 sexes x 4 ages (1, 10, 25, 90 years) x 4 weights x 3 heights; between these the
coefficients are interpolated. A drawing aid that resembles the patient: no measurement is taken
from it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.mesh import surface, volume_litres, whole_from_half
from filiform.arrays import Floats

BodySex = Literal["female", "male", "unknown"]
AGE_YEARS = (1.0, 110.0)
HEIGHT_CM = (55.0, 230.0)
WEIGHT_KG = (4.0, 300.0)
DENSITY_KG_PER_L = 1.01
"""Mean density of a living body with air in its lungs, close to water's (design value)."""
HEAVIEST_STEP = 3.6
"""How far the shape may go along the weight axis; its corners lie at 0, 1, 2 and 3."""
WIDEST = 1.25
"""What shape alone can't carry is added as breadth and depth, at most by this factor."""


def shape(
    sex: BodySex,
    age_years: float,
    height_cm: float | None = None,
    weight_kg: float | None = None,
) -> npt.NDArray[np.float32]:
    """Points (13380, 3) in cm of a body in the anatomical position, standing on y = 0.

    height_cm 55 to 230, weight_kg 4 to 300; without them those of the model's middle body of that
    age and sex. sex "unknown" is half way between. Ages beyond 1 to 90 take the nearest of these.
    Raises ValueError that names the argument and its bounds.
    """
    if sex not in ("female", "male", "unknown"):
        raise ValueError(f'sex "{sex}": expected female, male or unknown')
    for name, value, (low, high) in (
        ("age_years", age_years, (0.0, AGE_YEARS[1])),
        ("height_cm", height_cm, HEIGHT_CM),
        ("weight_kg", weight_kg, WEIGHT_KG),
    ):
        if value is not None and not low <= value <= high:
            raise ValueError(f"{name} {value}: expected {low:g} to {high:g}")
    # A copy: the kept array is shared, and callers may move its points.
    return _shape(sex, float(age_years), height_cm, weight_kg).copy()


@lru_cache(maxsize=64)
def _shape(
    sex: str, age_years: float, height_cm: float | None, weight_kg: float | None
) -> npt.NDArray[np.float32]:
    table = _by_sex_and_age(sex, age_years)
    tall = 1.0 if height_cm is None else _tall_step(table, height_cm)
    if weight_kg is None:
        points = _body(_between(table, 1.0, tall))
        points = points if height_cm is None else points * (height_cm / points[:, 1].max())
        return np.asarray(points, dtype=np.float32)
    return np.asarray(_weighed(table, tall, height_cm, weight_kg), dtype=np.float32)


def _weighed(table: Floats, tall: float, height_cm: float | None, weight_kg: float) -> Floats:
    """Halves the weight axis until the body's volume fits, then broadens it by what is left."""
    # A little beyond the thinnest and the heaviest corner, where shapes still look human.
    low, high = -0.6, HEAVIEST_STEP
    points = np.empty(0)
    # Twelve halvings of 4.2 steps: a thousandth of a step, less than a scale shows.
    for _ in range(12):
        middle = (low + high) / 2
        points = _body(_between(table, middle, tall))
        if height_cm is not None:
            # Height after every shape: heavier bodies of one height step come out taller.
            points = points * (height_cm / points[:, 1].max())
        if volume_litres(points, surface().faces) * DENSITY_KG_PER_L < weight_kg:
            low = middle
        else:
            high = middle
    own = volume_litres(points, surface().faces) * DENSITY_KG_PER_L
    # The square root, because breadth and depth both grow by it; height is what was measured.
    broader = float(np.clip(np.sqrt(weight_kg / own), 1 / WIDEST, WIDEST))
    return np.asarray(points * np.array([broader, 1.0, broader]))


@lru_cache(maxsize=1)
def _parts() -> tuple[Floats, Floats, Floats, Floats]:
    """Mean of the half body, shifts (28, n, 3) in storage units, coefficients, ages."""
    arrays = surface().arrays
    mean = arrays["shape_mean"].astype(np.float64) * float(arrays["shape_mean_step"])
    shifts = np.concatenate([arrays["shape_fine"], arrays["shape_rough"]]).astype(np.float64)
    return (
        mean,
        shifts,
        arrays["shape_coefficients"].astype(np.float64),
        arrays["shape_ages"].astype(np.float64),
    )


def _by_sex_and_age(sex: str, age_years: float) -> Floats:
    """Coefficients (4 weights, 3 heights, 28) for a sex and an age."""
    _, _, coefficients, ages = _parts()
    chosen = coefficients.mean(axis=0) if sex == "unknown" else coefficients[int(sex == "male")]
    place = float(np.interp(age_years, ages, np.arange(len(ages))))
    return _along(chosen, place)


def _along(table: Floats, place: float) -> Floats:
    """Linear between the entries of the first axis, and on beyond its ends."""
    first = int(np.clip(np.floor(place), 0, len(table) - 2))
    t = place - first
    return np.asarray(table[first] * (1 - t) + table[first + 1] * t)


def _between(table: Floats, heavy: float, tall: float) -> Floats:
    return _along(_along(table, heavy), tall)


def _tall_step(table: Floats, height_cm: float) -> float:
    """Where on the height axis (0 to 2) the body of middle weight has this height."""
    own = [float(_body(_between(table, 1.0, step))[:, 1].max()) for step in (0.0, 1.0, 2.0)]
    return float(np.interp(height_cm, own, (0.0, 1.0, 2.0)))


def _body(coefficients: Floats) -> Floats:
    mean, shifts, _, _ = _parts()
    skin = surface()
    half = mean + np.tensordot(coefficients, shifts, axes=1)
    half_points = skin.arrays["half_points"].astype(np.int64)
    points = whole_from_half(half, half_points, skin.mirror)
    # Rounding in the stored shifts would open the seam in the midline.
    points[skin.mirror == np.arange(len(points)), 0] = 0.0
    # Feet on the ground, whatever the height: pages put bodies side by side.
    points[:, 1] -= points[:, 1].min()
    return points
