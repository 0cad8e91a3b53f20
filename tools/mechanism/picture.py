"""Values for the animated picture on the public page, from the simulation.

    python tools/mechanism/picture.py     write web/filiform/contraction-knot-values.css

One session of 10 strokes and 6 twitches, load halved, medians of 400 virtual patients at six
moments. The stylesheet contraction-knot.css turns them into motion.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from filiform.mechanism import NeedlingDose, Traits, courses, draw, release, weights_for

TARGET = Path(__file__).parents[2] / "web/filiform/contraction-knot-values.css"
HOURS = (0.0, 0.1, 0.25, 1.0, 24.0, 72.0)
SHOWN = ("before", "after the twitches", "15 minutes", "1 hour", "1 day", "3 days")
DOSE = NeedlingDose(insertions=10, twitches=6, load=0.5)
SECONDS = (0.0, 4.0, 6.5, 9.0, 12.0, 15.0)
"""When each moment is reached in the animation of 16 seconds."""
SPEED = 26.0
"""How far the blood cells of healthy flow move in a second, in units of the drawing."""


def values() -> dict[str, list[float]]:
    """By name a value for each moment. knot (the contraction knot) and acid: 1 before, 0 healthy;
    flow, calm: healthy rest 1; pain: share of the worst; run: how far the blood has moved."""
    places = draw(weights_for(Traits()), 400, seed=1)
    names = ("contracture_relative", "ph", "perfusion_relative", "opioid_relative", "pain_nprs")
    found = courses(DOSE, np.array(HOURS), places=places, record=names)
    middle = dict(zip(names, np.median(found.values, axis=0).T, strict=True))
    contracture, ph = middle["contracture_relative"], middle["ph"]
    flow = middle["perfusion_relative"]
    run = [0.0]
    for at in range(1, len(HOURS)):
        mean = (flow[at] + flow[at - 1]) / 2
        run.append(run[-1] + SPEED * float(mean) * (SECONDS[at] - SECONDS[at - 1]))
    return {
        "knot": list((contracture - 1) / (contracture[0] - 1)),
        "acid": [max(0.0, float(one)) for one in (7.3 - ph) / (7.3 - ph[0])],
        "flow": list(flow),
        "calm": list(middle["opioid_relative"] - 1),
        "pain": list(middle["pain_nprs"] / 10),
        "run": run,
    }


def text() -> str:
    lines = [
        "/* Made by tools/mechanism/picture.py from the simulation; don't edit.",
        f"   Medians at: {', '.join(SHOWN)}. {release()} */",
        ".contraction-knot-picture {",
    ]
    for name, course in values().items():
        lines += [f"  --{name}-{at}: {value + 0.0:.3f};" for at, value in enumerate(course)]
    return "\n".join([*lines, "}"]) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(text())
    sys.exit(0)
