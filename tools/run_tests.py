"""`make test`: everything, and by name what this machine can't run.

1. all tests on SQLite, browser tests in a real Chromium;
2. the clinic's tests once more on PostgreSQL.

Each run names its 15 slowest tests, and one line at the end says what passed on what.

Neither PostgreSQL nor a browser is needed to start: what is missing is named with the command
that installs it. With FILIFORM_SKIP_NOTHING=yes (as in continuous integration) that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from postgres import Cluster, find_postgres

STRICT = os.environ.get("FILIFORM_SKIP_NOTHING", "no") == "yes"
INSTALL = "apt-get install -y chromium postgresql"


TWO_PROCESSES = ("-n", "2", "--dist", "loadscope")


def pytest(what: str, *words: str, **environment: str) -> bool:
    """Whether these tests passed; says before what is run, and after how long it took."""
    command = [sys.executable, "-m", "pytest", "-q", "--durations=15", *TWO_PROCESSES, *words]
    print(f"\n{what}\n$", " ".join(command[1:]), flush=True)
    begun = time.monotonic()
    done = subprocess.run(command, env={**os.environ, **environment}, check=False)  # noqa: S603
    print(f"{what}: {time.monotonic() - begun:.0f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    missing: list[str] = []
    outcomes: dict[str, bool] = {}
    chromium = find_chromium()
    if chromium:
        what = "All tests on SQLite and in the browser"
        outcomes[what] = pytest(what, "-m", "not postgres", FILIFORM_CHROMIUM=chromium)
    else:
        missing.append("the browser tests: no Chromium")
        what = "All tests on SQLite but those in the browser"
        outcomes[what] = pytest(what, "-m", "not browser and not postgres")
    if find_postgres() or os.environ.get("FILIFORM_TEST_DATABASE_URL"):
        with Cluster() as url:
            what = "The clinic's tests on PostgreSQL"
            outcomes[what] = pytest(
                what,
                "tests/clinic",
                "tests/commands/test_copies_of_postgres.py",
                "-m",
                "not sqlite",
                FILIFORM_DATABASE_URL=url,
            )
    else:
        missing.append("the clinic's tests on PostgreSQL: no PostgreSQL")
    for what in missing:
        print(f"\nNOT RUN: {what} on this machine. On Debian: {INSTALL}")
    told = [f"{what}: {'passed' if passed else 'FAILED'}" for what, passed in outcomes.items()]
    print("\n" + ". ".join(told) + ".")
    return 1 if not all(outcomes.values()) or (missing and STRICT) else 0


if __name__ == "__main__":
    sys.exit(main())
