"""What opens a patient's own page: links, the phones on which one was opened, the desk's code.

Nothing that opens a page is stored: of a link and of a phone's cookie only a SHA-256 (both are 32
random bytes, so a hash can't be tried out), of a code of six digits a slow, salted hash.
"""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Identified, PatientFact, new_id, now


class PatientLink(Identified):
    """One personal link. It opens nothing by itself: the birth date or the code goes with it."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    """None for one that was made to be sent by itself."""
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-made_at"], name="patient_link"),
            # Asked at every look at Today; hardly any link is in it.
            models.Index(
                fields=["organisation", "-locked_at"],
                name="patient_link_locked",
                condition=models.Q(locked_at__isnull=False),
            ),
        ]


class PatientDevice(Identified):
    """A phone on which a patient's page was opened; its cookie opens it again without asking. A
    family's phone holds one cookie and has a row for each of them."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["key_hash"], name="patient_device_key")]
        constraints = [
            models.UniqueConstraint(fields=["key_hash", "patient"], name="patient_device_once")
        ]


class PatientCode(Identified):
    """Six digits of the desk for somebody whose day of birth isn't known; the newest holds."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["patient", "-made_at"], name="patient_code")]


class ExerciseReminder(PatientFact):
    """When a patient wants to be reminded of the exercises; the current one holds."""

    at_hour = models.PositiveSmallIntegerField(null=True)
    """On the clock of the clinic's site; null for not at all"""

    class Meta:
        indexes = [models.Index(fields=["at_hour"], name="exercise_reminder_hour")]


class OwnPain(PatientFact):
    """What a patient drew and rated on their own page, between visits."""

    nprs = models.PositiveSmallIntegerField()
    """0 to 10, now"""
    drawing = models.TextField(blank=True)
    """As `anatomy.surface.BodyDrawing.as_text` writes it; empty when only rated."""


class Preparation(Identified):
    """How far a patient has come with what is asked before a visit. A draft and no part of the
    record: what was sent stands in `intake.SentIn`. One for a visit, whichever phone writes it."""

    organisation = models.ForeignKey("staff.Organisation", models.CASCADE, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.CASCADE, related_name="+")
    visit = models.OneToOneField("visits.Visit", models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    """{screen: what was answered there}, as `preparing.reading` makes it"""
    sending = models.UUIDField(default=new_id)
    """Of what is sent next: the same twice is once"""
    begun_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    urgency = models.CharField(max_length=20, blank=True)
    """Of what was sent, as it was heard"""
