"""A name means one thing: who reads `Site` need not ask which of two it is."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "filiform"
MAY_REPEAT: dict[str, str] = {
    "Service": "a clinic's services, and those of CDS Hooks, which their standard names so",
    "Kind": "targeting ranks kinds of sources; elsewhere it is the kind of what was disclosed",
    "Side": "targeting knows left and right; what was disclosed may lie on both sides",
    "Site": "targeting means a muscle with its side; the clinic's places are sites, too",
}
"""Name of a class or a type → why it may stand in several places all the same."""
CAP_WORDS = re.compile("[A-Z][a-z]")


def source() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def named_types(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """Every public class, and every type that a module gives a name: the name, its line, and
    whether it is a `TypeVar`, which stands for whatever is passed.

    Django's inner `Meta` and names with an underscore are left out: neither is ever read
    outside the few lines round it.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta":
            yield node.name, node.lineno, False
    branches = [one for one in tree.body if isinstance(one, ast.If)]
    for node in [*tree.body, *(one for branch in branches for one in branch.body)]:
        if not isinstance(node, ast.Assign):
            continue
        (name,) = node.targets
        if isinstance(name, ast.Name) and CAP_WORDS.match(name.id):
            made_by = node.value.func if isinstance(node.value, ast.Call) else None
            is_variable = isinstance(made_by, ast.Name) and made_by.id in ("TypeVar", "ParamSpec")
            yield name.id, node.lineno, is_variable


def test_no_name_of_a_class_or_a_type_means_two_things() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    variables: dict[str, list[str]] = defaultdict(list)
    for path, tree in source():
        for name, line, is_variable in named_types(tree):
            of = variables if is_variable else found
            of[name].append(f"{path.relative_to(SOURCE)}:{line}")
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in MAY_REPEAT} == {}
    assert set(MAY_REPEAT) <= set(twice), "an exception that is no longer needed"
    # A variable may bear the name of another, as T does, but not that of a type.
    assert {name: places for name, places in variables.items() if name in found} == {}


def glossary() -> list[str]:
    """The words of the glossary, as they stand."""
    lines = (SOURCE.parents[1] / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    return [row.split("|")[1].strip() for row in rows[1:]]


def test_the_glossary_holds_each_word_once_in_alphabetical_order() -> None:
    words = glossary()
    assert [word for word in words if words.count(word) > 1] == []
    assert words == sorted(words)
