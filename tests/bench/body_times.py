"""How long the body's server side takes: python -m tests.bench.body_times

Processor time of one thread, so that a busy machine does not blur it. Every zone of the atlas is
drawn with cold caches; drawings put together from zones are stored; flat views are made.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

import numpy as np

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import (
    Area,
    BodyDrawing,
    Layer,
    PatchWeights,
    draw,
    drawing,
    empty,
    geodesics,
    packed,
    parse_area,
    patchwork,
)
from filiform.anatomy.surface.flat import VIEWS, flat_view
from filiform.anatomy.surface.picture import picture


def zones() -> list[Area]:
    """Every referral zone, on the right."""
    return [
        parse_area(zone, atlas=True).on("right")
        for muscle in atlas().muscles.values()
        for point in muscle.trigger_points
        for zone in (*point.essential_zones, *point.spillover_zones)
    ]


def milliseconds(todo: Callable[[], object]) -> float:
    start = time.thread_time()
    todo()
    return (time.thread_time() - start) * 1000


def say(what: str, values: Iterable[float], unit: str) -> None:
    some = np.array(list(values))
    print(
        f"{what}: p50 {np.percentile(some, 50):.1f}, p95 {np.percentile(some, 95):.1f}, "
        f"max {some.max():.1f} {unit} ({len(some)})"
    )


def draw_times(areas: list[Area], *, kept: bool) -> list[float]:
    """kept: with the ways that are kept for the atlas; else each is worked out."""
    draw(areas[0])
    found = []
    for area in areas:
        drawing._left.cache_clear()
        geodesics.line.cache_clear()
        if not kept:
            geodesics.kept_lines().clear()
        found.append(milliseconds(lambda area=area: draw(area)))
    return found


def stored_sizes(areas: list[Area]) -> None:
    chance = random.Random(5)
    for count in (1, 5, 20, 60):
        sizes = []
        for _ in range(10):
            layers = []
            for quality in ("dull", "burning", "tingling")[: 1 + count // 20]:
                weights = empty()
                for area in chance.sample(areas, max(1, count // 3 if count > 5 else count)):
                    weights = weights.union(draw(area))
                layers.append(Layer(quality, chance.randint(0, 10), weights))
            sizes.append(len(packed(BodyDrawing(tuple(layers)).as_text())))
        say(f"stored drawing of {count} zones", sizes, "bytes")
    noise = np.random.default_rng(1).random(patchwork().count)
    worst = BodyDrawing((Layer("dull", 5, PatchWeights(noise)),))
    print(f"stored drawing of noise on every patch: {len(packed(worst.as_text()))} bytes")


def main() -> None:
    areas = zones()
    say("weights of an area", draw_times(areas, kept=True), "ms")
    some = [area for area in areas if area.shape == "stripe"][::4]
    say("weights of a stripe whose ways are not kept", draw_times(some, kept=False), "ms")
    stored_sizes(areas)
    told = BodyDrawing((Layer("burning", 6, draw(areas[3]).union(draw(areas[40]))),))
    first = milliseconds(lambda: [flat_view(name).regions for name in VIEWS])
    print(f"all flat views, cold: {first:.0f} ms")
    say("a picture", [milliseconds(lambda n=n: picture(n, drawing=told)) for n in VIEWS], "ms")
    whole = sum(len(picture(name, drawing=told)) for name in VIEWS)
    print(f"all pictures as text: {whole / 1024:.0f} kB")


if __name__ == "__main__":
    main()
