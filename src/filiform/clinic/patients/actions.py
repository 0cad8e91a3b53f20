"""What changes patients. Each is one transaction with its audit entry."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from filiform.clinic.facts.amending import voided
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.patients import terms
from filiform.clinic.patients.births import OLDEST_YEARS, BirthKnown
from filiform.clinic.patients.models import Measurement, Patient
from filiform.clinic.patients.vocabulary import BOUNDS, CONTACT_FIELDS, SEXES
from filiform.clinic.staff.models import Member, Organisation
from filiform.clinic.web.phones import e164

PHONES = ("phone", "other_phone", "kin_phone")


def register(
    *,
    by: Member | None,
    given_name: str,
    family_name: str = "",
    sex: str,
    birth_date: date,
    birth_date_known: BirthKnown = "day",
    phone: str = "",
    language: str = "en",
    other_phone: str = "",
    email: str = "",
    address: str = "",
    kin_name: str = "",
    kin_relation: str = "",
    kin_phone: str = "",
    height_cm: float | None = None,
    weight_kg: float | None = None,
    patient_id: UUID | None = None,
    organisation: Organisation | None = None,
) -> Patient:
    """A new patient of the member's organisation, with the next file number.

    by: None for who registers themselves on the public site; then `organisation` says where.
    patient_id: made by the form, so that sending it twice registers once: the patient who has
    the id already is returned unchanged.
    Raises ValueError naming what was got and what is allowed.
    """
    details = {
        "given_name": given_name.strip(),
        "family_name": family_name.strip(),
        "sex": sex,
        "birth_date": birth_date,
        "birth_date_known": birth_date_known,
        "language": language,
        "email": email,
        "address": address,
        "kin_name": kin_name,
        "kin_relation": kin_relation,
        "phone": e164(phone),
        "other_phone": e164(other_phone),
        "kin_phone": e164(kin_phone),
    }
    _check_person(details)
    measured = {"height_cm": height_cm, "weight_kg": weight_kg}
    for kind, value in measured.items():
        _check_measure(kind, value)
    whose = by.organisation_id if by else organisation.pk if organisation else None
    if whose is None:
        raise ValueError("neither a member of staff nor an organisation was given")
    with one_link():
        # The lock comes first: whoever sends the same form at the same time waits here and then
        # finds the patient.
        house = _locked(whose)
        if patient_id is not None:
            there = Patient.objects.filter(pk=patient_id, organisation=house).first()
            if there is not None:
                return there
        patient = _open_file(house, details, by=by, patient_id=patient_id or new_id())
        for kind, value in measured.items():
            if value is not None:
                measure(by=by, patient=patient, kind=kind, value=value)
    return patient


def _open_file(
    house: Organisation, details: dict[str, Any], *, by: Member | None, patient_id: UUID
) -> Patient:
    # Within the caller's lock, for the number: two who register at once must not get the same.
    with recording("patient-registered", by=by, organisation=house) as entry:
        patient = Patient.objects.create(
            id=patient_id,
            organisation=house,
            file_number=_next_file_number(house),
            registered_by=by,
            **details,
        )
        terms.index(patient)
        entry.about(patient, patient=patient)
    return patient


def correct(*, by: Member, patient: Patient, **changes: Any) -> Patient:
    """Correct who the patient is or how to reach them; the audit keeps the former values.

    changes: of `vocabulary.CONTACT_FIELDS`; raises ValueError for another name. Writes nothing
    when nothing is different.
    """
    unknown = sorted(set(changes) - set(CONTACT_FIELDS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: allowed are {', '.join(CONTACT_FIELDS)}")
    for name in PHONES:
        if name in changes:
            changes[name] = e164(changes[name])
    with transaction.atomic():
        now = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
        before = {name: getattr(now, name) for name in changes}
        different = sorted(name for name, value in changes.items() if before[name] != value)
        # No entry either: a form that is saved unchanged is no correction.
        if not different:
            return now
        for name in different:
            setattr(now, name, changes[name])
        # As a whole: one field alone may be right and make another one wrong.
        _check_person({name: getattr(now, name) for name in CONTACT_FIELDS})
        with recording("patient-corrected", by=by) as entry:
            now.save(update_fields=different)
            terms.index(now)
            # Contact details are written over; only the audit still knows what they were.
            former = {name: _text(before[name]) for name in different}
            entry.about(now, patient=now, before=former)
    return now


def measure(
    *,
    by: Member | None,
    patient: Patient,
    kind: str,
    value: float,
    measured_on: date | None = None,
) -> Measurement:
    """Height or weight on a day (today when not given); the same again on a day is the same one.
    Raises ValueError outside the bounds."""
    _check_measure(kind, value)
    measured_on = measured_on or timezone.localdate()
    with recording("patient-measured", by=by, organisation=patient.organisation) as entry:
        of_day = Measurement.objects.current().filter(
            patient=patient, kind=kind, measured_on=measured_on
        )
        last = of_day.order_by("recorded_at").last()
        if last is not None and last.value == value:
            entry.about(last, kind=kind, again=True)
            return last
        measurement = Measurement.objects.create(
            organisation=patient.organisation,
            recorded_by=by,
            patient=patient,
            kind=kind,
            value=value,
            measured_on=measured_on,
        )
        entry.about(measurement, kind=kind)
    return measurement


def void_measurement(*, by: Member, measurement: Measurement, why: str) -> Measurement:
    """Take back a measurement that was entered wrongly."""
    with recording("measurement-voided", by=by) as entry:
        void = voided(measurement, by=by, why=why)
        entry.about(void, kind=measurement.kind)
    return void


def _locked(organisation_id: Any) -> Organisation:
    """The organisation, held until the transaction ends (SQLite holds the whole file anyway)."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _next_file_number(organisation: Organisation) -> str:
    """ "MC-000123". The organisation must be locked."""
    number = organisation.next_file_number
    organisation.next_file_number = number + 1
    organisation.save(update_fields=["next_file_number"])
    return f"{organisation.file_prefix}-{number:06d}"


def _check_person(details: dict[str, Any]) -> None:
    if not details["given_name"]:
        raise ValueError("the given name is empty; a patient has one")
    if details["sex"] not in dict(SEXES):
        raise ValueError(f"sex is {details['sex']!r}; allowed are {', '.join(dict(SEXES))}")
    born, today = details["birth_date"], timezone.localdate()
    if not today.year - OLDEST_YEARS <= born.year or born > today:
        raise ValueError(
            f"the birth date is {born}; allowed are the last {OLDEST_YEARS} years up to {today}"
        )


def _check_measure(kind: str, value: float | None) -> None:
    if kind not in BOUNDS:
        raise ValueError(f"{kind!r} is not measured here; allowed are {', '.join(BOUNDS)}")
    low, high = BOUNDS[kind]
    if value is not None and not low <= value <= high:
        raise ValueError(f"{kind} is {value:g}; allowed are {low:g} to {high:g}")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
