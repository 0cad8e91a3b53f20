"""Open a transaction that cannot commit without its audit entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from filiform.clinic.facts.models import new_id, now
from filiform.clinic.facts.prepared import for_database

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation


class Draft:
    """What the entry will say; filled in while the action goes on."""

    def __init__(self) -> None:
        self.patient: Patient | None = None
        self.subject: models.Model | None = None
        self.details: dict[str, Any] = {}

    def about(
        self, subject: models.Model, *, patient: Patient | None = None, **details: Any
    ) -> None:
        self.subject = subject
        self.patient = patient or getattr(subject, "patient", None)
        self.details.update(details)


@contextmanager
def recording(
    action: str, *, by: Member | None, organisation: Organisation | None = None
) -> Iterator[Draft]:
    """Run an action in one transaction and write who did it at its end.

    by: the member of staff; None for what a visitor of the public site does, then
    `organisation` says whose record it is. Raises ValueError when neither is given.
    """
    owner = organisation or (by.organisation if by else None)
    if owner is None:
        raise ValueError(f"{action}: neither a member of staff nor an organisation was given")
    draft = Draft()
    with transaction.atomic():
        yield draft
        _write(
            action,
            organisation_id=owner.pk,
            by=by,
            patient_id=draft.patient.pk if draft.patient else None,
            subject_type=draft.subject._meta.label_lower if draft.subject else "",
            subject_id=str(draft.subject.pk) if draft.subject else "",
            details=draft.details,
        )


def saw(
    what: str, *, by: Member, patient: Patient | UUID, subject: models.Model | None = None
) -> None:
    """Note that somebody opened a page about a patient."""
    patient_id = getattr(patient, "pk", patient)
    _write(
        f"saw-{what}",
        organisation_id=by.organisation_id,
        by=by,
        patient_id=patient_id,
        subject_type=subject._meta.label_lower if subject else "patients.patient",
        subject_id=str(subject.pk if subject else patient_id),
        details={},
    )


_INSERT = (
    "INSERT INTO audit_entry (id, organisation_id, at, by_id, action, patient_id, subject_type,"
    " subject_id, details) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _write(
    action: str,
    *,
    organisation_id: UUID,
    by: Member | None,
    patient_id: UUID | None,
    subject_type: str,
    subject_id: str,
    details: dict[str, Any],
) -> None:
    """The entry's row. Written past the ORM: every look and every act writes one, and building
    its INSERT anew took longer than the database needs for it."""
    row = (
        *(new_id(), organisation_id, now(), by.pk if by else None, action, patient_id),
        *(subject_type, subject_id, json.dumps(details, cls=DjangoJSONEncoder)),
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [for_database(value, connection) for value in row])
