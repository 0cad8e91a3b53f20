"""Open a transaction that cannot commit without its audit entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from filiform.clinic.facts.models import Entry

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation


class EntryDraft:
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
) -> Iterator[EntryDraft]:
    """Run an action in one transaction and write who did it at its end.

    by: the member of staff; None for what a visitor of the public site does, then
    `organisation` says whose record it is. Raises ValueError when neither is given.
    """
    owner = organisation or (by.organisation if by else None)
    if owner is None:
        raise ValueError(f"{action}: neither a member of staff nor an organisation was given")
    draft = EntryDraft()
    with transaction.atomic():
        yield draft
        Entry.objects.create(
            organisation=owner,
            by=by,
            action=action,
            patient=draft.patient,
            subject_type=draft.subject._meta.label_lower if draft.subject else "",
            subject_id=str(draft.subject.pk) if draft.subject else "",
            details=draft.details,
        )


def saw(what: str, *, by: Member, patient: Patient, subject: models.Model | None = None) -> None:
    """Note that somebody opened a page about a patient."""
    with recording(f"saw-{what}", by=by) as draft:
        draft.about(subject or patient, patient=patient)
