"""Write the evaluation page with its pictures: docs/reference/targeting-evaluation.md.

    python tools/targeting/report.py [CASES.JSONL] [PATIENTS]

Judges held-out simulated patients (400) and, where the file of published cases is given, those.
Some two minutes on one core.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from filiform.targeting.evaluation import HELD_OUT_KEY, RANKERS, Bin, Scores
from filiform.targeting.published import Miss, Published, published
from filiform.targeting.report import Report, simulated

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
PICTURES = DOCS / "targeting"
FINDINGS = 5
NAMES = {
    "model": "Filiform",
    "overlap": "area overlap",
    "nearest": "nearest trigger point",
    "naive-bayes": "naive Bayes",
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
        parts += [*square(x, EDGE, SIDE, title), *curve(figures.curve, x, EDGE, SIDE, colour)]
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
        colour = TWO if "findings" in name else ONE if name == "Filiform" else SOFT
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


def table(rows: dict[str, Scores]) -> Iterator[str]:
    heads = ("hit@1", "hit@3", "hit@5", "found@1", "found@3", "found@5", "log", "Brier", "error")
    yield f"| | patients | {' | '.join(heads)} |"
    yield "| --- |" + " ---: |" * 10
    for name, one in rows.items():
        shares = [one.hit[d] for d in ("1", "3", "5")] + [one.found[d] for d in ("1", "3", "5")]
        rest = [
            "" if value is None else f"{value:.{digits}f}"
            for value, digits in (
                (one.log_score, 2),
                (one.brier, 2),
                (one.calibration_error, 3),
            )
        ]
        cells = [NAMES.get(name, name), str(one.patients), *(f"{s:.0%}" for s in shares), *rest]
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


def cases_part(found: Published) -> Iterator[str]:
    yield "\n## Published case reports\n"
    yield (
        f"{found.figures['all'].patients} reports from which the pain areas and the muscles to "
        "blame were taken; nothing was fitted to them and the parameters were frozen before they "
        "were looked at. A report names muscles without a side, so both sides count as one. Many "
        "blame several muscles, some for reasons that no drawing shows.\n"
    )
    yield from table(found.figures)
    yield "\nSimpler ways, all cases:\n"
    yield from table(found.baselines)
    yield "\n### Every miss: true muscles that are not among the first five\n"
    yield "| case | areas | muscle | place | probability | why |"
    yield "| --- | --- | --- | ---: | ---: | --- |"
    for miss in found.misses:
        areas = "specific" if miss.areas_specific else "not specific"
        yield (
            f"| {miss.id} | {areas} | {miss.muscle} | {miss.rank} | {miss.probability:.3f} | "
            f"{sentence(miss)} |"
        )


def page(report: Report) -> Iterator[str]:
    yield "# How good is the ranking?\n"
    yield (
        f"Release `{report.release}`. Made by `python tools/targeting/report.py`; "
        "`filiform evaluate-targeting` tells the same figures.\n"
    )
    yield (
        "*hit@k*: share of patients with a true source among the first k of all "
        "sources of the body. *found@k*: the harsher share of the true sources found there, of the "
        "k that could be. *log*, *Brier*: sums over all sources, means over patients, lower is "
        "better. *error*: mean distance between what was said and what came true, over all "
        "probabilities of at least 0.01.\n"
    )
    yield "## Simulated patients, held out\n"
    yield (
        f"{report.patients} patients of key {report.key}; the parameters were fitted on others. "
        "Simulated patients draw after the atlas that the model knows, moved, stretched, cut, "
        "clumsy, incomplete and with stray areas: real ones may keep to it less, so these figures "
        "say how well the method works if the atlas is right, not how right the atlas is.\n"
    )
    yield "![Hits](targeting/hits.svg)\n"
    yield "### From the drawing alone\n"
    yield from table(report.drawing_alone)
    yield (
        f"\n### Drawing and up to {report.findings} palpation findings\n\n"
        f"Each the one suggested next, {report.examined:.1f} on the mean, because palpation stops "
        "when no answer would change the choice.\n"
    )
    yield from table(report.with_findings)
    yield "\n![Calibration](targeting/calibration.svg)\n"
    yield "### By region of the first cause\n\nDrawing alone:\n"
    yield from table(report.by_region_alone)
    yield "\nDrawing and findings:\n"
    yield from table(report.by_region)
    yield "\n![Calibration by region](targeting/regions.svg)"
    if report.published:
        yield from cases_part(report.published)


def main(cases: str, count: int) -> None:
    lines = Path(cases).read_text("utf-8").splitlines() if cases else []
    told = published([json.loads(line) for line in lines], RANKERS) if lines else None
    report = msgspec.structs.replace(simulated(HELD_OUT_KEY, count, FINDINGS), published=told)
    PICTURES.mkdir(exist_ok=True)
    for name, picture in (
        ("calibration", calibration(report)),
        ("regions", regions(report)),
        ("hits", bars(report)),
    ):
        (PICTURES / f"{name}.svg").write_text(picture, "utf-8")
    (DOCS / "targeting-evaluation.md").write_text("\n".join(page(report)) + "\n", "utf-8")


if __name__ == "__main__":
    words = sys.argv[1:]
    main(words[0] if words else "", int(words[1]) if len(words) > 1 else 400)
