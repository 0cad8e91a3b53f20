"""Finding a muscle by what a clinician types."""

from __future__ import annotations

import time

import pytest
from tests.tables import in_one_test

from filiform.anatomy import atlas


@in_one_test(
    ("typed", "found"),
    [
        ("upper trap", "trapezius-upper"),
        ("UT", "trapezius-upper"),
        ("infraspinatis", "infraspinatus"),
        ("pirifomis", "piriformis"),
        ("piri formis", "piriformis"),
        ("gastrocs", "gastrocnemius-medial"),
        ("gastronemius", "gastrocnemius-medial"),
        ("peroneus", "fibularis-longus"),
        ("hamstrings", "biceps-femoris"),
        ("QL", "quadratus-lumborum"),
        ("scm", "sternocleidomastoid-sternal"),
        ("Musculus soleus", "soleus"),
        ("musculus temporalis", "temporalis"),
        ("ٹریپیزیئس", "trapezius-upper"),
        ("پیریفارمس", "piriformis"),
        ("سولیئس", "soleus"),
        ("levator-scapulae", "levator-scapulae"),
        ("LEVATOR  SCAPULAE", "levator-scapulae"),
    ],
)
def test_what_clinicians_type_finds_the_muscle_first(typed: str, found: str):
    assert atlas().search_muscles(typed)[0].id == found


@pytest.mark.parametrize("typed", ["", "   ", "qz", "xyzzy", "?", "...", "qwxz zxwq"])
def test_nonsense_finds_nothing(typed: str):
    assert atlas().search_muscles(typed) == ()


def test_no_more_than_asked_for_are_found():
    assert len(atlas().search_muscles("m", limit=5)) == 5


def test_every_muscle_is_found_by_each_of_its_names():
    for muscle in atlas().muscles.values():
        for name in (muscle.name.en, muscle.name.ur, muscle.latin_name, muscle.id):
            ids = [found.id for found in atlas().search_muscles(name)]
            assert muscle.id in ids, name


def test_arabic_letters_find_the_urdu_name():
    assert atlas().search_muscles("سوليئس".replace("ی", "ي"))[0].id == "soleus"


def test_a_search_takes_less_than_five_milliseconds():
    atlas().search_muscles("warm")
    times = []
    for typed in ("gastronemius", "ٹریپیزیئس", "xyzzy", "m"):
        runs = []
        for _ in range(5):
            begin = time.process_time()
            atlas().search_muscles(typed)
            runs.append(time.process_time() - begin)
        times.append(min(runs))
    assert max(times) < 0.005
