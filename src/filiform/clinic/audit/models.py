"""Who saw and changed what, written in the same transaction as the change."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from filiform.clinic.record.models import Identified, now


class Entry(Identified):
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

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="audit_org_at"),
            models.Index(fields=["patient", "-at"], name="audit_patient_at"),
            models.Index(fields=["by", "-at"], name="audit_by_at"),
            models.Index(fields=["organisation", "action", "-at"], name="audit_action_at"),
        ]
