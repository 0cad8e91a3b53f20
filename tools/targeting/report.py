# ruff: noqa: E501 - the page is written in whole sentences
"""Write the evaluation page with its pictures: docs/reference/targeting-evaluation.md.

    python tools/targeting/report.py [PATIENTS]

Judges held-out simulated patients (400) and the published cases of the release. Some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from filiform.commands.evaluate_targeting import verdict
from filiform.targeting.evaluation import HELD_OUT_KEY, Bin, Scores
from filiform.targeting.measured import summary
from filiform.targeting.published import (
    EXAMINED,
    QUESTIONS,
    ROUNDS,
    TRUTHFUL,
    Comparison,
    Miss,
    Published,
    PublishedCase,
    published,
    published_cases,
)
from filiform.targeting.report import Report, simulated

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
PICTURES = DOCS / "targeting"
DATA = Path(__file__).resolve().parents[2] / "src" / "filiform" / "targeting" / "data"
FINDINGS = 5
HELD = ("held back", *(f"held back, {name} round" for name in ROUNDS))
NAMES = {
    "model": "Filiform, drawing",
    "model and complaint": "Filiform, drawing and complaint",
    "overlap": "area overlap",
    "nearest": "nearest trigger point",
    "naive-bayes": "naive Bayes",
    TRUTHFUL: f"Filiform, drawing, complaint and {QUESTIONS} truthful answers (upper bound)",
    EXAMINED: f"Filiform, drawing, complaint and {QUESTIONS} answers of an examiner",
}
HOW_READ = {
    "full": "read in full",
    "abstract": "abstract",
    "notes": "our notes",
    "page": "clinic's page",
}
INK, SOFT, LINE, ONE, TWO = "#1c2127", "#4c545d", "#d9d2c5", "#24557f", "#b05c50"
SIDE, EDGE = 220, 34


def frame(width: int, height: int, title: str, parts: Iterator[str] | list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{title}" font-family="sans-serif" '
        f'font-size="11" fill="{INK}"><rect width="{width}" height="{height}" fill="#fffdf9"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def curve(bins: tuple[Bin, ...], x: float, y: float, side: float, colour: str) -> Iterator[str]:
    """What came true over what was said, with 95 % intervals, on a square of this side."""
    at = [(x + one.said * side, y + side - one.true * side) for one in bins]
    for one, (left, top) in zip(bins, at, strict=True):
        half = 1.96 * np.sqrt(max(one.true * (1 - one.true), 1e-9) / one.predictions) * side
        low, high = min(top + half, y + side), max(top - half, y)
        yield f'<path d="M{left:.1f} {low:.1f}V{high:.1f}" stroke="{colour}" stroke-width="1"/>'
        yield f'<circle cx="{left:.1f}" cy="{top:.1f}" r="2.6" fill="{colour}"/>'
    path = "L".join(f"{left:.1f} {top:.1f}" for left, top in at)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>'


def square(x: float, y: float, side: float, title: str) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="none" stroke="{LINE}"/>'
    yield (
        f'<path d="M{x} {y + side}L{x + side} {y}" stroke="{SOFT}" stroke-dasharray="3 3" '
        'fill="none"/>'
    )
    yield f'<text x="{x}" y="{y - 6}">{title}</text>'


def calibration(report: Report) -> str:
    parts: list[str] = []
    for place, (title, figures, colour) in enumerate(
        (
            ("Drawing alone", report.drawing_alone["model"], ONE),
            (f"Drawing and {FINDINGS} findings", report.with_findings["model"], TWO),
        )
    ):
        x = EDGE + place * (SIDE + EDGE + 10)
        parts += [*square(x, EDGE, SIDE, title), *curve(figures.shown, x, EDGE, SIDE, colour)]
        for share in (0, 0.5, 1):
            parts.append(
                f'<text x="{x + share * SIDE}" y="{EDGE + SIDE + 14}" text-anchor="middle" '
                f'fill="{SOFT}">{share:g}</text>'
            )
    parts.append(
        f'<text x="{EDGE}" y="{EDGE + SIDE + 30}" fill="{SOFT}">said (across) and came true (up); '
        "bars: 95 % intervals; dashed: perfect</text>"
    )
    return frame(2 * (SIDE + EDGE) + 44, SIDE + 2 * EDGE + 6, "Calibration", parts)


def regions(report: Report, least: int = 15) -> str:
    """The curve of every region with enough patients, drawing and findings."""
    shown = [(name, one) for name, one in report.by_region.items() if one.patients >= least]
    side, gap, columns = 110, 26, 4
    parts: list[str] = []
    for place, (name, one) in enumerate(shown):
        x, y = gap + place % columns * (side + gap), gap + place // columns * (side + gap + 10)
        parts += [
            *square(x, y, side, f"{name} ({one.patients})"),
            *curve(one.curve, x, y, side, TWO),
        ]
    rows = -(-len(shown) // columns)
    width, height = columns * (side + gap) + gap, rows * (side + gap + 10) + gap
    return frame(width, height, "Calibration by region", parts)


def bars(report: Report) -> str:
    """Share of patients with a true source among the first one, three and five."""
    rows = [(NAMES[name], one) for name, one in report.drawing_alone.items()]
    rows.append((f"Filiform, {FINDINGS} findings", report.with_findings["model"]))
    parts: list[str] = []
    for number, (name, one) in enumerate(rows):
        y = 26 + number * 46
        colour = TWO if "findings" in name else ONE if name.startswith("Filiform") else SOFT
        parts.append(f'<text x="150" y="{y + 20}" text-anchor="end">{name}</text>')
        for place, depth in enumerate(("1", "3", "5")):
            wide, top = one.hit[depth] * 300, y + place * 12
            parts.append(
                f'<rect x="160" y="{top}" width="{wide:.1f}" height="10" fill="{colour}" '
                f'fill-opacity="{1 - 0.25 * place:g}"/><text x="{166 + wide:.1f}" y="{top + 9}" '
                f'fill="{SOFT}">{one.hit[depth]:.0%}</text>'
            )
    parts.append(f'<text x="160" y="16" fill="{SOFT}">among the first 1, 3, 5</text>')
    return frame(520, 26 + len(rows) * 46, "Hits", parts)


HEADS = ("hit@1", "hit@3", "hit@5", "found@3", "log", "Brier", "error of what is shown")


def cell(value: float | None, between: tuple[float, float] | None, percent: bool) -> str:
    """A figure with its 95 % interval, "" where the method has none."""
    if value is None or between is None:
        return ""
    low, high = between
    if percent:
        return f"{value:.0%} [{100 * low:.0f} to {100 * high:.0f}]"
    return f"{value:.2f} [{low:.2f} to {high:.2f}]"


def hits(rows: dict[str, Scores]) -> Iterator[str]:
    """Of rankings among trigger points alone: places, no probabilities."""
    yield f"| | patients | {' | '.join(HEADS[:4])} |"
    yield "| --- |" + " ---: |" * 5
    for name, one in rows.items():
        cells = [NAMES.get(name, name), str(one.patients)]
        cells += [cell(one.hit[d], one.intervals[f"hit@{d}"], True) for d in ("1", "3", "5")]
        cells.append(cell(one.found["3"], one.intervals["found@3"], True))
        yield "| " + " | ".join(cells) + " |"


def table(rows: dict[str, Scores]) -> Iterator[str]:
    yield f"| | patients | {' | '.join(HEADS)} |"
    yield "| --- |" + " ---: |" * (len(HEADS) + 1)
    for name, one in rows.items():
        between = one.intervals
        cells = [NAMES.get(name, name), str(one.patients)]
        cells += [cell(one.hit[d], between[f"hit@{d}"], True) for d in ("1", "3", "5")]
        cells.append(cell(one.found["3"], between["found@3"], True))
        for value, key in (
            (one.log_score, "log"),
            (one.brier, "Brier"),
            (one.shown_error, "shown"),
        ):
            cells.append(cell(value, between.get(key), False))
        yield "| " + " | ".join(cells) + " |"


def sentence(miss: Miss) -> str:
    """Why a true muscle is not among the first five."""
    before = ", ".join(miss.before)
    if miss.why == "not-reached":
        return (
            f"its published zones reach only {miss.reached:.0%} of what was drawn, so a drawing "
            f"can't point to it; first came {before}"
        )
    return (
        f"its zones reach {miss.reached:.0%} of what was drawn, but others fit better or are "
        f"more common: {before}"
    )


def p_of(one: Comparison) -> str:
    return "under 0.01" if one.p < 0.01 else f"{one.p:.2f}"


def compared(rows: tuple[Comparison, ...]) -> Iterator[str]:
    yield "| cases | first | second | only the first hits | only the second | p | said plainly |"
    yield "| --- | --- | --- | ---: | ---: | ---: | --- |"
    for one in rows:
        yield (
            f"| {one.group} ({one.cases}) | {NAMES[one.first]} | {NAMES[one.second]} | "
            f"{one.first_only} | {one.second_only} | {p_of(one)} | {verdict(one)} |"
        )


def cases_part(found: Published) -> Iterator[str]:
    cases = [msgspec.convert(line, PublishedCase) for line in published_cases()]
    held = sum(one.part == "held back" for one in cases)
    specific = sum(one.areas_specific for one in cases)
    yield "## Published case reports\n"
    yield (
        f"{len(cases)} reports, {specific} of which say exactly where it hurt; {held} were held back "
        "by a fixed rule (the first byte of the SHA-256 of the id is even); the others were given to the fit. "
        "They were collected in rounds, each looked for after the held-back cases of those before had been "
        "scored, so no number of that time was chosen after the held-back cases of a later round. Each round is told apart, and "
        "all together. Clinics' pages are not reviewed, and clinics that think in trigger points write of those they "
        "found by the atlas we use. A report blames the muscles that were treated with relief, and "
        "names them without a side, so both sides count as one; where a page names one of several needled muscles "
        "as the source, that one alone counts from the second round on. Intervals are Wilson's for hits and "
        "the bootstrap's for the rest; two methods are compared on the same cases by McNemar's exact "
        "test of hits among three. What to mind: the areas were drawn by the words of each report by the "
        "people who keep this atlas, who could read which muscles it blames, from the second round on before the ranking was "
        "seen; reports that failed are not published; the cases of our notes were known to earlier releases. "
        f"Of the {ROUNDS[-1]} round's held-back cases no place and no miss is listed below: whoever mends the ranking next shall not "
        "have read them. [What was looked at and left out](targeting/rejected.md) has its reasons.\n"
    )
    yield f"| round | reports | held back | say exactly where | {' | '.join(HOW_READ.values())} |"
    yield "| --- |" + " ---: |" * (3 + len(HOW_READ))
    for name in ROUNDS:
        ones = [one for one in cases if one.collected == name]
        counts = [
            len(ones),
            sum(one.part == "held back" for one in ones),
            sum(one.areas_specific for one in ones),
            *(sum(one.read == how for one in ones) for how in HOW_READ),
        ]
        yield f"| {name} | " + " | ".join(map(str, counts)) + " |"
    yield ""
    yield from palpation_part(found)
    for group, methods in found.figures.items():
        yield f"### {group.capitalize()}\n"
        yield from table(methods)
        yield "\nAmong trigger points alone:\n"
        yield from hits(found.trigger_points[group])
        yield ""
    yield "### Paired comparison\n"
    yield from compared(found.compared)
    yield "\nAmong trigger points alone, where a simple method doesn't lose places to joints and organs:\n"
    yield from compared(found.compared_trigger_points)
    yield "\n### Every case\n"
    yield "| case | part, round | what hurt, by the report | muscles and their place | read | confirmed by |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in cases:
        ranks = found.ranks.get(one.id, {})
        places = ", ".join(f"{name} {ranks.get(name, '')}".strip() for name in one.muscles_found)
        yield (
            f"| {one.id} | {one.part}, {one.collected} | {one.words} | {places} | {one.read}: {one.citation} | "
            f"{one.confirmation} |"
        )
    yield "\n### Every miss: true muscles that are not among the first five\n"
    yield "| case | areas | muscle | place | probability | why |"
    yield "| --- | --- | --- | ---: | ---: | --- |"
    for miss in found.misses:
        areas = "specific" if miss.areas_specific else "not specific"
        yield (
            f"| {miss.id} | {areas} | {miss.muscle} | {miss.rank} | {miss.probability:.3f} | "
            f"{sentence(miss)} |"
        )


def palpation_part(found: Published) -> Iterator[str]:
    """What the answers of palpation are, before the tables in which they stand."""
    least, fewest = (
        min(one for methods in counts.values() for one in methods.values())
        for counts in (found.answers, found.asked)
    )
    yield (
        f"*Answers*: the first {QUESTIONS} questions that our own list of next examinations asks, one after the other, fewer "
        f"where it stops before ({least:.1f} to {QUESTIONS} on the mean by group). Nearly always each goes to another muscle ({fewest:.1f} to "
        f"{QUESTIONS} muscles), so a blamed one comes first where it is among them; any other moves up only as those asked before it "
        "fall. A *truthful* answer says of the muscle whether the report blames it, on either side. Nobody who "
        "palpates knows that: it is an upper bound of what palpation can add, not a forecast. *An examiner* errs as often as the "
        "published kappa of each finding says (0.45 for all of palpation, 0.68 for tenderness), one better than another, each "
        "error colouring the next in the same muscle, by a fixed key of the simulator. How kappa becomes accuracy is the "
        "model's own assumption, so these figures flatter it, too; and each case was examined once, so another key moves them by some per cent.\n"
    )
    yield (
        "*Among trigger points alone*: the same rankings without joints, roots, nerves and organs, in the order in which a page lists "
        "muscles with their numbers. Probabilities are those above.\n"
    )


def beside_the_bars(found: Published) -> Iterator[str]:
    """Hits among three in other ways; no bar is met by them."""
    yield "Beside the bars, among the first three; none of it stands for the complaint alone:\n"
    yield (
        "| cases | with the complaint | among trigger points alone | and overlap there | "
        f"with {QUESTIONS} truthful answers (upper bound) | with {QUESTIONS} answers of an examiner |"
    )
    yield "| --- |" + " ---: |" * 5
    for group in HELD:
        every, alone = found.figures[group], found.trigger_points[group]
        ones = (
            every["model and complaint"],
            alone["model and complaint"],
            alone["overlap"],
            every[TRUTHFUL],
            every[EXAMINED],
        )
        cells = [cell(one.hit["3"], one.intervals["hit@3"], True) for one in ones]
        yield f"| {group} ({ones[0].patients}) | {' | '.join(cells)} |"
    told = found.figures[HELD[0]]
    alone, truthful = found.trigger_points[HELD[0]], told[TRUTHFUL]
    missed = told["model and complaint"].hit["3"] < 0.75
    apart, newest = (
        next(
            one
            for one in found.compared_trigger_points
            if (one.group, one.first, one.second) == (group, "model", "overlap")
        )
        for group in (HELD[0], HELD[-1])
    )
    fresh = found.trigger_points[HELD[-1]]
    yield (
        f"\nThe bar of 75 % with the complaint alone is {'missed' if missed else 'met'}: "
        f"{told['model and complaint'].hit['3']:.0%} of all cases held back. Truthful answers bring a true muscle first in "
        f"{truthful.hit['1']:.0%} (from {told['model and complaint'].hit['1']:.0%}), an examiner's in {told[EXAMINED].hit['1']:.0%}; among three "
        f"in {truthful.hit['3']:.0%} and {told[EXAMINED].hit['3']:.0%}. Much of the distance to overlap is made by joints and "
        f"organs, whose wide zones overlap puts first: among trigger points alone overlap has {alone['overlap'].hit['3']:.0%}, by drawing "
        f"the ranking {alone['model'].hit['3']:.0%} (p {p_of(apart)}: {verdict(apart)}). On the newest round alone it is "
        f"{fresh['overlap'].hit['3']:.0%} and {fresh['model'].hit['3']:.0%} (p {p_of(newest)}: {verdict(newest)}).\n"
    )


def said_plainly(report: Report) -> Iterator[str]:
    """The bars, and whether they were met, from the figures themselves."""
    if report.published is None:
        return
    groups = report.published.figures
    yield "## Said plainly\n"
    yield "| bar, on the cases held back | figure | |"
    yield "| --- | ---: | --- |"
    for group in HELD:
        methods = groups[group]
        told, drawn, simple = (
            methods[name] for name in ("model and complaint", "model", "overlap")
        )
        where = f"{group} ({told.patients})"
        for bar, one, met in (
            (
                "among the first three with the complaint, at least 75 %",
                told,
                told.hit["3"] >= 0.75,
            ),
            (
                f"by drawing not below overlap ({simple.hit['3']:.0%})",
                drawn,
                drawn.hit["3"] >= simple.hit["3"],
            ),
        ):
            figure = cell(one.hit["3"], one.intervals["hit@3"], True)
            yield f"| {where}: {bar} | {figure} | {'met' if met else 'missed'} |"
    apart = [
        (f"{group}, {how} ({groups[group][name].patients})", groups[group][name])
        for how, name in (("with the complaint", "model and complaint"), ("drawing", "model"))
        for group in HELD
    ]
    for where, one in (
        *apart,
        ("simulated, drawing", report.drawing_alone["model"]),
        (f"simulated, {report.findings} findings", report.with_findings["model"]),
    ):
        value, chance = one.shown_error or 0.0, one.shown_by_chance or 0.0
        low, high = one.intervals["shown"]
        # An interval on both sides of the bar says that so few patients can't tell.
        met = "met" if value < 0.05 else "missed"
        sure = "" if high < 0.05 or low >= 0.05 else ", too few to be sure"
        yield (
            f"| calibration error of what is shown under 0.05, {where} | {value:.3f} [{low:.2f} to "
            f"{high:.2f}] | {met}{sure}; a perfectly calibrated ranking would show {chance:.3f} on as "
            f"few; with joints, roots and nerves, which are told in words, {one.listed_error:.3f} |"
        )
    yield ""
    yield from beside_the_bars(report.published)
    yield (
        "Few cases leave wide intervals: where the table below says that a simple method is as good "
        "as far as these cases tell, it means just that.\n"
    )


def page(report: Report) -> Iterator[str]:
    yield "# How good is the ranking?\n"
    yield (
        f"Release `{report.release}`. Made by `python tools/targeting/report.py`; "
        "`filiform evaluate-targeting` tells the same figures.\n"
    )
    yield (
        "*hit@k*: share of patients with a true source among the first k of all sources of the body. "
        "*found@3*: the harsher share of the true sources found there, of the three that could be. "
        "*log*, *Brier*: sums over all sources, means over patients, lower is better. *error of what "
        "is shown*: mean distance between what was said and what came true, over the muscles among the "
        "first four sources and up to eight of at least 3 %: only muscles are shown with a number. "
        "In brackets 95 % intervals.\n"
    )
    yield from said_plainly(report)
    yield from before_and_after()
    if report.published:
        yield from cases_part(report.published)
    yield "\n## Simulated patients, held out\n"
    yield (
        f"{report.patients} patients of key {report.key}; parameters were chosen on others. They "
        "don't share the model's secrets: how common each source is, how often it is felt and where "
        "its zones lie differ from patient to patient, a fifth of the points are felt in a "
        "neighbour's zone, drawers are careful, coarse, over-painting or put one dot, 6 % hurt from "
        "outside the atlas, examiners differ by 0.15 of kappa. Still they come from this atlas.\n"
    )
    yield "![Hits](targeting/hits.svg)\n"
    yield "### From the drawing, half with the complaint\n"
    yield from table(report.drawing_alone)
    yield (
        f"\n### And up to {report.findings} findings\n\n"
        f"Each the one suggested next, {report.examined:.1f} on the mean, because the examination "
        "stops when no answer would change the choice.\n"
    )
    yield from table(report.with_findings)
    yield "\n![Calibration](targeting/calibration.svg)\n"
    yield "### By region of the first cause\n\nDrawing:\n"
    yield from table(report.by_region_alone)
    yield "\nDrawing and findings:\n"
    yield from table(report.by_region)
    yield "\n![Calibration by region](targeting/regions.svg)"


def before_and_after() -> Iterator[str]:
    """The figures of the release before, kept as they were measured on the same cases."""
    yield "## Before and now\n"
    text = (PICTURES / "before.md").read_text("utf-8")
    yield text


def main(count: int) -> None:
    told = published(published_cases())
    report = msgspec.structs.replace(simulated(HELD_OUT_KEY, count, FINDINGS), published=told)
    PICTURES.mkdir(exist_ok=True)
    for name, picture in (
        ("calibration", calibration(report)),
        ("regions", regions(report)),
        ("hits", bars(report)),
    ):
        (PICTURES / f"{name}.svg").write_text(picture, "utf-8")
    kept = msgspec.json.format(msgspec.json.encode(summary(told, report.release)), indent=1)
    (DATA / "measured.json").write_bytes(kept + b"\n")
    (DOCS / "targeting-evaluation.md").write_text("\n".join(page(report)) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
