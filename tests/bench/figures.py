"""What was measured: how it is printed, kept as JSON and read again."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Figure:
    """One kind of request. Times in milliseconds.

    look: what the server may have kept: "first look" (nobody looked at it before), "same again",
    "after a write" (looked at, written to, looked at: this look counts), or "" where that makes
    no difference. yardstick: median of the signed-in page with one query, asked in between the
    requests of this very figure. machine: median of a fixed piece of Python, likewise.
    """

    name: str
    look: str
    number: int
    median: float
    p95: float
    worst: float
    yardstick: float
    machine: float
    target_p95: float | None = None

    @property
    def multiple(self) -> float:
        """The median in yardsticks."""
        return self.median / self.yardstick

    @property
    def key(self) -> str:
        return f"{self.name}, {self.look}" if self.look else self.name


@dataclass(frozen=True)
class Growth:
    """How much longer the larger takes than the smaller, as the ratio of the medians."""

    name: str
    ratio: float
    limit: float


@dataclass(frozen=True)
class Rate:
    """Requests over HTTP in a closed loop. client_load: the share of one core that the client
    itself took; near 1 it would measure itself. not_modified: answered by 304."""

    name: str
    connections: int
    number: int
    seconds: float
    median: float
    p95: float
    p99: float
    errors: int
    client_load: float
    not_modified: int = 0
    kilobytes: float = 0.0
    target_rate: float | None = None
    target_p95: float | None = None
    yardstick: float = 0.0
    """Requests a second of the yardstick with as many connections, in the same run."""
    note: str = ""

    @property
    def rate(self) -> float:
        return self.number / self.seconds if self.seconds else 0.0

    @property
    def key(self) -> str:
        return f"{self.name}, {self.connections} connections"


@dataclass
class Report:
    """All figures of one run."""

    kind: str
    about: dict[str, Any]
    figures: list[Figure] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Report:
        """Raises SystemExit with a sentence when the file is not one of ours."""
        try:
            told = json.loads(path.read_text())
            return cls(
                told["kind"],
                told["about"],
                [Figure(**one) for one in told["figures"]],
                [Growth(**one) for one in told["growth"]],
                [Rate(**one) for one in told["rates"]],
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SystemExit(
                f"{path} is not a report of the bench ({error}). Make one with: "
                "python -m tests.bench.server_times --json FILE"
            ) from None


def figure(
    name: str,
    look: str,
    times: Sequence[float],
    *,
    yardstick: Sequence[float],
    machine: Sequence[float],
    target_p95: float | None = None,
) -> Figure:
    return Figure(
        name=name,
        look=look,
        number=len(times),
        median=statistics.median(times),
        p95=percentile(times, 0.95),
        worst=max(times),
        yardstick=statistics.median(yardstick),
        machine=statistics.median(machine),
        target_p95=target_p95,
    )


def percentile(times: Sequence[float], share: float) -> float:
    """The least time that at least this share of all reaches; of an empty list 0."""
    ordered = sorted(times)
    if not ordered:
        return 0.0
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def about(**more: Any) -> dict[str, Any]:
    """What, where and when; for whoever compares two reports."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": commit.stdout.strip() or "unknown",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        **more,
    }


FIGURE_HEAD = (
    f"{'request':30} {'look':14} {'median':>8} {'p95':>8} {'worst':>8} {'target':>8}   yardsticks"
)


def figure_line(one: Figure) -> str:
    line = (
        f"{one.name:30} {one.look:14} {one.median:5.1f} ms {one.p95:5.1f} ms {one.worst:5.0f} ms "
        f"{_target(one.target_p95):>8}   {one.multiple:6.1f}"
    )
    over = one.target_p95 is not None and one.p95 > one.target_p95
    return line + ("   over" if over else "")


def _target(target: float | None) -> str:
    return "-" if target is None else f"{target:.0f} ms"


def growth_line(one: Growth) -> str:
    over = "   over" if one.ratio > one.limit else ""
    return f"{one.name:62} {one.ratio:5.1f} times, at most {one.limit:.0f}{over}"


RATE_HEAD = (
    f"{'request':44} {'conn':>4} {'number':>6} {'a second':>9} {'target':>7} {'p50':>8} {'p95':>8}"
    f" {'p99':>8} {'errors':>6} {'304':>5} {'kB':>6} {'yardsticks':>10} {'client':>6}"
)


def rate_line(one: Rate) -> str:
    """yardsticks: how many of the yardstick's requests go into one of these."""
    target = "-" if one.target_rate is None else f"{one.target_rate:.0f}"
    share = f"{one.yardstick / one.rate:.1f}" if one.rate and one.yardstick else "-"
    line = (
        f"{one.name:44} {one.connections:4} {one.number:6} {one.rate:7.1f}/s {target:>7} "
        f"{one.median:5.1f} ms {one.p95:5.1f} ms {one.p99:5.1f} ms {one.errors:6} "
        f"{one.not_modified:5} {one.kilobytes:6.1f} {share:>10} {100 * one.client_load:5.0f}%"
    )
    if one.target_rate is not None and one.rate < one.target_rate:
        line += "   too few"
    if one.target_p95 is not None and one.p95 > one.target_p95:
        line += f"   p95 over {one.target_p95:.0f} ms"
    return line + (f"   {one.note}" if one.note else "")
