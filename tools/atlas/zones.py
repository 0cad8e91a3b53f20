"""Draws all zones of the atlas once: python tools/atlas/zones.py

Writes src/filiform/anatomy/data/zones.npz; the same texts and surface give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.zones import drawn_sources, packed, stamp, union

OUT = Path(__file__).parents[2] / "src/filiform/anatomy/data/zones.npz"


def main() -> None:
    known = atlas()
    entries = list(drawn_sources(known))
    np.savez_compressed(
        OUT,
        stamp=np.array(stamp(known)),
        **packed([union(entry.essential) for entry in entries], "essential"),
        **packed([union(entry.spillover) for entry in entries], "spillover"),
        **packed([union(muscle.outline.areas) for muscle in known.muscles.values()], "outline"),
    )
    print(f"{OUT.name}: {len(entries)} sources, {OUT.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
