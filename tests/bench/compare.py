"""Two reports of the bench side by side.

    python -m tests.bench.compare before.json after.json

Of server times the medians and, what a noisy machine leaves comparable, the multiples of the
yardstick; of HTTP the requests a second and how many yardsticks go into one. `machine` says how
much slower the machine itself was in the second run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Growth, Rate, Report


def main() -> int:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("before", type=Path)
    words.add_argument("after", type=Path)
    args = words.parse_args()
    before, after = Report.read(args.before), Report.read(args.after)
    if before.kind != after.kind:
        raise SystemExit(
            f"{args.before} holds {before.kind} times and {args.after} {after.kind} times: "
            "compare two reports of one kind"
        )
    print(*lines(before, after), sep="\n")
    return 0


def lines(before: Report, after: Report) -> Iterator[str]:
    """What both have; then by name what only one of them has."""
    for word, report in (("before", before), ("after", after)):
        about = report.about
        yield f"{word:7} {about['commit']}  {about['at']}  load {about['load']:.1f}"
    if before.figures and after.figures:
        yield f"machine {_machine(after) / _machine(before):.2f} times as long after"
    parts = (
        (_figures, "figures", "ms before   after  | yardsticks before  after   quicker by"),
        (_rates, "rates", "a second before  after  | yardsticks before  after   quicker by"),
        (_growth, "growth", "times before  after"),
    )
    for line_of, part, head in parts:
        old = {_key(one): one for one in getattr(before, part)}
        new = {_key(one): one for one in getattr(after, part)}
        if old or new:
            yield f"\n{'':62} {head}"
        yield from (line_of(key, old[key], new[key]) for key in old if key in new)
        yield from (f"{key:62} only before" for key in old if key not in new)
        yield from (f"{key:62} only after" for key in new if key not in old)


def _key(one: Figure | Rate | Growth) -> str:
    return one.name if isinstance(one, Growth) else one.key


def _machine(report: Report) -> float:
    return statistics.median(one.machine for one in report.figures)


def _figures(key: str, old: Figure, new: Figure) -> str:
    return (
        f"{key:62} {old.median:9.1f} {new.median:7.1f}  | {old.multiple:17.1f} "
        f"{new.multiple:6.1f}   {_times(old.multiple, new.multiple)}"
    )


def _rates(key: str, old: Rate, new: Rate) -> str:
    was, now = (one.yardstick / one.rate if one.rate else 0.0 for one in (old, new))
    return (
        f"{key:62} {old.rate:15.1f} {new.rate:6.1f}  | {was:17.1f} {now:6.1f}   {_times(was, now)}"
    )


def _growth(key: str, old: Growth, new: Growth) -> str:
    return f"{key:62} {old.ratio:12.1f} {new.ratio:6.1f}   (at most {new.limit:.0f})"


def _times(old: float, new: float) -> str:
    return f"{old / new:9.1f}x" if old and new else f"{'-':>10}"


if __name__ == "__main__":
    sys.exit(main())
