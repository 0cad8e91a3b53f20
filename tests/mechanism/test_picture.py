"""The animated picture on the public page shows what the simulation says."""

from __future__ import annotations

import re

import pytest
from tools.mechanism.picture import TARGET, values


def test_the_picture_s_sizes_are_those_of_the_simulation() -> None:
    text = TARGET.read_text(encoding="utf-8")
    told = {name: float(number) for name, number in re.findall(r"--([a-z]+-\d): ([\d.]+);", text)}
    for name, course in values().items():
        for at, value in enumerate(course):
            assert told[f"{name}-{at}"] == pytest.approx(value, rel=0.02, abs=0.01), f"{name}-{at}"
