"""Reading a case: what can't be used is named, with what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tables import in_one_test

from filiform.targeting import CaseError, read_case
from filiform.targeting.knowledge import SCREEN

SCREENED = {"source": "radicular-c6", "side": "left", "finding": SCREEN, "present": True}
GOOD = {"muscle": "infraspinatus", "side": "right", "finding": "taut-band", "present": True}


@in_one_test(
    ("given", "words"),
    [
        ([], ("a case is an object", "pain")),
        ("pain", ("a case is an object",)),
        ({"pian": []}, ('"pian"', "not_pain")),
        ({"pain": "disc:asis:3:left"}, ("pain", "a list")),
        ({"pain": [3]}, ("pain", "the text of an area")),
        ({"pain": ["disc:acromion-tp:3:left"]}, ("acromion-tp", "acromion-tip")),
        ({"pain": ["disc:asis:3:ipsilateral"]}, ("ipsilateral", "left, right")),
        ({"not_pain": ["blob:asis:3:left"]}, ("not_pain", "blob", "disc, stripe, patch")),
        ({"complaint": 5}, ("complaint", "text")),
        ({"id": True}, ("id", "True")),
        ({"examination": {}}, ("examination", "a list")),
        ({"examination": ["x"]}, ("examination", "objects")),
        ({"examination": [{**GOOD, "sides": 1}]}, ('"sides"', "muscle, side, finding, present")),
        ({"examination": [{**GOOD, "muscle": "infraspinatis"}]}, ("did you mean infraspinatus",)),
        ({"examination": [{**GOOD, "muscle": None}]}, ('muscle "None"',)),
        ({"examination": [{**GOOD, "side": "both"}]}, ('side "both"', "left, right")),
        ({"examination": [{**GOOD, "finding": "tautband"}]}, ('"tautband"', "taut-band")),
        ({"examination": [{**GOOD, "present": 1}]}, ("present", "true or false")),
        ({"examination": [{"muscle": "infraspinatus"}]}, ('"side" is missing',)),
        ({"examination": [{**SCREENED, "source": "radicular-c"}]}, ("radicular-c4",)),
        ({"examination": [{**SCREENED, "present": "no"}]}, ("null if unsure",)),
        ({"examination": [{"source": "radicular-c6", "finding": SCREEN}]}, ('"side" is missing',)),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(given: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(CaseError) as refused:
        read_case(given)
    for word in words:
        assert word in str(refused.value)
    assert "\n" not in str(refused.value)


def test_everything_in_a_case_is_optional() -> None:
    assert read_case({}) == read_case({"pain": None, "examination": [], "complaint": None})


def test_an_area_stated_twice_is_one_area() -> None:
    twice = read_case({"pain": ["disc:asis:3:left", "disc:asis:3:left"]})
    assert [area.name for area in twice.pain] == ["disc:asis:3:left"]


def test_what_is_free_is_taken_out_of_the_drawing() -> None:
    case = read_case({"pain": ["disc:asis:6:left"], "not_pain": ["disc:asis:3:left"]})
    assert 0 < case.drawing.area_cm2() < case.pain[0].weights.area_cm2()
    assert not (case.drawing.values * (case.free.values == 1)).any()
