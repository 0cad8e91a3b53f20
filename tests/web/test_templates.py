"""Templates: pages load htmx when, and only when, something in them uses it."""

from __future__ import annotations

import re
from pathlib import Path

CLINIC = Path(__file__).parents[2] / "src" / "filiform" / "clinic"
TEMPLATES = {
    path.as_posix().split("/templates/", 1)[1]: path.read_text(encoding="utf-8")
    for path in CLINIC.rglob("templates/**/*.html")
}
USES = re.compile(r"\bhx-(?:get|post|put|patch|delete)=")
LOADS = "filiform/_htmx.html"


def reached(name: str, seen: set[str]) -> set[str]:
    """The template, what it includes and what those include."""
    if name in TEMPLATES and name not in seen:
        seen.add(name)
        for other in re.findall(r'{% include "([^"]+)"', TEMPLATES[name]):
            reached(other, seen)
    return seen


def test_a_page_loads_htmx_when_and_only_when_it_uses_it() -> None:
    pages = [name for name, text in TEMPLATES.items() if "{% extends" in text]
    wrong = []
    for name in pages:
        parts = reached(name, set())
        uses = any(USES.search(TEMPLATES[part]) for part in parts)
        if uses != (LOADS in parts):
            wrong.append(f"{name} {'uses htmx without loading it' if uses else 'loads it unused'}")
    assert not wrong
    assert any(LOADS in reached(name, set()) for name in pages), (
        "the search reads templates wrongly"
    )
