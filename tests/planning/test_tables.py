"""A slip in planning's own tables is refused by file and entry before any depth rests on it."""

from __future__ import annotations

import pytest
from tests.planning.rewording import data_as
from tests.tables import check_each

from filiform.planning import knowledge

SLIPS = [
    (
        "distances.toml",
        "male = { mean_mm = 17.4 }",
        "male = { sd_mm = 2.0 }",
        "mean_mm or least_mm",
    ),
    ("distances.toml", 'method = "ultrasound"', 'methode = "ultrasound"', "methode"),
    ("caps.toml", "under_18_5 = 25", "under_18_5 = deep", "Invalid value"),
    ("caps.toml", '"masseter-deep"', '"masseter"', "depth-masseter: no muscles"),
    ("needles.toml", '["trapezius-upper"]', '["trapezius"]', "needle-upper-trapezius: no muscles"),
]


def refused(name: str, old: str, new: str, message: str) -> None:
    seen = []

    def slip(file: str, text: str) -> str:
        if file == name and old in text:
            seen.append(file)
            return text.replace(old, new)
        return text

    with data_as(slip), pytest.raises(ValueError, match=message) as failure:
        knowledge()
    assert seen == [name]
    assert f"planning/data/{name}" in str(failure.value)


def test_a_depth_never_rests_on_a_table_with_a_slip_in_it():
    check_each(SLIPS, refused, name=lambda case: f"{case[0]}: {case[2]}")
