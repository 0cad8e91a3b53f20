"""Write the words of durations for the browser, as `filiform.times` has them.

python tools/time_words.py          write web/filiform/time-words.js
python tools/time_words.py --check  fail when it is not what would be written
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from filiform import times

SCRIPT = Path(__file__).resolve().parents[1] / "web" / "filiform" / "time-words.js"


def words() -> dict[str, object]:
    """Everything that clock.js needs to say what `times.told` says."""
    return {
        "units": {name: [unit.seconds, unit.words] for name, unit in times.UNITS.items()},
        "steps": [
            [None if below == float("inf") else below, unit, rest]
            for below, unit, rest in times.STEPS
        ],
        "now": {
            "ago": times.MOMENT_AGO,
            "in": times.SOON,
            "for": times.SINCE_NOW,
        },
        "phrases": times.IN_PHRASE,
        "bent": sorted(times.BENT),
    }


def script() -> str:
    listed = json.dumps(words(), ensure_ascii=False, indent=2)
    return (
        "// Words of durations. Written by tools/time_words.py from filiform/times.py: change them"
        f" there.\n\nexport const WORDS = {listed};\n"
    )


def main() -> int:
    if "--check" not in sys.argv[1:]:
        SCRIPT.write_text(script(), encoding="utf-8")
        return 0
    if SCRIPT.exists() and SCRIPT.read_text(encoding="utf-8") == script():
        return 0
    print(f"{SCRIPT.name} is not what filiform.times says: run python tools/time_words.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
