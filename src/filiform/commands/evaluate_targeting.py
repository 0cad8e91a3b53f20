"""`filiform evaluate-targeting`: how good is the ranking, on patients that it was not fitted to?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.targeting.evaluation import Scores
    from filiform.targeting.published import Comparison
    from filiform.targeting.report import Report

PARTS = ("held-out", "training")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `evaluate-targeting` to the commands."""
    parser = subparsers.add_parser(
        "evaluate-targeting",
        help="how good is the ranking of pain sources?",
        description="Judge the ranking on simulated patients and on published cases.",
    )
    parser.add_argument("--patients", type=int, default=200, help="simulated patients (200)")
    parser.add_argument("--findings", type=int, default=5, help="palpation findings each (5)")
    parser.add_argument("--part", choices=PARTS, default="held-out", help="of the simulator")
    parser.add_argument("--cases", metavar="FILE", help="other cases as JSON Lines")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Judge, and return the exit status. Raises InputError for an unusable input."""
    from filiform.targeting import CaseError
    from filiform.targeting.evaluation import HELD_OUT_KEY, TRAINING_KEY
    from filiform.targeting.published import published, published_cases
    from filiform.targeting.report import simulated

    for name, value, low, high in (
        ("--patients", args.patients, 1, 100_000),
        ("--findings", args.findings, 0, 50),
    ):
        if not low <= value <= high:
            raise InputError(f"{name} {value}: expected {low} to {high}")
    key = HELD_OUT_KEY if args.part == "held-out" else TRAINING_KEY
    cases = _lines(args.cases) if args.cases else published_cases()
    try:
        told = published(cases)
    except CaseError as error:
        raise InputError(f"{args.cases}, {error}") from None
    report = msgspec.structs.replace(simulated(key, args.patients, args.findings), published=told)
    if args.json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        sys.stdout.write("\n".join(as_text(report)) + "\n")
    return 0


def _lines(file: str) -> list[object]:
    from filiform.commands.target import documents

    return [given for _, given in documents(file)]


def as_text(report: Report) -> Iterator[str]:
    """The figures for people, line by line."""
    yield f"{report.patients} simulated patients, key {report.key}, release {report.release}"
    yield f"  {'':44} hit@1  hit@3  hit@5  found@3  log    Brier  error of what is shown"
    for name, figures in report.drawing_alone.items():
        yield _line(f"drawing alone, {name}", figures)
        yield _intervals(figures)
    for name, figures in report.with_findings.items():
        yield _line(f"and {report.findings} findings, {name}", figures)
        yield _intervals(figures)
    yield "model by region of the first cause, drawing and findings"
    for region, figures in report.by_region.items():
        yield _line(f"{region} ({figures.patients})", figures)
    if report.published is None:
        return
    yield "published cases: held back from every choice, and given"
    for group, methods in report.published.figures.items():
        for name, figures in methods.items():
            yield _line(f"{group} ({figures.patients}), {name}", figures)
            yield _intervals(figures)
        for name, count in report.published.answers[group].items():
            yield f"  {group}, {name}: {count:.1f} questions answered on the mean"
    yield from (_comparison(one) for one in report.published.compared)
    yield "the same among trigger points alone, without joints, roots, nerves and organs"
    for group, methods in report.published.trigger_points.items():
        for name, figures in methods.items():
            yield _line(f"{group} ({figures.patients}), {name}", figures)
            yield _intervals(figures)
    yield from (_comparison(one) for one in report.published.compared_trigger_points)
    yield (
        "truthful answers say of every muscle that is asked about whether the report blames it: "
        "an upper bound, since no examiner knows"
    )
    for miss in report.published.misses:
        yield (
            f"  {miss.id}: {miss.muscle} is number {miss.rank}, {miss.why}, its zones reach "
            f"{miss.reached:.0%} of the drawing; first {', '.join(miss.before)}"
        )


def _comparison(one: Comparison) -> str:
    return (
        f"  {one.group}: {one.first} alone hits {one.first_only}, {one.second} alone "
        f"{one.second_only} of {one.cases}; p {one.p:.2f}: {verdict(one)}"
    )


def verdict(one: Comparison) -> str:
    """Whether two methods differ, said plainly."""
    if one.p >= 0.05:
        return f"{one.second} is as good as {one.first} as far as these cases tell"
    better = one.first if one.first_only > one.second_only else one.second
    return f"{better} is better"


def _line(name: str, figures: Scores) -> str:
    hits = "  ".join(f"{figures.hit[depth]:5.0%}" for depth in ("1", "3", "5"))
    rest = "  ".join(
        "   -  " if value is None else f"{value:6.3f}"
        for value in (figures.log_score, figures.brier, figures.shown_error)
    )
    return f"  {name:44} {hits}  {figures.found['3']:5.0%}  {rest}"


def _intervals(figures: Scores) -> str:
    shown = ", ".join(
        f"{name} {low:.0%} to {high:.0%}"
        for name, (low, high) in figures.intervals.items()
        if name.startswith("hit")
    )
    return f"  {'':44} 95 %: {shown}"
