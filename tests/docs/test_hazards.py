"""The hazard log names what exists: every field, every place in the code, every test."""

from __future__ import annotations

import copy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import hazards


def test_every_hazard_is_whole_and_what_it_names_exists() -> None:
    assert hazards.problems(hazards.read()) == []


def test_the_page_is_made_from_the_present_log() -> None:
    assert hazards.PAGE.read_text(encoding="utf-8") == hazards.page(hazards.read()), (
        "run: python tools/hazards.py"
    )


def test_a_missing_field_a_lost_test_and_a_risk_that_is_not_borne_are_named() -> None:
    whole = hazards.read()[0]
    for field in (*hazards.TEXTS, *hazards.LISTS):
        lacking = {key: value for key, value in whole.items() if key != field}
        assert any(f"{field} is missing" in one for one in hazards.problems([lacking])), field
    for change, said in (
        ({"tests": [f"{whole['tests'][0]}_no_more"]}, "there is no test"),
        ({"tests": ["tests/nowhere.py::test_it"]}, "there is no test"),
        ({"controls": [{"what": "Something", "where": "src/nowhere.py"}]}, "does not exist"),
        ({"severity": "awful"}, "not of the scale"),
        ({"severity": "catastrophic", "likelihood": "high"}, "is not borne"),
        ({"seen": "yes"}, "unknown field"),
    ):
        assert any(said in one for one in hazards.problems([{**copy.deepcopy(whole), **change}]))
    assert "wrong-side stands twice" in hazards.problems([whole, whole])
