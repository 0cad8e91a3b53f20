"""The section under a site: no gap, no invented measurement, no danger above the muscle."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.planning import over as drawn
from tools.planning import sections

from filiform.anatomy import atlas
from filiform.planning import Body, suggest
from filiform.planning.over import muscles_over
from filiform.planning.section import section
from filiform.planning.section_picture import needle_of, section_picture

MUSCLES = sorted(atlas().muscles)
SLIM = Body(sex="female", age_years=30, height_cm=168, weight_kg=50)
HEAVY = Body(sex="male", age_years=50, height_cm=178, weight_kg=108)

bodies = st.builds(
    Body,
    sex=st.sampled_from(["female", "male", "other", "unknown"]),
    age_years=st.none() | st.floats(0, 110),
    height_cm=st.none() | st.floats(120, 210),
    weight_kg=st.none() | st.floats(25, 220),
)


@settings(max_examples=60, deadline=None)
@given(muscle=st.sampled_from(MUSCLES), body=bodies)
def test_layers_follow_each_other_without_a_gap_to_the_end_of_the_picture(muscle, body):
    found = section(muscle, body)
    assert found.layers[0].from_mm == 0
    for upper, lower in itertools.pairwise(found.layers):
        assert upper.to_mm == lower.from_mm
        assert upper.from_mm < upper.to_mm
    assert found.layers[-1].to_mm == found.end_mm
    assert [one.kind for one in found.layers].count("target") == 1


def test_what_is_called_measured_has_a_source_and_what_is_drawn_has_no_spread():
    for muscle in MUSCLES:
        for layer in section(muscle, SLIM).layers:
            assert layer.known != "measured" or layer.sources, (muscle, layer.kind)
            assert layer.known == "measured" or layer.spread is None, (muscle, layer.kind)


@pytest.mark.parametrize("muscle", ["rhomboid-major", "iliocostalis-thoracis", "trapezius-lower"])
def test_the_pleura_never_lies_above_the_muscle_that_covers_it(muscle):
    for body in (SLIM, HEAVY):
        found = section(muscle, body)
        target = next(one for one in found.layers if one.kind == "target")
        assert all(target.to_mm <= (one.mean_mm or one.near_mm) for one in found.dangers)


def test_the_pleura_is_nearer_and_the_muscle_thinner_in_a_slim_woman_than_in_a_heavy_man():
    slim, heavy = (section("rhomboid-major", body) for body in (SLIM, HEAVY))
    assert slim.dangers[0].near_mm < heavy.dangers[0].near_mm
    assert slim.layers[-1].from_mm < heavy.layers[-1].from_mm
    assert slim.by_build


def test_the_rhomboid_of_a_heavy_body_lies_about_where_ultrasound_found_it():
    # The note: 14 to 17 mm in normal body mass, 21 to 22 mm in obesity (Seol 2014).
    target = next(one for one in section("rhomboid-major", HEAVY).layers if one.kind == "target")
    assert 15 <= target.from_mm <= target.to_mm <= 22


def test_a_depth_that_was_only_advised_is_not_drawn_as_the_place_of_the_pleura():
    # The 19 mm for the rhomboid say how deep to go; only the CT says where the pleura is.
    assert [one.sources for one in section("rhomboid-major", SLIM).dangers] == [("KIM02",)]


def test_a_nerve_whose_depth_nobody_published_is_named_and_not_drawn():
    found = section("piriformis", HEAVY)
    assert not found.dangers
    assert any("Sciatic nerve" in one.en for one in found.unplaced)


def test_piriformis_is_reached_through_the_gluteus_maximus_and_the_rhomboid_through_the_trapezius():
    assert [one.id for one in muscles_over("piriformis")] == ["gluteus-maximus"]
    assert [one.id for one in muscles_over("rhomboid-major", "1")] == ["trapezius-lower"]
    assert muscles_over("infraspinatus") == ()


def test_the_table_of_covering_muscles_is_what_the_outlines_say():
    # Three of them: drawing an outline takes as long as all other tests here together.
    for muscle_id, number in (("piriformis", "2"), ("supinator", "1"), ("soleus", "2")):
        muscle = atlas().muscle(muscle_id)
        point = muscle.trigger_point(number)
        assert tuple(one.id for one in muscles_over(muscle_id, number)) == tuple(
            one
            for one in muscle_ids_over(muscle, point)
            if (muscle_id, one) not in drawn.NOT_PASSED
        )


def muscle_ids_over(muscle, point):
    """As the tool has it, asked only about the neighbours that can be there at all."""
    return drawn.covering(muscle, point, of=(*NEIGHBOURS, muscle.id))


NEIGHBOURS = (
    "gluteus-maximus",
    "gluteus-medius",
    "brachioradialis",
    "extensor-digitorum",
    "gastrocnemius-lateral",
    "gastrocnemius-medial",
    "tibialis-anterior",
)


def test_the_picture_names_every_layer_and_draws_the_tip_above_the_limit():
    for muscle in ("infraspinatus", "trapezius-upper", "rhomboid-major", "piriformis"):
        for language in ("en", "ur"):
            found = section(muscle, HEAVY)
            plan = suggest(muscle, "right", sex="male", age_years=50, height_cm=178, weight_kg=108)
            svg = section_picture(found, needle_of(plan), language=language)
            words = re.sub(r"<[^>]+>", " ", svg)
            named = [one for one in found.layers if one.kind != "unknown"]
            for layer in named:
                for word in layer.name.in_language(language).split():
                    assert word in words, (muscle, language, layer.kind)
            assert 'class="needle" ' in svg
            assert "style=" not in svg


def test_names_at_the_side_never_cover_each_other():
    for muscle in MUSCLES:
        plan = suggest(muscle, "left", sex="female", age_years=30, height_cm=168, weight_kg=50)
        svg = section_picture(section(muscle, SLIM), needle_of(plan))
        lines = sorted(
            float(y)
            for y in re.findall(r'<text class="(?:name|known)[^"]*" x="\d+" y="([\d.]+)"', svg)
        )
        gaps = [below - above for above, below in itertools.pairwise(lines)]
        assert min(gaps) >= 17, muscle


def test_a_needle_planned_past_the_limit_is_drawn_as_one_that_is_too_deep():
    plan = suggest("infraspinatus", "right", sex="male", age_years=50, height_cm=178, weight_kg=108)
    assert plan.depth_mm is not None
    svg = section_picture(section("infraspinatus", HEAVY), needle_of(plan, plan.depth_mm.limit + 1))
    assert 'class="needle over" ' in svg


def test_the_pictures_in_the_docs_are_those_of_today():
    for name, svg in sections.pictures().items():
        kept = (sections.PICTURES / name).read_text(encoding="utf-8").strip()
        assert kept == svg, f"{name}: python tools/planning/sections.py"
    assert sections.PAGE.read_text(encoding="utf-8") == sections.page()
