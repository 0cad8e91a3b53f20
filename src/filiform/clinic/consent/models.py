"""Versioned consent texts, consents given and consents withdrawn."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, PatientFact


class ConsentText(Fact):
    """A published text; a new version is a new row. `sha256` is over version, language and body."""

    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    """[{"id": "...", "heading": "...", "text": "...", "only": "" or "lung"}]"""
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "language"], name="consent_text_once"
            )
        ]


class Consent(PatientFact):
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    muscles = models.JSONField(default=list)
    """[["muscle", "side"]]: what was agreed to"""
    method = models.CharField(max_length=20)
    """drawn: signed on the screen; paper: given on paper; thumb-print: on paper, with a witness"""
    signature = models.TextField(blank=True)
    """SVG path data in a box of 600 x 200"""
    signed_name = models.CharField(max_length=120)
    relation = models.CharField(max_length=40, default="self")
    witness = models.CharField(max_length=120, blank=True)
    interpreter = models.CharField(max_length=120, blank=True)
    teach_back = models.JSONField(default=dict)
    """{"question": true}: what the patient said back in their own words"""
    answers = models.JSONField(default=dict)
    """{"question": {"chosen": "code", "said": "words"}}: the answer that the patient gave"""
    techniques = models.JSONField(default=list)
    """Kinds of technique that were explained and agreed to: "manual", "current" """
    shown = models.JSONField(default=dict)
    """The personal risks and rule releases that stood on the page, and the text's hash"""

    class Meta:
        indexes = [
            models.Index(fields=["visit", "recorded_at"], name="consent_visit"),
            models.Index(fields=["patient", "-recorded_at"], name="consent_patient"),
        ]


class ReadAhead(PatientFact):
    """The patient read a text at home before a visit. It is no consent: nothing was explained,
    asked back or signed."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="+")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["visit", "recorded_at"], name="consent_read_ahead")]


class Withdrawal(PatientFact):
    consent = models.OneToOneField(Consent, models.PROTECT, related_name="withdrawal")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="withdrawals")
    said = models.TextField(blank=True)


class Refusal(PatientFact):
    """The patient does not want needles in a part of the body. What was planned there leaves the
    plan at once, and what is planned there later needs a new consent."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="refusals")
    muscles = models.JSONField(default=list)
    """[["muscle", "side"]]"""
    said = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["visit", "recorded_at"], name="refusal_visit")]
