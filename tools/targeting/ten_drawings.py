# ruff: noqa: E501 - the page is written in whole sentences
"""Write docs/reference/targeting-ten-drawings.md: ten drawings with ranking and explanation.

    python tools/targeting/ten_drawings.py

Every number on the page is computed here; the drawings are made up, none is a published case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.surface.flat import WHOLE, flat_view
from filiform.targeting import (
    Argument,
    PainCase,
    Ranked,
    TargetingAnswer,
    account,
    finding_kinds,
    rank,
    read_case,
    told,
    zones_of,
)

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
PICTURES = DOCS / "targeting"
SHOWN = 5
BLADES = ["disc:interscapular-mid:5:left", "disc:interscapular-mid:5:right"]
DRAWINGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Two discs between the shoulder blades", {"pain": BLADES}),
    ("Front of the shoulder and arm", {"pain": ["disc:deltoid-anterior-mid:4:right", "stripe:arm-anterior-mid>antecubital-crease-mid:4:right"], "complaint": "shoulder pain"}),
    ("Outside of the hip", {"pain": ["disc:greater-trochanter:5:left", "stripe:greater-trochanter>thigh-lateral-mid:5:left"], "complaint": "lateral hip pain"}),
    ("Back of the whole leg", {"pain": ["stripe:buttock-center>thigh-posterior-mid>calf-mid>heel-posterior:5:left"], "complaint": "sciatica"}),
    ("Low back on one side", {"pain": ["disc:l3-transverse-tip:5:right", "disc:iliac-crest-posterior:4:right"], "complaint": "low back pain"}),
    ("Neck to shoulder", {"pain": ["disc:neck-shoulder-angle:5:right", "stripe:posterior-neck-upper>posterior-neck-mid:4:right"], "complaint": "neck pain"}),
    ("Temple and back of the head", {"pain": ["disc:temple:4:left", "disc:occiput-upper:4:left"], "complaint": "headache"}),
    ("Under the heel", {"pain": ["disc:heel-plantar:4:left"], "complaint": "heel pain"}),
    ("Chest and inner left arm", {"pain": ["disc:sternum-mid:5:midline", "stripe:arm-medial-mid>forearm-ulnar-mid:4:left"], "complaint": "chest pain"}),
    ("Outside of the elbow, three findings", {"pain": ["disc:lateral-epicondyle:3:right"], "complaint": "tennis elbow", "examination": [
        {"muscle": "extensor-carpi-radialis-brevis", "side": "right", "finding": "hypersensitive-spot", "present": True},
        {"muscle": "extensor-carpi-radialis-brevis", "side": "right", "finding": "recognised-pain", "present": False},
        {"muscle": "supinator", "side": "right", "finding": "recognised-pain", "present": True}]}),
)  # fmt: skip
BANDS = {
    "nothing": "no number: an organ",
    "more-likely": "more likely",
    "possible": "possible",
    "less-likely": "less likely",
}
SAYS = {
    "explains": "covers {share:.0%} of the drawing",
    "leaves": "leaves {about}",
    "zone-not-drawn": "{share:.0%} of where it usually hurts is not drawn",
    "zone-free": "{share:.0%} of where it usually hurts is free",
    "found": "found: {about}",
    "not-found": "not found: {about}",
}


def name_of(source: str, side: str) -> str:
    known = atlas().muscles.get(source) or atlas().pain_sources[source]
    return known.name.en if side == "midline" else f"{known.name.en}, {side}"


def said(point: Argument) -> str:
    about = ", ".join(
        finding_kinds()[one].name.en.lower() if one in finding_kinds() else f"`{one}`"
        for one in point.about
    )
    return SAYS[point.code].format(share=point.share, about=about)


def picture(case: PainCase, first: Ranked) -> str:
    """What is drawn, filled, and the usual referral of the first source, outlined; cut to it."""
    drawn = case.drawing.values >= np.float32(0.5)
    zone = zones_of(first)[0].values >= np.float32(0.5)
    name = max(WHOLE, key=lambda one: len(flat_view(one).path(drawn)))
    view = flat_view(name)
    filled, line = view.path(drawn), view.path(zone)
    points = np.array(re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", filled), dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, max(float((high - low).max()) * 0.9, view.height / 10)
    left, top = np.maximum(middle - half, 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="260" height="260" role="img" '
        f'viewBox="{left:.1f} {top:.1f} {2 * half:.1f} {2 * half:.1f}">'
        f'<path d="{view.outline}" fill="#f0dccb" stroke="#8d6a55" stroke-width="{half / 90:.2f}"/>'
        f'<path d="{filled}" fill="#b05c50" fill-opacity="0.75"/>'
        f'<path d="{line}" fill="#24557f" fill-opacity="0.12" stroke="#24557f" '
        f'stroke-width="{half / 60:.2f}"/></svg>\n'
    )


def rows(case: PainCase, answer: TargetingAnswer) -> Iterator[str]:
    yield "| | said | before the drawing | for it | against it |"
    yield "| --- | ---: | ---: | --- | --- |"
    for one in answer.ranked[:SHOWN]:
        why = account(case, answer, one.source, one.side)
        chance = BANDS.get(one.band, f"{one.probability:.0%}")
        speaks = ("; ".join(said(p) for p in part) for part in (why.speaks_for, why.speaks_against))
        yield f"| {name_of(one.source, one.side)} | {chance} | {one.prior:.1%} | {' | '.join(speaks)} |"


def part(number: int, title: str, given: dict[str, Any]) -> Iterator[str]:
    case = read_case(given)
    answer = rank(case)
    file = f"drawing-{number}.svg"
    (PICTURES / file).write_text(picture(case, answer.ranked[0]), "utf-8")
    yield f"## {number}. {title}\n"
    yield f"![drawn, and the usual referral of the first]({PICTURES.name}/{file})\n"
    parts = (
        f"{one.name.en} (may be {', '.join(each.name.en for each in one.complaints)})"
        if one.general
        else one.name.en
        for one in told(case.complaint)
    )
    complaint = "; ".join(parts) or "none, so all are mixed"
    yield f"`{'`, `'.join(given['pain'])}`. Complaint: {complaint}.\n"
    if answer.red_flags:
        warned = dict.fromkeys(
            f"{name_of(one.source, 'midline')} ({one.urgency})" for one in answer.red_flags
        )
        yield f"Think of first: {', '.join(warned)}.\n"
    yield from rows(case, answer)
    steps = [
        f"{name_of(one.muscle, one.side)}: {finding_kinds()[one.finding].name.en.lower()} "
        f"({one.expected_information_bits:.2f} bit, {one.seconds:.0f} s)"
        for one in answer.next_examination[:3]
    ]
    yield f"\nNext: {'; '.join(steps) or 'nothing more would change the choice'}."
    for one in answer.next_screen[:1]:
        yield f"Worth it too: neurological screen of {name_of(one.source, one.side)}."
    yield f"Left unexplained: {answer.unexplained_fraction:.0%}.\n"


def aorta() -> Iterator[str]:
    """What moved the thoracic aorta, one after the other."""
    chances = {}
    for title, pain in (("both sides", BLADES), ("one side", BLADES[:1])):
        answer = rank(read_case({"pain": pain}))
        chances[title] = next(r for r in answer.ranked if r.source == "aorta-thoracic")
    both, one = chances["both sides"], chances["one side"]
    place = [r.source for r in rank(read_case({"pain": BLADES})).ranked].index("aorta-thoracic") + 1
    yield "## Why the aorta is where it is now\n"
    yield (
        "Two discs between the shoulder blades gave the thoracic aorta 90 %. Four things were wrong, "
        "and each was mended by itself:\n"
    )
    yield (
        "1. Its prior was that of every joint, nerve and organ, 0.23 %. It is now its own: some 3 in "
        "1000 with back pain have any serious organ behind it (Henschke 2009), an aorta far fewer "
        f"(design: 0.05 in 1000); {both.prior:.3%} before this drawing.\n"
        "2. It explained both sides at the price of one source, while muscles need two. A source of "
        "the middle now counts one side of a drawing on both.\n"
        "3. Muscles shared one low prior, so anything that fitted won. They have counted and pooled "
        "ones now, and are felt over themselves.\n"
        "4. What is said is fitted to what came true.\n"
    )
    yield (
        f"It stands at place {place} of {len(rank(read_case({'pain': BLADES})).ranked)} with "
        f"{both.probability:.2%} ({one.probability:.2%} for one disc alone), and it is still named "
        "before every muscle, because its zone is drawn and an aorta does not wait: a warning goes by "
        "urgency and has no number on the page.\n"
    )


def main() -> None:
    lines = ["# Ten drawings\n"]
    lines.append(
        "Made by `python tools/targeting/ten_drawings.py`. Red: drawn. Blue: where the first source "
        "usually refers. *Before the drawing*: by complaint, or by what the place suggests.\n"
    )
    lines += aorta()
    for number, (title, given) in enumerate(DRAWINGS, start=1):
        lines += part(number, title, given)
    (DOCS / "targeting-ten-drawings.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
