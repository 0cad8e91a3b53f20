"""How fast virtual patients are simulated, against the same model in SciPy.

    python -m tests.bench.mechanism           about two minutes on two quiet cores
    python -m tests.bench.mechanism --json    the figures as one JSON document

Equal tolerances, equal output hours, two processes each. SciPy is measured in three ways, each on
as many patients as take some seconds, and scaled to 10,000:
- one patient after the other, NumPy right-hand side of 28 states;
- groups of patients as one system (the right-hand side vectorised over them), Jacobian dense;
- the same with LSODA told the band of the Jacobian, in the quickest group size found. This is the
  best SciPy variant we could make.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context

import numpy as np
from tests.mechanism import reference

from filiform.mechanism import PRECISE, QUICK, Dose, courses, draw, simulate, weights_for
from filiform.mechanism.ensemble import Traits, ensemble
from filiform.mechanism.table import of_patients, parameters, starting, states
from filiform.mechanism.workers import HELPERS

HOURS = np.array([0, 0.1, 0.25, 0.5, 1, 2, *range(3, 73, 3)], float)
RECORD = (
    "endplate_noise_relative", "contracture_relative", "stiffness_relative", "perfusion_relative",
    "oxygen_relative", "ph", "substance_p_relative", "pain_nprs", "pressure_threshold_kpa",
    "soreness_nprs",
)  # fmt: skip
PAGE_HOURS = np.array(
    [0, 0.1, 0.5, 1, 3, 6, 12, 24, 36, 48, 72, 96, 120, 144, 168, 168.1, 168.5, 169, 171, 174, 180,
     192, 204, 216, 240, 264, 288, 312, 336]
)  # fmt: skip
PAGE_RECORD = ("pain_nprs", "soreness_nprs", "range_relative", "pressure_threshold_kpa")
PATIENTS = 10_000
DOSE = Dose(insertions=10, twitches=6)
DENSE_GROUP, BAND_GROUPS = 10, (250, 500)


def numbers(places: np.ndarray) -> reference.Values:
    """Everything the reference needs for these patients, arrays where they differ."""
    shared = {one.id: one.value for one in parameters().values() if one.varies != "start"}
    own = {name: ensemble().values[places, at] for at, name in enumerate(of_patients())}
    return reference.Values({**shared, **DOSE.as_parameters(), **own})


def starts(places: np.ndarray) -> np.ndarray:
    order = [starting().index(name) for name in reference.STATES]
    return ensemble().starts[places][:, order]


def one_by_one(places: np.ndarray) -> np.ndarray:
    found = []
    for place in places:
        p = numbers(np.array([place]))
        single = reference.Values({k: v.item() if np.ndim(v) else v for k, v in p.items()})
        seen = reference.course(
            starts(np.array([place]))[0], single, HOURS,
            rtol=PRECISE[0], atol=PRECISE[1],
        )  # fmt: skip
        found.append([seen[states()[name].model] for name in RECORD])
    return np.array(found).transpose(0, 2, 1)


def side_by_side(places: np.ndarray, group: int, *, band: bool) -> np.ndarray:
    found = []
    for first in range(0, len(places), group):
        part = places[first : first + group]
        seen = reference.courses_side_by_side(
            starts(part), numbers(part), HOURS,
            rtol=PRECISE[0], atol=PRECISE[1], band=band,
        )  # fmt: skip
        found.append(np.stack([seen[states()[name].model] for name in RECORD], axis=2))
    return np.concatenate(found)


def _loop(places: np.ndarray) -> np.ndarray:
    return one_by_one(places)


def _dense(places: np.ndarray) -> np.ndarray:
    return side_by_side(places, DENSE_GROUP, band=False)


def _banded(work: tuple[np.ndarray, int]) -> np.ndarray:
    return side_by_side(work[0], work[1], band=True)


def _timed(pool: object, call: Callable[..., np.ndarray], shares: list) -> tuple[float, np.ndarray]:
    begin = time.perf_counter()
    found = pool.map(call, shares)  # type: ignore[attr-defined]
    return time.perf_counter() - begin, np.concatenate(found)


def _gap(one: np.ndarray, other: np.ndarray) -> float:
    """Largest difference, relative to the value, or to a hundredth of the state's range."""
    floor = np.abs(other).max(axis=(0, 1)) / 100
    return float((np.abs(one - other) / np.maximum(np.abs(other), floor)).max())


def scipy_figures(places: np.ndarray, ours: np.ndarray) -> dict[str, dict[str, float]]:
    """Seconds for 10,000 patients and largest difference to ours, for each variant."""
    found = {}
    with get_context("spawn").Pool(2) as pool:
        pool.map(_loop, [places[:1], places[1:2]])
        variants: list[tuple[str, Callable[..., np.ndarray], int, list]] = [
            ("one by one", _loop, 60, list(np.array_split(places[:60], 2))),
            ("groups, dense", _dense, 60, list(np.array_split(places[:60], 2))),
        ]
        for group in BAND_GROUPS:
            count = 2 * max(group, 500)
            shares = [(part, group) for part in np.array_split(places[:count], 2)]
            variants.append((f"groups of {group}, banded", _banded, count, shares))
        for name, call, count, shares in variants:
            seconds, seen = _timed(pool, call, shares)
            found[name] = {
                "seconds": seconds / count * PATIENTS,
                "measured_on": count,
                "largest_difference": _gap(ours[:count], seen),
            }
    return found


def main() -> int:
    places = draw(weights_for(Traits()), PATIENTS, seed=1)
    courses(DOSE, HOURS, places=places[:3000], record=RECORD)  # helpers and compiler are warm
    begin = time.perf_counter()
    ours = courses(DOSE, HOURS, places=places, record=RECORD).values
    seconds = time.perf_counter() - begin
    page_dose = Dose(sessions=2)
    page = {"until_hours": 336, "patients": 500, "hours": PAGE_HOURS, "record": PAGE_RECORD}
    simulate(page_dose, tolerances=QUICK, **page)
    pages = []
    for seed in range(5):
        begin = time.perf_counter()
        simulate(page_dose, tolerances=QUICK, seed=seed, **page)
        pages.append(time.perf_counter() - begin)
    HELPERS.stop()
    scipy = scipy_figures(places, ours)
    figures = {"ours_seconds": seconds, "page_ms": float(np.median(pages)) * 1e3, "scipy": scipy}
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return 0
    print(f"libRoadRunner, {PATIENTS:,} patients, 72 h, 10 states, 2 processes: {seconds:.2f} s")
    print(f"page: 500 patients, 14 days, 2 sessions: {figures['page_ms']:.0f} ms")
    for name, one in scipy.items():
        print(
            f"SciPy LSODA, {name}: {one['seconds']:.1f} s ({one['seconds'] / seconds:.1f} times), "
            f"measured on {one['measured_on']:.0f}; differs {one['largest_difference']:.2e}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
