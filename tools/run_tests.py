"""`make test`: everything, and by name what this machine can't run.

1. all tests on SQLite, browser tests in a real Chromium;
2. the clinic's tests once more on PostgreSQL.

Neither PostgreSQL nor a browser is needed to start: what is missing is named with the command
that installs it. With FILIFORM_SKIP_NOTHING=yes (as in continuous integration) that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from postgres import Cluster, find_postgres

STRICT = os.environ.get("FILIFORM_SKIP_NOTHING", "no") == "yes"
INSTALL = "apt-get install -y chromium postgresql"


def pytest(*words: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", *words]
    print("\n$", " ".join(command[1:]), flush=True)
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode  # noqa: S603


def main() -> int:
    missing = []
    failed = 0
    chromium = find_chromium()
    if chromium:
        failed |= pytest("-m", "not postgres", FILIFORM_CHROMIUM=chromium)
    else:
        missing.append("the browser tests: no Chromium")
        failed |= pytest("-m", "not browser and not postgres")
    if find_postgres() or os.environ.get("FILIFORM_TEST_DATABASE_URL"):
        with Cluster() as url:
            failed |= pytest(
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
    if missing and STRICT:
        return 1
    if not failed and not missing:
        print("\nAll tests passed, on SQLite, on PostgreSQL and in the browser.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
