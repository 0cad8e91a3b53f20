"""How fast virtual patients are simulated, against the same model in SciPy.

    python -m tests.bench.mechanism           some seconds on two quiet cores
    python -m tests.bench.mechanism --json    the figures as one JSON document

Equal tolerances and output hours. SciPy's solve_ivp (LSODA) is asked in three ways:
- one patient after the other, NumPy right-hand side of 28 states;
- groups of patients as one system (the right-hand side vectorised over them), Jacobian dense;
- the same with LSODA told the band of the Jacobian: the best SciPy variant we could make.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
from tests.mechanism import reference

from filiform.mechanism import PRECISE, NeedlingDose, courses, draw, weights_for
from filiform.mechanism.ensemble import Traits, ensemble
from filiform.mechanism.table import of_patients, parameters, starting, states
from filiform.mechanism.workers import HELPERS

HOURS = np.array([0, 0.1, 0.25, 0.5, 1, 2, *range(3, 73, 3)], float)
RECORD = (
    "endplate_noise_relative", "contracture_relative", "stiffness_relative", "perfusion_relative",
    "oxygen_relative", "ph", "substance_p_relative", "pain_nprs", "pressure_threshold_kpa",
    "soreness_nprs",
)  # fmt: skip
PATIENTS = 10_000
DOSE = NeedlingDose(insertions=10, twitches=6)


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


VARIANTS: dict[str, tuple[int, Callable[[np.ndarray], np.ndarray]]] = {
    "one by one": (20, one_by_one),
    "groups of 10, dense": (20, lambda places: side_by_side(places, 10, band=False)),
    "groups of 250, banded": (500, lambda places: side_by_side(places, 250, band=True)),
    "groups of 500, banded": (500, lambda places: side_by_side(places, 500, band=True)),
}


def _gap(one: np.ndarray, other: np.ndarray) -> float:
    """Largest difference, relative to the value, or to a hundredth of the state's range."""
    floor = np.abs(other).max(axis=(0, 1)) / 100
    return float((np.abs(one - other) / np.maximum(np.abs(other), floor)).max())


def cpu_figures(places: np.ndarray) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time per patient in one process, ours and each of SciPy's ways;
    and the largest difference to ours. Processor time, because a shared machine's clock says
    little; two processes halve the time of each alike."""
    count = max(count for count, _call in VARIANTS.values())
    begin = time.process_time()
    ours = courses(DOSE, HOURS, places=places[:count], record=RECORD).values
    found = {"libRoadRunner": {"ms": (time.process_time() - begin) / count * 1e3, "differs": 0.0}}
    for name, (count, call) in VARIANTS.items():
        begin = time.process_time()
        seen = call(places[:count])
        spent = (time.process_time() - begin) / count * 1e3
        found[name] = {"ms": spent, "differs": _gap(ours[:count], seen)}
    return found


def page_milliseconds() -> tuple[float, float]:
    """The forecast behind the page "What to expect": 500 patients, 14 days, not seen before.
    By the clock, and the processor time of this process (its helper does the other half)."""
    from filiform.clinic.expectation.forecast import forecast

    forecast(NeedlingDose(), Traits())
    clock, spent = [], []
    for age in range(30, 39):
        begin, used = time.perf_counter(), time.process_time()
        forecast(NeedlingDose(twitches=6), Traits(age_years=age))
        clock.append(time.perf_counter() - begin)
        spent.append(time.process_time() - used)
    return float(np.median(clock)) * 1e3, float(np.median(spent)) * 1e3


def main() -> int:
    places = draw(weights_for(Traits()), PATIENTS, seed=1)
    courses(DOSE, HOURS, places=places[:20], record=RECORD)  # the compiler is warm
    cpu = cpu_figures(places)
    courses(DOSE, HOURS, places=places[:3000], record=RECORD)  # the helper is warm
    begin = time.perf_counter()
    courses(DOSE, HOURS, places=places, record=RECORD)
    seconds = time.perf_counter() - begin
    page, page_cpu = page_milliseconds()
    HELPERS.stop()
    figures = {"seconds": seconds, "page_ms": page, "page_cpu_ms": page_cpu, "cpu": cpu}
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return 0
    print(f"{PATIENTS:,} patients, 72 h, 10 states, two processes, by the clock: {seconds:.2f} s")
    print(f"page, 500 patients, 14 days: {page:.0f} ms by the clock, {page_cpu:.0f} ms processor")
    print("processor time per patient, one process:")
    ours = cpu["libRoadRunner"]["ms"]
    for name, one in cpu.items():
        ratio = one["ms"] / ours
        print(f"  {name:24} {one['ms']:9.3f} ms  {ratio:7.1f} times  differs {one['differs']:.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
