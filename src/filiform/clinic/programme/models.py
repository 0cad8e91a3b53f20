"""What goes with the needling: the chosen manual therapy, stretches, exercises and advice."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import PatientFact, now


class ProgrammeItem(PatientFact):
    """One chosen item with its dose; `item` is an id of `programme.propose` in its `phase`.

    chosen_at: when it was first chosen; a changed dose keeps the item's place in the list.
    """

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="programme_items")
    item = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    phase = models.CharField(max_length=40)
    muscle = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=10, blank=True)
    dose = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    release = models.CharField(max_length=60, blank=True)
    chosen_at = models.DateTimeField(default=now)
