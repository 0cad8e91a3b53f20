"""Draw docs/pictures/targeting-1.svg to -10.svg: what was drawn, the ranking, and why.

    python -m tools.targeting.ten_pictures

The ten drawings of `ten_drawings`, each as one picture: the body at the left, the first five
sources at the right with a bar for what is said and a tick for what was thought before.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from tools.targeting.ten_drawings import BANDS, DRAWINGS, SHOWN, name_of, picture, said

from filiform.targeting import account, rank, read_case

TARGET = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTH, ROW, TOP, LEFT, BAR = 800, 74, 100, 300, 240
LETTERS = 84
"""Of a line of explanation at 12 px beside the bars."""


def text(x: float, y: float, words: str, size: int = 13, fill: str = "#2b2b2b") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}">{escape(words)}</text>'


def ranking(given: dict[str, Any]) -> Iterator[str]:
    """Bars and reasons. Only muscles have a bar and a number."""
    case = read_case(given)
    answer = rank(case)
    for place, one in enumerate(answer.ranked[:SHOWN]):
        y = TOP + place * ROW
        yield text(LEFT, y, name_of(one.source, one.side), 14)
        if one.band in BANDS:
            yield text(LEFT + BAR + 12, y + 18, BANDS[one.band], 12)
        else:
            yield f'<rect x="{LEFT}" y="{y + 7}" width="{BAR}" height="12" fill="#eee6dd"/>'
            wide = BAR * one.probability
            yield f'<rect x="{LEFT}" y="{y + 7}" width="{wide:.1f}" height="12" fill="#24557f"/>'
            before = LEFT + BAR * one.prior
            yield f'<path d="M{before:.1f} {y + 4}v18" stroke="#b05c50" stroke-width="2"/>'
            yield text(LEFT + BAR + 12, y + 18, f"{one.probability:.0%}", 14)
        why = account(case, answer, one.source, one.side)
        reasons = "; ".join(said(point) for point in (*why.speaks_for, *why.speaks_against))
        for line, words in enumerate(textwrap.wrap(reasons.replace("`", ""), LETTERS)[:2]):
            yield text(LEFT, y + 35 + 15 * line, words, 12, "#5b5b5b")


def drawn(number: int, title: str, given: dict[str, Any]) -> str:
    case = read_case(given)
    answer = rank(case)
    height = TOP + SHOWN * ROW
    body = picture(case, answer.ranked[0]).replace("<svg ", '<svg x="20" y="82" ', 1).strip()
    warned = dict.fromkeys(name_of(one.source, "midline") for one in answer.red_flags)
    first = f"Think of first: {', '.join(warned)}" if warned else ""
    lines = textwrap.wrap(first, 120)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fbf8f4"/>',
        text(20, 30, f"{number}. {title}", 18),
        *(text(20, 49 + 15 * n, line, 12, "#a32a22") for n, line in enumerate(lines)),
        body,
        text(20, 362, "Red: drawn. Blue: usual referral", 12, "#5b5b5b"),
        text(20, 378, "of the first. Red tick: before.", 12, "#5b5b5b"),
        *ranking(given),
        "</svg>\n",
    ]
    return "\n".join(parts)


def main() -> None:
    for number, (title, given) in enumerate(DRAWINGS, start=1):
        (TARGET / f"targeting-{number}.svg").write_text(drawn(number, title, given), "utf-8")


if __name__ == "__main__":
    main()
