"""The search terms of a patient: what is stored, and what a typed text looks up.

a name's word     folded                          "husan"
                  its consonants, for the other   "~lhsn", "~uhsn"
                  script
file number       its number                      "=123"
phone             from its end                    "<2255582533"
                  from its beginning, with and    ">3352855522", ">923352855522"
                  without the country code
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from filiform.clinic.patients import folding
from filiform.clinic.patients.models import Patient, SearchTerm
from filiform.clinic.web.phones import national_digits

INDEXED = ("given_name", "family_name", "file_number", "phone", "other_phone")
LEAST_PHONE_DIGITS = 4
"""Fewer digits fit too many phones to be meant as one."""
LEAST_BONES = 2
"""A name of one consonant is looked up in the other script as a whole only."""
_NUMBERLIKE = re.compile(r"[\d\s+()./-]+")
_NO_NAME = re.compile(r"(.)\1\1")
_FILE_NUMBER = re.compile(r"([a-z]{1,6})[\s-]?(\d{1,9})")


def terms_of(patient: Patient) -> set[str]:
    found: set[str] = set()
    for word in folding.words_to_find(patient.name):
        found |= folding.terms_of_word(word)
    found.add(f"={_number(patient.file_number)}")
    for phone in (patient.phone, patient.other_phone):
        digits = phone.lstrip("+")
        if digits:
            # Backwards too: the last digits of a number are what people remember, and an index
            # knows beginnings only.
            found |= {f"<{digits[::-1]}", f">{digits}", f">{national_digits(phone)}"}
    return {term[:80] for term in found}


def index(patient: Patient) -> None:
    """Store the terms of a patient in place of the former ones."""
    # Terms are no facts: they are made from the names at any time.
    SearchTerm.objects.filter(patient=patient).delete()
    SearchTerm.objects.bulk_create(
        SearchTerm(patient=patient, organisation_id=patient.organisation_id, term=term)
        for term in sorted(terms_of(patient))
    )


def index_all(patients: Any, search_terms: Any, *, at_once: int = 500) -> None:
    """Store the terms of every patient anew, for a migration; both models as it knows them."""
    for_term: list[Any] = []

    def store() -> None:
        search_terms.objects.filter(patient_id__in={one.patient_id for one in for_term}).delete()
        search_terms.objects.bulk_create(for_term)
        for_term.clear()

    for number, row in enumerate(patients.objects.order_by("pk").iterator(at_once), start=1):
        known = Patient(**{name: getattr(row, name) for name in INDEXED})
        for_term += [
            search_terms(patient_id=row.pk, organisation_id=row.organisation_id, term=term)
            for term in sorted(terms_of(known))
        ]
        if not number % at_once:
            store()
    store()


@dataclass(frozen=True)
class Wanted:
    """One typed word: a patient is meant who has one of the terms or one that begins so."""

    whole: frozenset[str]
    beginnings: frozenset[str]
    name: str = ""
    """The typed word, plain, where it is a part of a name."""

    def is_meant(self, patient: Patient) -> bool:
        """Whether a patient who was found by the consonants alone can be meant.

        A name in the other script is stored by its consonants, which Salma shares with Saleem;
        the vowels that are written decide.
        """
        if not self.name:
            return True
        script, words = folding.is_arabic(self.name), folding.words_to_find(patient.name)
        if all(folding.is_arabic(word) == script for word in words):
            return True
        return any(self._means(word) for word in words)

    def _means(self, word: str) -> bool:
        if folding.is_arabic(word) == folding.is_arabic(self.name):
            stored = {folding.fold(word), folding.fold(folding.ALIASES.get(word, word))}
            return not self.whole.isdisjoint(stored) or any(
                one.startswith(tuple(self.beginnings)) for one in stored
            )
        if folding.is_arabic(word):
            return folding.sounds_like(self.name, word, so_far=True)
        ends = range(1, len(word) + 1)
        return any(folding.sounds_like(word[:end], self.name) for end in ends)


def wanted(text: str, *, file_prefix: str = "") -> tuple[Wanted, ...]:
    """What a typed text looks up; every word of it has to be there. Empty for an empty text.

    file_prefix: what the clinic's file numbers begin with; "MC 3" is then a file number.
    """
    typed = folding.plain(text).strip()
    if not typed:
        return ()
    number = _FILE_NUMBER.fullmatch(typed)
    # Another prefix is a name with a number behind it.
    if number and number[1] == file_prefix.lower():
        return (Wanted(frozenset({f"={_number(number[2])}"}), frozenset()),)
    if _NUMBERLIKE.fullmatch(typed):
        return _digits("".join(re.findall(r"\d", typed)))
    words = folding.words(text)
    names = [_name(word) for word in words if not word.isdigit()]
    return (*names, *_digits("".join(word for word in words if word.isdigit())))


def _name(word: str) -> Wanted:
    if _NO_NAME.search(word):
        # Folded, "zzzz" would be every name that begins with z.
        return Wanted(frozenset({word}), frozenset(), word)
    whole = {folding.fold(word), folding.fold(folding.ALIASES.get(word, word))}
    beginnings = folding.beginnings(word)
    other = folding.in_other_script(word)
    if other:
        whole.add(other)
        if len(other) >= len("~l") + LEAST_BONES:
            beginnings.add(other)
    return Wanted(frozenset(whole - {""}), frozenset(beginnings), word)


def _digits(digits: str) -> tuple[Wanted, ...]:
    significant = digits.lstrip("0")
    if not significant:
        return ()
    beginnings: set[str] = set()
    if len(significant) >= LEAST_PHONE_DIGITS:
        beginnings = {f"<{significant[::-1]}", f">{significant}"}
    # With its zeros, too: the end of a number may begin with one.
    if len(digits) >= LEAST_PHONE_DIGITS:
        beginnings.add(f"<{digits[::-1]}")
    return (Wanted(frozenset({f"={significant}"}), frozenset(beginnings)),)


def _number(file_number: str) -> str:
    return re.sub(r"\D", "", file_number).lstrip("0") or "0"


def plainly(texts: Iterable[str]) -> str:
    """Names folded and in alphabetical order, for likeness."""
    return " ".join(sorted(folding.fold(word) for text in texts for word in folding.words(text)))
