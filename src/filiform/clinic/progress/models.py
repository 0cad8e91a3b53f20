"""Scores of outcome measures, taken at a visit or between visits."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import PatientFact


class OutcomeScore(PatientFact):
    """One measure, answered once. Nobody recorded it: the patient's own answer.

    scale: of outcomes/data/scales.toml. items: as answered, null for one left out; empty where the
    total alone was entered. value: the score by the instrument's rule; null when too few items were
    answered for one. about: the activities of PSFS, in the order of the items.
    """

    episode = models.ForeignKey("visits.Episode", models.PROTECT, null=True, related_name="+")
    scale = models.CharField(max_length=30)
    taken_at = models.DateTimeField()
    items = models.JSONField(default=list)
    about = models.JSONField(default=list)
    value = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "scale", "taken_at"], name="outcome_score_patient"),
            models.Index(fields=["organisation", "scale", "taken_at"], name="outcome_score_scale"),
        ]
