"""Notes are for people. What is done with a muscle rests on columns, never on a sentence or on a
piece of an id: the same plans come of reworded notes and of other ids."""

from __future__ import annotations

import pytest
from tests.planning.rewording import data_as, new_ids, renamed, reworded, unnamed_distances

from filiform.anatomy import atlas
from filiform.outcomes import checks_due, report_flags
from filiform.planning import TECHNIQUES, Body, as_json, check, check_session, suggest
from filiform.planning.section import section

BODIES = (
    {},
    {"sex": "female", "age_years": 30, "height_cm": 165, "weight_kg": 45},
    {"sex": "male", "age_years": 45, "height_cm": 178, "weight_kg": 88},
    {"sex": "female", "age_years": 80, "height_cm": 160, "weight_kg": 85},
    {"sex": "male", "age_years": 10, "height_cm": 138, "weight_kg": 32},
)
SHOWN = ("direction", "technique_notes", "stop_signs", "release", "muscle")
NAMES = ("muscle", "why", "usual", "got", "technique", "allowed", "muscles", "to", "nerve", "test")


def decisions(muscle: str) -> list[object]:
    """All that is decided about a muscle: plans, checks of plans, sides, follow-up."""
    found: list[object] = []
    points = ["", *(point.number for point in atlas().muscles[muscle].trigger_points)]
    for body in BODIES:
        for point in points:
            plan = as_json(suggest(muscle, "left", trp=point, **body))
            kept = {name: value for name, value in plan.items() if name not in SHOWN}
            for row in (kept["depth_mm"] or {}).get("distances", ()):
                del row["to"]
            kept["hazards"] = [(one["confidence"], one["sources"]) for one in kept["hazards"]]
            kept["reasons"] = [_bare(one) for one in kept["reasons"]]
            found.append(kept)
    for technique, _name in TECHNIQUES:
        size = {"diameter_mm": 0.25, "length_mm": 30, "depth_mm": 9, "passes": 1}
        reasons = check(muscle, "right", technique=technique, **size)
        found.append([(one.code, one.weight) for one in reasons])
    found.append([one.code for one in check_session([(muscle, "left"), (muscle, "right")])])
    due = checks_due(first_visit=False, muscles=[muscle], antithrombotic=False, pregnant=False)
    found += [
        report_flags([muscle]),
        [(one.hours, one.call_if_silent, len(one.why)) for one in due],
    ]
    return found


def _bare(reason: dict) -> tuple:
    numbers = {
        name: value
        for name, value in reason["params"].items()
        if name.removesuffix("_ur") not in NAMES
    }
    return reason["id"], reason["class"], numbers, reason["sources"]


@pytest.fixture(scope="module")
def as_it_is() -> dict[str, list[object]]:
    return {muscle: decisions(muscle) for muscle in atlas().muscles}


@pytest.mark.parametrize(
    "words",
    [
        "–",
        "No pistoning, superficial only, multifidus, scalene, over the lung, ultrasound only.",
        "Deep, fast in and fast out, straight down, no bone needed.",
    ],
)
def test_rewording_every_note_changes_no_decision(as_it_is, words):
    with data_as(lambda name, text: reworded(name, text, words)):
        assert atlas().muscles["soleus"].needling.direction.en == words
        changed = [muscle for muscle in as_it_is if decisions(muscle) != as_it_is[muscle]]
    assert changed == []


def test_renaming_every_muscle_and_region_changes_no_decision(as_it_is):
    ids = new_ids()
    with data_as(lambda name, text: renamed(name, text, ids)):
        assert "soleus" not in atlas().muscles
        changed = [muscle for muscle in as_it_is if decisions(ids[muscle]) != as_it_is[muscle]]
    assert changed == []


def test_renaming_and_rewording_every_distance_changes_no_layer_of_a_section() -> None:
    def layers() -> dict[str, list[str]]:
        body = Body(sex="female", age_years=30, height_cm=165, weight_kg=60)
        return {
            muscle: [one.kind for one in section(muscle, body).layers] for muscle in atlas().muscles
        }

    before = layers()
    assert "ribs" in before["rhomboid-major"]
    with data_as(unnamed_distances):
        assert layers() == before
