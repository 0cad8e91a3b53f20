"""The search for patients in querysets: slow, plain, the referee of `patients.search`."""

from __future__ import annotations

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from filiform.clinic.patients import terms
from filiform.clinic.patients.models import Patient, SearchTerm
from filiform.clinic.patients.terms import Wanted
from filiform.clinic.staff.models import Organisation

COUNTED = 2000


def search(organisation: Organisation, text: str, limit: int = 20) -> list[Patient]:
    """Patients whom a typed text may mean, best first.

    The words may come in any order, each may be a beginning. Names that are spelt so (or sound
    so) stand before those that only begin so; among the former, who was registered last comes
    first.
    """
    looked_up = terms.wanted(text, file_prefix=organisation.file_prefix)
    if not looked_up or limit < 1:
        return []
    ids = dict.fromkeys(_matches(organisation, [_whole(one) for one in looked_up], limit))
    if len(ids) < limit and any(one.beginnings for one in looked_up):
        ids |= dict.fromkeys(_matches(organisation, [_begun(one) for one in looked_up], limit))
    found = [Patient.objects.get(pk=patient) for patient in ids]
    return [one for one in found if all(word.is_meant(one) for word in looked_up)][:limit]


def _whole(one: Wanted) -> list[Q]:
    return [Q(term=term) for term in sorted(one.whole)]


def _begun(one: Wanted) -> list[Q]:
    """Beginnings, and those whole terms that none of the beginnings covers."""
    starts = tuple(one.beginnings)
    rest = sorted(term for term in one.whole if not term.startswith(starts))
    return [*(Q(term=term) for term in rest), *(Q(term__begins=start) for start in sorted(starts))]


def _matches(organisation: Organisation, words: list[list[Q]], limit: int) -> list[UUID]:
    """Ids of patients who have, for each word, a term that meets one of its conditions.

    The rarest word leads: its terms are walked along the index until enough patients are found
    who have the others too. That is quick for a rare word, because there is little to walk, and
    for frequent ones, because enough are found soon. Ids sort by the time they were made.
    """
    terms_here = SearchTerm.objects.filter(organisation=organisation).order_by()
    if len(words) > 1:
        words = sorted(words, key=lambda word: _frequency(terms_here, word))
    leader, *others = words
    found: dict[UUID, None] = {}
    for condition in leader:
        rows = terms_here.filter(condition)
        for other in others:
            has_it = SearchTerm.objects.filter(reduce(or_, other), patient=OuterRef("patient"))
            rows = rows.filter(Exists(has_it.order_by()))
        if condition.children[0][0] == "term":
            rows = rows.order_by("-patient_id")
        found |= dict.fromkeys(rows.values_list("patient_id", flat=True)[: 2 * limit])
    return list(found)


def _frequency(terms_here: QuerySet[SearchTerm], word: list[Q]) -> int:
    """How many terms fit a word, as far as it matters which word is rarer."""
    return sum(
        terms_here.filter(condition).values("patient_id")[:COUNTED].count() for condition in word
    )
