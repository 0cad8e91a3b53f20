"""Which muscles a needle passes before it comes to a deep one.

The table is made from the outlines of the atlas by `python tools/planning/over.py`, which also says
what was struck out by hand and why: outlines are drawn between landmarks, and are expert opinion.
"""

from __future__ import annotations

import csv
import io
from functools import cache

from filiform.anatomy import Muscle, atlas
from filiform.planning.knowledge import data_text


def muscles_over(muscle_id: str, trp: str = "") -> tuple[Muscle, ...]:
    """The muscles over a target, in the atlas' order; none over a superficial one.

    trp: number of the trigger point; "" for the muscle's first. Raises KeyError for an unknown
    muscle or trigger point.
    """
    book = atlas()
    muscle = book.muscle(muscle_id)
    point = muscle.trigger_point(trp) if trp else next(iter(muscle.trigger_points), None)
    names = _over().get((muscle_id, point.number), ()) if point else ()
    return tuple(book.muscle(name) for name in names)


@cache
def _over() -> dict[tuple[str, str], tuple[str, ...]]:
    """(muscle, trigger point) → muscles over it. Raises ValueError naming an unknown muscle."""
    found = {}
    rows = csv.DictReader(io.StringIO(data_text("over.tsv")), delimiter="\t")
    for row in rows:
        names = tuple(row["over"].split("; "))
        if strangers := {row["muscle_id"], *names} - set(atlas().muscles):
            raise ValueError(f"planning/data/over.tsv: no muscles {sorted(strangers)}")
        found[row["muscle_id"], row["trp"]] = names
    return found
