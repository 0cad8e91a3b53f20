"""How long a paper takes: the specimen with 40 rows, in English and Urdu, in one process.

python -m tests.bench.paper_times
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

ROUNDS = 100


def main() -> None:
    django.setup()
    from tests.clinic.documents.test_papers import SPECIMEN, values

    from filiform.clinic.documents.making import pdf

    for language, muscle in (("en", "infraspinatus"), ("ur", "انفراسپائنیٹس (infraspinatus)")):
        took = []
        for number in range(ROUNDS):
            # Another text each time: the typesetter keeps what it has set before.
            rows = [[muscle, f"{number}", f"{row} mm"] for row in range(40)]
            began = time.perf_counter()
            pdf(SPECIMEN, values(rows=rows, intro=f"{number}"), language)
            took.append(1000 * (time.perf_counter() - began))
        later = sorted(took[1:])
        p50, p95 = later[len(later) // 2], later[int(0.95 * len(later))]
        print(f"{language}: first {took[0]:.0f} ms, then p50 {p50:.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()
