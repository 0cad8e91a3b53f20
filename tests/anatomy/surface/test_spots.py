"""A tapped place as text: it comes back where it was, and what cannot be a place is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.anatomy.surface import AreaError, Spot, surface
from filiform.anatomy.surface.mesh import FACES
from filiform.anatomy.surface.spots import read_spot, site_spot, spot_text

NOW = surface().release


@settings(max_examples=60, deadline=None)
@given(face=st.integers(0, FACES - 1), second=st.floats(0, 1), share=st.floats(0, 1))
def test_a_tapped_place_reads_back_within_a_hundredth_of_a_millimetre(
    face: int, second: float, share: float
) -> None:
    third = (1 - second) * share
    tapped = Spot(face, (1 - second - third, second, third))
    kept = read_spot(spot_text(tapped))
    assert kept.face == face
    # Weights are written with four decimals, and the longest side of a face is 6 cm.
    assert np.linalg.norm(kept.at() - tapped.at()) < 0.001


@in_one_test(
    ("text", "says"),
    [
        ("", "expected pick:RELEASE:FACE:B1:B2"),
        (f"pick:{NOW}:12", "expected pick:RELEASE:FACE:B1:B2"),
        (f"pick:{NOW}:12:0.5:-0.2", "expected pick:RELEASE:FACE:B1:B2"),
        ("pick:older:12:0.5:0.2", f'place of release "older": this is {NOW}'),
        (f"pick:{NOW}:{FACES}:0.5:0.2", f"a face below {FACES}"),
        (f"pick:{NOW}:12:0.7:0.7", "weights up to 1"),
    ],
)
def test_a_text_that_is_no_place_on_this_body_is_refused(text: str, says: str) -> None:
    with pytest.raises(AreaError) as refused:
        read_spot(text)
    assert says in str(refused.value)


def test_an_atlas_point_on_the_right_is_the_mirror_image_of_the_left() -> None:
    point = "acromion-tip~medial-epicondyle@0.4"
    left, right = site_spot(point, "left").at(), site_spot(point, "right").at()
    assert left[0] * right[0] < 0
    assert right == pytest.approx(left * np.array([-1, 1, 1]), abs=1e-6)
