"""The register: one row for each adverse event and near miss, amended and never altered."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact


class SafetyEvent(Fact):
    """What went wrong, as it is judged today; former judgements stay readable behind it.

    root: the id of the first version, by which the event is called for ever. source: couch (the
    red button), check (an alarm that somebody took), hand. couch, check_due: what it came from.
    grade: CTCAE, "0" for a near miss. criteria: what makes it serious. needles: ids of insertions.
    known_at: from when deadlines count. for_patient: what the letter says happened.
    """

    root = models.UUIDField(db_index=True)
    source = models.CharField(max_length=10)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    treatment = models.ForeignKey(
        "treatment.Treatment", models.PROTECT, related_name="safety_events", null=True
    )
    couch = models.ForeignKey("treatment.AdverseEvent", models.PROTECT, related_name="+", null=True)
    check_due = models.ForeignKey("aftercare.Check", models.PROTECT, related_name="+", null=True)
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField()
    text = models.TextField(blank=True)
    muscle = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=10, blank=True)
    needles = models.JSONField(default=list)
    grade = models.CharField(max_length=1)
    criteria = models.JSONField(default=list)
    causality = models.CharField(max_length=20, blank=True)
    causality_why = models.TextField(blank=True)
    done = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    for_patient = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-happened_at"], name="safety_event_when"),
        ]

    @property
    def is_near_miss(self) -> bool:
        return self.grade == "0"


class EventStep(Fact):
    """Something done about an event. kind: told (a duty was met: `duty` says which, `how` by what
    way), note. event: the root's id. patient: as the event's."""

    event = models.UUIDField(db_index=True)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10)
    duty = models.CharField(max_length=30, blank=True)
    how = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
