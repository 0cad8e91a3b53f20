"""What every row of the record has in common: an id made anywhere, who and when, never altered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, TypeVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.utils import timezone

from filiform.clinic.facts import chain

Row = TypeVar("Row", bound=models.Model)


def new_id() -> uuid.UUID:
    """A UUIDv7: sorts by time and can be made on a tablet before it has reached the server."""
    return uuid_utils.compat.uuid7()


def now() -> datetime:
    """The default of time columns. It asks `timezone.now` when it is called, not when the model
    is made, so that the demo clinic can be given a past."""
    return timezone.now()


class Identified(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ChainedQuerySet(models.QuerySet[Row]):
    """Many rows at once stand in the chain, too."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        """As Django's. Raises ValueError when rows could be left out or altered on the way:
        nobody could say then which of them got in."""
        if any(options.get(name) for name in ("ignore_conflicts", "update_conflicts")):
            raise ValueError("rows of the record are inserted or refused, all of them")
        if not chain.is_open():
            with chain.one_link():
                return self.bulk_create(objs, *args, **options)
        rows = super().bulk_create(objs, *args, **options)
        chain.note(rows)
        return rows


class Chained(Identified):
    """A row that is only ever inserted, and stands in its organisation's chain
    (`facts.chain`) from the transaction on in which it is. It has an `organisation`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:  # the database refuses it
            return super().save(*args, **options)
        if not chain.is_open():
            with chain.one_link():
                return self.save(*args, **options)
        super().save(*args, **options)
        chain.note([self])
        return None


class FactQuerySet(ChainedQuerySet[Row]):
    def current(self) -> Self:
        """Rows that hold today: not amended by a later one, not voided."""
        return self.filter(replaced_by__isnull=True, is_void=False)


class Fact(Chained):
    """A row that is only ever inserted.

    To amend: insert a row whose `replaces` is the old one, with `why`.
    To void: insert such a row with `is_void`. The database refuses an update or a delete
    (`facts.triggers`), so what was once true of the record stays readable.
    """

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    is_void = models.BooleanField(default=False)
    why = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class PatientFact(Fact):
    """A fact about one patient."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Entry(Chained):
    """One thing done. Codes and ids only; no clinical value stands here but `before`,
    the former values of a corrected contact detail, which live nowhere else."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    action = models.CharField(max_length=60)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    objects = ChainedQuerySet.as_manager()

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["organisation", "-at"], name="audit_org_at"),
            models.Index(fields=["patient", "-at"], name="audit_patient_at"),
            models.Index(fields=["by", "-at"], name="audit_by_at"),
            models.Index(fields=["organisation", "action", "-at"], name="audit_action_at"),
        ]


class RecordVersion(models.Model):
    """How often what is known about a patient, or about a clinic, has been written.

    Triggers raise it in the transaction of every write (`facts.versions`), so that no writer can
    forget to. subject: a patient's or an organisation's id. version: of the patient's record; of
    the organisation, what it is and who works there. activity: every write in the organisation.

    The marks are random. A number alone could come back with other content: after a restore, or
    when a transaction that was seen from inside is undone.
    """

    subject = models.UUIDField(primary_key=True)
    version = models.BigIntegerField(default=0)
    mark = models.BigIntegerField(default=0)
    activity = models.BigIntegerField(default=0)
    activity_mark = models.BigIntegerField(default=0)

    class Meta:
        db_table = "record_version"


class RowShape(models.Model):
    """A table and its columns as rows were hashed with them (`facts.rows.Shape`).

    Laid after every migration. key: the first 8 bytes of a hash over both, in hexadecimal.
    """

    key = models.CharField(max_length=16, primary_key=True)
    label = models.CharField(max_length=120)
    columns = models.TextField()
    """Separated by commas"""

    class Meta:
        db_table = "record_shape"


class RecordLink(models.Model):
    """One link of an organisation's chain, as `facts.chain.Link` says. Written by `facts.chain`
    alone; the organisation is no reference, so that a commit has no row to look up and to hold.
    """

    pk = models.CompositePrimaryKey("organisation", "number")
    organisation = models.UUIDField()
    number = models.BigIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    at_us = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField()
    rows = models.BinaryField()
    key = models.CharField(max_length=16)
    mark = models.BinaryField()

    class Meta:
        db_table = "record_link"
