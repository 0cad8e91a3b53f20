"""The kinds of what a patient discloses, as they are asked about and shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filiform.disclosure import Kind, Status


@dataclass(frozen=True)
class DisclosureSection:
    """One list of the page. kinds: those that are asked for in one question, the first leads."""

    id: str
    title: Promise
    ask: Promise
    nothing: Promise
    add: Promise
    kinds: tuple[Kind, ...]

    @property
    def kind(self) -> Kind:
        return self.kinds[0]


SECTIONS = (
    DisclosureSection(
        "conditions",
        _("Conditions, operations, implants"),
        _("Any current or past illnesses, operations or implants?"),
        _("No illness, operation or implant"),
        _("Add a condition, operation or implant"),
        (Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE),
    ),
    DisclosureSection(
        "allergies",
        _("Allergies"),
        _("Any allergies: medicines, metals, latex, plasters, skin disinfectant?"),
        _("No allergy"),
        _("Add an allergy"),
        (Kind.ALLERGY,),
    ),
    DisclosureSection(
        "medicines",
        _("Medicines"),
        _(
            "Any medicines, including painkillers, medicines for the blood, herbal remedies or "
            "anything bought without a prescription?"
        ),
        _("No medicine"),
        _("Add a medicine"),
        (Kind.MEDICINE,),
    ),
)

SECTION_OF: dict[str, DisclosureSection] = {
    kind: section for section in SECTIONS for kind in section.kinds
}

KINDS = [
    (Kind.CONDITION.value, _("Condition")),
    (Kind.PROCEDURE.value, _("Operation")),
    (Kind.DEVICE.value, _("Implant")),
    (Kind.ALLERGY.value, _("Allergy")),
    (Kind.MEDICINE.value, _("Medicine")),
    (Kind.OBSERVATION.value, _("Measured value")),
]

STATUSES: dict[str, Promise] = {
    Status.ACTIVE: _("present"),
    Status.RECURRENCE: _("recurred"),
    Status.REMISSION: _("in remission"),
    Status.INACTIVE: _("not active"),
    Status.RESOLVED: _("resolved"),
    Status.STOPPED: _("stopped"),
    Status.COMPLETED: _("done"),
    Status.ON_HOLD: _("on hold"),
    Status.PLANNED: _("planned"),
    Status.SUSPECTED: _("suspected"),
    Status.REFUTED: _("refuted"),
    Status.ENTERED_IN_ERROR: _("entered in error"),
    Status.UNKNOWN: _("unknown"),
}

ENTERED: dict[str, tuple[Status, ...]] = {
    Kind.CONDITION: (Status.ACTIVE, Status.REMISSION, Status.RESOLVED, Status.SUSPECTED),
    Kind.PROCEDURE: (Status.COMPLETED, Status.PLANNED),
    Kind.DEVICE: (Status.ACTIVE, Status.INACTIVE),
    Kind.ALLERGY: (Status.ACTIVE, Status.RESOLVED, Status.SUSPECTED),
    Kind.MEDICINE: (Status.ACTIVE, Status.ON_HOLD, Status.STOPPED),
}
"""Which statuses make sense when somebody enters a kind by hand; the first one is usual."""

DIFFERS: dict[str, tuple[Promise, str]] = {
    "contradicts": (_("contradicts the record"), "danger"),
    "changed": (_("changed"), "mind"),
    "new": (_("new"), "tap"),
    "same": (_("as in the record"), ""),
}
"""How what came in from home stands to the record → words and colour of the tag."""

DECISIONS: dict[str, Promise] = {
    "taken": _("accepted"),
    "edited": _("accepted with changes"),
    "set-aside": _("set aside"),
}

WEIGHTS: dict[str, Promise] = {
    "red-flag": _("Red flag"),
    "absolute": _("Contraindicated"),
    "relative": _("Only with a written reason"),
    "precaution": _("With precautions"),
}

SIDES = [
    ("", _("No side")),
    ("left", _("Left")),
    ("right", _("Right")),
    ("bilateral", _("Both sides")),
    ("midline", _("Middle")),
]

SIDED = frozenset({Kind.CONDITION, Kind.PROCEDURE, Kind.DEVICE})

LEFT_OUT: dict[str, Promise] = {
    "family": _("a relative's, not the patient's"),
    "other-patient": _("another person's"),
    "entered-in-error": _("entered in error, according to the document"),
    "refuted": _("ruled out, according to the document"),
    "planned": _("only planned"),
    "planned-medicine": _("only planned; tick it if it is taken"),
    "not-taken": _("never taken"),
    "on-hold": _("on hold"),
    "resolved": _("resolved, and no safety rule looks back at it"),
    "inactive": _("not active any more"),
    "remission": _("in remission"),
    "stopped": _("stopped or done, and no safety rule looks back at it"),
    "completed": _("done"),
    "older-version": _("an older version of what is also in the document"),
    "deleted": _("deleted, according to the document"),
    "duplicate": _("appears twice in the document"),
    "no-information": _("says that nothing is known about it"),
    "partly-none-known": _("says that nothing is known, alongside entries that say something"),
    "no-value": _("a measurement without a value"),
    "contradicts": _("says “nothing of this kind”, but something is listed here"),
    "unused-operation": _("no safety rule covers this operation"),
    "older-value": _("an older measurement of the same"),
    "unused-value": _("a measurement that no safety rule covers"),
    "voided": _("was voided here before"),
}
"""Why something in a document is not added unless it is ticked, or not offered at all."""

PASSED_OVER: dict[str, Promise] = {
    "Patient": _("details of the patient"),
    "Practitioner": _("practitioners"),
    "PractitionerRole": _("practitioners' roles"),
    "Organization": _("organisations"),
    "Location": _("places"),
    "Encounter": _("visits"),
    "Composition": _("the document's own table of contents"),
    "DocumentReference": _("other documents"),
    "Immunization": _("vaccinations"),
    "DiagnosticReport": _("reports of tests"),
    "ImagingStudy": _("pictures"),
    "Specimen": _("specimens"),
    "ServiceRequest": _("orders"),
    "CarePlan": _("care plans"),
    "CareTeam": _("care teams"),
    "Goal": _("goals"),
    "Claim": _("bills"),
    "ExplanationOfBenefit": _("answers of insurers"),
    "Coverage": _("insurances"),
    "Provenance": _("who wrote what"),
    "Consent": _("consents given elsewhere"),
    "Medication": _("medicines that others refer to"),
    "Observation without use here": _("measured values and findings"),
}
"""Kinds of a document that no safety rule looks at; another is shown by its name in FHIR."""

LARGEST_DOCUMENT_BYTES = 20_000_000
"""Larger uploads are refused; a whole life in a hospital has about 1 MB."""
