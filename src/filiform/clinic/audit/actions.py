"""Reading the audit is noted in it."""

from __future__ import annotations

from filiform.clinic.audit.queries import Filter
from filiform.clinic.facts.recording import recording
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member


def note_reading(*, by: Member, wanted: Filter, patient: Patient | None) -> None:
    with recording("read-audit", by=by) as entry:
        entry.details.update(wanted.details)
        # So that a patient's own entries tell who looked for them.
        entry.patient_id = patient.pk if patient else None
