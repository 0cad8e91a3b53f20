"""Which muscles could be behind a painful area: those that refer there, and those that lie there.

The atlas describes referred pain between landmarks, people point to regions. Both belong to the
same coarse parts of the body, and on these they are joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from filiform.anatomy import Muscle, atlas

PARTS: dict[str, tuple[str, ...]] = {
    "head": ("head",),
    "neck": ("neck",),
    "shoulder": ("shoulder",),
    "scapula": ("shoulder",),
    "arm": ("arm",),
    "elbow": ("arm",),
    "forearm": ("arm",),
    "wrist": ("hand",),
    "hand": ("hand",),
    "chest": ("chest",),
    "back": ("back",),
    "abdomen": ("abdomen",),
    "pelvis": ("hip", "abdomen"),
    "thigh": ("thigh",),
    "knee": ("thigh",),
    "leg": ("leg",),
    "ankle": ("leg",),
    "foot": ("foot",),
}
"""Region of a landmark → groups of the regions that people point to."""

HOME: dict[str, str] = {
    "head-face": "head",
    "neck": "neck",
    "shoulder-girdle": "shoulder",
    "arm": "arm",
    "forearm": "arm",
    "hand": "hand",
    "chest": "chest",
    "trunk-back": "back",
    "abdomen": "abdomen",
    "pelvis-gluteal": "hip",
    "thigh": "thigh",
    "leg": "leg",
    "foot": "foot",
}
"""Region of a muscle → the group in which it lies."""

_POINT = re.compile(r"[a-z0-9][a-z0-9-]*")
_SHAPES = {"disc", "stripe", "patch"}


@cache
def zones_by_group() -> dict[str, Counter[str]]:
    """Group → how many essential zones each muscle has there."""
    found: dict[str, Counter[str]] = {}
    landmarks = atlas().landmarks
    for point in atlas().trigger_points:
        for zone in point.essential_zones:
            names = {name for name in _POINT.findall(zone) if name in landmarks}
            groups = {part for name in names for part in PARTS.get(landmarks[name].region, ())}
            for group in groups:
                found.setdefault(group, Counter())[point.muscle_id] += 1
    return found


def muscles_behind(groups: Iterable[str]) -> tuple[list[Muscle], list[Muscle]]:
    """(muscles that refer pain into these groups, most zones first; others that lie there).

    Muscles that the notes advise against needling stay in the list: they can be examined.
    """
    wanted = list(dict.fromkeys(groups))
    weight: Counter[str] = Counter()
    for group in wanted:
        weight.update(zones_by_group().get(group, {}))
    order = {muscle_id: place for place, muscle_id in enumerate(atlas().muscles)}
    referring = sorted(weight, key=lambda one: (-weight[one], order[one]))
    lying = [
        muscle
        for muscle in atlas().muscles.values()
        if HOME.get(muscle.region) in wanted and muscle.id not in weight
    ]
    return [atlas().muscles[one] for one in referring], lying
