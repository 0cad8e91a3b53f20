"""What the model says of a dose, as sentences a clinician could dispute. Medians of 60 patients."""

from __future__ import annotations

import numpy as np
import pytest
from tests.mechanism.helping import WEEKS, at, course

from filiform.mechanism import NeedlingDose

ONE = NeedlingDose(insertions=10, twitches=6)
THREE = NeedlingDose(insertions=10, twitches=6, sessions=3)


@pytest.mark.parametrize("state", ["endplate_noise_relative", "contracture_relative"])
def test_more_twitches_calm_the_endplates_and_loosen_the_contraction_knot_more(state: str) -> None:
    after = [at(NeedlingDose(insertions=10, twitches=count), state, 24) for count in (0, 3, 6, 12)]
    assert after == sorted(after, reverse=True)
    assert after[-1] < after[0]


def test_blood_and_oxygen_come_back_and_acid_leaves_after_needling() -> None:
    for state in ("perfusion_relative", "oxygen_relative", "ph"):
        assert at(ONE, state, 0.5) > at(ONE, state, 0), state


def test_substance_p_and_cgrp_fall_below_their_level_before_the_twitch() -> None:
    for state in ("substance_p_relative", "cgrp_relative"):
        assert at(ONE, state, 0.1) < at(ONE, state, 0), state


def test_the_body_s_opioids_surge_and_are_gone_after_two_days() -> None:
    assert at(ONE, "opioid_relative", 0.1) > 1.3
    assert at(ONE, "opioid_relative", 48) == pytest.approx(1, abs=0.05)


def test_soreness_begins_at_once_peaks_within_a_day_and_is_gone_at_72_hours() -> None:
    courses = course(ONE).of("soreness_nprs")
    peaks = WEEKS[courses.argmax(axis=1)]
    assert (peaks <= 24).all()
    assert at(ONE, "soreness_nprs", 0) == 0
    assert np.quantile(courses[:, list(WEEKS).index(72)], 0.95) < 0.3


def test_the_pressure_threshold_falls_first_and_exceeds_its_start_after_two_days() -> None:
    before = at(ONE, "pressure_threshold_kpa", 0)
    assert at(ONE, "pressure_threshold_kpa", 0.5) < before < at(ONE, "pressure_threshold_kpa", 48)


def test_pain_falls_over_the_first_week_and_more_with_three_sessions() -> None:
    assert at(ONE, "pain_nprs", 168) < at(ONE, "pain_nprs", 0)
    assert at(THREE, "pain_nprs", 504) < at(ONE, "pain_nprs", 504)


def test_the_point_relapses_over_months_if_the_load_stays() -> None:
    stays = course(THREE).of("contracture_relative")
    goes = course(NeedlingDose(insertions=10, twitches=6, sessions=3, load=0)).of(
        "contracture_relative"
    )
    early, late = list(WEEKS).index(672), list(WEEKS).index(2016)
    assert np.median(stays[:, late]) > np.median(stays[:, early])
    assert np.median(goes[:, late]) <= np.median(goes[:, early])
    assert (goes[:, late] <= stays[:, late] + 1e-6).all()


@pytest.mark.parametrize("help_", [{"stretch": True}, {"exercise": True}, {"heat": True}])
def test_stretching_exercise_and_warmth_help_to_keep_what_needling_gained(
    help_: dict[str, bool],
) -> None:
    helped = NeedlingDose(insertions=10, twitches=6, sessions=3, **help_)
    assert at(helped, "pain_nprs", 1344) < at(THREE, "pain_nprs", 1344)


def test_five_daily_sessions_leave_more_inflammation_than_one() -> None:
    daily = NeedlingDose(insertions=10, twitches=6, sessions=5, interval_days=1)
    assert at(daily, "tnf_alpha_relative", 168) > at(ONE, "tnf_alpha_relative", 168)
    assert at(daily, "soreness_nprs", 72) > at(ONE, "soreness_nprs", 72)


def test_everybody_starts_from_the_same_state_whatever_the_dose() -> None:
    doses = (
        ONE,
        THREE,
        NeedlingDose(load=0.2, stretch=True),
        NeedlingDose(insertions=0, twitches=0),
    )
    starts = [course(dose).values[:, 0] for dose in doses]
    for start in starts[1:]:
        assert start == pytest.approx(starts[0], abs=1e-9)


def test_every_state_stays_where_living_people_are() -> None:
    strong = NeedlingDose(insertions=40, twitches=30, sessions=6, interval_days=1, dwell_min=30)
    for dose in (ONE, THREE, strong):
        found = course(dose)
        assert found.of("pain_nprs").min() >= 0
        assert found.of("pain_nprs").max() <= 10
        assert found.of("soreness_nprs").max() <= 10
        assert found.of("ph").min() > 6
        assert found.of("ph").max() < 7.5
        assert found.of("pressure_threshold_kpa").min() > 20
        assert found.of("pressure_threshold_kpa").max() < 900
        assert found.of("range_relative").max() <= 1.01
