"""Medicines: what is taken, since when and until when."""

from __future__ import annotations

import math
from datetime import date, timedelta

from filiform.disclosure import Coding, Kind, Statement, Status
from filiform.exchange.fhir.dosage import daily_mg
from filiform.exchange.fhir.elements import (
    Json,
    a_number,
    a_text,
    an_object,
    code_of,
    codings_of,
    last_day,
    objects,
    text_of,
)
from filiform.exchange.fhir.errors import ResourceError, notice
from filiform.exchange.fhir.index import reference_of
from filiform.exchange.fhir.model import not_read
from filiform.exchange.fhir.none_known import says_none
from filiform.exchange.fhir.source import Source
from filiform.screening.findings import is_local_route
from filiform.screening.triggers import DAILY_MG

DISPENSED_DAYS = 90
"""How long a dispensed medicine is taken to last when no supply is stated. Design value."""


def medicine_of(source: Source) -> tuple[str, tuple[Coding, ...]]:
    """Name and codes of the medicine: by code, by reference, contained, or by ingredients."""
    resource = source.resource
    concept = resource.get("medicationCodeableConcept")
    reference = resource.get("medicationReference")
    newer = an_object(resource.get("medication"))
    if newer.get("coding") or newer.get("text"):
        concept = concept or newer  # CDA-like records put the concept itself there
    concept = concept or newer.get("concept")
    # R5 wraps the reference once more; DSTU1 has it bare.
    reference = reference or newer.get("reference")
    if concept:
        return source.concept(concept, "medicine")
    # The referenced Medication before its display: a display is what a screen had room for.
    found = source.index.find(reference, resource) if reference else None
    if found is not None:
        return _described(source, found)
    display = a_text(an_object(reference).get("display"))
    if display:
        return display, ()
    if reference:
        named = reference_of(reference) or "an unnamed resource"
        raise ResourceError(notice("medicine-elsewhere", named=named))
    raise ResourceError(notice("no-medicine-named"))


def _described(source: Source, medication: Json) -> tuple[str, tuple[Coding, ...]]:
    texts = [text_of(medication.get("code"))]
    codings = list(codings_of(medication.get("code")))
    for ingredient in objects(medication.get("ingredient")):
        item = ingredient.get("itemCodeableConcept")
        newer = an_object(ingredient.get("item"))
        item = item or newer.get("concept")
        if item is None:
            found = source.index.find(ingredient.get("itemReference"), medication)
            item = an_object(found).get("code")
        texts.append(text_of(item))
        # Each ingredient counts: a rule about anticoagulants must see them in a mixture.
        codings += codings_of(item)
    named = [text for text in dict.fromkeys(texts) if text]
    if not named and not codings:
        raise ResourceError(notice("medicine-empty"))
    # A medicine of unnamed ingredients still has their codes; a person needs some word for it.
    name = named[0] if named else codings[0].display or codings[0].code
    if len(named) > 1 and not text_of(medication.get("code")):
        # Only where the product has no name of its own; else the ingredients would bury it.
        name = " / ".join(named)
    return name, tuple(dict.fromkeys(codings))


_TAKEN = {
    "active": Status.ACTIVE, "in-progress": Status.ACTIVE, "recorded": Status.ACTIVE,
    "completed": Status.COMPLETED, "stopped": Status.STOPPED, "ended": Status.STOPPED,
    "on-hold": Status.ON_HOLD, "intended": Status.PLANNED, "draft": Status.PLANNED,
    "preparation": Status.PLANNED, "entered-in-error": Status.ENTERED_IN_ERROR,
    "not-taken": Status.REFUTED, "not-done": Status.REFUTED, "cancelled": Status.REFUTED,
    "nullified": Status.ENTERED_IN_ERROR, "aborted": Status.STOPPED, "obsolete": Status.STOPPED,
    "suspended": Status.ON_HOLD, "held": Status.ON_HOLD, "declined": Status.REFUTED,
    "unknown": Status.UNKNOWN, "superseded": Status.STOPPED,
}  # fmt: skip


_ADHERENCE = {
    "not-taking": Status.REFUTED, "stopped": Status.STOPPED, "not-started": Status.PLANNED,
    "on-hold": Status.ON_HOLD,
}  # fmt: skip
_ONLY_PROPOSED = ("proposal", "option")


def status_of(source: Source) -> Status:
    """Where a prescription or statement stands.

    A plan counts like an order: British repeat authorisations and what a patient reports to an
    American record are plans, and are taken. What somebody only proposes is planned.
    """
    resource = source.resource
    # A status nobody knows counts as taken: asking once too often does less harm.
    status = _TAKEN.get(source.code("status"), Status.ACTIVE)
    reported = resource.get("reportedBoolean") is True or "reportedReference" in resource
    if source.code("intent") in _ONLY_PROPOSED and status is Status.ACTIVE and not reported:
        status = Status.PLANNED
    adherence = code_of(an_object(resource.get("adherence")).get("code"))
    # What the patient does outweighs what was ordered.
    status = _ADHERENCE.get(adherence, status)
    # STU3 says in `taken` what DSTU2 says in `wasNotTaken`.
    never = resource.get("wasNotTaken") in (True, "true") or source.code("taken") == "n"
    if resource.get("doNotPerform") is True or never:
        return Status.REFUTED
    return status


_STARTS = (
    "effectivePeriod.start", "effectiveDateTime", "effectiveTimePeriod.start",
    "effectiveTimeDateTime", "authoredOn", "dateWritten", "occurrencePeriod.start",
    "occurrenceDateTime", "occurenceDateTime",
)  # fmt: skip
_ENDS = ("effectivePeriod.end", "effectiveTimePeriod.end", "dateEnded", "occurrencePeriod.end")


