"""Reads the text of a pose: which part is asked for what.

A pose is a line of parts with numbers, e.g. "sit; neck 40 35 -25; hand.l @vertex". It is told for
somebody whose right side is sore, so "away" is to the left. What each part takes stands where it
is read here or, where it needs a body, at its function in posing.py. Angles in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from rig import NECK, SPINE, Floats
from turning import X, Y, Z, about

BASES = {
    "stand": "leg.b 0 -3 6; arm.b 20 12 20 12 50",
    "sit": "leg.b 88 -3 4 88; arm.b 60 22 25 40 60; ground feet",
    "long-sit": "leg.b 88 -2 4 0; arm.b -90 25 0 5 60; ground seat",
    "supine": "root -90; leg.b 0 0 12; arm.b 0 22 0 8 60; ground all",
    "hook": "root -90; leg.b 52 -1 0 102 -50; arm.b 0 22 0 8 60; ground all",
    "prone": "root 90; leg.b 0 -1 0 0 -45; arm.b 0 25 0 15 60; ground all",
    "side-lying": "root 0 -90; leg.b 30 -4 0 45; arm.l 100 95 0 100 0; arm.r 60 35 20 50 60;"
    "ground all",
    "four": "root 90; leg.b 90 0 0 90 -40; hand.b ~0 floor 0.04 | fingers up | palm down;"
    "neck -25; ground legs",
    "kneel": "leg.b 0 0 0 92 -45; arm.b 20 12 20 12 50; ground legs",
    "half-kneel": "leg.r 0 0 0 90 -20 0 40; leg.l 90 4 2 92; level.l; arm.b 20 12 20 12 50;"
    "ground legs",
    "bent": "root 30; leg.b 60 -1 4 30; arm.b 90 35 0 5 0; level.b; ground feet",
}
"""Postures that others start from."""


@dataclass
class PoseParts:
    """What one text asks of which part: `local` the turn of a bone in its parent's frame, by name;
    the other fields hold what can only be solved on a body."""

    local: dict[str, Floats] = field(default_factory=dict)
    ground: str = "feet"
    lift: float = 0.0
    levels: dict[str, float] = field(default_factory=dict)
    arms: dict[str, list[float]] = field(default_factory=dict)
    hands: dict[str, list[str]] = field(default_factory=dict)
    feet: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, list[float]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Takes in a pose's parts; later ones win. Raises ValueError naming what is unknown."""
        for part in filter(None, (one.strip() for one in text.split(";"))):
            word, _, rest = part.partition(" ")
            name, _, side = word.partition(".")
            if word in BASES:
                self.read(BASES[word])
                continue
            for s in "lr" if side == "b" else (side or "r"):
                self._part(name, s, rest.split())

    def _part(self, name: str, s: str, words: list[str]) -> None:
        if name == "ground":
            self.ground = words[0]
        elif name == "hand":
            self.hands[s] = words
        elif name == "foot":
            self.feet[s] = words
        elif name == "arm":
            self.arms[s] = [float(w) for w in words]
            self.hands.pop(s, None)
        elif name == "level":
            self.levels[s] = float(words[0]) if words else 0.0
        elif name == "anchor":
            pass  # between start and end: scene.py reads it
        elif name == "up":
            self.lift = float(words[0])
        else:
            self._turn(name, s, [float(w) for w in words])

    def _turn(self, name: str, s: str, n: list[float]) -> None:
        n = [*n, *[0.0] * (7 - len(n))]
        side = 1.0 if s == "l" else -1.0
        if name == "root":
            self.local["root"] = about(Y, n[2]) @ about(X, n[0]) @ about(Z, n[1])
        elif name in ("lumbar", "thorax", "neck"):
            bones, shares = {
                "lumbar": (SPINE[:3], (0.2, 0.4, 0.4)),
                "thorax": (SPINE[3:], (0.55, 0.45)),
                "neck": ((*NECK, "head"), (0.3, 0.25, 0.25, 0.2)),
            }[name]
            for bone, share in zip(bones, shares, strict=True):
                turn = about(X, n[0] * share) @ about(Z, -n[1] * share)
                self.local[bone] = turn @ about(Y, n[2] * share)
        elif name == "nod":
            self.extra["nod"] = n
        elif name == "jaw":
            self.local["jaw"] = about(X, n[0]) @ about(Y, n[1])
        elif name == "shoulder":
            self.extra[f"shoulder.{s}"] = n
        elif name == "leg":
            hip = about(X, -n[0]) @ about(Z, side * n[1]) @ about(Y, side * n[2])
            self.local[f"upperleg.{s}"] = hip
            self.local[f"lowerleg.{s}"] = about(X, n[3])
            self.local[f"foot.{s}"] = about(Z, -side * n[5]) @ about(X, -n[4])
            self.local[f"toes.{s}"] = about(X, -n[6])
            self.levels.pop(s, None)
            self.feet.pop(s, None)
        elif name == "shank":
            # Turning of the leg below the knee: foot outwards.
            old = self.local.get(f"foot.{s}", np.eye(3))
            self.local[f"foot.{s}"] = about(Y, side * n[0]) @ old
        elif name == "ankle":
            self.local[f"foot.{s}"] = about(Z, -side * n[1]) @ about(X, -n[0])
            self.levels.pop(s, None)
        elif name == "toes":
            self.local[f"toes.{s}"] = about(X, -n[0])
        elif name in ("fist", "thumb", "spread", "index"):
            self.extra[f"{name}.{s}"] = n
        else:
            raise ValueError(f"pose: unknown part {name!r}")
