"""Writes docs/reference/sections.md and its pictures: five sites in two bodies.

python tools/planning/sections.py
"""

from __future__ import annotations

from pathlib import Path

from filiform.anatomy import atlas
from filiform.planning import Body, NeedlePlan, suggest
from filiform.planning.section import Section, section
from filiform.planning.section_picture import PLAIN, needle_of, section_picture

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "reference/sections.md"
PICTURES = DOCS / "pictures/sections"
ABOUT = Path(__file__).parent / "sections_about.md"
SITES = (
    ("infraspinatus", ""),
    ("trapezius-upper", ""),
    ("rhomboid-major", ""),
    ("iliocostalis-thoracis", ""),
    ("piriformis", "1"),
)
BODIES = {
    "slim-woman": Body(sex="female", age_years=30, height_cm=168, weight_kg=50),
    "heavy-man": Body(sex="male", age_years=50, height_cm=178, weight_kg=108),
}
NAMES = {"slim-woman": "A slim woman, 17.7 kg/m2", "heavy-man": "A heavy man, 34.1 kg/m2"}


def found(muscle: str, trp: str, body: Body) -> tuple[NeedlePlan, Section]:
    plan = suggest(
        muscle,
        "right",
        trp=trp,
        sex=body.sex,
        age_years=body.age_years,
        height_cm=body.height_cm,
        weight_kg=body.weight_kg,
    )
    return plan, section(muscle, body, trp=trp)


def pictures() -> dict[str, str]:
    """File name → SVG."""
    drawn = {}
    for muscle, trp in SITES:
        for key, body in BODIES.items():
            plan, seen = found(muscle, trp, body)
            name = f"{muscle}-{key}"
            label = f"{atlas().muscles[muscle].name.en}: section in {NAMES[key].lower()}"
            drawn[f"{name}.svg"] = section_picture(
                seen, needle_of(plan), label=label, style=PLAIN, prefix=name
            )
    return drawn


def page() -> str:
    parts = [ABOUT.read_text(encoding="utf-8").strip(), ""]
    for muscle, trp in SITES:
        parts += [f"## {atlas().muscles[muscle].name.en}", ""]
        for key, body in BODIES.items():
            plan, seen = found(muscle, trp, body)
            parts += [
                f"**{NAMES[key]}.** {_plan_in_words(plan)}",
                "",
                f"![{muscle}, {key}](../pictures/sections/{muscle}-{key}.svg)",
                "",
                *_notes(plan, seen),
                "",
            ]
    return "\n".join(parts).rstrip() + "\n"


def _plan_in_words(plan: NeedlePlan) -> str:
    depth, needle = plan.depth_mm, plan.needle
    if depth is None or needle is None:
        return "No needle and no depth is proposed."
    low, high = depth.target
    return (
        f"{needle.diameter_mm:.2f} x {needle.length_mm:g} mm, {plan.palpation}, "
        f"{plan.approach}; proposed {low:g} to {high:g} mm, limit {depth.limit:g} mm "
        f"(`{depth.limit_rule}`, {depth.confidence})."
    )


def _notes(plan: NeedlePlan, seen: Section) -> list[str]:
    # By their codes: their sentences are worded elsewhere, and change without the picture.
    minded = ", ".join(f"`{reason.code}`" for reason in plan.reasons)
    notes = [f"- To be minded: {minded}."] if minded else []
    if seen.unplaced:
        notes.append(f"- Depth not known: {'; '.join(one.en for one in seen.unplaced)}.")
    if not seen.by_build:
        notes.append("- Nobody measured this place by sex or build.")
    return notes


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures().items():
        (PICTURES / name).write_text(svg + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
