"""`make soak`: 10,000 acts and 100 kills, and a report in build/soak.md.

python -m tests.soak [--acts 10000] [--kills 100] [--seed 1] [--tablets 4]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.soak.kills import ROOT, TABLETS, Round, run_round

REPORT = ROOT / "build/soak.md"


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--acts", type=int, default=10_000)
    words.add_argument("--kills", type=int, default=100)
    words.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    words.add_argument("--tablets", type=int, default=TABLETS, help="treatments live at once")
    args = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="filiform-soak-") as folder:
        found = run_round(Path(folder), **vars(args))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(page(found), encoding="utf-8")
    print(page(found))
    return 0 if found.passed else 1


def page(found: Round) -> str:
    load = os.getloadavg()[0]
    early = f"Broken off: {found.acts:,} acts and {found.kills} kills were asked for. "
    lines = [
        "# Acts through kills",
        "",
        (early if found.broken_off else "")
        + f"{found.tablets} tablets, each with a live treatment, recorded "
        f"{found.acknowledged:,} acts over HTTP while every process of the server was killed "
        f"{found.killed} times (SIGKILL, at moments drawn with seed {found.seed}). "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the end.",
        "",
        "| | |",
        "|---|---:|",
        f"| acts acknowledged | {found.acknowledged:,} |",
        f"| kills | {found.killed} |",
        f"| acts whose answer was lost in a kill, sent again | {found.unanswered:,} |",
        f"| acts sent again though they had been acknowledged | {found.sent_twice:,} |",
        f"| treatments signed afterwards | {found.signed} |",
        f"| refused | {len(found.refused)} |",
        f"| wrong in the record | {len(found.problems)} |",
        f"| minutes | {found.seconds / 60:.1f} |",
        "",
    ]
    wrong = [f"- {one}" for one in (*found.refused, *found.problems)]
    every = (
        "Every acknowledged act is there once, in the order in which it was sent; none is there "
        "that no tablet was told of. The database, the chain over all rows and the seals check."
    )
    return "\n".join([*lines, *(wrong or [every]), ""])


if __name__ == "__main__":
    sys.exit(main())
