"""The engine's answers: against SciPy and a hand-written model, conserved, positive, repeatable."""

from __future__ import annotations

import io
import signal
import subprocess
import sys

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mechanism import reference
from tests.mechanism.helping import MODEL_NAMES, reference_start

from filiform.mechanism import (
    QUICK,
    NeedlingDose,
    Traits,
    courses,
    draw,
    sbml,
    weights_for,
    workers,
)
from filiform.mechanism import engine as engine_room
from filiform.mechanism.engine import engine
from filiform.mechanism.ensemble import ensemble
from filiform.mechanism.table import data_text, of_patients, parameters, starting, states
from filiform.mechanism.workers import (
    HELPERS,
    HelperLost,
    Helpers,
    SimulationRun,
    run_patients,
    send,
)

DOSES = st.builds(
    lambda insertions, twitches, **others: NeedlingDose(
        insertions=insertions, twitches=twitches if insertions else 0, **others
    ),
    insertions=st.integers(0, 40),
    twitches=st.integers(0, 30),
    dwell_min=st.floats(0, 60),
    sessions=st.integers(1, 4),
    interval_days=st.floats(0.5, 7),
    stretch=st.booleans(),
    exercise=st.booleans(),
    heat=st.booleans(),
    load=st.floats(0, 1),
)
# Where a patient stands in an array, and the processor, decide how a sum is rounded; the solver's
# own error is a thousand times larger.
ROUNDING = 1e-6
CONSERVED = (
    ("sarcomeres_relaxed", "sarcomeres_contracted"),
    ("atp", "adp"),
    ("endplates_sound", "endplates_dysfunctional", "endplates_silenced"),
    ("fibres_intact", "fibres_injured", "fibres_regenerating"),
)


def raw(dose: NeedlingDose, place: int, hours: np.ndarray) -> dict[str, np.ndarray]:
    """All states of one virtual patient."""
    held = ensemble()
    seen = run_patients(
        of_patients(), held.values[[place]], held.starts[[place]], dose.as_parameters(), hours,
        starting(),
    )  # fmt: skip
    return dict(zip(starting(), seen[0].T, strict=True))


@settings(max_examples=25, deadline=None)
@given(dose=DOSES, place=st.integers(0, 3000))
def test_nothing_falls_below_zero_and_no_share_is_made_or_lost(
    dose: NeedlingDose, place: int
) -> None:
    seen = raw(dose, place, np.linspace(0, 400, 60))
    for name, course in seen.items():
        assert course.min() >= -1e-5, name
    for together in CONSERVED:
        total = sum(seen[name] for name in together)
        assert total == pytest.approx(1, abs=1e-6), together


@settings(max_examples=8, deadline=None)
@given(dose=DOSES, place=st.integers(0, 3000))
def test_the_engine_agrees_with_scipy_within_a_thousandth(dose: NeedlingDose, place: int) -> None:
    hours = np.array([0, 0.1, 0.5, 2, 6, 24, 72, 168, 300])
    found = courses(dose, hours, places=np.array([place]))
    shared = {one.id: one.value for one in parameters().values() if one.varies != "start"}
    own = dict(zip(of_patients(), ensemble().values[place].tolist(), strict=True))
    told = reference.course(
        reference_start(ensemble().starts[place]),
        reference.Values({**shared, **own, **dose.as_parameters()}),
        hours, rtol=1e-9, atol=1e-11,
    )  # fmt: skip
    for model_name, course in told.items():
        ours = found.of(MODEL_NAMES[model_name])[0]
        assert ours == pytest.approx(course, rel=1e-3, abs=1e-3), model_name


def test_many_patients_side_by_side_in_scipy_are_the_same_patients() -> None:
    places = np.array([3, 40, 500])
    hours = np.array([0, 0.1, 1, 12, 72.0])
    shared = {one.id: one.value for one in parameters().values() if one.varies != "start"}
    own = {name: ensemble().values[places, at] for at, name in enumerate(of_patients())}
    told = reference.courses_side_by_side(
        np.array([reference_start(ensemble().starts[place]) for place in places]),
        {**shared, **own, **NeedlingDose().as_parameters()}, hours, rtol=1e-8, atol=1e-10,
    )  # fmt: skip
    found = courses(NeedlingDose(), hours, places=places)
    for model_name, course in told.items():
        ours = found.of(MODEL_NAMES[model_name])
        assert ours == pytest.approx(course, rel=1e-3, abs=1e-3), model_name


def test_a_patient_s_course_doesn_t_depend_on_who_was_simulated_before() -> None:
    hours = np.array([0, 0.1, 24, 200.0])
    dose = NeedlingDose(sessions=3)
    alone = courses(dose, hours, places=np.array([77])).values[0]
    courses(NeedlingDose(sessions=4, interval_days=1), np.array([0, 10.0]), places=np.array([5]))
    after_others = courses(dose, hours, places=np.array([12, 900, 77])).values[2]
    assert after_others == pytest.approx(alone, rel=ROUNDING, abs=ROUNDING)


def test_several_processes_give_the_same_answer_as_one() -> None:
    places = draw(weights_for(Traits()), 60, seed=2)
    hours = np.array([0, 1, 24.0])
    alone = courses(NeedlingDose(), hours, places=places).values
    HELPERS.start(1)
    try:
        shared = courses(NeedlingDose(), hours, places=places).values
    finally:
        HELPERS.stop()
    assert shared == pytest.approx(alone, rel=ROUNDING, abs=ROUNDING)


