"""What is said is fitted to what came true; on made-up answers whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from tools.targeting import calibration
from tools.targeting.grid import best_value

from filiform.arrays import Floats
from filiform.targeting.evaluation import Judged

MOST, SLOPE, SHIFT = 0.6, 1.2, 0.4


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _made(patients: int, seed: int, most: tuple[float, float] = (MOST, MOST)) -> calibration.Part:
    """Two answers a patient, the second with the complaint; ten muscles each come true as often as
    a line under a ceiling says, without and with the complaint."""
    random = np.random.default_rng(seed)
    odds = random.uniform(-3.4, 4, (patients, 2, 10))
    ceiling = np.array(most)[None, :, None]
    true = random.random(odds.shape) < ceiling * _chance(SHIFT + SLOPE * odds)
    owner, told, _ = np.indices(odds.shape)
    return calibration.Part(
        odds.ravel(),
        true.ravel().astype(float),
        owner.ravel(),
        told.ravel() == 1,
        np.repeat(np.arange(patients), 2),
    )


def test_a_ceiling_that_answers_were_made_with_is_found_again_and_lies_in_its_interval() -> None:
    part = _made(500, 1)
    shift, slope, most = calibration.fitted([part])
    assert float(_chance(most)) == pytest.approx(MOST, abs=0.03)
    assert (shift, slope) == (pytest.approx(SHIFT, abs=0.25), pytest.approx(SLOPE, abs=0.15))
    few = _made(120, 2)
    low, high = calibration.spread([few], draws=8)
    assert low[2] < np.log(MOST / (1 - MOST)) < high[2]
    at = calibration.fitted([few])
    assert (low <= at).all()
    assert (at <= high).all()


def test_what_is_said_keeps_the_lowest_possible_ceiling_and_still_how_often_all_came_true() -> None:
    few = _made(120, 2)
    at = calibration.cautious([few], draws=8)
    assert at[2] == calibration.spread([few], draws=8)[0][2] < calibration.fitted([few])[2]
    said = calibration.one_ceiling(at, few.odds, few.told)
    assert said.mean() == pytest.approx(few.true.mean(), abs=0.02)


def test_two_ceilings_help_patients_left_out_only_where_the_complaint_changes_the_ceiling() -> None:
    for most, helps in (((0.3, 0.9), True), ((0.6, 0.6), False)):
        part = _made(150, 3, most)
        one, two = (
            calibration.cross_validated(part, (), name, folds=3)
            for name in ("one ceiling", "two ceilings")
        )
        assert (two < one - 0.01) == helps, most


def test_every_part_counts_alike_however_many_patients_it_has() -> None:
    few, many = _made(40, 4, (0.3, 0.3)), _made(400, 5, (0.8, 0.8))
    tenfold = calibration.Part(
        np.tile(few.odds, 10),
        np.tile(few.true, 10),
        np.concatenate([few.owner + 40 * n for n in range(10)]),
        np.tile(few.told, 10),
        np.concatenate([few.answers + 40 * n for n in range(10)]),
    )
    assert calibration.fitted([few, many]) == pytest.approx(
        calibration.fitted([tenfold, many]), abs=0.02
    )


def test_only_muscles_that_a_page_shows_are_fitted() -> None:
    """Three sources: a muscle shown, a muscle said too rarely to be shown, a joint."""
    one = Judged(np.array([0.5, 0.01, 0.4]), frozenset({0, 2}), "", np.array([True, True, False]))
    part = calibration.part([one, one], [0, 0], [False, True])
    assert part.odds == pytest.approx([0.0, 0.0])
    assert (part.true.tolist(), part.told.tolist()) == ([1.0, 1.0], [False, True])
    assert (part.owner.tolist(), part.patients) == ([0, 0], 1)


def test_a_number_s_interval_is_narrow_only_where_patients_agree_on_its_best_value() -> None:
    """Three values of a number, forty patients: all do best by the middle one, or each by lot."""
    agreed = np.tile([[1.0], [0.0], [1.0]], (1, 40))
    by_lot = np.random.default_rng(6).random((3, 40))
    values = (0.2, 0.4, 0.8)
    assert best_value(values, [agreed]) == (0.4, (0.4, 0.4))
    _, (low, high) = best_value(values, [by_lot])
    assert low < high
