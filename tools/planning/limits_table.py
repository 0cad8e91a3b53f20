"""Writes docs/reference/depth-limits.md, the limits of every muscle for six bodies:

python tools/planning/limits_table.py
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from filiform.anatomy import Muscle, atlas
from filiform.planning import Body, knowledge
from filiform.planning.distances import Distance
from filiform.planning.limits import Limit, distances_for, limit_for

PAGE = Path(__file__).parents[2] / "docs/reference/depth-limits.md"
ABOUT = Path(__file__).parent / "limits_about.md"
BODIES = {
    "woman 17.6": Body(sex="female", age_years=30, height_cm=165, weight_kg=48),
    "woman 22": Body(sex="female", age_years=40, height_cm=165, weight_kg=60),
    "woman 33": Body(sex="female", age_years=50, height_cm=165, weight_kg=90),
    "man 17.5": Body(sex="male", age_years=30, height_cm=178, weight_kg=55.5),
    "man 23.7": Body(sex="male", age_years=40, height_cm=178, weight_kg=75),
    "man 34": Body(sex="male", age_years=50, height_cm=175, weight_kg=105),
}
"""Sex and body-mass index in kg/m2 of the six columns."""
LETTER = {"expert": "E", "published": "P", "measured": "M"}
Cells = list[Limit | None]


def cells(muscle: Muscle, point: str) -> Cells:
    """The limit of a place in every body, None where there is none."""
    grip = muscle.needling.usual_grip
    return [limit_for(muscle, grip, body, point) for body in BODIES.values()]


def rows() -> list[tuple[Muscle, str, Cells]]:
    """Every muscle, and beneath it its points whose limits differ from those of the whole."""
    found = []
    for muscle in atlas().muscles.values():
        whole = cells(muscle, "")
        found.append((muscle, "", whole))
        for point in muscle.trigger_points:
            own = cells(muscle, point.number)
            if [_shown(one) for one in own] != [_shown(one) for one in whole]:
                found.append((muscle, point.number, own))
    return found


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            ABOUT.read_text(encoding="utf-8").strip(),
            "",
            *_counts(),
            "",
            "## The limits",
            "",
            "Millimetres and basis: E expert (a design value, an uncompared note), P published.",
            "A dash: no source gives a depth. `*`: over the lung. Body-mass index in kg/m2.",
            "",
            f"| muscle | point | grip | {' | '.join(BODIES)} | what limits (woman 22) |",
            f"|---|---|---|{'---|' * (len(BODIES) + 1)}",
            *(_line(*row) for row in rows()),
            "",
            "## Published distances used",
            "",
            "| id | to | n | how | women | men | for each kg/m2 | read | source |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_distance_line(one) for one in knowledge().distances),
            "",
        ]
    )


def _shown(limit: Limit | None) -> str:
    return "–" if limit is None else f"{limit.limit_mm:g} {LETTER[limit.basis]}"


def _line(muscle: Muscle, point: str, own: Cells) -> str:
    name = muscle.id + (" \\*" if muscle.over_lung else "")
    shown = " | ".join(_shown(one) for one in own)
    normal = own[1]
    rule = f"`{normal.rule}`, {normal.confidence}" if normal else "no depth known"
    if not muscle.needleable:
        rule = "not to be needled"
    return f"| {name} | {point} | {muscle.needling.usual_grip} | {shown} | {rule} |"


def _counts() -> list[str]:
    whole = [(muscle, own[1]) for muscle, point, own in rows() if not point]
    kinds = Counter(_kind(limit) for _, limit in whole)
    modelled = [
        muscle.id
        for muscle, _ in whole
        if any(
            one.per_bmi_mm or one.female or one.male
            for point in ("", *(one.number for one in muscle.trigger_points))
            for one in distances_for(muscle, muscle.needling.usual_grip, point)
        )
    ]
    bare = [
        muscle.id
        for muscle, limit in whole
        if limit is not None
        and not any(
            distances_for(muscle, muscle.needling.usual_grip, point)
            for point in ("", *(one.number for one in muscle.trigger_points))
        )
    ]
    return [
        "## What limits how many",
        "",
        "For a woman of 22 kg/m2, the muscle as a whole: "
        + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        + ".",
        f"For {len(modelled)} of {len(whole)} muscles a published distance by sex or body mass "
        f"stands behind the answer; for {len(bare)} none of any kind was found:",
        "",
        ", ".join(bare) + ".",
    ]


def _kind(limit: Limit | None) -> str:
    if limit is None:
        return "without a limit"
    known = {one.id for one in knowledge().distances}
    if limit.rule in known:
        return "by a published distance"
    names = {
        "needling-note": "by the needling note",
        "note-less-fat": "by the note, less the fat that a slimmer body lacks",
        "longest-needle": "by the longest needle used there",
        "note-slim": "by the note, shortened for a slim body",
    }
    return names.get(limit.rule, "by a cap")


def _distance_line(one: Distance) -> str:
    def group(sex: str) -> str:
        spread = one.any or getattr(one, sex)
        if spread is None:
            return "–"
        mean = f"{spread.mean_mm:g}" if spread.mean_mm is not None else ""
        sd = f" ± {spread.sd_mm:g}" if spread.sd_mm is not None else ""
        named = "least" if one.least == "minimum" else one.least.replace("-", " ")
        least = f" ({named} {spread.least_mm:g})" if spread.least_mm is not None else ""
        return (mean + sd + least).strip()

    slope = f"{one.per_bmi_mm:+g}, {one.bmi_from:g} to {one.bmi_to:g}" if one.per_bmi_mm else ""
    people = str(one.n) if one.n else "–"
    cited = ", ".join(one.sources)
    return (
        f"| `{one.id}` | {one.to.en} | {people} | {one.method} | {group('female')} | "
        f"{group('male')} | {slope} | {one.read} | {cited} |"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
