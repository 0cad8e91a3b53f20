"""Forms that are being filled in."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What somebody has typed into a form and not sent yet, kept as it is typed, so that a
    closed browser or an empty battery loses nothing. It is deleted when the form is accepted."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    data = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "record_draft"
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="draft_once")]
