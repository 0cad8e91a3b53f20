"""Writes src/filiform/planning/data/over.tsv, the muscles that a needle passes on its way to a deep
one, as the outlines of the atlas have it, less what a hand has struck out:

python tools/planning/over.py
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import numpy as np

from filiform.anatomy import Muscle, TriggerPoint, atlas
from filiform.anatomy.surface import PatchWeights, draw, parse_area, parse_point, patchwork
from filiform.anatomy.surface.drawing import locate

TABLE = Path(__file__).parents[2] / "src/filiform/planning/data/over.tsv"
INSIDE = 0.5
"""Share of a patch from which it counts as covered, as elsewhere in the atlas' drawings."""

NOT_PASSED = {
    # An outline ends a centimetre beyond the muscle; where the needle goes in beside it, or comes
    # from the other side of a bone, it does not pass what the outline covers.
    ("cervical-multifidus", "platysma"): "platysma ends at the side of the neck",
    ("splenius-cervicis", "platysma"): "platysma ends at the side of the neck",
    ("subscapularis", "infraspinatus"): "entered under the lifted border of the scapula",
    ("subscapularis", "trapezius-lower"): "entered under the lifted border of the scapula",
    ("subscapularis", "serratus-anterior"): "entered in the axilla, along the ribs",
    ("subscapularis", "teres-minor"): "entered in the axilla, in front of the scapula",
    ("subscapularis", "teres-major"): "entered in the axilla, in front of the scapula",
    ("iliacus", "gluteus-medius"): "entered behind the spine of the ilium, inside the bone",
    ("internal-oblique", "rectus-femoris"): "begins below the belly",
    ("tibialis-posterior", "gastrocnemius-medial"): "entered at the border of the tibia",
    ("levator-ani", "gluteus-maximus"): "entered beside the coccyx",
    ("adductor-hallucis", "flexor-digitorum-brevis"): "entered from the back of the foot",
    ("medial-pterygoid", "digastric-posterior"): "entered at the inner side of the jaw",
    ("popliteus", "gastrocnemius-medial"): "entered at the border of the tibia",
}
"""(target, covering muscle) → why a needle along the note's way does not pass it."""


def covering(
    muscle: Muscle, point: TriggerPoint, of: Collection[str] | None = None
) -> tuple[str, ...]:
    """Superficial muscles whose outline covers a site, in the atlas' order; left side.

    of: only these are looked at, all if None.
    """
    patch = int(patchwork().of_face[locate(parse_point(point.site_point)).face])
    return tuple(
        other.id
        for other in atlas().muscles.values()
        if other.id != muscle.id
        and (of is None or other.id in of)
        and other.outline.lies == "superficial"
        and float(outline(other.id).values[patch]) >= INSIDE
    )


@cache
def outline(muscle_id: str) -> PatchWeights:
    """The skin over a muscle of the left side."""
    areas = atlas().muscle(muscle_id).outline.areas
    drawn = [draw(parse_area(text, atlas=True).on("left")) for text in areas]
    return PatchWeights(np.maximum.reduce([one.values for one in drawn]))


def rows() -> list[str]:
    found = ["muscle_id\ttrp\tover"]
    for muscle in atlas().muscles.values():
        if muscle.outline.lies != "deep":
            continue
        for point in muscle.trigger_points:
            passed = [one for one in covering(muscle, point) if (muscle.id, one) not in NOT_PASSED]
            if passed:
                found.append(f"{muscle.id}\t{point.number}\t{'; '.join(passed)}")
    return found


if __name__ == "__main__":
    TABLE.write_text("\n".join(rows()) + "\n", encoding="utf-8")
