"""What we offer, when it is to be called, and which data it needs: the discovery document."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from filiform.exchange.fhir.model import HEIGHT, WEIGHT
from filiform.screening.measures import LOINC_CODES
from filiform.screening.pregnancy import DUE_DATE, LAST_PERIOD, STATUS, WEEKS

Hook = Literal["patient-view", "order-select", "order-sign"]

OBSERVED = tuple(
    dict.fromkeys(
        (*LOINC_CODES, *HEIGHT, *WEIGHT, *DUE_DATE, LAST_PERIOD, *WEEKS, STATUS, "85354-9")
    )
)
"""LOINC codes of all that screening reads from observations; 85354-9 is the blood-pressure panel
whose parts are measured."""

PATIENT = "{{context.patientId}}"
PREFETCH: dict[str, str] = {
    "patient": f"Patient/{PATIENT}",
    "conditions": f"Condition?patient={PATIENT}",
    "allergies": f"AllergyIntolerance?patient={PATIENT}",
    "medicationRequests": f"MedicationRequest?patient={PATIENT}",
    "medicationStatements": f"MedicationStatement?patient={PATIENT}",
    "procedures": f"Procedure?patient={PATIENT}",
    "devices": f"Device?patient={PATIENT}",
    "observations": f"Observation?patient={PATIENT}&code="
    + ",".join(f"http://loinc.org|{code}" for code in OBSERVED),
}
"""Only reads and searches by reference and code, as the specification recommends."""


class Service(msgspec.Struct, frozen=True):
    """One service: its id in the address, the hook that calls it, and words for people."""

    id: str
    hook: Hook
    title: str
    description: str


SERVICES: dict[str, Service] = {
    service.id: service
    for service in (
        Service(
            "dry-needling-patient",
            "patient-view",
            "May this patient be needled?",
            "Contraindications, precautions and red flags for dry needling in the record that is"
            " open, each with what in the record says so, what to do instead and its source.",
        ),
        Service(
            "dry-needling-order-select",
            "order-select",
            "Dry needling is being ordered",
            "The same reasons, for the muscles of a dry needling order as soon as it is chosen."
            " Silent when no dry needling is among the orders that were just selected.",
        ),
        Service(
            "dry-needling-order-sign",
            "order-sign",
            "Dry needling is about to be signed",
            "The same reasons, for the muscles of a dry needling order before it is signed, with"
            " the suggestion to remove it or to write down what is done differently.",
        ),
    )
}


def discovery() -> dict[str, Any]:
    """The document at /cds-services."""
    return {
        "services": [
            {**msgspec.structs.asdict(service), "prefetch": PREFETCH}
            for service in SERVICES.values()
        ]
    }
