"""Keeps the rows of the version in release.toml: python tools/atlas/release.py

Once the version has left the house, raise release.toml before changing any row.
"""

from __future__ import annotations

from pathlib import Path

from filiform.anatomy.history import current, packed

OUT = Path(__file__).parents[2] / "src/filiform/anatomy/data/releases"


def main() -> None:
    release = current()
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{release.version}.json.gz"
    path.write_bytes(packed(release))
    print(f"{path.name}: {len(release.rows)} rows, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
