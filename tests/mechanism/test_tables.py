"""Every number of the model says where it comes from; the files made from the tables are fresh."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import libsbml
import pytest

from filiform.mechanism import NeedlingDose, export, parameters, sbml, states
from filiform.mechanism import table as tables
from filiform.mechanism.table import TableError

PROJECT = Path(__file__).parents[2]
CONTRACT = {
    "contracture_relative", "endplate_noise_relative", "stiffness_relative", "perfusion_relative",
    "oxygen_relative", "ph", "substance_p_relative", "cgrp_relative", "opioid_relative",
    "pain_nprs", "pressure_threshold_kpa", "soreness_nprs",
}  # fmt: skip


def test_every_parameter_has_a_unit_a_range_and_a_source() -> None:
    for one in parameters().values():
        assert one.low <= one.value <= one.high, one.id
        assert one.unit in tables.UNITS, one.id
        assert one.source, one.id


def test_a_number_that_no_study_measured_says_so() -> None:
    studies = ("Chou 2009", "Shah", "Hsieh", "Domingo", "Cagnie", "mechanisms.md", "Chen 2001",
               "Benito", "Sanchez", "Perreault", "Gerwin", "Lamsfuss", "Bruckle")  # fmt: skip
    for one in parameters().values():
        told = any(study in one.source for study in studies)
        assert (
            told
            or one.assumed
            or one.source in ("input", "definition: healthy muscle")
            or ("definition" in one.source)
        ), one.id


def test_the_time_courses_of_the_contract_are_all_there_with_urdu_names() -> None:
    assert set(states()) >= CONTRACT
    assert all(state.name.ur for state in states().values())


def test_the_sbml_file_and_the_page_of_parameters_come_from_the_tables() -> None:
    made = subprocess.run(
        [sys.executable, "tools/mechanism/build.py", "--check"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("dose", [None, NeedlingDose(sessions=3, load=0.5)])
def test_libsbml_finds_nothing_wrong_units_included(dose: NeedlingDose | None) -> None:
    text = tables.data_text("trigger_point.xml") if dose is None else sbml(dose)
    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, True)
    count = document.checkConsistency()
    assert not count, [document.getError(n).getMessage() for n in range(count)]


def test_the_exported_model_holds_the_dose() -> None:
    model = libsbml.readSBMLFromString(
        sbml(NeedlingDose(insertions=7, sessions=3, load=0.25))
    ).getModel()
    told = {
        name: model.getParameter(name).getValue() for name in ("insertions", "sessions", "load")
    }
    assert told == {"insertions": 7, "sessions": 3, "load": 0.25}


def test_a_value_that_the_model_does_not_hold_cannot_be_exported() -> None:
    with pytest.raises(KeyError, match="luck"):
        export.with_values({"luck": 1.0})


GOOD = {"id": "k", "value": "1", "low": "0", "high": "2", "unit": "1/h", "meaning": "m"}


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, None),
        ({"value": "much"}, "line 2: .*value"),
        ({"unit": "furlong"}, "line 2: unit 'furlong'; allowed are"),
        ({"value": "3"}, "line 2: 3.0 lies outside 0.0 to 2.0"),
        ({"source": ""}, "line 2: source and meaning"),
        ({"source": "a\tb"}, "line 2: .* fields, not"),
    ],
)
def test_a_defect_in_the_table_of_parameters_is_named_with_its_line(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], names: str | None
) -> None:
    columns = tables.data_text("parameters.tsv").splitlines()[0].split("\t")
    real = next(iter(tables._rows("parameters.tsv")))[1]
    row = real | GOOD | {"unit": next(iter(tables.UNITS)), "source": "made up"} | changed
    text = "\t".join(columns) + "\n" + "\t".join(row[name] for name in columns)
    monkeypatch.setattr(tables, "data_text", lambda _name: text)
    if names is None:
        assert tables.parameters.__wrapped__()["k"].value == 1.0
        return
    with pytest.raises(TableError, match=names):
        tables.parameters.__wrapped__()
