"""The list that does the drawing's job without a pointer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import (
    EXTENTS,
    AreaError,
    BodyDrawing,
    Layer,
    draw,
    of_regions,
    region_patches,
)
from filiform.anatomy.surface.listing import ListedRegion, edited, entries, noted

quick = settings(max_examples=40, deadline=None)


def places() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(
        [
            (region.id, side)
            for region in atlas().regions.values()
            for side in (("left", "right") if region.sided else ("midline",))
        ]
    )


def lines() -> st.SearchStrategy[list[ListedRegion]]:
    """A list as somebody fills it in: each place once."""
    one = st.builds(
        lambda place, extent, quality, intensity: ListedRegion(*place, extent, quality, intensity),
        places(),
        st.sampled_from(list(EXTENTS)),
        st.sampled_from(["", "dull", "burning"]),
        st.none() | st.integers(0, 10),
    )
    return st.lists(one, max_size=6, unique_by=lambda entry: entry.place)


def painted() -> BodyDrawing:
    return BodyDrawing(
        (
            Layer("dull", 5, draw("disc:acromion-tip:6:right")),
            Layer("burning", 8, draw("stripe:acromion-tip>lateral-epicondyle:4:right")),
        )
    )


@quick
@given(lines())
def test_what_is_ticked_is_what_the_list_says_afterwards(ticked: list[ListedRegion]) -> None:
    drawing = edited(BodyDrawing(), [(None, line) for line in ticked])
    assert set(entries(drawing)) == set(ticked)
    assert {place[:1] for place in noted(drawing)} == {(line.region,) for line in ticked}
    assert BodyDrawing.from_text(drawing.as_text()) == drawing


@quick
@given(lines())
def test_taking_every_line_out_again_leaves_nothing(ticked: list[ListedRegion]) -> None:
    drawing = edited(BodyDrawing(), [(None, line) for line in ticked])
    assert not edited(drawing, [(line, None) for line in entries(drawing)])


def test_a_list_that_is_left_alone_keeps_every_painted_patch() -> None:
    assert edited(painted(), []) == painted()


def test_a_changed_extent_replaces_the_patches_of_that_region_alone() -> None:
    before = painted()
    line = next(one for one in entries(before) if one.region == "upper-arm-side")
    after = edited(before, [(line, ListedRegion(*line.place, "all", *line.layer))])
    inside = region_patches(*line.place)
    old = next(x for x in before.layers if x.quality == line.quality).weights.values
    new = next(x for x in after.layers if x.quality == line.quality).weights.values
    assert (new[inside] == 1).all()
    assert (new[~inside] == old[~inside]).all()
    others = [x for x in before.layers if x.quality != line.quality]
    assert [x for x in after.layers if x.quality != line.quality] == others


def test_another_kind_of_pain_takes_the_painted_patches_along() -> None:
    before = painted()
    line = next(one for one in entries(before) if one.quality == "burning")
    after = edited(before, [(line, ListedRegion(*line.place, line.extent, "numb", 2))])
    inside = region_patches(*line.place)
    was = next(x for x in before.layers if x.quality == "burning").weights.values
    now = next(x for x in after.layers if x.quality == "numb").weights.values
    assert (now[inside] == was[inside]).all()
    assert not now[~inside].any()


def test_the_changed_intensity_stands_where_there_was_another() -> None:
    before = of_regions([("temple", "left", 1, "dull", 3)])
    after = edited(before, [(None, ListedRegion("temple", "left", "all", "dull", 8))])
    assert [(x.quality, x.intensity) for x in after.layers] == [("dull", 8)]


def test_the_fringe_of_a_painted_area_is_not_called_a_painful_region() -> None:
    drawing = BodyDrawing((Layer("dull", 5, draw("disc:infraspinous-fossa-center:5:left")),))
    assert len(noted(drawing)) <= len(entries(drawing))
    assert ("shoulder-blade", "left", "dull", 5) in noted(drawing)


def test_both_sides_are_named_together() -> None:
    drawing = of_regions([("temple", "bilateral", 1, "dull", 3), ("chin", "midline", 1, "", None)])
    assert set(noted(drawing)) == {
        ("temple", "bilateral", "dull", 3),
        ("chin", "midline", "", None),
    }


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (ListedRegion("temple", "west", "all"), "expected left, right or midline"),
        (ListedRegion("elbo", "left", "all"), "elbo"),
        (ListedRegion("temple", "left", "most"), "expected part, half, all"),  # type: ignore[arg-type]
        (ListedRegion("temple", "left", "all", "", 11), "expected 0 to 10"),
    ],
)
def test_a_line_that_cant_be_is_refused(entry: ListedRegion, says: str) -> None:
    with pytest.raises(AreaError, match=says):
        edited(BodyDrawing(), [(None, entry)])


def test_shares_half_way_between_two_extents_go_to_the_larger() -> None:
    inside = region_patches("temple", "left").astype(np.float32)
    from filiform.anatomy.surface import PatchWeights

    found = [
        entries(BodyDrawing((Layer("", None, PatchWeights(inside * share)),)))[0].extent
        for share in (0.37, 0.38, 0.74, 0.76)
    ]
    assert found == ["part", "half", "half", "all"]


def test_the_record_names_the_painful_regions_without_the_fringe() -> None:
    drawing = BodyDrawing((Layer("dull", 3, draw("disc:infraspinous-fossa-center:6:left")),))
    assert [entry.region for entry in entries(drawing) if not entry.noted] == ["back-upper"]
    assert [region for region, *_ in noted(drawing)] == ["shoulder-blade", "shoulder-back"]


def test_moving_a_line_that_was_not_painted_only_adds_where_it_goes() -> None:
    never = ListedRegion("temple", "left", "half", "burning", 2)
    now = ListedRegion("temple", "left", "all", "dull", 4)
    drawing = edited(BodyDrawing(), [(never, now)])
    assert noted(drawing) == (("temple", "left", "dull", 4),)
