"""Runs of the model with libRoadRunner: one patient after the other, in this process.

libRoadRunner compiles the SBML file once (about 0.3 s) and holds the interpreter's lock while
it runs, so several cores are used by processes (`workers`), not by threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from filiform.arrays import Floats
from filiform.mechanism.table import data_text, parameters, starting

Tolerances = tuple[float, float]
PRECISE: Tolerances = (1e-6, 1e-8)
"""Relative and absolute. Every recorded state is within 0.02 % of a run with 1e-10."""
QUICK: Tolerances = (1e-4, 1e-6)
"""For pictures on a page: within 0.5 % of the state's range."""


class EngineMissing(RuntimeError):
    """libRoadRunner isn't installed: there is no wheel for this machine or this Python."""

    def __init__(self) -> None:
        super().__init__(
            "the simulation needs libroadrunner, which isn't installed here: it has packages for "
            "Linux and Windows on x86-64 and macOS on arm64, Python 3.11 to 3.14 "
            "(docs/reference/mechanism.md); everything else works without it"
        )


@cache
def _module() -> Any:
    try:
        import roadrunner
    except (ImportError, OSError):
        raise EngineMissing from None
    # Its warnings go to standard error, where a page's server would log them for each patient.
    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    return roadrunner


class Engine:
    """The compiled model. One per process; not for several threads at once."""

    def __init__(self) -> None:
        self._runner = _module().RoadRunner(data_text("trigger_point.xml"))
        self._tolerances: Tolerances | None = None
        self._model = self._runner.model
        self._globals = list(self._model.getGlobalParameterIds())
        order = list(self._model.getFloatingSpeciesIds())
        # The SBML file's order of states is the compiler's, the tables' order is ours.
        self._to_engine = [starting().index(name) for name in order]
        self._recorded: tuple[str, ...] = ()

    def run(
        self,
        names: Sequence[str],
        values: Floats,
        starts: Floats,
        shared: Mapping[str, float],
        hours: Floats,
        record: Sequence[str],
        tolerances: Tolerances = PRECISE,
    ) -> Floats:
        """Courses of many patients, as (patients, hours, record).

        names, values: the patients' own parameters, values as (patients, names).
        starts: states at hour 0 in the order of `table.starting`, (patients, states).
        shared: parameters that are the same for everybody. hours: ascending, from 0 on.
        """
        self._reset({**_defaults(), **shared})
        self._prepare(tuple(record), tolerances)
        own = [self._globals.index(name) for name in names]
        done = self._globals.index("sessions_done")
        model, simulate, times = self._model, self._runner.simulate, [float(h) for h in hours]
        found = np.empty((len(values), len(times), len(record)))
        for at, (mine, start) in enumerate(zip(values, starts[:, self._to_engine], strict=True)):
            model.setTime(0.0)
            # The model counts its sessions itself; what the patient before had must not be counted
            # on.
            model.setGlobalParameterValues([*own, done], [*mine, 0.0])
            model.setFloatingSpeciesAmounts(start)
            found[at] = simulate(times=times)
        return found

    def _prepare(self, record: tuple[str, ...], tolerances: Tolerances) -> None:
        if record != self._recorded:
            self._runner.timeCourseSelections = list(record)
            self._recorded = record
        if tolerances != self._tolerances:
            integrator = self._runner.getIntegrator()
            integrator.setValue("relative_tolerance", tolerances[0])
            integrator.setValue("absolute_tolerance", tolerances[1])
            self._tolerances = tolerances

    def _reset(self, shared: Mapping[str, float]) -> None:
        wanted = {name: value for name, value in shared.items() if name in self._globals}
        self._model.setGlobalParameterValues(
            [self._globals.index(name) for name in wanted], list(wanted.values())
        )


@cache
def _defaults() -> dict[str, float]:
    return {one.id: one.value for one in parameters().values() if one.varies != "start"}


@cache
def engine() -> Engine:
    """This process's engine. Raises EngineMissing."""
    return Engine()
