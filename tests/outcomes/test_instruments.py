"""Scores by each instrument's own rule, against published examples; who didn't come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.exchange.fhir.questionnaire import (
    NotAResponse,
    questionnaire,
    read_response,
    response,
)
from filiform.outcomes import SCALES, change
from filiform.outcomes import instruments as module
from filiform.outcomes.cohort import Followed, certainty, cohort
from filiform.outcomes.instruments import instruments, score
from filiform.words import Words

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_scores_are_those_of_the_published_rules() -> None:
    cases = (
        # Fairbank, ODI: 16 of 50 is 32 %; one section missing, 16 of 45 is 35.5 %.
        ("odi", [2, 2, 2, 2, 2, 2, 1, 1, 1, 1], 32.0),
        ("odi", [2, 2, 2, 2, 2, 2, 2, 1, 1, None], 35.5556),
        ("odi", [2, 2, 2, 2, 2, 2, 2, 2, None, None], None),
        # IWH: ([sum of n / n] - 1) x 25; at most one item of QuickDASH, three of DASH may lack.
        ("quickdash", [3] * 11, 50.0),
        ("quickdash", [1] * 10 + [None], 0.0),
        ("quickdash", [5] * 9 + [None] * 2, None),
        ("dash", [5] * 27 + [None] * 3, 100.0),
        ("dash", [5] * 26 + [None] * 4, None),
        ("ndi", [1] * 10, 20.0),
        ("ndi", [5] * 8 + [None] * 2, 100.0),
        ("ndi", [5] * 7 + [None] * 3, None),
        ("rmdq", [1] * 10 + [0] * 14, 10.0),
        ("lefs", [4] * 20, 80.0),
        ("lefs", [4] * 18 + [None] * 2, 80.0),
        ("faam-adl", [4] * 19 + [None] * 2, 100.0),
        ("faam-sport", [2] * 7 + [None], 50.0),
        ("hit-6", [6] * 6, 36.0),
        ("hit-6", [13] * 6, 78.0),
        ("hit-6", [13] * 5 + [None], None),
        ("psfs", [2, 4, 6], 4.0),
        ("psfs", [2, None, 6], 4.0),
        ("groc", [-7], -7.0),
        ("nprs", [None], None),
    )
    for name, items, expected in cases:
        assert score(name, items).value == pytest.approx(expected, abs=1e-3), (name, items)


def test_what_cannot_be_an_item_is_refused_with_what_is_allowed() -> None:
    cases = (
        ("hit-6", [7] + [6] * 5, "item 1: got 7; allowed: (6, 8, 10, 11, 13)"),
        ("odi", [6] + [0] * 9, "item 1: got 6; allowed: 0 to 5"),
        ("ndi", [1] * 9, "got 9 items; allowed: 10"),
        ("psfs", [1] * 6, "got 6 items; allowed: 5"),
    )
    for name, items, says in cases:
        with pytest.raises(ValueError, match=re.escape(says)):
            score(name, items)


def answers():
    """(instrument, items) of any instrument, some left out."""

    def of(one):
        values = st.sampled_from(one.allowed or range(one.item_low, one.item_high + 1))
        items = st.lists(st.none() | values, min_size=one.items, max_size=one.items)
        return st.tuples(st.just(one), items)

    return st.sampled_from(sorted(instruments().values(), key=lambda one: one.id)).flatmap(of)


@given(answers())
def test_a_score_lies_on_its_scale_and_goes_out_and_comes_back(case) -> None:
    one, items = case
    found = score(one.id, items)
    scale = SCALES[one.id]
    assert found.value is None or scale.low <= found.value <= scale.high
    sent = response(one.id, items, authored=NOW, patient="Patient/1")
    if found.value is not None:
        back = read_response(sent)
        assert back[:2] == (one.id, [None if item is None else float(item) for item in items])
        assert back[2] == pytest.approx(found.value)


@given(answers(), st.data())
def test_a_higher_item_never_lowers_a_score(case, data) -> None:
    one, items = case
    value = score(one.id, items).value
    at = data.draw(st.integers(0, one.items - 1))
    if value is None or items[at] is None:
        return
    higher = [*items[:at], (one.allowed or (one.item_high,))[-1], *items[at + 1 :]]
    assert score(one.id, higher).value >= value - 1e-9


def test_text_of_licensed_instruments_is_not_shipped_and_every_licence_has_a_note() -> None:
    for one in instruments().values():
        made = questionnaire(one.id)
        texts = [item.get("text") for item in made["item"] if item["linkId"] != "score"]
        assert all(texts) if one.licence == "free" else not any(texts), one.id
        assert one.licence == "score-only" or SCALES[one.id].licence == "free", one.id
        assert made["copyright"], one.id
        assert one.licence_note.ur, one.id


def test_text_without_a_free_licence_and_an_instrument_without_a_scale_are_refused(
    monkeypatch,
) -> None:
    licensed = next(one for one in instruments().values() if one.licence == "score-only")
    with pytest.raises(ValueError, match=f"{licensed.id}: question text stands exactly"):
        msgspec.structs.replace(licensed, text=(Words(en="How is your pain?"),))
    monkeypatch.setattr(module, "scales", dict)
    with pytest.raises(ValueError, match=r"no scale .*odi"):
        instruments.__wrapped__()


def test_a_response_that_contradicts_itself_or_is_none_of_ours_is_refused() -> None:
    sent = response("odi", [1] * 10, authored=NOW, patient="Patient/1")
    wrong = {
        **sent,
        "item": [*sent["item"][:-1], {"linkId": "score", "answer": [{"valueDecimal": 90}]}],
    }
    for bad, says in (
        (wrong, "the total says 90, its items make 20"),
        ({**sent, "questionnaire": "x/unheard"}, "no instrument 'unheard'"),
        ({"resourceType": "Patient"}, "got a 'Patient'"),
        (
            {**sent, "item": [{"linkId": "1", "answer": [{"valueInteger": 9}]}]},
            "item 1: got 9; allowed: 0 to 5",
        ),
    ):
        with pytest.raises(NotAResponse, match=says):
            read_response(bad)
    # A yes is no answer of one.
    yes = {**sent, "item": [{"linkId": "1", "answer": [{"valueDecimal": True}]}]}
    assert read_response(yes) == ("odi", [], None)
    only = response("odi", [], total=34, authored=NOW, patient="Patient/1")
    assert read_response(only) == ("odi", [], 34.0)


def test_those_who_did_not_come_back_are_counted_and_bound_the_answer() -> None:
    courses = [Followed(8, 3), Followed(8, 7), Followed(8, None), Followed(6, None)]
    found = cohort("nprs", courses)
    assert (found.started, found.followed, found.missing.events) == (4, 2, 2)
    assert (found.better.events, found.better.of) == (1, 2)
    assert (found.worst, found.best) == (0.25, 0.75)
    assert found.mean_before == 7.5
    assert cohort("nprs", []).worst is None


@given(st.lists(st.tuples(st.integers(0, 10), st.none() | st.integers(0, 10)), min_size=1))
def test_whatever_became_of_the_missing_the_true_share_lies_between_the_bounds(pairs) -> None:
    found = cohort("nprs", [Followed(before, after) for before, after in pairs])
    for pretend in (0, 10):
        filled = cohort("nprs", [Followed(b, pretend if a is None else a) for b, a in pairs])
        assert found.worst - 1e-9 <= filled.better.share <= found.best + 1e-9


def test_a_change_is_told_with_its_measurement_error() -> None:
    found = certainty(change("nprs", 7, 4, group="neck"))
    assert (found.low, found.high) == (-1, 7), "3 points with an error of 4 may be none"
    assert certainty(change("nprs", 7, 4)).low is None


def test_an_answer_that_is_no_number_counts_as_left_out() -> None:
    sent = response("odi", [1] * 10, authored=NOW, patient="Patient/1")
    rows = [
        {"linkId": "1", "answer": [{"valueString": "often"}]},
        {"linkId": "2", "answer": []},
        {"linkId": "3", "answer": [{"valueString": "now"}, {"valueInteger": 2}]},
    ]
    _name, items, value = read_response({**sent, "item": [*rows, *sent["item"][3:10]]})
    assert items == [None, None, 2.0, *[1.0] * 7]
    assert value is None, "eight of ten are too few"
