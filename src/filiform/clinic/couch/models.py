"""The board's links: a wall tablet shows the board without anybody being signed in on it."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Identified


class BoardLink(Identified):
    """An address with a secret in it. Only its hash is kept, so that nobody who reads the database
    can open the board; revoked_at ends it for good."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    """Where the tablet hangs, in the clinic's own words"""
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("staff.Member", models.PROTECT, null=True, related_name="+")
