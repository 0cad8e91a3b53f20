"""One clinical resource → facts. One function per kind of resource."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from filiform.disclosure import Coding, Fact, Kind, Status
from filiform.exchange.fhir.elements import (
    Json,
    a_number,
    a_text,
    an_object,
    code_of,
    codings_of,
    first_day,
    last_day,
    objects,
    sites_and_side,
    text_of,
)
from filiform.exchange.fhir.errors import ResourceError
from filiform.exchange.fhir.index import Index, reference_of
from filiform.exchange.fhir.model import LeftOut, Unread, WhyLeftOut

DISPENSED_DAYS = 90
"""How long a dispensed medicine is taken to last when no supply is stated. Design value."""


class Gathered(msgspec.Struct):
    """What one resource gave."""

    facts: list[Fact] = msgspec.field(default_factory=list)
    left_out: list[LeftOut] = msgspec.field(default_factory=list)
    unread: list[Unread] = msgspec.field(default_factory=list)


class Source:
    """A resource being read: its name, and dates that may be missing or wrong."""

    def __init__(self, resource: Json, label: str, index: Index) -> None:
        self.resource = resource
        self.label = label
        self.index = index
        self.gathered = Gathered()

    def day(self, *paths: str, last: bool = False) -> date | None:
        """The first date that is there; an unreadable one is reported and skipped."""
        for path in paths:
            value: object = self.resource
            for step in path.split("."):
                value = an_object(value).get(step)
            try:
                found = last_day(value, path) if last else first_day(value, path)
            except ResourceError as error:
                self.gathered.unread.append(Unread(self.label, f"{error}; read without it"))
                continue
            if found is not None:
                return found
        return None

    def code(self, *names: str) -> str:
        return next((code for name in names if (code := code_of(self.resource.get(name)))), "")

    def concept(self, value: object, what: str) -> tuple[str, tuple[Coding, ...]]:
        """Text and codings. Raises ResourceError when there is neither."""
        text, codings = text_of(value), codings_of(value)
        if not text and not codings:
            raise ResourceError(f"it has no {what}: neither a code nor a text")
        return text, codings

    def add(self, fact: Fact) -> None:
        self.gathered.facts.append(fact)
        why = _WHY.get(fact.status)
        if fact.family:
            why = "family"
        if why == "completed" and fact.kind is Kind.PROCEDURE:
            why = None
        if why is not None:
            self.gathered.left_out.append(LeftOut(self.label, fact.text, why))

    def leave_out(self, text: str, why: WhyLeftOut) -> None:
        self.gathered.left_out.append(LeftOut(self.label, text, why))


_WHY: dict[Status, WhyLeftOut] = {
    Status.RESOLVED: "resolved", Status.INACTIVE: "inactive", Status.REMISSION: "remission",
    Status.STOPPED: "stopped", Status.COMPLETED: "completed", Status.ON_HOLD: "on-hold",
    Status.PLANNED: "planned", Status.REFUTED: "refuted",
    Status.ENTERED_IN_ERROR: "entered-in-error",
}  # fmt: skip

_CLINICAL = {
    "active": Status.ACTIVE, "recurrence": Status.RECURRENCE, "relapse": Status.RECURRENCE,
    "inactive": Status.INACTIVE, "remission": Status.REMISSION, "resolved": Status.RESOLVED,
    "completed": Status.RESOLVED, "unknown": Status.UNKNOWN,
}  # fmt: skip


def _clinical_status(source: Source, ended: date | None) -> Status:
    """Verification and clinical status in one; what is absent counts as active."""
    verification = source.code("verificationStatus")
    if verification == "entered-in-error" or source.code("status") == "entered-in-error":
        return Status.ENTERED_IN_ERROR
    if verification == "refuted":
        return Status.REFUTED
    stated = source.code("clinicalStatus")
    over = ended is not None or source.resource.get("abatementBoolean") is True
    absent = Status.RESOLVED if over or "abatementString" in source.resource else Status.ACTIVE
    status = _CLINICAL.get(stated, absent)
    unsure = verification in ("provisional", "differential", "unconfirmed", "suspected")
    if unsure and status in (Status.ACTIVE, Status.RECURRENCE, Status.UNKNOWN):
        return Status.SUSPECTED
    return status


def read_condition(source: Source) -> None:
    if _says_none(source, source.resource.get("code"), Kind.CONDITION):
        return
    text, codings = source.concept(source.resource.get("code"), "condition")
    end = source.day("abatementDateTime", "abatementPeriod.end", last=True)
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    source.add(
        Fact(
            id=source.label,
            kind=Kind.CONDITION,
            text=text,
            codings=codings,
            status=_clinical_status(source, end),
            start=source.day("onsetDateTime", "onsetPeriod.start"),
            end=end,
            recorded=source.day("recordedDate", "assertedDate"),
            site=site,
            side=side,
        )
    )


def read_allergy(source: Source) -> None:
    resource = source.resource
    code = resource.get("code") or resource.get("substance")
    if _says_none(source, code, Kind.ALLERGY):
        return
    reactions = objects(resource.get("reaction"))
    substances = [one.get("substance") for one in reactions if one.get("substance")]
    if not text_of(code) and substances:
        code = substances[0]
    text, codings = source.concept(code, "substance")
    source.add(
        Fact(
            id=source.label,
            kind=Kind.ALLERGY,
            text=text,
            codings=codings,
            status=_clinical_status(source, None),
            start=source.day("onsetDateTime", "onsetPeriod.start"),
            recorded=source.day("recordedDate", "assertedDate"),
        )
    )


_NONE = {
    "no-known-allergies": Kind.ALLERGY, "716186003": Kind.ALLERGY,
    "no-known-medications": Kind.MEDICINE, "no-known-problems": Kind.CONDITION,
    "no-known-procedures": Kind.PROCEDURE, "no-known-devices": Kind.DEVICE,
    "160245001": Kind.CONDITION, "787481004": Kind.MEDICINE,
}  # fmt: skip
_PARTLY = frozenset(
    {
        "no-known-medication-allergies", "no-known-environmental-allergies",
        "no-known-food-allergies", "409137002", "429625007", "428607008",
    }
)  # fmt: skip
_NO_INFORMATION = frozenset(
    {
        "no-allergy-info", "no-medication-info", "no-problem-info", "no-procedure-info",
        "no-device-info",
    }
)  # fmt: skip
_NONE_TEXTS = {
    Kind.ALLERGY: ("no known allergies", "no known allergy", "nka", "nkda", "nil known"),
    Kind.MEDICINE: ("no known medications", "no current medications", "no medications"),
    Kind.CONDITION: ("no known problems", "no current problems", "no known conditions"),
    Kind.PROCEDURE: ("no known procedures",),
    Kind.DEVICE: ("no known devices", "no implants"),
}


def _says_none(source: Source, concept: object, kind: Kind) -> bool:
    """Whether the resource says "nothing of this kind" or "no information", and note it so."""
    text, codes = text_of(concept), {coding.code for coding in codings_of(concept)}
    if codes & _NO_INFORMATION:
        source.leave_out(text, "no-information")
        return True
    if codes & _PARTLY:
        source.leave_out(text, "partly-none-known")
        return True
    said = any(_NONE.get(code) is kind for code in codes)
    said = said or text.lower().rstrip(".") in _NONE_TEXTS.get(kind, ())
    if not said:
        return False
    status = _clinical_status(source, None)
    if status in (Status.ACTIVE, Status.UNKNOWN, Status.SUSPECTED, Status.RECURRENCE):
        fact = Fact(id=source.label, kind=kind, text=text, none_known=True)
        source.add(msgspec.structs.replace(fact, codings=codings_of(concept)))
    else:
        source.leave_out(text, _WHY[status])
    return True


def medicine_of(source: Source) -> tuple[str, tuple[Coding, ...]]:
    """Name and codes of the medicine: by code, by reference, contained, or by ingredients."""
    resource = source.resource
    concept = resource.get("medicationCodeableConcept")
    reference = resource.get("medicationReference")
    newer = an_object(resource.get("medication"))
    concept = concept or newer.get("concept") or (newer if newer.get("coding") else None)
    reference = reference or newer.get("reference")
    if concept:
        return source.concept(concept, "medicine")
    found = source.index.find(reference, resource) if reference else None
    if found is not None:
        return _described(source, found)
    display = a_text(an_object(reference).get("display"))
    if display:
        return display, ()
    if reference:
        named = reference_of(reference) or "an unnamed resource"
        raise ResourceError(f"the medicine it refers to, {named}, is not in the Bundle")
    raise ResourceError("it names no medicine: neither a code, a text nor a reference")


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
        codings += codings_of(item)
    named = [text for text in dict.fromkeys(texts) if text]
    if not named and not codings:
        raise ResourceError("the Medication it refers to has neither a code nor ingredients")
    name = named[0] if named else codings[0].display or codings[0].code
    if len(named) > 1 and not text_of(medication.get("code")):
        name = " / ".join(named)
    return name, tuple(dict.fromkeys(codings))


_TAKEN = {
    "active": Status.ACTIVE, "in-progress": Status.ACTIVE, "recorded": Status.ACTIVE,
    "completed": Status.COMPLETED, "stopped": Status.STOPPED, "ended": Status.STOPPED,
    "on-hold": Status.ON_HOLD, "intended": Status.PLANNED, "draft": Status.PLANNED,
    "preparation": Status.PLANNED, "entered-in-error": Status.ENTERED_IN_ERROR,
    "not-taken": Status.REFUTED, "not-done": Status.REFUTED, "cancelled": Status.REFUTED,
    "declined": Status.REFUTED, "unknown": Status.UNKNOWN,
}  # fmt: skip


def read_medicine(source: Source) -> None:
    """MedicationRequest, MedicationStatement, MedicationAdministration."""
    resource = source.resource
    concept = resource.get("medicationCodeableConcept")
    if _says_none(
        source, concept or an_object(resource.get("medication")).get("concept"), Kind.MEDICINE
    ):
        return
    text, codings = medicine_of(source)
    status = _TAKEN.get(source.code("status"), Status.ACTIVE)
    if source.code("intent") in ("proposal", "plan", "option") and status is Status.ACTIVE:
        status = Status.PLANNED
    if resource.get("doNotPerform") is True or code_of(resource.get("wasNotTaken")) == "true":
        status = Status.REFUTED
    start = source.day(
        "effectivePeriod.start",
        "effectiveDateTime",
        "authoredOn",
        "occurrencePeriod.start",
        "occurenceDateTime",
    )
    end = source.day("effectivePeriod.end", "occurrencePeriod.end", last=True) or _dosage_end(
        source
    )
    if resource.get("resourceType") == "MedicationAdministration":
        end = end or source.day("effectiveDateTime", last=True)
    source.add(
        Fact(
            id=source.label,
            kind=Kind.MEDICINE,
            text=text,
            codings=codings,
            status=status,
            start=start,
            end=end,
            recorded=source.day("dateAsserted", "authoredOn"),
        )
    )


def _dosage_end(source: Source) -> date | None:
    """The end that the dosage states, when every dosage states one."""
    ends = []
    for dosage in objects(
        source.resource.get("dosageInstruction") or source.resource.get("dosage")
    ):
        repeat = an_object(an_object(dosage.get("timing")).get("repeat"))
        value = an_object(repeat.get("boundsPeriod")).get("end")
        try:
            day = last_day(value, "boundsPeriod.end")
        except ResourceError as error:
            source.gathered.unread.append(Unread(source.label, f"{error}; read without it"))
            day = None
        if day is None:
            return None
        ends.append(day)
    return max(ends, default=None)


def read_dispense(source: Source) -> None:
    """A dispensed medicine lasts for its supply; without one, for 90 days."""
    text, codings = medicine_of(source)
    status = _TAKEN.get(source.code("status"), Status.UNKNOWN)
    start = source.day("whenHandedOver", "whenPrepared", "recorded")
    end = None
    if status is Status.COMPLETED and start is not None:
        supply = a_number(an_object(source.resource.get("daysSupply")).get("value"))
        days = supply if supply is not None and 0 < supply < 3650 else DISPENSED_DAYS
        status, end = Status.ACTIVE, start + timedelta(days=int(days))
    source.add(
        Fact(id=source.label, kind=Kind.MEDICINE, text=text, codings=codings, status=status,
             start=start, end=end, recorded=start)
    )  # fmt: skip


_DONE = {
    "preparation": Status.PLANNED, "in-progress": Status.ACTIVE, "not-done": Status.REFUTED,
    "on-hold": Status.PLANNED, "stopped": Status.STOPPED, "completed": Status.COMPLETED,
    "entered-in-error": Status.ENTERED_IN_ERROR, "aborted": Status.STOPPED,
    "suspended": Status.PLANNED, "unknown": Status.UNKNOWN,
}  # fmt: skip


def read_procedure(source: Source) -> None:
    if _says_none(source, source.resource.get("code"), Kind.PROCEDURE):
        return
    text, codings = source.concept(source.resource.get("code"), "procedure")
    performed = ("performedPeriod.end", "performedDateTime", "performedPeriod.start",
                 "occurrencePeriod.end", "occurrenceDateTime")  # fmt: skip
    site, side = sites_and_side(objects(source.resource.get("bodySite")))
    source.add(
        Fact(
            id=source.label,
            kind=Kind.PROCEDURE,
            text=text,
            codings=codings,
            status=_DONE.get(source.code("status"), Status.COMPLETED),
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
        newer = an_object(an_object(reference).get("reference"))
        found = source.index.find(newer or reference, resource)
        described = found if found is not None else {}
    name = next((a_text(n.get("name")) for n in objects(described.get("deviceName"))), "")
    kinds = [*objects(described.get("type")), an_object(an_object(reference).get("concept"))]
    text = next((text for kind in kinds if (text := text_of(kind))), "") or name
    text = text or a_text(an_object(reference).get("display"))
    codings = tuple(coding for kind in kinds for coding in codings_of(kind))
    if _says_none(source, kinds[0] if kinds else None, Kind.DEVICE):
        return
    if not text:
        raise ResourceError("it does not say what device it is")
    status = {
        "inactive": Status.INACTIVE, "entered-in-error": Status.ENTERED_IN_ERROR,
        "completed": Status.INACTIVE, "stopped": Status.INACTIVE, "not-done": Status.REFUTED,
        "intended": Status.PLANNED, "on-hold": Status.ACTIVE,
    }.get(source.code("status"), Status.ACTIVE)  # fmt: skip
    site, side = sites_and_side(objects(resource.get("bodySite")))
    source.add(
        Fact(id=source.label, kind=Kind.DEVICE, text=text, codings=codings, status=status,
             start=source.day("timingPeriod.start", "timingDateTime"),
             end=source.day("timingPeriod.end", last=True), site=site, side=side)
    )  # fmt: skip


def read_family_history(source: Source) -> None:
    """A relative's conditions: kept as such, and never the patient's."""
    relative = text_of(source.resource.get("relationship")) or "relative"
    conditions = objects(source.resource.get("condition"))
    for condition in conditions:
        text, codings = source.concept(condition.get("code"), "condition")
        source.add(
            Fact(id=source.label, kind=Kind.CONDITION, text=f"{text} ({relative})",
                 codings=codings, family=True)
        )  # fmt: skip
    if not conditions:
        source.leave_out(f"family history ({relative})", "family")


READERS: dict[str, Callable[[Source], None]] = {
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "MedicationRequest": read_medicine,
    "MedicationStatement": read_medicine,
    "MedicationUsage": read_medicine,
    "MedicationAdministration": read_medicine,
    "MedicationDispense": read_dispense,
    "Procedure": read_procedure,
    "Device": read_device,
    "DeviceUseStatement": read_device,
    "DeviceUsage": read_device,
    "FamilyMemberHistory": read_family_history,
}
