"""Server times in a clinic of 50,000 patients and 500,000 treatments on SQLite.

    make bench                       generate the clinic once, then measure
    python -m tests.bench.server_times --patients 5000 --treatments 50000 --json FILE

What is measured is the whole way of a request through Django with all its middleware, in one
process, on the same settings as the server (each write waits for the disk); the network is not
in it. Each kind of request runs 300 times after some that are not counted.
docs/reference/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import (
    FIGURE_HEAD,
    ROOT,
    Figure,
    Growth,
    Report,
    about,
    figure,
    figure_line,
    growth_line,
)

if TYPE_CHECKING:
    from tests.bench.generated_clinic import Size
    from tests.bench.scenes import Scene

NOT_COUNTED = 10
"""Requests at the start of a figure, while what is made once is being made."""
YARDSTICK_EVERY = 5
"""Requests between two of the yardstick."""


def main() -> int:
    args = parser(__doc__ or "").parse_args()
    size = set_up(args)
    from tests.bench.folder import begin_treatments, end_treatments, open_folder
    from tests.bench.scenes import Scenes
    from tests.bench.treating import Tablet, treatments_for

    started = time.perf_counter()
    folder, is_new = open_folder(size)
    seconds = time.perf_counter() - started
    if is_new:
        print(f"Generated in {seconds:.0f} s.")
    report = Report("server", about(size=vars(size), generated_s=seconds if is_new else None))
    print(
        f"{size.patients:,} patients, {size.treatments:,} treatments, {args.rounds} requests each"
    )
    print(FIGURE_HEAD)
    scenes = Scenes(folder)
    bench = Bench(scenes.yardstick(), args.rounds, args.seconds)
    treatments = begin_treatments(0)
    try:
        bench.run([bench.yardstick], report)
        for scene in scenes.without_treatments():
            bench.run([scene], report)
        folder.save()
        for name, limit, small, large in scenes.growth():
            few, many = bench.run([small, large], report, share=3)
            report.growth.append(Growth(name, many.median / few.median, limit))
        acts = 3 * (args.rounds + NOT_COUNTED)
        treatments = begin_treatments(treatments_for(acts))
        for scene in scenes.with_treatments(treatments, Tablet(treatments)):
            bench.run([scene], report)
    finally:
        end_treatments(treatments)
        folder.save()
    print()
    for one in report.growth:
        print(growth_line(one))
    if args.json:
        report.write(args.json)
    return 0


def parser(description: str) -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--patients", type=int, default=50_000)
    words.add_argument("--treatments", type=int, default=500_000)
    words.add_argument("--many", type=int, default=1000, help="treatments of one patient")
    words.add_argument("--rounds", type=int, default=300, help="requests of each kind")
    words.add_argument("--seconds", type=float, default=40, help="at most, for each figure")
    words.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    words.add_argument("--json", type=Path, help="write all figures into this file")
    return words


def set_up(args: argparse.Namespace) -> Size:
    """Bring Django up on the bench's own data folder."""
    os.environ["FILIFORM_DEMO"] = "yes"
    os.environ["FILIFORM_DATA"] = str(args.folder / f"{args.patients}-{args.treatments}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    sys.path.insert(0, str(ROOT / "src"))
    from filiform.commands import application

    application.start()
    from tests.bench.generated_clinic import Size

    from filiform.clinic.garbage import settle
    from filiform.clinic.warming import warm

    # As `clinic.wsgi` does.
    warm()
    settle()

    return Size(args.patients, args.treatments, many_treatments=args.many)


class Bench:
    """Times scenes, with the yardstick and the machine in between."""

    def __init__(self, yardstick: Scene, rounds: int, seconds: float) -> None:
        self.yardstick = yardstick
        self.rounds = rounds
        self.not_counted = min(NOT_COUNTED, rounds // 2)
        self.seconds = seconds

    def run(self, scenes: Sequence[Scene], report: Report, *, share: int = 1) -> list[Figure]:
        """Several scenes take turns: what disturbs the machine then disturbs them alike.

        share: only this part of the rounds, for scenes of which there are many.
        """
        from tests.bench.yardstick import machine_ms

        times: list[list[float]] = [[] for _ in scenes]
        yardstick, machine = [], []
        until = time.perf_counter() + self.seconds * len(scenes)
        for number in range(max(1, self.rounds // share) + self.not_counted):
            taken = [timed(scene) for scene in scenes]
            if number >= self.not_counted:
                for of_scene, one in zip(times, taken, strict=True):
                    of_scene.append(one)
            if number % YARDSTICK_EVERY == 0:
                yardstick.append(timed(self.yardstick))
                machine.append(machine_ms())
            if number > self.not_counted and time.perf_counter() > until:
                break
        beside = {"yardstick": yardstick, "machine": machine}
        found = [
            figure(scene.name, scene.look, of_scene, **beside, target_p95=scene.target_p95)
            for scene, of_scene in zip(scenes, times, strict=True)
        ]
        report.figures += found
        print(*map(figure_line, found), sep="\n", flush=True)
        return found


def timed(scene: Scene) -> float:
    """Milliseconds of what the scene asks, without what it does before."""
    known = scene.before()
    started = time.perf_counter()
    scene.ask(known)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
