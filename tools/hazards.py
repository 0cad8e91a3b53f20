"""Make docs/safety/hazards.md of docs/safety/hazards.toml.

python tools/hazards.py            writes the page
python tools/hazards.py --check    fails when the page is not what it would write
"""

from __future__ import annotations

import ast
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs/safety/hazards.toml"
PAGE = ROOT / "docs/safety/hazards.md"

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
RISK = {
    "very high": (3, 4, 4, 5, 5),
    "high": (2, 3, 3, 4, 5),
    "medium": (2, 2, 3, 3, 4),
    "low": (1, 2, 2, 3, 4),
    "very low": (1, 1, 2, 2, 3),
}
"""Likelihood → risk by severity, in the order of SEVERITIES: from 1, borne, to 5, not borne."""
TEXTS = ("id", "hazard", "harm", "remains", "severity", "likelihood")
LISTS = ("causes", "controls", "tests")

HEAD = """\
# Hazard log

Made from [hazards.toml](hazards.toml) by `tools/hazards.py`. What may harm somebody when Filiform
is used, why, what holds it back and where that stands, which tests prove it, and what remains.

The form is that of a hazard log after DCB0129, the NHS's standard for the safety of clinical
software, with the words of ISO 14971: *hazard*, *harm*, *control*, *residual risk*. It is no
certificate: no notified body and no clinical safety officer has signed it, and whoever runs a
clinic has to look at the hazards of their own place.

**Severity.** *Minor*: annoyance. *Significant*: pain, a needle for nothing, a visit more.
*Considerable*: harm that heals, or lasting loss of trust. *Major*: lasting harm, or a danger to
life. *Catastrophic*: death, or several people with major harm.

**Likelihood**, with the controls in place, over all treatments of a clinic in a year. It is our
estimate; nobody has counted yet. *Very low*: not to be expected. *Low*: once in many years.
*Medium*: once a year. *High*: monthly. *Very high*: weekly.

**Risk** from both: 1 and 2 are borne; 3 is borne while what remains is told to those who use it, as
here; 4 and 5 are not, and there is none.
"""


def read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["hazard"]
    return found


def risk(hazard: dict[str, Any]) -> int:
    return RISK[hazard["likelihood"]][SEVERITIES.index(hazard["severity"])]


def problems(hazards: list[dict[str, Any]]) -> list[str]:
    """What is missing or does not exist, one line each with the hazard's id."""
    found = []
    for hazard in hazards:
        name = hazard.get("id", "a hazard without an id")
        found += [
            f"{name}: {field} is missing" for field in (*TEXTS, *LISTS) if not hazard.get(field)
        ]
        found += [f"{name}: unknown field {field}" for field in set(hazard) - {*TEXTS, *LISTS}]
        if hazard.get("severity") not in SEVERITIES or hazard.get("likelihood") not in LIKELIHOODS:
            found.append(f"{name}: severity or likelihood is not of the scale")
        elif risk(hazard) > 3:
            found.append(f"{name}: a risk of {risk(hazard)} is not borne; it needs another control")
        found += [
            f"{name}: {control['where']} does not exist"
            for control in hazard.get("controls", [])
            if not (ROOT / control["where"]).exists()
        ]
        found += [
            f"{name}: there is no test {test}"
            for test in hazard.get("tests", [])
            if test.partition("::")[2] not in tests_in(test.partition("::")[0])
        ]
    ids = [hazard.get("id") for hazard in hazards]
    found += [f"{one} stands twice" for one in sorted({i for i in ids if ids.count(i) > 1})]
    return found


@cache
def tests_in(path: str) -> frozenset[str]:
    """Names of the test functions in a file, read without importing it."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = (node.name for node in ast.walk(tree) if isinstance(node, functions))
    return frozenset(name for name in names if name.startswith("test_"))


def page(hazards: list[dict[str, Any]]) -> str:
    # The greatest risk first: that is what a reader looks for.
    ordered = sorted(hazards, key=lambda one: -risk(one))
    rows = [
        f"| [{one['hazard']}](#{one['id']}) | {one['severity']} | {one['likelihood']} | "
        f"{risk(one)} |"
        for one in ordered
    ]
    table = ["| hazard | severity | likelihood | risk |", "|---|---|---|---:|", *rows]
    return "\n".join([HEAD, *table, "", *map(_part, ordered)])


def _part(hazard: dict[str, Any]) -> str:
    controls = [f"- {one['what']} `{one['where']}`" for one in hazard["controls"]]
    lines = [
        f'<a id="{hazard["id"]}"></a>',
        "",
        f"## {hazard['hazard']}",
        "",
        f"*{hazard['severity'].capitalize()}, {hazard['likelihood']}: risk {risk(hazard)}.*",
        "",
        f"**Harm.** {hazard['harm']}",
        "",
        f"**Causes.** {' '.join(hazard['causes'])}",
        "",
        "**Controls.**",
        "",
        *controls,
        "",
        "**Proven by**",
        "",
        *map(_test, hazard["tests"]),
        "",
        f"**What remains.** {hazard['remains']}",
        "",
    ]
    return "\n".join(lines)


def _test(test: str) -> str:
    path, _, name = test.partition("::")
    return f"- [{name.removeprefix('test_').replace('_', ' ')}](../../{path})"


def main() -> int:
    hazards = read()
    wrong = problems(hazards)
    if wrong:
        print(*wrong, sep="\n")
        return 1
    made = page(hazards)
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != made)
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(hazards)} hazards")
    return 0


if __name__ == "__main__":
    sys.exit(main())
