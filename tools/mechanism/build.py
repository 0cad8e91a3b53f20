"""Join equations and numbers: the SBML file that is simulated, and the page of parameters.

    python tools/mechanism/build.py           write trigger_point.xml and the page
    python tools/mechanism/build.py --check   exit 1 if it isn't up to date

Needs antimony (requirements/dev.in).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import antimony

from filiform.mechanism.table import data_text, parameters

PROJECT = Path(__file__).parents[2]
SBML_FILE = PROJECT / "src/filiform/mechanism/data/trigger_point.xml"
PAGE = PROJECT / "docs/reference/mechanism-parameters.md"
VARIES = {
    "no": "the same for everybody",
    "patient": "between virtual patients; the range is the central 90 % of the prior",
    "dose": "set for a run",
    "start": "states in healthy muscle, where a run of the exported file would begin untouched",
}


def antimony_text() -> str:
    """The equations with a declaration of every number, its unit and its meaning."""
    equations = data_text("trigger_point.ant")
    lines = []
    for one in parameters().values():
        lines.append(f"  {one.id} = {one.value!r} {one.unit}")
        lines.append(f'  {one.id} is "{one.meaning}"')
    stated = set(re.findall(r"^\s*(\w+) has ", equations, re.MULTILINE))
    for name in re.findall(r"^\s*(\w+) := ", equations, re.MULTILINE):
        if name not in stated:
            lines.append(f"  {name} has dimensionless")
    return equations.replace("\nend\n", "\n" + "\n".join(lines) + "\nend\n")


def sbml_text() -> str:
    """SBML level 3 version 2. Raises ValueError with Antimony's message on a defect."""
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(antimony_text()) < 0:
        raise ValueError(antimony.getLastError())
    text: str = antimony.getSBMLString("trigger_point")
    return re.sub(r"<!-- Created by .*? -->\n", "", text)


def page_text() -> str:
    """The parameters as a page, from the same table."""
    lines = [
        "# Mechanism: the parameters",
        "",
        "Written by `python tools/mechanism/build.py` from `parameters.tsv`; don't edit.",
        "*assumed* and *design value*: no measurement fixes the size.",
    ]
    for varies, what in VARIES.items():
        lines += ["", f"## {varies.capitalize()}: {what}", ""]
        lines += ["| parameter | value | range | unit | source |", "|---|---|---|---|---|"]
        for one in parameters().values():
            if one.varies == varies:
                span = f"{one.low:g} to {one.high:g}" if one.low != one.high else "–"
                unit = one.unit.replace("per_hour", "1/h").replace("dimensionless", "1")
                lines.append(
                    f"| `{one.id}`: {one.meaning} | {one.value:g} | {span} | {unit} "
                    f"| {one.source} |"
                )
    return "\n".join(lines) + "\n"


def main() -> int:
    made = {SBML_FILE: sbml_text(), PAGE: page_text()}
    if "--check" in sys.argv:
        old = [file.name for file, text in made.items() if file.read_text("utf-8") != text]
        if old:
            print(f"not up to date: {', '.join(old)}; run tools/mechanism/build.py")
        return int(bool(old))
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")
        print(f"{file.name}: {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
