"""Pictures of exercises: each has its own, small and on the right side."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ET
from importlib.resources import files

import msgspec
import pytest
from tests.tables import check_each

from filiform.anatomy import atlas
from filiform.anatomy.surface import places
from filiform.programme import computed, figures, knowledge
from filiform.programme.computed import computed_stretches, why_this_posture
from filiform.programme.figures import (
    BUILDS,
    build_for,
    drawn_exercises,
    figure_of,
    figure_release,
    moving,
    still,
)

UNDRAWN = {"full-range"}
"""Moves whatever was treated: no one picture shows it."""
SVG = "{http://www.w3.org/2000/svg}"


def moved_exercises() -> set[str]:
    known = knowledge()
    companions = (*known.companions, *known.general)
    return {one.id for one in known.stretch_of.values()} | {
        one.id for one in companions if one.kind in ("exercise", "self-release")
    }


def test_every_stretch_exercise_and_self_release_is_drawn_and_nothing_else() -> None:
    assert drawn_exercises() == moved_exercises() - UNDRAWN


def test_every_picture_is_small_and_whole_in_every_build() -> None:
    def check(exercise: str) -> None:
        for build in BUILDS:
            text = still(exercise, build)
            assert len(text) < 7_500, f"{build}: {len(text)} characters"
            root = ET.fromstring(text)  # noqa: S314 - our own text
            width, height = (float(n) for n in root.attrib["viewBox"].split()[2:])
            found = figure_of(exercise, build)
            assert (width, height) == (found.still_width, found.height)
            numbers = [int(n) for n in re.findall(r"-?\d+", found.frames[0]["skin"])]
            assert numbers, "an empty picture"

    check_each(sorted(drawn_exercises()), check)


def test_a_picture_shows_something_of_the_muscle_or_the_thing_pressed() -> None:
    """Deep muscles under clothes and the pelvic floor stay unseen; most must be seen."""
    seen = [
        name
        for name in drawn_exercises()
        if any("muscle" in frame for frame in figure_of(name, "man").frames)
    ]
    assert len(seen) >= 0.85 * len(drawn_exercises())


def test_the_left_side_is_the_mirror_image_and_urdu_begins_on_the_right() -> None:
    right, left = still("hip-front", "woman", "right"), still("hip-front", "woman", "left")
    assert right != left
    assert left.replace('<g transform="matrix(-1 0 0 1 ', "").count("<path") == right.count("<path")
    assert left.count("matrix(-1 0 0 1") == 3  # start, end and arrow
    first = figure_of("hip-front", "woman").frames[0]["line"]
    turned = still("hip-front", "woman", turned=True)
    assert right.index(first) < right.index("translate(") < right.index("</svg>")
    assert turned.index("translate(") < turned.index(first)


def test_a_moving_picture_is_as_large_as_the_still_one_and_obeys_reduced_motion() -> None:
    one, two = still("lunge", "man"), moving("lunge", "man")
    box = re.compile(r'viewBox="([^"]+)"')
    assert box.search(one)[1] == box.search(two)[1]
    assert "prefers-reduced-motion" in two
    assert two.count('class="skin"') == len(figure_of("lunge", "man").frames) >= 3
    # What doesn't move stays still when it is set in motion.
    assert moving("ball-gluteal", "man") == still("ball-gluteal", "man")


@pytest.mark.parametrize(
    ("sex", "height_cm", "weight_kg", "build"),
    [
        ("female", 160, 60, "woman"),
        ("female", 160, 90, "woman-heavy"),
        ("male", 180, 80, "man"),
        ("male", 180, 100, "man-heavy"),
        ("male", None, 120, "man"),
        ("unknown", None, None, "woman"),
    ],
)
def test_a_picture_resembles_the_patient(sex, height_cm, weight_kg, build) -> None:
    assert build_for(sex, height_cm, weight_kg) == build


def test_computed_stretches_speak_of_every_muscle_and_never_of_more_than_is_possible() -> None:
    table = computed_stretches()
    assert set(table) == set(atlas().muscles)
    for muscle, one in table.items():
        assert one.stretch_id == knowledge().stretch_of[muscle].id
        assert why_this_posture(muscle).ur
        if one.most_percent is None:
            assert one.verdict == "not in the model"
            continue
        assert one.most_percent >= 0
        if one.verdict == "agrees":
            assert one.ours_percent is not None
            assert one.ours_percent >= min(0.74 * one.most_percent, one.most_percent - 0.6), muscle
        # The search may stop a little short of the top, never far below what is already known.
        assert (one.ours_percent or 0) <= one.most_percent + 1.0, muscle


def test_where_the_model_disagrees_whoever_prescribes_is_told(monkeypatch) -> None:
    one = computed.computed_stretches()["soleus"]
    told = {"verdict": "disagrees", "most_percent": 24.4, "ours_percent": 3.0}
    odd = {"soleus": msgspec.structs.replace(one, **told)}
    monkeypatch.setattr(computed, "computed_stretches", lambda: odd)
    words = why_this_posture("soleus")
    assert words.en.startswith("The model disagrees: 3 % here, 24 % in the posture below.")
    assert "ماڈل متفق نہیں" in words.ur
    odd["soleus"] = msgspec.structs.replace(one, most_percent=24.4, ours_percent=None)
    assert why_this_posture("soleus").en.endswith("our posture can't be put into the model.")


def test_a_computed_stretch_that_cannot_be_read_is_named(monkeypatch, tmp_path) -> None:
    whole = files("filiform.programme").joinpath("data/computed_stretches.tsv").read_text("utf-8")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(computed, "files", lambda _package: tmp_path)
    for old, new in (("agrees", "perhaps"), ("24.4", "a quarter")):
        assert old in whole
        (tmp_path / "data/computed_stretches.tsv").write_text(whole.replace(old, new), "utf-8")
        with pytest.raises(ValueError, match=r"computed_stretches\.tsv, [a-z-]+: "):
            computed_stretches.__wrapped__()


def test_a_changed_picture_changes_the_addresses_of_all(monkeypatch) -> None:
    before = figure_release()
    assert re.fullmatch("[0-9a-f]{8}", before)
    assert figure_release.__wrapped__() == before
    monkeypatch.setattr(figures, "GAP", figures.GAP + 1)
    assert figure_release.__wrapped__() != before


def test_the_model_agrees_where_no_anatomist_would_argue() -> None:
    table = computed_stretches()
    for muscle in ("soleus", "vastus-medialis", "gluteus-maximus", "gastrocnemius-medial"):
        assert table[muscle].verdict == "agrees", muscle


def test_poses_name_muscles_landmarks_and_exercises_that_exist() -> None:
    poses = tomllib.loads(
        files("filiform.programme").joinpath("data/poses.toml").read_text("utf-8")
    )
    stretches = {one.id for one in knowledge().stretch_of.values()}
    allowed = {"start", "end", "props", "view", "zoom", "arrow", "muscles", "sides"}

    def check(exercise: str) -> None:
        row = poses[exercise]
        assert exercise in moved_exercises()
        assert set(row) <= allowed
        assert row.get("muscles") or exercise in stretches, "nothing would be coloured"
        assert set(row.get("muscles", "").split()) <= set(atlas().muscles)
        text = " ".join(row.get(key, "") for key in ("start", "end"))
        for mark in re.findall(r"@([a-z0-9-]+)", text):
            assert mark in places(), mark

    check_each(sorted(poses), check)
