"""How long the ranking takes after start, on this machine.

    python -m tests.bench.targeting_times [PATIENTS]

Simulated held-out patients with up to three findings; one process, one thread. Posterior: from a
drawing's weights to the probabilities of all sources of the body. Next: the list of examinations
from a posterior. Whole answer: what the page and the command ask for. Each is told as a multiple of
a fixed piece of Python and NumPy run between them, too: on a busy machine only multiples compare.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np

from filiform.targeting import rank
from filiform.targeting.evaluation import HELD_OUT_KEY, with_findings
from filiform.targeting.inference import infer
from filiform.targeting.network import network
from filiform.targeting.next import next_examinations
from filiform.targeting.simulate import patients


def main(count: int) -> None:
    start = perf_counter()
    net = network()
    print(f"start: {perf_counter() - start:.2f} s for {len(net.sources)} sources, "
          f"{net.hurts.shape[0]} states, {net.hurts.shape[1]} patches")  # fmt: skip
    cases = [with_findings(one, 3)[0] for one in patients(HELD_OUT_KEY, count)]
    found = [infer(case) for case in cases]
    told("posterior", [lambda c=case: infer(c) for case in cases])
    told("next examination", [lambda f=one: next_examinations(f, net) for one in found])
    told("whole answer", [lambda c=case: rank(c) for case in cases])


def yardstick() -> float:
    """Processor seconds of a fixed piece of work, half plain Python, half small matrices."""
    used = process_time()
    total = sum(number * number % 7 for number in range(20_000))
    square = np.full((16, 16), 1 / 16)
    for _ in range(400):
        square = square @ square
    assert total > 0
    assert abs(float(square.sum()) - 16) < 1e-6
    return process_time() - used


def told(name: str, asked: list[Callable[[], object]]) -> None:
    wall, cpu, fixed = [], [], []
    for ask in asked:
        fixed.append(yardstick())
        begun, used = perf_counter(), process_time()
        ask()
        wall.append(perf_counter() - begun)
        cpu.append(process_time() - used)
    for what, times in (("wall", wall), ("processor", cpu)):
        p50, p95, most = np.percentile(times, [50, 95, 100]) * 1000
        print(f"{name}, {what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, most {most:.1f} ms")
    middle = float(np.median(fixed))
    p50, p95 = np.percentile(cpu, [50, 95]) / middle
    print(f"  yardsticks of {middle * 1000:.2f} ms: p50 {p50:.1f}, p95 {p95:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
