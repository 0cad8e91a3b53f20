"""A change counts only if it is beyond error and worthwhile."""

from __future__ import annotations

import importlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.outcomes import SCALES, Response, change, review
from filiform.reasons import say

module = importlib.import_module("filiform.outcomes.scales")


@in_one_test(
    ("scale", "before", "after", "group", "response"),
    [
        ("nprs", 7, 4, "", "better"),
        ("nprs", 8, 3, "", "much-better"),
        ("nprs", 7, 6, "", "same"),
        ("nprs", 8, 6, "", "same"),  # 2 points but only 25 percent
        ("nprs", 4, 7, "", "worse"),
        ("nprs", 7, 4, "neck", "uncertain"),  # within the error of 4 points for neck pain
        ("nprs", 8, 4, "neck", "much-better"),
        ("psfs", 3, 5, "", "better"),
        ("psfs", 5, 3, "", "worse"),
        ("lefs", 40, 49, "", "better"),
        ("lefs", 40, 48, "", "same"),
        ("lefs", 40, 31, "", "worse"),
        ("quickdash", 60, 45, "", "uncertain"),
        ("quickdash", 60, 42.9, "", "better"),
        ("quickdash", 60, 30, "", "much-better"),
        ("faam-sport", 50, 60, "", "uncertain"),  # above its MCID, below its error
        ("faam-sport", 50, 63, "", "better"),
        ("hit-6", 66, 58, "", "better"),
        ("odi", 40, 30, "", "better"),
        ("odi", 30, 40, "", "worse"),
        ("groc", 0, 3, "", "better"),
        ("groc", 0, 2, "", "same"),
        ("groc", 0, -5, "", "worse"),
        ("ppt", 200, 250, "", "better"),
        ("promis-pf", 40, 42.2, "", "better"),
    ],
)
def test_changes_are_judged_as_the_published_thresholds_say(scale, before, after, group, response):
    assert change(scale, before, after, group=group).response == Response(response)


@pytest.mark.parametrize(
    "scale",
    ["psfs", "lefs", "faam-adl", "faam-sport", "ases", "oss", "koos-jr", "hoos-jr", "kujala-akps",
     "promis-pf"],
)  # fmt: skip
def test_on_these_scales_low_is_worse(scale):
    assert SCALES[scale].better == "higher"


@pytest.mark.parametrize(
    "scale", ["nprs", "vas", "ndi", "odi", "rmdq", "quickdash", "dash", "spadi", "hit-6", "pcs"]
)
def test_on_these_scales_high_is_worse(scale):
    assert SCALES[scale].better == "lower"


@given(data=st.data(), name=st.sampled_from(sorted(SCALES)))
def test_a_better_end_is_never_judged_worse(data, name):
    scale = SCALES[name]
    scores = st.floats(scale.low, scale.high, allow_nan=False)
    before, one, other = data.draw(scores), data.draw(scores), data.draw(scores)
    worse, better = sorted((one, other), reverse=scale.better == "lower")
    order = list(Response)
    assert order.index(change(name, before, better).response) <= order.index(
        change(name, before, worse).response
    )


@given(name=st.sampled_from(sorted(SCALES)), data=st.data())
def test_no_change_is_never_better_nor_worse(name, data):
    scale = SCALES[name]
    if scale.single:
        return
    score = data.draw(st.floats(scale.low, scale.high, allow_nan=False))
    assert change(name, score, score).response is Response.SAME


def test_mild_pain_at_the_start_is_marked_because_points_mislead():
    assert change("nprs", 3, 1).mild_at_start
    assert not change("nprs", 4, 1).mild_at_start


def test_a_score_outside_the_scale_is_refused_with_its_bounds():
    with pytest.raises(ValueError, match="nprs, after: got 11; allowed: 0 to 10"):
        change("nprs", 5, 11)
    with pytest.raises(KeyError, match="no scale 'pain'"):
        change("pain", 5, 4)


def test_licensed_measures_are_entered_as_a_score_only():
    for scale in ("ndi", "odi", "dash", "quickdash", "oss", "hit-6", "promis-pi", "promis-pf"):
        assert SCALES[scale].licence == "score-only"


def test_every_scale_names_its_source_and_speaks_urdu():
    for scale in SCALES.values():
        assert scale.sources, scale.id
        assert scale.name.ur, scale.id
        assert scale.mcid is not None or scale.mdc is not None, scale.id


def test_needling_stops_after_three_visits_without_a_change_that_counts():
    none = [change("nprs", 7, 6), change("psfs", 4, 5)]
    assert review(none, visits=2) == ()
    assert [reason.code for reason in review(none, visits=3)] == ["outcome-no-response"]
    assert review([*none, change("psfs", 4, 6)], visits=3) == ()
    unmeasured = review([], visits=3)
    assert [reason.code for reason in unmeasured] == ["outcome-not-measured"]
    assert "3" in say(unmeasured[0], "ur")


def test_a_score_that_got_worse_asks_for_a_review_before_the_third_visit():
    worse = [change("lefs", 40, 30), change("nprs", 7, 6)]
    assert [reason.code for reason in review(worse, visits=1)] == ["outcome-worse"]
    assert "lefs" in say(review(worse, visits=1)[0], "ur")
    assert review(worse, visits=0) == (), "what was not needled is no reason to stop needling"
    assert review([*worse, change("psfs", 4, 6)], visits=1) == ()


def test_a_scale_without_a_published_threshold_never_says_that_it_helped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown = msgspec.structs.replace(module.scales()["groc"], mdc=None, mcid=None, percent=None)
    monkeypatch.setattr(module, "scales", lambda: {"groc": unknown})
    judged = change("groc", 0, 5)
    assert judged.response == Response.SAME
    assert judged.needed is None
    assert judged.name.en == "No change that counts"
