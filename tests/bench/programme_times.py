"""How long composing a course takes: `python -m tests.bench.programme_times`.

Every muscle of the atlas by itself, and 300 sets of 8 muscles with six rules of screening each, in
one process after a warm start. Beside the clock the processor's time, and the yardstick of one
`library` look-up, with which runs on a busy machine compare.
"""

from __future__ import annotations

import random
import time

from filiform.anatomy import atlas
from filiform.programme import Findings, Goal, Screened, compose, library
from filiform.screening import rules

LIMIT_MS = 10


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
    return f"p50 {middle:.2f} p95 {late:.2f} most {ordered[-1]:.2f} ms (limit {LIMIT_MS})"


def timed(*given: object) -> float:
    began = time.process_time()
    compose(*given)  # type: ignore[arg-type]  # rows of the cases below
    return 1000 * (time.process_time() - began)


def main() -> None:
    muscles = sorted(atlas().muscles)
    began = time.perf_counter()
    compose([(muscles[0], "left")])
    print(f"first call, reading the texts: {1000 * (time.perf_counter() - began):.0f} ms")
    print("one muscle:   ", spread([timed([(muscle, "left")]) for muscle in muscles]))
    draw = random.Random(1)
    known = sorted({rule.id for rule in rules()})
    eight = [
        timed(
            [(muscle, draw.choice(("left", "right"))) for muscle in draw.sample(muscles, 8)],
            Findings(condition="neck-pain", pain_nprs=5),
            Screened(rules=frozenset(draw.sample(known, 6))),
            [Goal(activity="Work", score=4)],
        )
        for _ in range(300)
    ]
    print("eight muscles:", spread(eight))
    began = time.process_time()
    for muscle in muscles:
        library(muscle)
    print(f"yardstick, 143 look-ups: {1000 * (time.process_time() - began):.2f} ms")


if __name__ == "__main__":
    main()
