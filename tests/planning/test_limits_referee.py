"""The slow referee of depth: every place in every body, from the raw files alone.

Nothing of `filiform.planning` but `suggest` is used: notes, caps, distances and needles are read
here by hand, so that a fault in how the limit is made can't hide in the same fault here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from filiform.anatomy import atlas
from filiform.anatomy.tables import data_text as atlas_text
from filiform.planning import suggest
from filiform.planning.knowledge import data_text

pytestmark = pytest.mark.long

PLACES = [
    (muscle.id, point)
    for muscle in atlas().muscles.values()
    for point in ("", *(one.number for one in muscle.trigger_points))
]
BUILDS = [
    ("female", 30, 165, 48), ("female", 40, 165, 60), ("female", 50, 165, 90),
    ("male", 30, 178, 55.5), ("male", 40, 178, 75), ("male", 50, 175, 105),
]  # fmt: skip
"""Sex, years, cm, kg: the six columns of docs/reference/depth-limits.md."""
INDEXES = (14.0, 18.49, 18.5, 24.99, 25.0, 30.0, 30.01, 42.0, 60.0)
ROUNDING_MM = 1e-6


def bodies() -> Iterator[dict[str, Any]]:
    for sex, years, height, weight in BUILDS:
        yield {"sex": sex, "age_years": years, "height_cm": height, "weight_kg": weight}
    for at, index in enumerate(INDEXES):
        sex = ("other", "unknown", "female", "male")[at % 4]
        yield {"sex": sex, "age_years": 80, "height_cm": 170, "weight_kg": index * 1.7**2}
    yield {"sex": "unknown"}
    yield {"sex": "other", "height_cm": 150}


def notes() -> dict[str, float]:
    """End of the needling note's range, by muscle, where there is one."""
    header, *lines = atlas_text("needling.tsv").splitlines()
    at = header.split("\t").index("depth_max_mm")
    rows = [line.split("\t") for line in lines]
    return {row[0]: float(row[at]) for row in rows if row[at]}


def speaks_of(entry: dict[str, Any], muscle: str, point: str, grip: str) -> bool:
    here = muscle in entry["muscles"] and (not entry.get("points") or point in entry["points"])
    return here and (not entry.get("grips") or grip in entry["grips"])


def index_of(body: dict[str, Any]) -> float | None:
    if "weight_kg" not in body or "height_cm" not in body:
        return None
    return round(float(body["weight_kg"]) / (float(body["height_cm"]) / 100) ** 2, 2)


def by_band(limits: dict[str, float], index: float | None) -> float:
    """A cap at a body-mass index: the band that allows less on a border, the least if unknown."""
    if index is None:
        return min(limits.values())
    bands = [("under_18_5", 0, 18.5), ("to_25", 18.5, 25), ("to_30", 25, 30), ("over_30", 30, 999)]
    return min(limits[name] for name, low, high in bands if low <= index <= high)


def nearest(entry: dict[str, Any], body: dict[str, Any]) -> float | None:
    """The smallest distance to a danger that a study lets us expect in this body."""
    sex, index = body["sex"], index_of(body)
    names = (
        ["any"] if "any" in entry else [sex] if sex in ("female", "male") else ["female", "male"]
    )
    low, high = entry.get("bmi_from", 0.0), entry.get("bmi_to", 100.0)
    slope, years = entry.get("per_bmi_mm", 0.0), body.get("age_years")
    found = []
    for group in (entry[name] for name in names if name in entry):
        if "least_mm" in group:
            found.append(group["least_mm"])
        for build in [low, high] if index is None else [min(max(index, low), high)]:
            if "mean_mm" not in group:
                continue
            mean = group["mean_mm"] + (slope * (build - entry.get("at_bmi", 0.0)) if slope else 0)
            if years is not None:
                mean += entry.get("per_year_mm", 0.0) * (years - entry.get("at_years", 40.0))
            if "sd_mm" in group:
                found.append(mean - 1.645 * group["sd_mm"])
            elif "least_mm" not in group:
                found.append(0.7 * mean)
    return min(found, default=None)


def sources(muscle: str, point: str, grip: str, body: dict[str, Any]) -> dict[str, float]:
    """Every number of the files that speaks of this place in this body, in mm."""
    found = {}
    if muscle in NOTES:
        found["needling note"] = NOTES[muscle]
    for cap in CAPS:
        if speaks_of(cap, muscle, point, grip):
            found[cap["id"]] = by_band(cap["limit_mm"], index_of(body))
    for one in DISTANCES:
        if one["kind"] == "danger" and speaks_of(one, muscle, point, grip):
            mm = nearest(one, body)
            if mm is not None:
                found[one["id"]] = max(mm, 0.1)
    return found


NOTES = notes()
CAPS = tomllib.loads(data_text("caps.toml"))["cap"]
DISTANCES = tomllib.loads(data_text("distances.toml"))["distance"]


def faults(muscle: str, point: str, body: dict[str, Any]) -> Iterator[str]:
    plan = suggest(muscle, "left", trp=point, **body)
    depth, needle = plan.depth_mm, plan.needle
    if depth is None:
        if needle is not None:
            yield "a needle without a depth"
        return
    told = sources(muscle, point, plan.palpation, body)
    for name, mm in told.items():
        if depth.limit > mm + ROUNDING_MM:
            yield f"limit {depth.limit} is deeper than {name} with {mm:.2f}"
    if needle is None:
        return
    if not depth.target[1] < depth.limit:
        yield f"the proposal {depth.target} stands on the limit {depth.limit}"
    over_lung = [one for one in DISTANCES if one.get("over_lung") and one["id"] in told]
    # Straight over the lung up to the hub; elsewhere a third of the shaft stays outside.
    straight = over_lung and plan.palpation == "flat"
    goes_mm = needle.length_mm if straight else needle.length_mm * 2 / 3
    for name, mm in told.items():
        if goes_mm > mm + ROUNDING_MM:
            yield f"needle of {needle.length_mm} mm goes {goes_mm:.1f}, past {name} with {mm:.2f}"


def test_in_no_body_is_any_limit_deeper_than_a_source_or_any_needle_able_to_pass_it() -> None:
    wrong = [
        f"{muscle}/{point or 'whole'} in {body}: {fault}"
        for body in bodies()
        for muscle, point in PLACES
        for fault in faults(muscle, point, body)
    ]
    assert wrong == []


def test_no_child_of_any_build_is_offered_a_needle_by_a_number_of_adults() -> None:
    children = [(3, 95, 14), (3, 90, 25), (10, 138, 32), (10, 150, 75), (17, 175, 70)]
    offered = [
        (muscle, point, years, sex)
        for years, height, weight in children
        for sex in ("female", "male", "other", "unknown")
        for muscle, point in PLACES
        if suggest(
            muscle, "left", trp=point, sex=sex, age_years=years, height_cm=height, weight_kg=weight
        ).needle
        is not None
    ]
    assert offered == []
