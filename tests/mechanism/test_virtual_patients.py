"""The ensemble: drawn by a seed, shifted by what is known, narrowed by what was measured."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.mechanism import (
    NeedlingDose,
    SimulationOutOfBounds,
    StateMeasurement,
    Traits,
    bands,
    courses,
    draw,
    effective,
    narrowed,
    simulate,
    weights_for,
)
from filiform.mechanism.ensemble import ensemble
from filiform.mechanism.simulate import _quantiles, check_run, default_hours

shares = st.floats(0.001, 1.0)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    one, same, other = (
        simulate(NeedlingDose(), until_hours=6, patients=40, seed=seed) for seed in (3, 3, 4)
    )
    assert one == same
    assert one.states["pain_nprs"].median != other.states["pain_nprs"].median


def test_every_band_is_in_order() -> None:
    for band in simulate(NeedlingDose(sessions=2), until_hours=200, patients=50).states.values():
        for low, median, high in zip(band.low, band.median, band.high, strict=True):
            assert low <= median <= high


def test_a_group_is_drawn_in_proportion_to_the_weights() -> None:
    weights = np.array([0.5, 0.3, 0.2, 0.0])
    counts = np.bincount(draw(weights, 1000, seed=1), minlength=4)
    assert counts == pytest.approx([500, 300, 200, 0], abs=1)


@given(
    prior=st.lists(shares, min_size=2, max_size=8),
    data=st.data(),
    sd=st.floats(0.3, 3),
)
def test_narrowing_by_measured_values_is_bayes_rule(
    prior: list[float], data: st.DataObject, sd: float
) -> None:
    size = len(prior)
    pain = data.draw(st.lists(st.floats(0, 10), min_size=2 * size, max_size=2 * size))
    first, second = pain[:size], pain[size:]
    got = narrowed(
        np.array(prior) / sum(prior),
        {"pain_nprs": np.array([first, second]).T},
        [StateMeasurement("pain_nprs", 0, 4, sd), StateMeasurement("pain_nprs", 24, 6, sd)],
    )

    def density(x: float, mean: float) -> float:
        return math.exp(-((x - mean) ** 2) / (2 * sd**2)) / (sd * math.sqrt(2 * math.pi))

    joint = [
        weight * density(4, a) * density(6, b)
        for weight, a, b in zip(prior, first, second, strict=True)
    ]
    if sum(joint) > 1e-250:
        assert got == pytest.approx(np.array(joint) / sum(joint), rel=1e-6, abs=1e-9)


def test_a_value_of_a_state_without_prediction_is_an_error() -> None:
    with pytest.raises(ValueError, match="pain_nprs"):
        narrowed(np.array([1.0]), {}, [StateMeasurement("pain_nprs", 0, 4, 1)])


def test_weighted_bands_of_equal_weights_lie_where_sorted_values_say() -> None:
    values = np.arange(100.0).reshape(100, 1, 1)
    low, middle, high = _quantiles(values, np.full(100, 0.01), (0.05, 0.5, 0.95))
    assert (low.item(), middle.item(), high.item()) == (4, 49, 94)


def test_measured_pain_narrows_the_band_and_draws_it_near() -> None:
    places = draw(weights_for(Traits()), 200, seed=1)
    found = courses(NeedlingDose(), np.array([0, 24, 72.0]), places=places, record=("pain_nprs",))
    measured = [StateMeasurement("pain_nprs", 0, 4, 1.0)]
    weights = narrowed(np.full(200, 1 / 200), {"pain_nprs": found.of("pain_nprs")[:, :1]}, measured)
    before, after = bands(found)["pain_nprs"], bands(found, weights)["pain_nprs"]
    assert after.high[2] - after.low[2] < before.high[2] - before.low[2]
    assert abs(after.median[0] - 4) < abs(before.high[0] - 4)
    assert 1 <= effective(weights) < 200


def test_older_people_and_longer_pain_recover_more_slowly() -> None:
    held = ensemble()
    young, old = weights_for(Traits(age_years=25)), weights_for(Traits(age_years=75))
    assert old @ held.parameter("k_regeneration") < young @ held.parameter("k_regeneration")
    short, long = weights_for(Traits(months=2)), weights_for(Traits(months=60))
    assert long @ held.parameter("central_own") > short @ held.parameter("central_own")


@pytest.mark.parametrize("trait", ["central", "load"])
def test_more_central_sensitisation_or_load_means_more_pain_later(trait: str) -> None:
    later = []
    for level in ("low", "high"):
        found = simulate(
            NeedlingDose(sessions=3), until_hours=1344, patients=80,
            traits=Traits(**{trait: level}), hours=np.array([0, 1344.0]),
        )  # fmt: skip
        later.append(np.mean(found.states["pain_nprs"].median[1:]))
    assert later[0] < later[1]


def test_hours_begin_at_zero_end_where_asked_and_look_closely_after_each_session() -> None:
    hours = default_hours(NeedlingDose(sessions=2, interval_days=3), 100)
    assert hours[0] == 0
    assert hours[-1] == 100
    assert {0.1, 72.1, 72.25} <= set(np.round(hours, 6).tolist())
    assert (np.diff(hours) > 0).all()


@pytest.mark.parametrize(
    ("dose", "name"),
    [
        (NeedlingDose(insertions=61), "insertions"),
        (NeedlingDose(twitches=-1), "twitches"),
        (NeedlingDose(insertions=0, twitches=3), "twitches"),
        (NeedlingDose(dwell_min=float("nan")), "dwell_min"),
        (NeedlingDose(interval_days=0), "interval_days"),
        (NeedlingDose(load=1.01), "load"),
    ],
)
def test_a_dose_outside_the_bounds_is_named(dose: NeedlingDose, name: str) -> None:
    with pytest.raises(SimulationOutOfBounds, match=name):
        dose.checked()


@pytest.mark.parametrize(
    ("run", "name"),
    [
        ({"hours": 0.0, "patients": 1}, "hours"),
        ({"hours": 1e9, "patients": 1}, "hours"),
        ({"hours": 24.0, "patients": 0}, "patients"),
        ({"hours": 24.0, "patients": 10**9}, "patients"),
    ],
)
def test_a_run_that_is_too_long_or_too_large_is_refused(run: dict[str, Any], name: str) -> None:
    with pytest.raises(SimulationOutOfBounds, match=name):
        check_run(**run)


def test_patients_of_other_tables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    room = importlib.import_module("filiform.mechanism.ensemble")
    monkeypatch.setattr(room, "of_patients", lambda: ("another",))
    with pytest.raises(ValueError, match=r"calibrate\.py"):
        room.ensemble.__wrapped__()
