"""docs/reference/states.md says what the table of states says."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from filiform.clinic.visits.diagram import states_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "states.md"
HOW = (
    "docs/reference/states.md is out of step with STATES. Write it anew: python -m django shell -c "
    '"from filiform.clinic.visits.diagram import *; print(states_page(), end=str())"'
)


def test_the_page_about_states_is_in_step_with_the_table():
    with translation.override("en"):
        assert PAGE.read_text(encoding="utf-8") == states_page(), HOW
