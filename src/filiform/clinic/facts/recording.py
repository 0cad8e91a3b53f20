"""Open a transaction that cannot commit without its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from django.db import InternalError, OperationalError, models

from filiform.clinic.facts import spool
from filiform.clinic.facts.chain import hold, one_link
from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.prepared import insert


class Author(Protocol):
    """Who writes: a member of staff, who lives in a room above this one."""

    @property
    def pk(self) -> Any: ...
    @property
    def organisation_id(self) -> UUID: ...


BEFORE_AN_ENTRY: list[Callable[[str, UUID], None]] = []
"""Asked with the action and the patient before the entry is written: what they raise undoes the
action. Rooms above put themselves in when they are ready; an action can't go past them, since it
can't commit without its entry."""


class EntryDraft:
    """What the entry will say; filled in while the action goes on."""

    def __init__(self) -> None:
        self.patient_id: UUID | None = None
        self.subject: models.Model | None = None
        self.details: dict[str, Any] = {}

    def about(
        self, subject: models.Model, *, patient: models.Model | None = None, **details: Any
    ) -> None:
        self.subject = subject
        # By its id where there is one: the row itself would be read for nothing, under the lock.
        whom: Any = patient or getattr(subject, "patient_id", None)
        whom = whom or getattr(subject, "patient", None)
        self.patient_id = getattr(whom, "pk", whom)
        self.details.update(details)


@contextmanager
def recording(
    action: str, *, by: Author | None, organisation: models.Model | None = None
) -> Iterator[EntryDraft]:
    """Run an action in one transaction and write who did it at its end.

    by: the member of staff; None for what a visitor of the public site does, then
    `organisation` says whose record it is. Raises ValueError when neither is given.
    """
    owner = organisation.pk if organisation else by.organisation_id if by else None
    if owner is None:
        raise ValueError(f"{action}: neither a member of staff nor an organisation was given")
    draft = EntryDraft()
    with one_link():
        hold(owner)
        yield draft
        if draft.patient_id is not None:
            for ask in BEFORE_AN_ENTRY:
                ask(action, draft.patient_id)
        _write(
            action,
            organisation_id=owner,
            by=by,
            patient_id=draft.patient_id,
            subject_type=draft.subject._meta.label_lower if draft.subject else "",
            subject_id=str(draft.subject.pk) if draft.subject else "",
            details=draft.details,
        )


def saw(
    what: str, *, by: Author, patient: models.Model | UUID, subject: models.Model | None = None
) -> None:
    """Note that somebody opened a page about a patient.

    When the record can't take it (a full disk, a database that is only read), the row waits in
    the spool: the page may be the one that shows which needles are in.
    """
    patient_id = patient if isinstance(patient, UUID) else patient.pk
    entry = Entry(
        organisation_id=by.organisation_id,
        by_id=by.pk,
        action=f"saw-{what}",
        patient_id=patient_id,
        subject_type=subject._meta.label_lower if subject else "patients.patient",
        subject_id=str(subject.pk if subject else patient_id),
        details={},
    )
    try:
        insert(entry)
    except (OperationalError, InternalError):  # PostgreSQL calls "read-only" an internal error
        spool.keep(entry)
    else:
        spool.write_back()


def _write(
    action: str,
    *,
    organisation_id: UUID,
    by: Author | None,
    patient_id: UUID | None,
    subject_type: str,
    subject_id: str,
    details: dict[str, Any],
) -> None:
    """The entry's row."""
    insert(
        Entry(
            organisation_id=organisation_id,
            by_id=by.pk if by else None,
            action=action,
            patient_id=patient_id,
            subject_type=subject_type,
            subject_id=subject_id,
            details=details,
        )
    )
