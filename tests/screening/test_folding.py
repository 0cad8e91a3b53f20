"""Words of any script: what counts as the same word, and what must not fall to pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from filiform.screening.folding import fold, words_of

SAME = (
    ("Épilepsie", "epilepsie"),
    ("ACETYLSALICYLSÄURE", "acetylsalicylsaure"),
    ("Padaczka ŻÓŁTA", "padaczka zołta"),
    ("İNSÜLİN", "insulin"),
    ("эпилепсия Ёлка", "ЭПИЛЕПСИЯ елка"),
    ("مرگى", "مرگی"),
    ("٥ ملغ", "5 ملغ"),
    ("वारफ़रिन", "वारफरिन"),
    ("ﾜﾙﾌｧﾘﾝ", "ワルファリン"),
    ("Ｗａｒｆａｒｉｎ", "warfarin"),
)
WHOLE = (
    ("वारफरिन 5 मिग्रा", ("वारफरिन", "5", "मिग्रा")),
    ("মৃগীরোগ", ("মৃগীরোগ",)),
    ("โรคลมชัก", ("โรคลมชัก",)),
    ("癲癇", ("癲", "癇")),
    ("L'épilepsie", ("l", "epilepsie")),
    ("Parkinson's disease", ("parkinson", "disease")),
)
DIFFERENT = (("वारफरिन", "वरफरन"), ("йод", "иод"), ("カルバ", "ガルバ"))


def test_spellings_that_mean_one_word_are_one_word() -> None:
    wrong = [(a, b) for a, b in SAME if words_of(a) != words_of(b)]
    assert not wrong


def test_no_script_loses_its_vowels_or_falls_to_pieces() -> None:
    wrong = [(text, words_of(text)) for text, words in WHOLE if words_of(text) != words]
    wrong += [(a, words_of(b)) for a, b in DIFFERENT if words_of(a) == words_of(b)]
    assert not wrong


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
