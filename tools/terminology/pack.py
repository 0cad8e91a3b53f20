"""Write what is worked out from the terminology: python tools/terminology/pack.py

Run it after a change of `data/terminology` or of the modules that read it; without it everything
is worked out at every start, which is slower and gives the same answers.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from filiform.screening import context, substances, terminology
from filiform.screening.packing import builders, digest

FOLDER = Path("src/filiform/screening/data/terminology/packed")


def packed() -> dict[str, bytes]:
    """Name → content of every file, worked out anew."""
    terminology.concepts()
    terminology.own_phrases()
    terminology.phrases_by_first_word()
    terminology.phrases_by_first_word(other_scripts=True)
    context.triggers()
    substances.by_skeleton()
    first = digest().encode() + b"\n"
    return {
        name: first + msgspec.json.encode(build()) + b"\n"
        for name, build in sorted(builders.items())
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in packed().items():
        (FOLDER / f"{name}.json").write_bytes(content)
    print(digest())


if __name__ == "__main__":
    main()
