"""Writes docs/reference/needling-columns.md from the schema: python tools/atlas/columns.py"""

from __future__ import annotations

from pathlib import Path

from filiform.anatomy.schema import Field, needling_schema

PAGE = Path(__file__).parents[2] / "docs/reference/needling-columns.md"
HEAD = """# Columns of the needling notes

Made by `python tools/atlas/columns.py` from `src/filiform/anatomy/data/needling.schema.toml`; every
row of `needling.tsv` is held against it when the atlas is loaded. Columns of type *prose* are for
people: no decision of the program rests on them, and a test rewords them all to prove it.

| column | type | unit | allowed | what it is |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_line(one) for one in needling_schema().field)


def _line(one: Field) -> str:
    rule = one.constraints
    allowed = ", ".join(f"`{value}`" for value in rule.enum)
    if rule.minimum is not None and rule.maximum is not None:
        allowed = f"{rule.minimum:g} to {rule.maximum:g}"
    if not rule.required:
        allowed = f"{allowed}, or empty" if allowed else "or empty"
    return f"| `{one.name}` | {one.type} | {one.unit} | {allowed} | {one.description} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
