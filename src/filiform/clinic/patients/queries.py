"""What is asked about patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz.fuzz import ratio

from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients import terms
from filiform.clinic.patients.models import Measurement, Patient, SearchTerm
from filiform.clinic.patients.terms import Wanted
from filiform.clinic.staff.models import Organisation
from filiform.clinic.web.phones import UnreadableNumber, e164

COUNTED = 2000
"""Words that fit more terms than this count as equally frequent."""
SIMILAR_NAME = 85.0
"""Likeness (0 to 100) of folded names from which two may be one person. Design value."""


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
    found = Patient.objects.in_bulk(list(ids)[:limit])
    return [found[patient] for patient in ids if patient in found]


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


class PossibleDuplicate(NamedTuple):
    """A patient who may be the one about to be registered, and why: phone, name, birth-date."""

    patient: Patient
    why: tuple[str, ...]


def possible_duplicates(
    organisation: Organisation,
    *,
    given_name: str,
    family_name: str = "",
    birth_date: date,
    phone: str = "",
    besides: Patient | None = None,
) -> list[PossibleDuplicate]:
    """Patients with the same phone, or with a like name and the same or a slipped birth date.

    A slipped birth date has day and month swapped, or is one year, month or day off.
    """
    name = terms.plainly([given_name, family_name])
    candidates = Patient.objects.filter(organisation=organisation).filter(
        _phone_is(phone) | Q(birth_date__in=_slips(birth_date))
    )
    if besides is not None:
        candidates = candidates.exclude(pk=besides.pk)
    found = []
    for patient in candidates.order_by("-registered_at")[:500]:
        why = _why_the_same(patient, name=name, birth_date=birth_date, phone=phone)
        if why:
            found.append(PossibleDuplicate(patient, why))
    return sorted(found, key=lambda one: -len(one.why))[:8]


def _why_the_same(patient: Patient, *, name: str, birth_date: date, phone: str) -> tuple[str, ...]:
    why = []
    if phone and _number(phone) in (patient.phone, patient.other_phone):
        why.append("phone")
    if ratio(name, terms.plainly([patient.name])) >= SIMILAR_NAME:
        why.append("name")
    if patient.birth_date == birth_date:
        why.append("birth-date")
    same_person = "phone" in why or ("name" in why and patient.birth_date in _slips(birth_date))
    return tuple(why) if same_person else ()


def _number(phone: str) -> str:
    try:
        return e164(phone)
    except UnreadableNumber:
        return ""


def _phone_is(phone: str) -> Q:
    number = _number(phone)
    return Q(phone=number) | Q(other_phone=number) if number else Q(pk__in=[])


def _slips(day: date) -> set[date]:
    """A date and those that a slip of the key makes of it."""
    near = {day, day - timedelta(days=1), day + timedelta(days=1)}
    for year, month, of_month in (
        (day.year, day.day, day.month),
        (day.year - 1, day.month, day.day),
        (day.year + 1, day.month, day.day),
        (day.year, day.month - 1, day.day),
        (day.year, day.month + 1, day.day),
    ):
        try:
            near.add(date(year, month, of_month))
        except ValueError:
            continue
    return near


@dataclass(frozen=True)
class Body:
    """The last measured height and weight; None where none was taken."""

    height_cm: float | None = None
    weight_kg: float | None = None
    measured_on: date | None = None


@read_once
def body(patient: Patient) -> Body:
    last: dict[str, Measurement] = {}
    for one in measurements(patient):
        last.setdefault(one.kind, one)
    days = [one.measured_on for one in last.values()]
    return Body(
        height_cm=last["height_cm"].value if "height_cm" in last else None,
        weight_kg=last["weight_kg"].value if "weight_kg" in last else None,
        measured_on=max(days) if days else None,
    )


def measurements(patient: Patient) -> QuerySet[Measurement]:
    """Measurements that hold, the last one first."""
    return (
        Measurement.objects.current()
        .filter(patient=patient)
        .order_by("-measured_on", "-recorded_at")
    )


def last_registered(organisation: Organisation, limit: int = 12) -> list[Patient]:
    return list(
        Patient.objects.filter(organisation=organisation).order_by("-registered_at")[:limit]
    )
