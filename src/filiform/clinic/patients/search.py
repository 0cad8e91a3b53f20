"""Finding patients by what somebody types.

The statements are put together here and not by the ORM: their shape depends on how many words were
typed and how each may be spelt, and building a dozen querysets for a search took longer than the
database needed for all of them. `tests/clinic/patients/test_searching.py` compares the answers with
the same search in querysets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from filiform.clinic.facts.prepared import for_database, prepared
from filiform.clinic.patients import folding, terms
from filiform.clinic.patients.models import LAST_CHARACTER, Patient
from filiform.clinic.patients.terms import Wanted
from filiform.clinic.staff.models import Organisation

COUNTED = 2000
"""Words that fit more terms than this count as equally frequent."""

OPERATORS = {"sqlite": (">=", "<"), "postgresql": ("~>=~", "~<~")}
"""From a beginning up to the last word that begins so, byte by byte, as the index is sorted."""


class Condition(NamedTuple):
    """A term that is meant, or (`begins`) every term that begins so."""

    term: str
    begins: bool

    def sql(self, column: str) -> tuple[str, list[str]]:
        if not self.begins:
            return f"{column} = %s", [self.term]
        least, below = OPERATORS[connection.vendor]
        between = f"({column} {least} %s AND {column} {below} %s)"
        return between, [self.term, self.term + LAST_CHARACTER]


Word = list[Condition]


def search(organisation: Organisation, text: str, limit: int = 20) -> list[Patient]:
    """Patients whom a typed text may mean, best first.

    The words may come in any order, each may be a beginning. Names that are spelt so (or sound
    so) stand before those that only begin so; among the former, who was registered last comes
    first. A name in the other script is found by its consonants; its written vowels decide.
    """
    looked_up = terms.wanted(text, file_prefix=organisation.file_prefix)
    if not looked_up or limit < 1:
        return []
    ids = dict.fromkeys(_matches(organisation, [_whole(one) for one in looked_up], limit))
    # Beginnings fit many more; they are looked for only while the list has room.
    if len(ids) < limit and any(one.beginnings for one in looked_up):
        ids |= dict.fromkeys(_matches(organisation, [_begun(one) for one in looked_up], limit))
    return _patients(ids, looked_up, limit)


def search_near(organisation: Organisation, text: str, limit: int = 20) -> list[Patient]:
    """Patients whose names are spelt nearly as what was typed, for a search that found nobody.

    A word that somebody here has, or that begins so, is taken as it is; any other gives way to the
    words of this clinic that differ by one letter (by two from seven letters on). A word that is
    near to none finds nobody.
    """
    looked_up = terms.wanted(text, file_prefix=organisation.file_prefix)
    if not any(one.name for one in looked_up) or limit < 1:
        return []
    meant = [_nearest(organisation, one) for one in looked_up]
    words = [[Condition(term, begins=False) for term in sorted(one.whole)] for one in meant]
    if not all(words):
        return []
    return _patients(dict.fromkeys(_matches(organisation, words, limit)), (), limit)


def _patients(ids: Iterable[UUID], looked_up: tuple[Wanted, ...], limit: int) -> list[Patient]:
    """Those who are meant, in the order of their ids, at most so many."""
    wanted = list(ids)
    found = {patient.pk: patient for patient in _named.among(wanted)}
    meant = (
        found[patient]
        for patient in wanted
        if patient in found and all(one.is_meant(found[patient]) for one in looked_up)
    )
    return list(meant)[:limit]


@prepared
def _named(*patients: UUID) -> QuerySet[Patient]:
    return Patient.objects.filter(pk__in=patients).order_by()


LEAST_LETTERS = 4
"""A shorter word is near to too many to be a misspelling of one."""
MANY_LETTERS = 7
FIRST_LETTER, BEHIND_LATIN = "a", "~"
NEAR_AT_MOST = 12


def _nearest(organisation: Organisation, one: Wanted) -> Wanted:
    """The same word, or in its place those of the clinic that are spelt nearly so."""
    # Consonants in the other script fit too many names to say that nothing is misspelt.
    spelt_so = [each for each in _begun(one) if not each.term.startswith(BEHIND_LATIN)]
    if not one.name or _frequency(organisation, spelt_so):
        return one
    folded = folding.fold(one.name)
    if len(folded) < LEAST_LETTERS:
        return replace(one, whole=frozenset())
    least, below = (
        ("\u0600", LAST_CHARACTER) if folding.is_arabic(folded) else (FIRST_LETTER, BEHIND_LATIN)
    )
    near = extract(
        folded,
        _words_between(organisation, least, below),
        scorer=OSA.distance,
        score_cutoff=2 if len(folded) >= MANY_LETTERS else 1,
        limit=NEAR_AT_MOST,
    )
    return replace(one, whole=frozenset(term for term, _distance, _place in near))


def _words_between(organisation: Organisation, least: str, below: str) -> list[str]:
    """Every word of a name that somebody here has, once.

    From each word the index is asked for the next greater one: a clinic of fifty thousand patients
    has a few thousand different words in half a million terms.
    """
    at_least, under = OPERATORS[connection.vendor]
    beyond = at_least.replace("=", "")
    order = "USING ~<~" if connection.vendor == "postgresql" else ""
    following = (
        "SELECT t.term FROM patients_searchterm t WHERE t.organisation_id = %s "
        "AND t.term {} {} AND t.term {} %s ORDER BY t.term {} LIMIT 1"
    )
    rows = _rows(
        "WITH RECURSIVE word(term) AS ("  # noqa: S608
        f"SELECT * FROM ({following.format(at_least, '%s', under, order)}) AS first "
        f"UNION ALL SELECT ({following.format(beyond, 'word.term', under, order)}) "
        "FROM word WHERE word.term IS NOT NULL) "
        "SELECT term FROM word WHERE term IS NOT NULL",
        [organisation.pk, least, below, organisation.pk, below],
    )
    return [row[0] for row in rows]


def _whole(one: Wanted) -> Word:
    return [Condition(term, begins=False) for term in sorted(one.whole)]


def _begun(one: Wanted) -> Word:
    """Beginnings, and those whole terms that none of the beginnings covers."""
    starts = tuple(one.beginnings)
    rest = sorted(term for term in one.whole if not term.startswith(starts))
    exact = [Condition(term, begins=False) for term in rest]
    return [*exact, *(Condition(start, begins=True) for start in sorted(starts))]


def _matches(organisation: Organisation, words: list[Word], limit: int) -> list[UUID]:
    """Ids of patients who have, for each word, a term that meets one of its conditions.

    The rarest word leads: its terms are walked along the index until enough patients are found
    who have the others too. That is quick for a rare word, because there is little to walk, and
    for frequent ones, because enough are found soon. Ids sort by the time they were made.
    """
    if len(words) > 1:
        words = sorted(words, key=lambda word: _frequency(organisation, word))
    leader, *others = words
    having = [_has(word) for word in others]
    found: dict[UUID, None] = {}
    for condition in leader:
        meets, values = condition.sql("t.term")
        # Of one term the index is in this order already; of a range it would have to be sorted.
        order = "" if condition.begins else " ORDER BY t.patient_id DESC"
        rows = _rows(
            "SELECT t.patient_id FROM patients_searchterm t WHERE t.organisation_id = %s AND "  # noqa: S608
            + " AND ".join([meets, *(sql for sql, _values in having)])
            # Twice, as vowels in the other script still take some away.
            + f"{order} LIMIT {2 * limit}",
            [organisation.pk, *values, *chain.from_iterable(values for _sql, values in having)],
        )
        found |= dict.fromkeys(_id(row[0]) for row in rows)
    return list(found)


def _has(word: Word) -> tuple[str, list[str]]:
    """That a patient has a term of this word, too."""
    conditions = [condition.sql("o.term") for condition in word]
    meets = " OR ".join(sql for sql, _values in conditions)
    return (
        "EXISTS (SELECT 1 FROM patients_searchterm o "  # noqa: S608
        f"WHERE o.patient_id = t.patient_id AND ({meets}))",
        [value for _sql, values in conditions for value in values],
    )


def _frequency(organisation: Organisation, word: Word) -> int:
    """How many terms fit a word, as far as it matters which word is rarer."""
    counted = 0
    for condition in word:
        meets, values = condition.sql("t.term")
        rows = _rows(
            "SELECT count(*) FROM (SELECT 1 FROM patients_searchterm t "  # noqa: S608
            f"WHERE t.organisation_id = %s AND {meets} LIMIT {COUNTED}) AS counted",
            [organisation.pk, *values],
        )
        counted += rows[0][0]
    return counted


def _rows(sql: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [for_database(value, connection) for value in values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
