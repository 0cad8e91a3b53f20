"""Contracture and ischaemia can hold each other up: two stable states at one and the same load."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq, root
from tests.mechanism import reference

from filiform.mechanism import NeedlingDose, courses
from filiform.mechanism.ensemble import ensemble
from filiform.mechanism.table import of_patients, parameters, starting
from filiform.mechanism.workers import run_patients

LATE = 168 * 24.0
BAD, SOUND = (reference.STATES.index(f"endplates_{n}") for n in ("dysfunctional", "sound"))

WHOLES = {
    "atp": ("atp", "adp"),
    "sarcomeres_relaxed": ("sarcomeres_relaxed", "sarcomeres_contracted"),
    "fibres_intact": ("fibres_intact", "fibres_injured", "fibres_regenerating"),
}


def _two_sided() -> int:
    """The place of the patient whose two states at the usual load lie furthest apart."""
    held = ensemble()
    likely = np.argsort(held.weights)[::-1][:400]
    healthy = np.array([parameters()[name].value for name in starting()])
    low = run_patients(
        of_patients(), held.values[likely], np.tile(healthy, (len(likely), 1)), {"sessions": 0.0},
        np.array([0.0, 2 * LATE]), ["sarcomeres_contracted"],
    )[:, -1, 0]  # fmt: skip
    apart = held.starts[likely, starting().index("sarcomeres_contracted")] - low
    return int(likely[np.argmax(apart)])


@pytest.fixture(scope="module")
def place() -> int:
    return _two_sided()


def _values(place: int) -> reference.Values:
    shared = {one.id: one.value for one in parameters().values() if one.varies != "start"}
    own = dict(zip(of_patients(), ensemble().values[place].tolist(), strict=True))
    return reference.Values({**shared, **own})


def _balanced(bad: float, p: reference.Values, guess: np.ndarray) -> np.ndarray:
    """All other states at rest while the share of dysfunctional endplates is held."""

    def gaps(y: np.ndarray) -> np.ndarray:
        full = y.copy()
        full[BAD], full[SOUND] = bad, 1 - bad
        rest = reference.rates(full, p)
        rest[BAD], rest[SOUND] = y[BAD] - bad, y[SOUND] - (1 - bad)
        for whole, parts in WHOLES.items():
            at = reference.STATES.index(whole)
            rest[at] = sum(full[reference.STATES.index(part)] for part in parts) - 1
        return rest

    found = root(gaps, guess, method="hybr", tol=1e-10)
    assert np.abs(gaps(found.x)).max() < 1e-6
    return found.x


def test_a_patient_has_two_stable_states_with_an_unstable_one_between(place: int) -> None:
    p = _values(place)
    start = ensemble().starts[place]
    guess = np.array([start[starting().index(name)] for name in reference.STATES])
    shares = np.linspace(guess[BAD], 0.01, 120)
    drift, points = [], []
    for share in shares:
        guess = _balanced(float(share), p, guess)
        drift.append(reference.rates(guess, p)[BAD])
        points.append(guess)
    crossings = [at for at in range(1, len(shares) - 1) if drift[at] * drift[at + 1] < 0]
    exact = [
        brentq(lambda share, at=at: reference.rates(_balanced(share, p, points[at]), p)[BAD],
               shares[at + 1], shares[at])
        for at in crossings
    ]  # fmt: skip
    assert abs(drift[0]) < 1e-5, "the patient starts in the upper, active state"
    assert len(exact) == 2
    slope = [drift[at + 1] - drift[at] for at in crossings]
    assert slope[0] < 0, "between: from here more dysfunction grows, less dies away"
    assert slope[1] > 0, "below: the healthy state draws back"
    assert exact[1] < exact[0] < shares[0]


def test_a_strong_dose_flips_the_point_and_it_stays_down_at_the_same_load(place: int) -> None:
    hours = np.array([0, LATE])
    strong = courses(
        NeedlingDose(insertions=15, twitches=12, sessions=6), hours, places=np.array([place])
    ).of("contracture_relative")[0]
    weak = courses(NeedlingDose(insertions=2, twitches=0), hours, places=np.array([place])).of(
        "contracture_relative"
    )[0]
    assert strong[1] < 0.5 * strong[0]
    assert weak[1] == pytest.approx(weak[0], rel=0.02)


def test_without_its_load_even_an_untreated_point_dies_away(place: int) -> None:
    none = NeedlingDose(insertions=0, twitches=0, load=0)
    found = courses(none, np.array([0, LATE]), places=np.array([place]))
    assert found.of("contracture_relative")[0, 1] == pytest.approx(1, abs=0.1)
