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


@in_one_test(
    ("latin", "urdu"),
    [
        ("Salma", "سلمیٰ"), ("Salma", "سلمہ"), ("Saleem", "سلیم"), ("Salim", "سلیم"),
        ("Muhammad", "محمد"), ("Mohamed", "محمد"), ("Ahmed", "احمد"), ("Ayesha", "عائشہ"),
        ("Aisha", "عائشہ"), ("Fatima", "فاطمہ"), ("Siddiqui", "صدیقی"), ("Hussain", "حسین"),
        ("Khadija", "خدیجہ"), ("Usman", "عثمان"), ("Bilal", "بلال"), ("Noor", "نور"),
        ("Chaudhry", "چوہدری"), ("Qureshi", "قریشی"), ("Zainab", "زینب"), ("Yousaf", "یوسف"),
        ("Abdul", "عبدل"), ("Rehman", "رحمان"), ("Rahman", "رحمن"), ("Shahid", "شاہد"),
        ("Imran", "عمران"), ("Nawaz", "نواز"), ("Tahira", "طاہرہ"), ("Bushra", "بشریٰ"),
        ("Musa", "موسیٰ"), ("Isa", "عیسیٰ"), ("Asma", "اسماء"), ("Amna", "آمنہ"),
        ("Sadaf", "صدف"), ("Waqas", "وقاص"), ("Mehwish", "مہوش"), ("Ghulam", "غلام"),
        ("Zulfiqar", "ذوالفقار"), ("Iftikhar", "افتخار"), ("Maryam", "مریم"), ("Mariam", "مریم"),
        ("Khan", "خان"), ("Butt", "بٹ"), ("Sheikh", "شیخ"), ("Malik", "ملک"),
        ("Javed", "جاوید"), ("Naveed", "نوید"), ("Farooq", "فاروق"), ("Hina", "حنا"),
        ("Rabia", "رابعہ"), ("Sumaira", "سمیرا"), ("Tayyab", "طیب"), ("Yasmeen", "یاسمین"),
        ("Robina", "روبینہ"), ("Parveen", "پروین"), ("Tanveer", "تنویر"), ("Nighat", "نگہت"),
        ("Gul", "گل"), ("Sohail", "سہیل"), ("Zahra", "زہرا"), ("Mahmood", "محمود"),
        ("Syed", "سید"), ("Shaukat", "شوکت"), ("Jehangir", "جہانگیر"), ("Raza", "رضا"),
        ("Shah", "شاہ"), ("Sadia", "سعدیہ"), ("Nadia", "نادیہ"), ("Abdullah", "عبداللہ"),
        ("Rashida", "رشیدہ"), ("Iqbal", "اقبال"), ("Akhtar", "اختر"), ("Ashraf", "اشرف"),
        ("Aslam", "اسلم"), ("Anwar", "انور"), ("Begum", "بیگم"), ("Bibi", "بیبی"),
        ("Kausar", "کوثر"), ("Kousar", "کوثر"), ("Munir", "منیر"), ("Muneer", "منیر"),
        ("Nasreen", "نسرین"), ("Rukhsana", "رخسانہ"), ("Shabana", "شبانہ"), ("Shazia", "شازیہ"),
        ("Uzma", "عظمیٰ"), ("Zubair", "زبیر"), ("Zeeshan", "ذیشان"), ("Haider", "حیدر"),
        ("Hamza", "حمزہ"), ("Kashif", "کاشف"), ("Khalid", "خالد"), ("Mustafa", "مصطفیٰ"),
        ("Nadeem", "ندیم"), ("Owais", "اویس"), ("Qasim", "قاسم"), ("Rizwan", "رضوان"),
        ("Saad", "سعد"), ("Shafiq", "شفیق"), ("Sultan", "سلطان"), ("Talha", "طلحہ"),
        ("Umar", "عمر"), ("Omar", "عمر"), ("Wasim", "وسیم"), ("Zafar", "ظفر"),
        ("Awan", "اعوان"), ("Bhatti", "بھٹی"), ("Mirza", "مرزا"), ("Mughal", "مغل"),
        ("Abbasi", "عباسی"), ("Ansari", "انصاری"), ("Cheema", "چیمہ"), ("Dar", "ڈار"),
        ("Gondal", "گوندل"), ("Hashmi", "ہاشمی"), ("Jutt", "جٹ"), ("Rana", "رانا"),
        ("Raja", "راجہ"),
    ],
)  # fmt: skip
def test_a_name_is_heard_in_the_other_script(latin: str, urdu: str) -> None:
    assert folding.sounds_like(folding.plain(latin), folding.plain(urdu))


@in_one_test(
    ("latin", "urdu"),
    [
        ("Salma", "سلیم"), ("Saleem", "سلمیٰ"), ("Saleem", "سلمہ"), ("Salma", "سلام"),
        ("Jamil", "جمال"), ("Jamal", "جمیل"), ("Rashid", "رشیدہ"), ("Nasir", "نصیرہ"),
        ("Amin", "آمنہ"), ("Karim", "کرامہ"), ("Sana", "سین"), ("Nadia", "ندا"),
        ("Hassan", "حسین"), ("Hussain", "حسن"), ("Samina", "سامان"), ("Tahir", "طاہرہ"),
        ("Nazir", "ناظرہ"), ("Noor", "نر"), ("Munir", "منورہ"),
    ],
)  # fmt: skip
def test_another_name_with_the_same_consonants_is_another_name(latin: str, urdu: str) -> None:
    assert not folding.sounds_like(folding.plain(latin), folding.plain(urdu))


@in_one_test(
    ("typed", "urdu", "fits"),
    [
        ("aye", "عائشہ", True),
        ("sal", "سلیم", True),
        ("salma", "سلیم", False),
        ("moha", "محمد", True),
    ],
)
def test_while_it_is_typed_the_beginning_is_enough(typed: str, urdu: str, fits: bool) -> None:
    assert folding.sounds_like(typed, folding.plain(urdu), so_far=True) is fits
