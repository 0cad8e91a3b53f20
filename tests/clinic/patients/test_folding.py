"""Names are found however they are spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.clinic.patients import folding

ONE_NAME = [
    ("Muhammad", "Mohammad"), ("Muhammad", "Mohammed"), ("Muhammad", "Muhammed"),
    ("Muhammad", "Mohd"), ("Muhammad", "Md"), ("Ayesha", "Aisha"), ("Ayesha", "Aysha"),
    ("Hussain", "Hussein"), ("Hussain", "Husain"), ("Ahmed", "Ahmad"), ("Rehman", "Rahman"),
    ("Nadeem", "Nadim"), ("Noor", "Nur"), ("Omar", "Umar"), ("Omar", "Umer"), ("Qasim", "Kasim"),
    ("Khadija", "Khadijah"), ("Fatima", "Fatimah"), ("Fatima", "Fatema"), ("Yousuf", "Yusuf"),
    ("Yousaf", "Yusuf"), ("Siddiqui", "Siddiqi"), ("Chaudhry", "Chowdhury"), ("Syed", "Sayyid"),
    ("Waqas", "Vaqas"), ("José", "Jose"), ("Ra'ees", "Raees"), ("Mehmood", "Mahmud"),
    ("Zeeshan", "Zishan"), ("Abdul", "Abdur"), ("Sheikh", "Shaikh"),
]  # fmt: skip

TWO_NAMES = [
    ("Hassan", "Hussain"), ("Ali", "Alvi"), ("Amna", "Amina"), ("Sara", "Samra"),
    ("Imran", "Kamran"), ("Bilal", "Hilal"), ("Nadia", "Nida"), ("Asma", "Uzma"),
]  # fmt: skip

ACROSS_SCRIPTS = [
    ("محمد", "Muhammad"), ("عائشہ", "Ayesha"), ("حسین", "Hussain"), ("احمد", "Ahmed"),
    ("فاطمہ", "Fatima"), ("آمنہ", "Amna"), ("صدیقی", "Siddiqui"), ("شاہد", "Shahid"),
    ("خان", "Khan"), ("علی", "Ali"), ("مہوش", "Mehwish"), ("چودھری", "Chaudhry"),
]  # fmt: skip


def stored(name: str) -> set[str]:
    return {term for word in folding.words(name) for term in folding.terms_of_word(word)}


def folded(name: str) -> str:
    (word,) = folding.words(name)
    return folding.fold(folding.ALIASES.get(word, word))


@in_one_test(("one", "other"), ONE_NAME)
def test_two_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(("urdu", "latin"), ACROSS_SCRIPTS)
def test_a_name_is_found_in_the_other_script(urdu: str, latin: str) -> None:
    assert folding.in_other_script(folding.words(urdu)[0]) in stored(latin)
    assert folding.in_other_script(folding.words(latin)[0]) in stored(urdu)


def test_arabic_and_urdu_letter_forms_are_one() -> None:
    assert folding.words("صديقي كريمة") == folding.words("صدیقی کریمہ")


def test_eastern_digits_are_digits() -> None:
    assert folding.plain("۰۳۳۵ ٢٨٥") == "0335 285"


@given(word=st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14), data=st.data())
def test_what_is_typed_so_far_finds_the_name_it_begins(word: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, len(word)))
    starts = folding.beginnings(word[:length])
    assert any(folding.fold(word).startswith(start) for start in starts)


@given(text=st.text(max_size=60))
def test_folding_any_text_never_fails_and_folding_twice_changes_nothing_plain(text: str) -> None:
    for word in folding.words(text):
        assert folding.plain(word) == folding.plain(folding.plain(word))
        for term in folding.terms_of_word(word) | folding.beginnings(word):
            assert term == term.strip()
            assert term


@given(name=st.sampled_from(sorted({n for pair in ONE_NAME for n in pair})), upper=st.booleans())
def test_capitals_do_not_matter(name: str, upper: bool) -> None:
    assert folding.words(name.upper() if upper else name.lower()) == folding.words(name)