def test_a_helper_that_is_killed_in_between_changes_no_answer() -> None:
    places, hours = draw(weights_for(Traits()), 60, seed=2), np.array([0, 1, 24.0])
    alone = courses(NeedlingDose(), hours, places=places).values
    HELPERS.start(1)
    try:
        (process,) = HELPERS._running
        process.kill()
        process.wait()
        assert np.array_equal(courses(NeedlingDose(), hours, places=places).values, alone)
        assert not HELPERS.started
        HELPERS.start(1)
        HELPERS._running[0].kill()
        with pytest.raises(HelperLost):
            HELPERS.take(0)
    finally:
        HELPERS.stop()


def test_a_run_that_fails_here_leaves_no_answer_for_the_next(monkeypatch) -> None:
    places, hours = draw(weights_for(Traits()), 60, seed=2), np.array([0, 1, 24.0])
    other = draw(weights_for(Traits()), 60, seed=3)
    alone = courses(NeedlingDose(), hours, places=other).values
    HELPERS.start(1)
    try:
        monkeypatch.setattr(workers, "cores", lambda: 2)
        with monkeypatch.context() as broken:
            broken.setattr(SimulationRun, "done", lambda _self: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                courses(NeedlingDose(), hours, places=places)
        after = courses(NeedlingDose(), hours, places=other).values
    finally:
        HELPERS.stop()
    assert after == pytest.approx(alone, rel=ROUNDING, abs=ROUNDING)


def test_half_a_message_is_none() -> None:
    assert workers.receive(io.BytesIO((5).to_bytes(8, "big") + b"abc")) is None


def test_a_helper_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    helpers = Helpers()
    helpers._running.append(deaf)
    monkeypatch.setattr(workers, "PATIENCE_S", 0.05)
    helpers.stop()
    assert deaf.wait(10) == -signal.SIGKILL


def test_a_helper_whose_parent_is_gone_ends_quietly() -> None:
    held = ensemble()
    task = SimulationRun(
        list(of_patients()),
        held.values[0].tobytes(),
        held.starts[0].tobytes(),
        1,
        NeedlingDose().as_parameters(),
        [0.0, 1.0],
        ["pain"],
        QUICK,
    )
    helper = subprocess.Popen(
        [sys.executable, "-m", "filiform.mechanism.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    helper.stdout.close()
    _out, said = helper.communicate(_message(task))
    assert (helper.returncode, said) == (0, b"")


def _message(task: SimulationRun) -> bytes:
    stream = io.BytesIO()
    send(stream, msgspec.msgpack.encode(task))
    return stream.getvalue()


def test_the_quick_tolerance_of_the_page_stays_within_half_a_percent_of_the_range() -> None:
    places, hours = np.arange(20), np.array([0, 0.1, 1, 6, 24, 72, 168, 336.0])
    dose = NeedlingDose(sessions=2)
    exact = courses(dose, hours, places=places, tolerances=(1e-9, 1e-11)).values
    quick = courses(dose, hours, places=places, tolerances=QUICK).values
    assert (np.abs(quick - exact).max(axis=(0, 1)) <= 0.005 * np.abs(exact).max(axis=(0, 1))).all()


def test_untreated_patients_stay_as_they_are() -> None:
    found = courses(
        NeedlingDose(insertions=0, twitches=0), np.array([0, 72, 336.0]), places=np.arange(50)
    )
    assert found.values[:, 2] == pytest.approx(found.values[:, 0], rel=2e-3, abs=2e-3)


def test_the_exported_file_gives_another_tool_the_same_course() -> None:
    import roadrunner

    dose = NeedlingDose(sessions=2, interval_days=3)
    other = roadrunner.RoadRunner(sbml(dose))
    other.timeCourseSelections = ["pain", "perfusion"]
    other.getIntegrator().setValue("relative_tolerance", 1e-9)
    told = np.array(other.simulate(times=[0.0, 1.0, 100.0]))
    start = {name: roadrunner.RoadRunner(sbml(dose)).getValue(name) for name in starting()[:1]}
    assert 0 <= start[starting()[0]] <= 1
    again = engine().run(
        of_patients(),
        np.array([[other.getValue(name) for name in of_patients()]]),
        np.array([_starts_of(dose)]),
        dose.as_parameters(),
        np.array([0, 1.0, 100.0]),
        ["pain", "perfusion"],
    )[0]
    assert told == pytest.approx(again, rel=1e-3)


def _starts_of(dose: NeedlingDose) -> list[float]:
    import libsbml

    model = libsbml.readSBMLFromString(sbml(dose)).getModel()
    species = [model.getSpecies(name) for name in starting()]
    return [
        one.getInitialAmount() if one.isSetInitialAmount() else one.getInitialConcentration()
        for one in species
    ]


def test_without_the_library_the_engine_says_where_it_would_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "roadrunner", None)
    engine_room._module.cache_clear()
    try:
        with pytest.raises(engine_room.EngineMissing, match=r"Python 3\.11 to 3\.14"):
            engine_room.Engine()
    finally:
        engine_room._module.cache_clear()


def test_every_time_course_has_a_place_in_the_sbml_file() -> None:
    text = data_text("trigger_point.xml")
    for state in states().values():
        assert f'id="{state.model}"' in text, state.id
