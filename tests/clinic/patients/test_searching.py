"""Finding a patient."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from tests.clinic.patients import search_in_querysets
from tests.tables import in_one_test

from filiform.clinic.patients import actions
from filiform.clinic.patients.models import Patient, SearchTerm
from filiform.clinic.patients.search import _words_between, search, search_near
from filiform.clinic.patients.terms import index_all

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


def test_a_letter_held_down_is_nobodys_name(alice) -> None:
    actions.register(by=alice, given_name="Zainab", sex="female", birth_date=date(1990, 1, 1))
    assert search(alice.organisation, "zzzz") == search_near(alice.organisation, "zzzz") == []


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


@pytest.fixture
def abroad(alice):
    names = [
        ("Łukasz", "Żółć"), ("Sinéad", "O’Brien"), ("Søren", "Aas"), ("Milica", "Đorđević"),
        ("سلمیٰ", "خان"), ("سلیم", "خان"),
    ]  # fmt: skip
    return {
        f"{given} {family}": actions.register(
            by=alice, given_name=given, family_name=family, sex="unknown",
            birth_date=date(1990, 1, 1),
        )
        for given, family in names
    }  # fmt: skip


@in_one_test(
    ("typed", "found"),
    [
        ("Lukasz", "Łukasz Żółć"), ("Zolc", "Łukasz Żółć"), ("ŻÓŁĆ łukasz", "Łukasz Żółć"),
        ("O'Brien", "Sinéad O’Brien"), ("obrien sinead", "Sinéad O’Brien"),
        ("O Brien", "Sinéad O’Brien"), ("brien", "Sinéad O’Brien"),
        ("Soren Aas", "Søren Aas"), ("dordevic", "Milica Đorđević"),
        ("salma", "سلمیٰ خان"), ("saleem", "سلیم خان"), ("سلیم", "سلیم خان"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_typed(abroad, alice, typed: str, found: str) -> None:
    assert search(alice.organisation, typed) == [abroad[found]]


@in_one_test(
    ("typed", "found"),
    [
        ("ayehsa", ["Ayesha"]), ("sidiqi", ["Amna"]), ("siddqui amna", ["Amna"]),
        ("muhamad husian", ["Muhammad"]), ("amnta", ["Amna"]),
        ("rizvvi alina", ["Alina"]),
    ],
)  # fmt: skip
def test_a_misspelt_name_finds_those_near_it(people, alice, typed: str, found: list[str]) -> None:
    hits = search(alice.organisation, typed) or search_near(alice.organisation, typed)
    assert set(found) <= {one.given_name for one in hits}


@in_one_test("typed", ["zzzz", "xyzzy", "amna zzzz", "", "567", "al", "🙂", "qqqqqqqq"])
def test_what_is_near_to_nobody_finds_nobody(people, alice, typed: str) -> None:
    assert search_near(alice.organisation, typed) == []


def test_near_names_of_another_clinic_stay_there(people, charlie) -> None:
    assert search_near(charlie.organisation, "ayehsa") == []


def test_the_words_near_to_a_misspelling_are_all_that_a_comparison_with_every_word_finds(
    people, alice
) -> None:
    terms = SearchTerm.objects.filter(organisation=alice.organisation)
    latin = sorted({one.term for one in terms if "a" <= one.term[0] < "~"})
    assert _words_between(alice.organisation, "a", "~") == latin


def test_old_terms_are_stored_anew(alice, people) -> None:
    before = set(SearchTerm.objects.values_list("patient", "term"))
    SearchTerm.objects.filter(patient=people["Amna"]).delete()
    SearchTerm.objects.filter(patient=people["Ali"]).update(term="łukasz")
    index_all(Patient, SearchTerm, at_once=2)
    assert set(SearchTerm.objects.values_list("patient", "term")) == before


def test_the_page_says_that_names_are_only_near(client, people, alice) -> None:
    client.force_login(alice, backend="filiform.clinic.staff.sessions.MemberBackend")
    page = client.post(reverse("patients:search"), {"typed": "ayehsa"}).content.decode()
    assert "Similar spellings" in page
    assert "Ayesha Khan" in page
    exact = client.post(reverse("patients:search"), {"typed": "ayesha"}).content.decode()
    assert "Similar spellings" not in exact
