"""RxNorm codes of the medicines that the rules know → codes/rxnorm.tsv, and of the names that
only look like ours → not_misspelt.tsv.

    git clone https://github.com/davidanderson3/rxnorm-ingredients && cd rxnorm-ingredients
    git checkout 2810603af617bb0fba00c925a8d1e8c6153ba7af
    python tools/terminology/rxnorm.py FOLDER/web/data

The files are "RxNorm Current Prescribable Content" (National Library of Medicine, October 6, 2025:
work of the United States government, no licence needed) as that repository carries it, by
ingredient: IN, PIN, MIN, SCDC, SCD, SBD, BN and packs. Each name goes through the matcher that
reads records, so that a code means what its own name would mean. What only acts where it is put
(creams, eye drops) means nothing to the rules and is left out.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filiform.disclosure import ATC, RXNORM, Coding, Kind, Statement
from filiform.screening.concept_matching import match_concepts
from filiform.screening.local_forms import acts_locally
from filiform.screening.terminology import concepts

FOLDER = Path("src/filiform/screening/data/terminology")
TARGET = FOLDER / "codes" / "rxnorm.tsv"
OTHERS = FOLDER / "not_misspelt.tsv"
OWN = "# Not in that file: general knowledge"
HEAD = """\
# RxNorm codes of our medicines at every term type; made by tools/terminology/rxnorm.py.
# Source: RxNorm Current Prescribable Content, 6 October 2025 (National Library of Medicine, public
# domain), letters B to Z, as davidanderson3/rxnorm-ingredients carries it at 2810603.
concept\tcodes
"""
OTHERS_HEAD = """\
# Ingredients and brands of RxNorm that are spelt almost like a medicine of ours and are another.
# Made by tools/terminology/rxnorm.py from the same release as codes/rxnorm.tsv.
name
"""
PARTS = ("SCDCs", "SCDs", "SBDs", "BNs", "GPCKs", "BPCKs")
A_CODE = (Coding(RXNORM, "0"),)
"""Of a list that is read: beside it no text is guessed at."""
STAYS_LOCAL = ("R", "D", "S", "C05", "M02", "A01")
"""ATC groups that are named by where they act: an inhaler's code still tells of asthma."""


def main() -> None:
    # Without the former list, or every name on it would be found to look like nothing.
    OTHERS.write_text(OTHERS_HEAD, encoding="utf-8")
    names: dict[str, tuple[str, str]] = {}
    brands: dict[str, list[str]] = defaultdict(list)
    for file in sorted(Path(sys.argv[1]).glob("*.json")):
        for top in json.loads(file.read_text("utf-8") or "[]"):
            for node, above in _nodes(top, None):
                names[node["RXCUI"]] = (node["Name"], node["TTY"])
                if node["TTY"] == "BN" and above is not None:
                    brands[node["RXCUI"]].append(above["Name"])
    codes: dict[str, set[str]] = defaultdict(set)
    for code, (name, kind) in names.items():
        for target in _meaning(brands[code] if kind == "BN" else [name]):
            codes[target].add(code)
    own = TARGET.read_text("utf-8").partition(OWN)[2]
    rows = [f"{target}\t{' '.join(sorted(codes[target], key=int))}\n" for target in sorted(codes)]
    TARGET.write_text(HEAD + "".join(rows) + OWN + own, encoding="utf-8")
    others = sorted(
        name
        for code, (name, kind) in names.items()
        # A brand that is near its own ingredient ("Thalomid") is rightly found by its likeness.
        if kind in ("IN", "BN") and _near(name) and not _guessed(name) & _all(brands[code])
    )
    OTHERS.write_text(OTHERS_HEAD + "".join(f"{one}\n" for one in others), encoding="utf-8")
    print(len(rows), "rows,", sum(map(len, codes.values())), "codes;", len(others), "other names")


def _nodes(node: Any, above: Any) -> Iterator[tuple[Any, Any]]:
    yield node, above
    for part in PARTS:
        for below in node.get(part) or ():
            yield from _nodes(below, node)


def _meaning(names: list[str]) -> set[str]:
    """The row of one code, if any: its concepts.

    names: its own, or all products of a brand: a brand means what every product of it means.
    """
    found = [_one(name) for name in names]
    shared = found[0].intersection(*found[1:]) if found else frozenset()
    return {" ".join(sorted(shared))} if shared else set()


def _one(name: str) -> frozenset[str]:
    known = concepts()
    matched = match_concepts(Statement(id="", kind=Kind.MEDICINE, text=name))
    # A name that is merely near is somebody else's in a list of all names.
    exact = frozenset() if _near(name) else matched.concepts
    if not acts_locally(name):
        return exact
    return frozenset(one for one in exact if _is_local(known[one].codes(ATC)))


def _guessed(name: str) -> frozenset[str]:
    matched = match_concepts(Statement(id="", kind=Kind.MEDICINE, text=name))
    return matched.concepts | matched.similar


def _all(products: list[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_guessed(one) for one in products))


def _is_local(codes: tuple[str, ...]) -> bool:
    return bool(codes) and all(code.startswith(STAYS_LOCAL) for code in codes)


def _near(name: str) -> bool:
    """Whether a name finds a concept by its likeness alone."""
    alone = match_concepts(Statement(id="", kind=Kind.MEDICINE, text=name))
    exact = match_concepts(Statement(id="", kind=Kind.MEDICINE, text=name, codings=A_CODE))
    return (alone.concepts, alone.similar) != (exact.concepts, exact.similar)


if __name__ == "__main__":
    main()
