"""Finding a patient."""

from __future__ import annotations

from datetime import date

import pytest
from tests.clinic.patients import search_in_querysets
from tests.tables import in_one_test

from filiform.clinic.patients import actions
from filiform.clinic.patients.search import search

PEOPLE = [
    ("Amna", "Siddiqui", "0300 1234567"), ("Muhammad", "Hussain", "0335 2855522"),
    ("Ayesha", "Khan", "0321 9876543"), ("محمد", "صدیقی", "0345 1112223"),
    ("Noor-ul-Ain", "Malik", ""), ("Ali", "Raza", "+44 1632 960961"),
    ("Alina", "Rizvi", "0300 9994567"),
]  # fmt: skip


@pytest.fixture
def people(alice):
    return {
        given: actions.register(
            by=alice, given_name=given, family_name=family, sex="unknown",
            birth_date=date(1990, 1, 1), phone=phone,
        )
        for given, family, phone in PEOPLE
    }  # fmt: skip


@in_one_test(
    ("typed", "found"),
    [
        ("amna", "Amna"), ("AMNA", "Amna"), ("siddiqui amna", "Amna"), ("amn sid", "Amna"),
        ("siddiqi amna", "Amna"), ("mohd hussein", "Muhammad"), ("husain", "Muhammad"),
        ("aisha", "Ayesha"), ("عائشہ", "Ayesha"), ("محمد صديقي", "محمد"),
        ("noor ain", "Noor-ul-Ain"),
        ("0335-2855522", "Muhammad"), ("+92 335 2855522", "Muhammad"), ("5522", "Muhammad"),
        ("2855522", "Muhammad"), ("۵۵۲۲", "Muhammad"), ("0335 28", "Muhammad"),
        ("00441632960961", "Ali"), ("mc-000003", "Ayesha"), ("MC 3", "Ayesha"), ("3", "Ayesha"),
        ("khan 6543", "Ayesha"), ("raza", "Ali"),
    ],
)  # fmt: skip
def test_a_patient_is_found_by(people, alice, typed: str, found: str) -> None:
    assert search(alice.organisation, typed)[:1] == [people[found]]


def test_muhammad_is_found_in_both_scripts(people, alice) -> None:
    both = {people["Muhammad"], people["محمد"]}
    assert set(search(alice.organisation, "Mohammad")) == both
    assert set(search(alice.organisation, "محمد")) == both


def test_a_whole_name_stands_before_those_that_only_begin_so(people, alice) -> None:
    assert search(alice.organisation, "ali") == [people["Ali"], people["Alina"]]


def test_every_typed_word_has_to_fit(people, alice) -> None:
    assert search(alice.organisation, "amna khan") == []


@in_one_test("typed", ["", "   ", "567", "%", "_", "'; --", "zzz", "0", "\x00", "🙂"])
def test_nothing_is_found_for(people, alice, typed: str) -> None:
    assert search(alice.organisation, typed) == []


def test_nobody_of_another_clinic_is_found(people, charlie) -> None:
    for typed in ("amna", "5522", "1"):
        assert search(charlie.organisation, typed) == []


def test_no_more_than_the_limit_are_found(alice) -> None:
    for _ in range(7):
        actions.register(by=alice, given_name="Sana", sex="female", birth_date=date(1990, 1, 1))
    found = search(alice.organisation, "sana", limit=5)
    assert len(found) == len({patient.pk for patient in found}) == 5
    assert found[0].registered_at >= found[-1].registered_at


def test_the_search_finds_what_it_finds_in_querysets(people, alice) -> None:
    """By every beginning of every word of every patient, and two words at once."""
    house = alice.organisation
    typed = set()
    for one in people.values():
        words = [*one.name.split(), one.file_number, one.phone, one.phone[-5:]]
        typed |= {word[:n] for word in words for n in range(1, len(word) + 1, 2)}
        typed.add(f"{one.family_name[:3]} {one.given_name[:4]}")
    for text in sorted(typed):
        for limit in (1, 3, 20):
            assert search(house, text, limit) == search_in_querysets.search(house, text, limit), (
                text
            )
