"""Server times in a clinic of 50,000 patients and 500,000 treatments on SQLite.

    make bench                       generate the clinic once, then measure
    python -m tests.bench.server_times --patients 5000 --treatments 50000

What is measured is the whole way of a request through Django with all its middleware, in one
process, on the same settings as the server (WAL, synchronous FULL); the network is not in it.
Each kind of request runs 300 times over random patients after 20 that are not counted.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MS = 50.0


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--patients", type=int, default=50_000)
    words.add_argument("--treatments", type=int, default=500_000)
    words.add_argument("--rounds", type=int, default=300)
    words.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    args = words.parse_args()
    os.environ["FILIFORM_DEMO"] = "yes"
    os.environ["FILIFORM_DATA"] = str(args.folder / f"{args.patients}-{args.treatments}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "filiform.clinic.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command
    from tests.bench.scenes import Scenes, prepare

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    ids = prepare(patients=args.patients, treatments=args.treatments)
    if time.perf_counter() - started > 1:
        print(f"Generated in {time.perf_counter() - started:.0f} s.")
    scenes = Scenes(ids)
    print(
        f"{args.patients:,} patients, {args.treatments:,} treatments, {args.rounds} requests each"
    )
    print(f"{'request':38} {'median':>9} {'p95':>9} {'worst':>9}")
    slow = 0
    for name, request in scenes.requests().items():
        times = measure(request, args.rounds)
        p95 = statistics.quantiles(times, n=20)[-1]
        slow += p95 > LIMIT_MS
        print(
            f"{name:38} {statistics.median(times):6.1f} ms {p95:6.1f} ms {max(times):6.1f} ms"
            f"{'   over ' + str(LIMIT_MS) + ' ms' if p95 > LIMIT_MS else ''}"
        )
    return 1 if slow else 0


def measure(request: Callable[[random.Random], None], rounds: int) -> list[float]:
    """Milliseconds of each counted request."""
    chance = random.Random(7)
    times = []
    for number in range(rounds + 20):
        started = time.perf_counter()
        request(chance)
        if number >= 20:
            times.append(1000 * (time.perf_counter() - started))
    return times


if __name__ == "__main__":
    sys.exit(main())
