"""`make coverage`: which branches the tests walk.

1. The pure rooms by their own tests: every branch has to be walked. Two minutes.
2. Everything by all other tests; what they leave out is shown. `branches.py pure` (`make coverage
   QUICK=yes`) ends before it.

What needs a browser or PostgreSQL is left out: it would only add to what is shown of the clinic.

    tests ──► a data file for each process ──► build/coverage/pure ──┐
                                               build/coverage/rest ──┴──► build/coverage/all

A share is only as good as its data: where tests fail, or a process leaves none behind, all fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from run_tests import Run, counts_of, shown

PROJECT = Path(__file__).resolve().parents[1]
CONTRACT = "The pure rooms know no Django"
DATA = Path("build/coverage")
ORDINARY = "not browser and not postgres and not long"
ELSEWHERE = ("tests/words", "tests/clinic/payments/test_money.py")
"""Tests of pure rooms that have no folder of their own."""
LOST = "failed to return coverage data"
"""As pytest-cov says it; pytest itself thinks nothing of it."""


def pure_rooms() -> list[str]:
    """Paths of the rooms that the import contract names; packages and single modules."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["name"] == CONTRACT)
    return ["/".join(("src", *name.split("."))) for name in contract["source_modules"]]


def patterns(rooms: list[str]) -> str:
    """What `coverage report` takes them by."""
    return ",".join(f"{one}/*" if (PROJECT / one).is_dir() else f"{one}.py" for one in rooms)


def tests_of(rooms: list[str]) -> list[str]:
    """The folders and files that test them: without a database, so that two minutes are enough."""
    folders = [f"tests/{Path(one).name}" for one in rooms]
    files = [str(one.relative_to(PROJECT)) for one in PROJECT.glob("tests/test_*.py")]
    return sorted({*files, *(one for one in folders if (PROJECT / one).is_dir()), *ELSEWHERE})


def coverage(*words: str) -> bool:
    command = [sys.executable, "-m", "coverage", *words]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode == 0  # noqa: S603


def combined(part: str, files: list[Path]) -> bool:
    """Whether the files hold something; it then stands in the part's own."""
    if not files:
        return False
    whole = f"--data-file={DATA / part}"
    return coverage("combine", "--quiet", "--append", "--keep", whole, *map(str, files))


def walked(part: str, what: str, *words: str) -> Run:
    """Runs tests and keeps what they walked in build/coverage/PART."""
    for old in (PROJECT / DATA).glob(f"{part}*"):
        old.unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 2)]
    command += ["--dist", "loadscope", "-m", ORDINARY, "--cov", "--cov-report=", *words]
    print(f"\n{what}\n$", " ".join(command[1:]), flush=True)
    begun = time.monotonic()
    status, said = shown(command, {**os.environ, "COVERAGE_FILE": str(PROJECT / DATA / part)})
    print(f"{what}: {time.monotonic() - begun:.0f} s", flush=True)
    # A helper that ends with pytest writes its data when pytest has put the others together.
    late = sorted((PROJECT / DATA).glob(f"{part}.*"))
    kept = (PROJECT / DATA / part).exists() and (combined(part, late) if late else True)
    lost = LOST in said or not kept
    if lost:
        print(f"{what}: the data of a process is LOST; what is reported would be too little.")
    return Run(what, status == 0 and not lost, counts_of(said))


def shown_together() -> bool:
    """What neither part walks; whether there was something of both to be put together."""
    (PROJECT / DATA / "all").unlink(missing_ok=True)
    together = combined("all", [PROJECT / DATA / part for part in ("pure", "rest")])
    print("\nEverything, as far as no test walks it:", flush=True)
    return coverage("report", f"--data-file={DATA / 'all'}") and together


def main(*words: str) -> int:
    quick = words == ("pure",)
    (PROJECT / DATA).mkdir(parents=True, exist_ok=True)
    rooms = pure_rooms()
    own = tests_of(rooms)
    runs = [walked("pure", "The pure rooms by their own tests", *own)]
    print("\nThe pure rooms, branches that no test of theirs walks:", flush=True)
    whole = coverage(
        "report", f"--data-file={DATA / 'pure'}", f"--include={patterns(rooms)}", "--fail-under=100"
    )
    if not whole:
        print("Test a branch that is named above, or take it out if nothing leads there.")
    if not quick:
        without = (f"--ignore={one}" for one in own)
        runs.append(walked("rest", "Everything by all other tests", "tests", *without))
        whole = shown_together() and whole
    print("\n" + ". ".join(map(str, runs)) + ".")
    return 0 if whole and all(run.passed for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
