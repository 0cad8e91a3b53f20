"""A name means one thing: who reads `Site` need not ask which of two it is."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "filiform"
MAY_REPEAT: dict[str, str] = {
    "Service": "a clinic's services, and those of CDS Hooks, which their standard names so",
}
"""Name of a class → why it may stand in several places all the same."""


def classes() -> dict[str, list[str]]:
    """Every public class by its name, with the places where one is defined.

    Django's inner `Meta` and names with an underscore are left out: neither is ever read
    outside the few lines round it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    found.pop("Meta")
    return found


def test_no_class_name_means_two_things() -> None:
    twice = {name: places for name, places in classes().items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in MAY_REPEAT} == {}
    assert set(MAY_REPEAT) <= set(twice), "an exception that is no longer needed"


def glossary() -> list[str]:
    """The words of the glossary, as they stand."""
    lines = (SOURCE.parents[1] / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    return [row.split("|")[1].strip() for row in rows[1:]]


def test_the_glossary_holds_each_word_once_in_alphabetical_order() -> None:
    words = glossary()
    assert [word for word in words if words.count(word) > 1] == []
    assert words == sorted(words)
