"""What can't be seen comes to lie in no name; what Urdu needs stays."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from tests.tables import check_each

from filiform.letters import JOINERS, SEEN, as_read


def test_a_name_keeps_its_letters_and_loses_what_nobody_sees() -> None:
    check_each(
        [
            ("Amna Siddiqui", "Amna Siddiqui"),
            ("Am\u200bna", "Amna"),
            ("\ufeffAmna", "Amna"),
            ("Amna\u202etxt.exe", "Amnatxt.exe"),
            ("\u2067Amna\u2069", "Amna"),
            ("Am\u00adna", "Amna"),
            ("Amna\x00\x1b[31m", "Amna[31m"),
            ("Amna\nSiddiqui", "Amna Siddiqui"),
            ("Amna\u2028Siddiqui", "Amna Siddiqui"),
            ("Amna\ufe0f", "Amna"),
            ("Amna\U000e0041\U000e007f", "Amna"),
            ("Am\u200dna", "Amna"),
            ("\u3164\u2800", ""),
            ("Zo\u00eb Zoe\u0308", "Zo\u00eb Zoe\u0308"),
            ("آمنہ صدیقی", "آمنہ صدیقی"),
            ("می\u200cخواہم", "می\u200cخواہم"),
            ("می\u200c خواہم", "می خواہم"),
            ("\u200cآمنہ\u200d", "آمنہ"),
            ("می\u200c\u200cخواہم", "میخواہم"),
            ("آیت \u06dd۱۲", "آیت \u06dd۱۲"),
        ],
        lambda given, expected: _equal(as_read(given), expected),
        name=ascii,
    )


def _equal(got: str, expected: str) -> None:
    assert got == expected, ascii(got)


def test_a_letter_of_several_lines_keeps_its_lines() -> None:
    assert as_read("one\n\ttwo\u202e three", lines=True) == "one\n\ttwo three"


@given(st.text())
def test_reading_twice_changes_nothing_and_leaves_no_hidden_character(text: str) -> None:
    read = as_read(text)
    assert as_read(read) == read
    hidden = {one for one in read if unicodedata.category(one) in {"Cc", "Cf"}}
    assert hidden <= {*JOINERS, *SEEN}


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=40))
def test_visible_text_stays_as_it_is(text: str) -> None:
    blank = "\u115f\u1160\u3164\uffa0"
    if not set(text) & set(blank):
        assert as_read(text) == text
