"""Every visit of a real clinic is made in one place, the diary's, which refuses what overlaps."""

from __future__ import annotations

import ast
from pathlib import Path

CLINIC = Path(__file__).parents[3] / "src/filiform/clinic"
BESIDE_THE_DIARY = {"book"}
"""Of `visits.actions`: it looks for nobody else's visit. For demonstrations and tests."""
MAY = ("demo/",)


def test_no_room_books_beside_the_diary() -> None:
    found = []
    for path in CLINIC.rglob("*.py"):
        room = path.relative_to(CLINIC).as_posix()
        if room.startswith(MAY) or room == "visits/actions.py":
            continue
        found += [f"{room}:{line}" for line in _calls(ast.parse(path.read_text("utf-8")))]
    assert found == [], "make the visit by diary.actions.take, which refuses what overlaps"


def _calls(module: ast.Module) -> list[int]:
    """Lines that import it, or take it from a name of `visits.actions`."""
    names, lines = set(), []
    for node in ast.walk(module):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        if node.module == "filiform.clinic.visits.actions":
            lines += [node.lineno for one in node.names if one.name in BESIDE_THE_DIARY]
        if node.module == "filiform.clinic.visits":
            names |= {one.asname or one.name for one in node.names if one.name == "actions"}
    lines += [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in BESIDE_THE_DIARY
        and isinstance(node.value, ast.Name)
        and node.value.id in names
    ]
    return lines
