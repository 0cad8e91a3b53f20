"""`make coverage`: which branches the tests walk. The pure rooms must have all of them walked.

What needs a browser or PostgreSQL is left out: it would only add to what is shown of the clinic.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CONTRACT = "The pure rooms know no Django"


def pure_rooms() -> list[str]:
    """Paths of the rooms that the import contract names; packages and single modules."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["name"] == CONTRACT)
    paths = [Path("src", *name.split(".")) for name in contract["source_modules"]]
    return [f"{one}/*" if (PROJECT / one).is_dir() else f"{one}.py" for one in paths]


def run(*words: str) -> bool:
    print("\n$", " ".join(words), flush=True)
    return subprocess.run([sys.executable, "-m", *words], cwd=PROJECT, check=False).returncode == 0  # noqa: S603


def main() -> int:
    tested = run(
        *("pytest", "-q", "-n", "2", "--dist", "loadscope"),
        *("-m", "not browser and not postgres and not long"),
        *("--cov", "--cov-report="),
    )
    run("coverage", "report")
    print("\nThe pure rooms:")
    whole = run("coverage", "report", f"--include={','.join(pure_rooms())}", "--fail-under=100")
    if not whole:
        print(
            "A branch above is walked by no test: test it, or take it out if nothing leads there."
        )
    return 0 if tested and whole else 1


if __name__ == "__main__":
    sys.exit(main())
