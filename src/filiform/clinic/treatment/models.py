"""The needling itself: acts as they happen, the seal over them, and amendments beside it."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact


class Treatment(PatientFact):
    visit = models.OneToOneField("visits.Visit", models.PROTECT, related_name="treatment")
    practitioner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    release = models.JSONField(default=dict)
    """Releases of atlas, rules and application at the start"""

    class Meta:
        indexes = [models.Index(fields=["patient", "-started_at"], name="treatment_patient")]


class Act(PatientFact):
    """One thing done with a needle. Its id is made by the tablet, so that sending it twice
    changes nothing. `at` is the tablet's clock, `recorded_at` the server's.

    kind: see `vocabulary.KINDS`
    needle: the insertion that a twitch, pain or removal belongs to
    A void `replaces` the act that was wrong; the former stays readable.
    """

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    """The order in which the server took the acts of a treatment: 1, 2, 3 ... without a gap"""
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    needle = models.ForeignKey("self", models.PROTECT, null=True, related_name="acts_on_it")
    target = models.ForeignKey("assessment.Target", models.PROTECT, null=True, related_name="acts")
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["treatment", "number"], name="act_number")]


class Before(PatientFact):
    """Somebody went through the list before the first needle (`before.ITEMS`)."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="before_set")
    checked = models.JSONField(default=list)
    """[{"item", "at"}]: what was confirmed, and when by the tablet's clock"""

    class Meta:
        indexes = [models.Index(fields=["visit", "-recorded_at"], name="before_visit")]


class AdverseEvent(PatientFact):
    """What went wrong at the couch, as one fact: made when the event's end is recorded.

    kind: id of the event in safety D2, as in checks after a treatment; couch_kind: the button.
    grade: of `emergencies.GRADES`. actions: what was done, measured and who was called, with
    times. needles: ids of the insertions that were in when it began. follow_up_at: when the
    patient is to be asked again; empty where nobody has to.
    """

    treatment = models.ForeignKey(
        Treatment, models.PROTECT, null=True, related_name="adverse_events"
    )
    began = models.OneToOneField(Act, models.PROTECT, null=True, related_name="+")
    ended = models.OneToOneField(Act, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    couch_kind = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20)
    follow_up_at = models.DateTimeField(null=True)
    actions = models.JSONField(default=list)
    needles = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-started_at"], name="adverse_event_when"),
        ]


class Seal(Fact):
    """The signature: a hash over the treatment's content and the seal before it.

    content is the canonical JSON that was signed, deflated: with it a later check can say
    which row was altered and what it said before. format is the version of that JSON.
    """

    treatment = models.OneToOneField(Treatment, models.PROTECT, related_name="seal")
    number = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    format = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="seal_number")
        ]


class Amendment(PatientFact):
    """Something added to a signed treatment; the signed part stays as it was."""

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="amendments")
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "recorded_at"], name="amendment_when")]
