"""The arrows of the house hold for templates, too, where import-linter sees nothing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "src" / "filiform" / "clinic"
NAMED = re.compile(r"""\{% (?:include|extends) ["']([a-z_]+)/""")
LOADED = re.compile(r"\{% load ([a-z0-9_ ]+) %\}")
FOLDERS = {"filiform": "web"}
"""Folders of templates that don't bear the name of their room."""


def levels() -> dict[str, int]:
    """Room → how low it lies; rooms of one line don't know each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    lines = next(one["layers"] for one in contracts["contracts"] if "containers" in one)
    return {room: low for low, line in enumerate(lines) for room in line.split(" | ")}


def libraries() -> dict[str, str]:
    """Library of tags → the room that has it."""
    return {path.stem: path.parts[-3] for path in CLINIC.glob("*/templatetags/*.py")}


def named_in(text: str) -> set[str]:
    """The rooms whose templates and tags a template uses by name. Tags of the pathway are asked
    for by rooms below it on purpose: every template has them without naming the room."""
    of_tags = libraries()
    loaded = {word for line in LOADED.findall(text) for word in line.split()}
    return {FOLDERS.get(one, one) for one in NAMED.findall(text)} | {
        of_tags[word] for word in loaded if word in of_tags
    }


def test_a_template_uses_its_own_room_and_those_below() -> None:
    low = levels()
    wrong = []
    for path in sorted(CLINIC.glob("*/templates/**/*.html")):
        room = path.relative_to(CLINIC).parts[0]
        for other in named_in(path.read_text(encoding="utf-8")) - {room}:
            if low[other] <= low[room]:
                wrong.append(f"{path.relative_to(CLINIC)}: {other}")
    assert wrong == []
