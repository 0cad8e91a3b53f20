"""Writes docs/reference/atlas-ten-muscles.md, atlas-where.md and the picture of the ten muscles:

    python tools/atlas/pages.py

The published descriptions are told in our own words, with the text that they were taken from.
"""

from __future__ import annotations

from pathlib import Path

from sheets import muscle_cells, sheet

from filiform.anatomy import atlas
from filiform.anatomy.surface import draw
from filiform.anatomy.zones import what_refers_to, zone_matrix

DOCS = Path(__file__).parents[2] / "docs/reference"
PUBLISHED = {
    "trapezius-upper/1": (
        "Up the back and side of the neck to the mastoid, on to the temple and behind the eye.",
        "text of the 1983 figure, medlink.com Mpssi5",
    ),
    "trapezius-upper/2": (
        "To the occiput, overlapping with the first point behind the ear.",
        "text of the 1983 figure, medlink.com Mpssi6",
    ),
    "sternocleidomastoid-sternal/2": (
        "The sternal division as a whole: occiput, cheek and around the eye; mistaken for "
        "sinusitis.",
        "fpnotebook.com, trigger point locations",
    ),
    "levator-scapulae/1": (
        "Angle of the neck, vertebral border of the scapula down to its lower angle, back of the "
        "shoulder.",
        "text of the 1983 figure, medlink.com mpssi10",
    ),
    "scalene-anterior/1": (
        "Chest, inner border of the scapula, outer arm, often down the radial forearm to thumb and "
        "index finger.",
        "text of the 1983 figure, medlink.com mpssi11a",
    ),
    "infraspinatus/1": (
        "Most often the front and outer side of the arm above the elbow (380 muscles of 297 "
        "patients); the front of the shoulder joint.",
        "Kwon 2017, doi 10.5535/arm.2017.41.4.573, abstract; medlink.com mpssi12b",
    ),
    "quadratus-lumborum/2": (
        "The muscle as a whole: sacroiliac region, lower buttock, iliac crest to the lower abdomen "
        "and groin, greater trochanter.",
        "brainscape.com, referral flashcards",
    ),
    "gluteus-minimus/1": (
        "Lower outer buttock, outer thigh, knee and leg to the ankle, seldom beyond.",
        "painfreehealth.ca, gluteus minimus, after the manual's second volume",
    ),
    "soleus/1": ("Heel (and from another of its points the sacroiliac joint).", "fpnotebook.com"),
    "pectoralis-minor/1": ("Breast and ulnar arm.", "fpnotebook.com, trigger point locations"),
}
PLACES = {
    "the temple": "disc:temple:1.5:right",
    "the front of the shoulder": "disc:deltoid-anterior-mid:3:right",
    "the lateral elbow": "disc:lateral-epicondyle:2:right",
    "the buttock": "disc:buttock-center:4:right",
    "the heel": "disc:heel-plantar:2:right",
}


def ten_muscles() -> None:
    cells, rows = [], []
    for point_id, (told, source) in PUBLISHED.items():
        muscle_id, number = point_id.split("/")
        muscle = atlas().muscles[muscle_id]
        cells.append(muscle_cells(muscle)[int(number) - 1])
        ours = "; ".join(part for part in map(_regions, zone_matrix().zones(point_id, "right")))
        rows.append(f"| {muscle.name.en} {number} | {told} ({source}) | {ours} |")
    sheet("ten-muscles", cells)
    text = (
        "# Ten trigger points beside their published description\n\n"
        "Left the description in our words with the text it was taken from; right the regions that "
        "the drawn zone covers,\nlargest first, essential before the semicolon, spillover after "
        "it. Made by `tools/atlas/pages.py`.\n\n"
        "| trigger point | published | drawn |\n| --- | --- | --- |\n"
        + "\n".join(rows)
        + "\n\n![The ten zones](atlas/ten-muscles.webp)\n"
    )
    (DOCS / "atlas-ten-muscles.md").write_text(text, encoding="utf-8")


def _regions(weights: object) -> str:
    shares = [share for share in weights.regions() if share.area_cm2 > 3]  # type: ignore[attr-defined]
    names = dict.fromkeys(atlas().regions[share.region].name.en.lower() for share in shares)
    return ", ".join(list(names)[:7])


def where() -> None:
    parts = [
        "# What refers to five places\n",
        "`filiform atlas refers AREA`, right side; covered: share of the place that the source's "
        "pain covers,\nspillover counting half. Made by `tools/atlas/pages.py`; tests name what a "
        "clinician expects on top.\n",
    ]
    for name, area in PLACES.items():
        parts.append(f"## {name.capitalize()}: `{area}`\n\n| source | covered | sure |")
        parts.append("| --- | --- | --- |")
        for referral in what_refers_to(draw(area))[:12]:
            source = referral.source
            if source.muscle_id:
                muscle = atlas().muscles[source.muscle_id]
                point = muscle.trigger_point(source.id.split("/")[1])
                told, sure = f"{muscle.name.en} {point.number}", point.confidence
            else:
                other = atlas().pain_sources[source.id]
                told, sure = f"*{other.name.en}*", other.confidence
            parts.append(f"| {told} | {referral.strength:.0%} | {sure} |")
        parts.append("")
    (DOCS / "atlas-where.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    ten_muscles()
    where()
