"""One clinical resource → facts. One function per kind of resource."""

from __future__ import annotations

from collections.abc import Callable

from filiform.disclosure import Kind, Statement, Status
from filiform.exchange.fhir.elements import (
    a_text,
    an_object,
    codings_of,
    objects,
    sites_and_side,
    text_of,
)
from filiform.exchange.fhir.errors import ResourceError, notice
from filiform.exchange.fhir.medicines import read_dispense, read_medicine
from filiform.exchange.fhir.none_known import says_none
from filiform.exchange.fhir.source import Source, clinical_status


def read_condition(source: Source) -> None:
    # Before it is read as a disease: "no known problems" comes as a Condition with a code.
    if says_none(source, source.resource.get("code"), Kind.CONDITION):
        return
    text, codings = source.concept(source.resource.get("code"), "condition")
    end = source.day("abatementDateTime", "abatementPeriod.end", last=True)
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    source.add(
        Statement(
            id=source.label,
            kind=Kind.CONDITION,
            text=text,
            codings=codings,
            status=clinical_status(source, end),
            start=source.day("onsetDateTime", "onsetPeriod.start"),
            end=end,
            recorded=source.day("recordedDate", "assertedDate", "dateRecorded", "dateAsserted"),
            site=site,
            side=side,
        )
    )


def read_allergy(source: Source) -> None:
    resource = source.resource
    code = resource.get("code") or resource.get("substance")
    if says_none(source, code, Kind.ALLERGY):
        return
    reactions = objects(resource.get("reaction") or resource.get("event"))
    substances = [one.get("substance") for one in reactions if one.get("substance")]
    if not text_of(code) and substances:
        code = substances[0]
    text, codings = source.concept(code, "substance")
    # "Allergy to substance" names the substance only beside the reaction.
    told = {one.code for one in codings}
    for substance in substances if substances[:1] != [code] else ():
        named = text_of(substance)
        text = f"{text}: {named}" if named and named.lower() not in text.lower() else text
        codings += tuple(one for one in codings_of(substance) if one.code not in told)
    source.add(
        Statement(
            id=source.label,
            kind=Kind.ALLERGY,
            text=text,
            codings=codings,
            status=clinical_status(source, None),
            start=source.day("onsetDateTime", "onsetPeriod.start", "onset"),
            recorded=source.day("recordedDate", "assertedDate", "dateRecorded"),
        )
    )


_DONE = {
    "preparation": Status.PLANNED, "in-progress": Status.ACTIVE, "not-done": Status.REFUTED,
    # On hold is not done yet; a medicine on hold was taken already.
    "on-hold": Status.PLANNED, "stopped": Status.STOPPED, "completed": Status.COMPLETED,
    "entered-in-error": Status.ENTERED_IN_ERROR, "aborted": Status.STOPPED,
    "suspended": Status.PLANNED, "unknown": Status.UNKNOWN,
}  # fmt: skip


def _status_of_procedure(source: Source) -> Status:
    """STU3 says in `notDone`, DSTU2 in `notPerformed`, what R4 has a status for."""
    if source.resource.get("notDone") is True or source.resource.get("notPerformed") is True:
        return Status.REFUTED
    return _DONE.get(source.code("status"), Status.COMPLETED)


def read_procedure(source: Source) -> None:
    if says_none(source, source.resource.get("code"), Kind.PROCEDURE):
        return
    text, codings = source.concept(source.resource.get("code"), "procedure")
    # The end of a period before a single day. The last two are R5's names.
    performed = ("performedPeriod.end", "performedDateTime", "performedPeriod.start",
                 "occurrencePeriod.end", "occurrenceDateTime")  # fmt: skip
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    source.add(
        Statement(
            id=source.label,
            kind=Kind.PROCEDURE,
            text=text,
            codings=codings,
            status=_status_of_procedure(source),
            start=source.day("performedPeriod.start", *performed),
            end=source.day(*performed, last=True),
            site=site,
            side=side,
        )
    )


def read_device(source: Source) -> None:
    """Device, DeviceUseStatement: the implant itself, or its use."""
    resource, described = source.resource, source.resource
    reference = resource.get("device")
    if reference:
        # R5's CodeableReference holds the Reference one level deeper.
        newer = an_object(an_object(reference).get("reference"))
        found = source.index.find(newer or reference, resource)
        # A device that is nowhere in the Bundle may still be named by the reference itself.
        described = found if found is not None else {}
    name = next((a_text(n.get("name")) for n in objects(described.get("deviceName"))), "")
    kinds = [*objects(described.get("type")), an_object(an_object(reference).get("concept"))]
    text = next((text for kind in kinds if (text := text_of(kind))), "") or name
    text = text or a_text(an_object(reference).get("display"))
    codings = tuple(coding for kind in kinds for coding in codings_of(kind))
    if says_none(source, kinds[0] if kinds else None, Kind.DEVICE):
        return
    if not text:
        raise ResourceError(notice("no-device"))
    status = {
        "inactive": Status.INACTIVE, "entered-in-error": Status.ENTERED_IN_ERROR,
        "completed": Status.INACTIVE, "stopped": Status.INACTIVE, "not-done": Status.REFUTED,
        # A pump that is off is still in the body, where a needle could meet it.
        "intended": Status.PLANNED, "on-hold": Status.ACTIVE,
    }.get(source.code("status"), Status.ACTIVE)  # fmt: skip
    site, side = sites_and_side(objects(resource.get("bodySite")))
    source.add(
        Statement(id=source.label, kind=Kind.DEVICE, text=text, codings=codings, status=status,
             start=source.day("timingPeriod.start", "timingDateTime", "whenUsed.start"),
             end=source.day("timingPeriod.end", "whenUsed.end", last=True), site=site, side=side)
    )  # fmt: skip


def read_family_history(source: Source) -> None:
    """A relative's conditions: kept as such, and never the patient's."""
    relative = text_of(source.resource.get("relationship")) or "relative"
    conditions = objects(source.resource.get("condition"))
    for condition in conditions:
        text, codings = source.concept(condition.get("code"), "condition")
        source.add(
            Statement(id=source.label, kind=Kind.CONDITION, text=f"{text} ({relative})",
                 codings=codings, family=True)
        )  # fmt: skip
    if not conditions:
        source.leave_out(f"family history ({relative})", "family")


def read_flag(source: Source) -> None:
    """Flag: a warning in the record, such as a latex allergy or an anticoagulant."""
    text, codings = source.concept(source.resource.get("code"), "warning")
    status = {
        "inactive": Status.INACTIVE, "entered-in-error": Status.ENTERED_IN_ERROR,
    }.get(source.code("status"), Status.ACTIVE)  # fmt: skip
    source.add(
        Statement(id=source.label, kind=Kind.CONDITION, text=text, codings=codings, status=status,
             start=source.day("period.start"), end=source.day("period.end", last=True))
    )  # fmt: skip


READERS: dict[str, Callable[[Source], None]] = {
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "MedicationRequest": read_medicine,
    "MedicationOrder": read_medicine,
    "MedicationPrescription": read_medicine,
    "MedicationStatement": read_medicine,
    "MedicationUsage": read_medicine,
    "MedicationAdministration": read_medicine,
    "MedicationDispense": read_dispense,
    "Procedure": read_procedure,
    "Device": read_device,
    "DeviceUseStatement": read_device,
    "DeviceUsage": read_device,
    "FamilyMemberHistory": read_family_history,
    "Flag": read_flag,
}