def read_medicine(source: Source) -> None:
    """MedicationRequest, MedicationStatement, MedicationAdministration, and what older versions
    call MedicationOrder and MedicationPrescription."""
    resource = source.resource
    concept = resource.get("medicationCodeableConcept")
    if says_none(
        source, concept or an_object(resource.get("medication")).get("concept"), Kind.MEDICINE
    ):
        return
    text, codings = medicine_of(source)
    status = status_of(source)
    start = source.day(*_STARTS)
    # The stated end before the worked-out one.
    end = source.day(*_ENDS, last=True) or _dosage_end(source, start)
    # "Completed" is said of the last dispensing; the tablets last as long as the supply.
    if status is Status.COMPLETED and end is None:
        end = _supply_end(source, start)
    if resource.get("resourceType") == "MedicationAdministration":
        # A dose that was given is over with its day.
        end = end or source.day("effectiveDateTime", "effectiveTimeDateTime", last=True)
    daily = daily_mg(text, _dosages(resource))
    source.add(
        Statement(
            id=source.label,
            kind=Kind.MEDICINE,
            text=_with_route(text, resource),
            codings=codings,
            status=status,
            start=start,
            end=end,
            recorded=source.day("dateAsserted", "authoredOn", "dateWritten"),
            value=daily,
            unit=DAILY_MG if daily is not None else "",
        )
    )


def _dosages(resource: Json) -> list[Json]:
    return objects(resource.get("dosageInstruction") or resource.get("dosage"))


def _with_route(text: str, resource: Json) -> str:
    """The name with its route where that tells another medicine: "Ciclosporin (ophthalmic)"."""
    for dosage in _dosages(resource):
        route = text_of(dosage.get("route"))
        coded = {coding.code for coding in codings_of(dosage.get("route"))}
        # One dose that is swallowed makes it a medicine of the whole body.
        if not is_local_route(route, coded):
            return text
        if route and not is_local_route(text, ()):
            said = route if is_local_route(route, ()) else "topical"
            return f"{text} ({said})"
    return text


def _later(start: date, days: int) -> date:
    """So many days later, at most the calendar's last: 9999-12-31 is written for "for ever"."""
    return start + min(timedelta(days=days), date.max - start)


def _supply_end(source: Source, start: date | None) -> date | None:
    """Until when the supply of a prescription lasts that was handed out to the end."""
    request = an_object(source.resource.get("dispenseRequest"))
    until = source.day("dispenseRequest.validityPeriod.end", last=True)
    supply = an_object(request.get("expectedSupplyDuration"))
    days = _days_of(supply)
    if start is None or days is None:
        return until
    # Ten years bound what a typing error may say; "repeats" come on top of the first supply.
    refills = a_number(request.get("numberOfRepeatsAllowed")) or 0
    return _later(start, math.ceil(min(days * (1 + refills), 3650)))


_UNIT_DAYS = {"h": 1 / 24, "d": 1, "wk": 7, "mo": 30.4, "a": 365.25,
              "hour": 1 / 24, "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30.4,
              "months": 30.4, "year": 365.25}  # fmt: skip


def _dosage_end(source: Source, start: date | None) -> date | None:
    """The last day that the dosage states, when every dosage states one: as a day, or as a
    duration from the start (an antibiotic for three days ends on the third)."""
    ends = []
    for dosage in _dosages(source.resource):
        repeat = an_object(an_object(dosage.get("timing")).get("repeat"))
        value = an_object(repeat.get("boundsPeriod")).get("end")
        try:
            day = last_day(value, "boundsPeriod.end")
        except ResourceError as error:
            source.gathered.unread.append(
                not_read(source.label, error.notice, notice("without-it"))
            )
            day = None
        day = day or _lasts_until(repeat, start)
        # One dosage without an end goes on, and the medicine with it.
        if day is None:
            return None
        ends.append(day)
    return max(ends, default=None)


def _lasts_until(repeat: Json, start: date | None) -> date | None:
    """The last day of a course whose length is stated."""
    longest = an_object(an_object(repeat.get("boundsRange")).get("high"))
    length = an_object(repeat.get("boundsDuration")) or longest
    days = _days_of(length)
    if start is None or days is None:
        return None
    # The first day counts: three days from Monday end on Wednesday.
    return _later(start, max(math.ceil(days) - 1, 0))


def _days_of(duration: Json) -> float | None:
    """A FHIR Duration in days, None for none, an unknown unit or an impossible length."""
    value = a_number(duration.get("value"))
    unit = (a_text(duration.get("code")) or a_text(duration.get("unit"))).lower()
    if value is None or unit not in _UNIT_DAYS:
        return None
    days = value * _UNIT_DAYS[unit]
    return days if 0 < days < 36500 else None


def read_dispense(source: Source) -> None:
    """A dispensed medicine lasts for its supply; without one, for 90 days."""
    text, codings = medicine_of(source)
    status = _TAKEN.get(source.code("status"), Status.UNKNOWN)
    start = source.day("whenHandedOver", "whenPrepared", "recorded")
    end = None
    if status is Status.COMPLETED and start is not None:
        supply = a_number(an_object(source.resource.get("daysSupply")).get("value"))
        # A supply of 0 or of ten years is a field filled in by rote.
        days = supply if supply is not None and 0 < supply < 3650 else DISPENSED_DAYS
        # Handed out is when the taking begins: completed is only the pharmacy's part.
        status, end = Status.ACTIVE, _later(start, int(days))
    source.add(
        Statement(id=source.label, kind=Kind.MEDICINE, text=_with_route(text, source.resource),
             codings=codings, status=status, start=start, end=end, recorded=start)
    )  # fmt: skip
