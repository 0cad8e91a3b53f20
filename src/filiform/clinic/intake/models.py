"""What the patient disclosed, the answers to the safety questions, and documents brought along."""

from __future__ import annotations

from typing import Literal

from django.db import models

from filiform.clinic.facts.models import Fact, Identified, PatientFact
from filiform.disclosure import Side


class ImportedDocument(PatientFact):
    """A FHIR Bundle as it came, byte for byte."""

    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    profile = models.CharField(max_length=40, blank=True)
    raw = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["patient", "sha256"], name="imported_document")]


class DisclosedFact(PatientFact):
    """One condition, allergy, medicine, procedure ...; fields as in `disclosure.Statement`.

    `none_known` is the answer "nothing of this kind".
    """

    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    codings = models.JSONField(default=list)
    """[{system, code, display}]"""
    concept = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=20, default="active")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    recorded_on = models.DateField(null=True, blank=True)
    """The day it was written down: here, or where the document comes from."""
    site = models.CharField(max_length=60, blank=True)
    side: models.CharField[str, Side | Literal[""]] = models.CharField(max_length=10, blank=True)
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    none_known = models.BooleanField(default=False)
    document = models.ForeignKey(
        ImportedDocument, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    resource = models.CharField(max_length=200, blank=True)
    """Where in the document it stands: "MedicationRequest/123"."""

    class Meta:
        indexes = [models.Index(fields=["patient", "kind"], name="disclosed_fact")]


class KindAsked(PatientFact):
    """The patient was asked about a kind, and the list of it is complete.

    Without such a row a list that is empty says nothing, and one that is not may lack something.
    """

    kind = models.CharField(max_length=20)
    document = models.ForeignKey(
        ImportedDocument, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The document that says so, when nobody here has asked."""

    class Meta:
        indexes = [models.Index(fields=["patient", "kind"], name="kind_asked")]


class Answer(PatientFact):
    """Yes or no to one safety question; ids of `screening.questions`."""

    question = models.CharField(max_length=60)
    value = models.BooleanField()
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["patient", "question"], name="safety_answer")]


class ChangeCheck(PatientFact):
    """The answer to "has anything changed?" before a treatment."""

    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="change_checks")
    changed = models.BooleanField()


class SentIn(PatientFact):
    """One thing that the patient told from home, as it came: it waits for a practitioner.

    It counts as no disclosure until somebody has taken it over; meanwhile screening is asked with
    it, too, and warns (`waiting.disclosure_with_sent_in`). A later word on the same thing, while
    the earlier one still waits, takes its place. recorded_by is empty: the patient wrote it.
    """

    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="+")
    sending = models.UUIDField()
    """What was sent by one tap: twice the same is once."""
    channel = models.CharField(max_length=20, default="link")
    """link, booking"""
    part = models.CharField(max_length=20)
    """A key of `sent_in.PARTS`."""
    name = models.CharField(max_length=80)
    """What of the part: a question, a kind, a section, a field, a scale."""
    text = models.TextField(blank=True)
    """In the patient's own words."""
    value = models.JSONField(null=True)
    language = models.CharField(max_length=5, default="en")

    class Meta:
        indexes = [models.Index(fields=["patient", "part"], name="sent_in")]


class SentInReview(PatientFact):
    """What a practitioner made of it; `why` says it where it was set aside or put differently."""

    sent = models.OneToOneField(SentIn, models.PROTECT, related_name="review")
    decision = models.CharField(max_length=20)
    """taken, edited, set-aside"""
    became_type = models.CharField(max_length=60, blank=True)
    became_id = models.CharField(max_length=40, blank=True)
    """The row of the record that came of it; empty where nothing had to be written."""


class Classification(Fact):
    """What this clinic takes a name to mean that no rule and no list of harmless things knows.

    name: the words as they are compared, in lower case. meaning: "harmless", "concept" (then
    `concept` is an id of the terminology) or "ask".
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    meaning = models.CharField(max_length=10)
    concept = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind", "name"], name="classified_name")]


class PendingImport(Identified):
    """A document between its upload and the decision what to add; gone afterwards. What staff
    uploaded goes after a day in any case, what a patient sent in (no member) waits longer."""

    organisation = models.ForeignKey("staff.Organisation", models.CASCADE, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.CASCADE, related_name="+")
    member = models.ForeignKey("staff.Member", models.CASCADE, related_name="+", null=True)
    raw = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="pending_import_age")]
