"""Join equations and numbers, and write the SBML file that is simulated and exported.

    python tools/mechanism/build.py           write trigger_point.xml
    python tools/mechanism/build.py --check   exit 1 if it isn't up to date

Needs antimony (requirements/dev.in).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import antimony

from filiform.mechanism.table import data_text, parameters

TARGET = Path(__file__).parents[2] / "src/filiform/mechanism/data/trigger_point.xml"


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


def main() -> int:
    text = sbml_text()
    if "--check" in sys.argv:
        return int(text != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
