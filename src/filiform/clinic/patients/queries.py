"""What is asked about patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from rapidfuzz.fuzz import ratio

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.patients import terms
from filiform.clinic.patients.births import Birth, BirthKnown
from filiform.clinic.patients.files import closed_among, of_files
from filiform.clinic.patients.models import Measurement, Patient
from filiform.clinic.staff.models import Organisation
from filiform.clinic.web.phones import UnreadableNumber, e164

SIMILAR_NAME = 85.0
"""Likeness (0 to 100) of folded names from which two may be one person. Design value."""


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
    birth_date_known: BirthKnown = "day",
    phone: str = "",
    besides: Patient | None = None,
) -> list[PossibleDuplicate]:
    """Patients with the same phone, or with a like name and the same or a slipped birth date.

    A slipped birth date has day and month swapped, or is one year, month or day off; where less
    than the day is known of either, the year may be one off.
    """
    name = terms.plainly([given_name, family_name])
    about = Q(birth_date__year__range=(birth_date.year - 1, birth_date.year + 1))
    if birth_date_known == "day":
        # A day is compared with days, or with whoever's day is not known.
        about = Q(birth_date__in=_slips(birth_date)) | (about & ~Q(birth_date_known="day"))
    candidates = Patient.objects.filter(organisation=organisation).filter(_phone_is(phone) | about)
    if besides is not None:
        candidates = candidates.exclude(pk=besides.pk)
    found = []
    # A year of birth alone fits hundreds; the newest are those most easily entered twice.
    for patient in candidates.order_by("-registered_at")[:500]:
        why = _why_the_same(
            patient, name=name, birth=Birth(birth_date, birth_date_known), phone=phone
        )
        if why:
            found.append(PossibleDuplicate(patient, why))
    # The likeliest first, and no more than somebody reads before registering.
    return _kept_files(sorted(found, key=lambda one: -len(one.why))[:8])


def _kept_files(found: list[PossibleDuplicate]) -> list[PossibleDuplicate]:
    """The file to go on with in place of one that is closed, each once."""
    kept = closed_among([one.patient for one in found])
    listed: dict[UUID, PossibleDuplicate] = {}
    for one in found:
        leads_to = kept.get(one.patient.pk, one.patient)
        listed.setdefault(leads_to.pk, one._replace(patient=leads_to))
    return list(listed.values())


def _why_the_same(patient: Patient, *, name: str, birth: Birth, phone: str) -> tuple[str, ...]:
    why = []
    if phone and _number(phone) in (patient.phone, patient.other_phone):
        why.append("phone")
    if ratio(name, terms.plainly([patient.name])) >= SIMILAR_NAME:
        why.append("name")
    here, there = patient.birth_date, birth.on
    to_the_day = patient.birth_date_known == birth.known == "day"
    if here == there or (not to_the_day and here.year == there.year):
        why.append("birth-date")
    near = here in _slips(there) if to_the_day else abs(here.year - there.year) <= 1
    # One telephone serves a family, so it is only asked about; a like name alone is nobody.
    same_person = "phone" in why or ("name" in why and near)
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
        # Day and month in the other order, as in American dates.
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
class BodySize:
    """The last measured height and weight; None where none was taken."""

    height_cm: float | None = None
    weight_kg: float | None = None
    measured_on: date | None = None


MOST_MEASURED = 20

MeasuredRow = tuple[str, date, datetime, float]


@prepared
def _newest_measured(patient: UUID) -> QuerySet[Measurement, MeasuredRow]:
    # Of a patient who is weighed every week a thousand are there, and two are asked for.
    return (
        Measurement.objects.current()
        .filter(patient=patient)
        .order_by("-measured_on", "-recorded_at")
        .values_list("kind", "measured_on", "recorded_at", "value")[:MOST_MEASURED]
    )


@prepared
def _last_measured(patient: UUID, kind: str) -> QuerySet[Measurement, MeasuredRow]:
    return (
        Measurement.objects.current()
        .filter(patient=patient, kind=kind)
        .order_by("-measured_on", "-recorded_at")
        .values_list("kind", "measured_on", "recorded_at", "value")[:1]
    )


def _measured(patient: Patient, kind: str) -> tuple[date, datetime, float] | None:
    """The last of a kind in all files of the person; asked for by kind where it is not among the
    newest of all kinds."""
    newest = _newest_of_files(patient)
    found = [one for one in newest if one[0] == kind]
    if not found and len(newest) >= MOST_MEASURED:
        found = of_files(_last_measured, patient, kind)
    return max((one[1:] for one in found), default=None)


@read_once
def _newest_of_files(patient: Patient) -> list[MeasuredRow]:
    return of_files(_newest_measured, patient)


@read_once
def body(patient: Patient) -> BodySize:
    """Of all files of the person."""
    height, weight = (_measured(patient, kind) for kind in ("height_cm", "weight_kg"))
    return BodySize(
        height_cm=height[2] if height else None,
        weight_kg=weight[2] if weight else None,
        measured_on=max((last[0] for last in (height, weight) if last), default=None),
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
