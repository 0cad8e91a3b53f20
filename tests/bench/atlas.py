"""How long the atlas takes: loading all of it, and what refers to a place.

    python -m tests.bench.atlas

CPU time of this process, best and median of runs; the machine's load doesn't enter it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from filiform.anatomy.atlas import DATA_FILES, read_atlas
from filiform.anatomy.surface import draw, parse_point
from filiform.anatomy.tables import data_text
from filiform.anatomy.zones import place_at, what_refers_to, zone_matrix

PLACES = (
    *("disc:temple:1.5:right", "disc:deltoid-anterior-mid:3:right", "disc:heel-plantar:2:right"),
    *("disc:lateral-epicondyle:2:right", "disc:buttock-center:4:right"),
)


def measured(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Best and median in ms."""
    times = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return min(times), statistics.median(times)


def main() -> None:
    texts = {name: data_text(name) for name in DATA_FILES}
    rows = [
        ("load and check the whole atlas (limit 100 ms)", measured(lambda: read_atlas(texts), 15))
    ]
    begin = time.process_time()
    matrix = zone_matrix()
    for made in (matrix.felt_cm2, matrix.whole_cm2):
        assert made.size
    first = (time.process_time() - begin) * 1000
    rows.append(("all zones, once per process", (first, first)))
    drawn = [draw(place) for place in PLACES]
    for name, place in zip(PLACES, drawn, strict=True):
        rows.append(
            (f"what refers to {name} (limit 5 ms)", measured(lambda p=place: what_refers_to(p), 50))
        )
    point = parse_point("temple")
    rows.append(
        (
            "a tap: disc and answer (limit 5 ms)",
            measured(lambda: what_refers_to(place_at(point, "right")), 50),
        )
    )
    for name, (best, median) in rows:
        print(f"{best:8.2f} {median:8.2f} ms  {name}")


if __name__ == "__main__":
    main()
