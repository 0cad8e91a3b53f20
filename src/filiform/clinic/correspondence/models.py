"""Letters with their versions, signatures, addenda, and the links by which a reader opens one.

draft ──edited──▶ draft ──signed──▶ letter ──▶ addendum, addendum ...
"""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Identified, PatientFact, new_id, now


class Letter(PatientFact):
    """One version of a letter. `root` is the same for all versions.

    kind: a key of `vocabulary.KINDS`. diagnosis: what the patient said to its being named, a key of
    `vocabulary.DIAGNOSIS`, "" while nobody has asked; it matters to employers and schools alone.
    """

    root = models.UUIDField(default=new_id)
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="letters")
    """The newest visit that it tells of; its episode is what the letter is about"""
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    to_name = models.CharField(max_length=160, blank=True)
    to_place = models.CharField(max_length=300, blank=True)
    diagnosis = models.CharField(max_length=10, blank=True)
    sentences = models.JSONField(default=list)
    """[{"part", "text", "by"}]; by: "composed" or "written" """
    composed = models.JSONField(default=list)
    """[{"part", "text"}]: what the record said when it was composed, so that an edited sentence is
    told from a composed one, and one that was taken out is still seen"""

    class Meta:
        indexes = [
            models.Index(fields=["root"], name="letter_root"),
            models.Index(fields=["patient", "-recorded_at"], name="letter_patient"),
        ]


class LetterSignature(PatientFact):
    """A practitioner stands for a letter. way: "pin" or "password". digest: SHA-256 of what was
    signed, as `signing.digest_of` makes it."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="signature")
    root = models.UUIDField(unique=True)
    """Of the letter: whatever its versions, it is signed once"""
    signed_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    way = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)


class LetterAddendum(PatientFact):
    """What is added to a signed letter, with who proved by PIN or password that they add it."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="addenda")
    text = models.TextField()
    way = models.CharField(max_length=10)


class LetterHandover(PatientFact):
    """The letter left the clinic. how: a key of `vocabulary.WAYS`. to: number or address."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="handovers")
    how = models.CharField(max_length=10)
    to = models.CharField(max_length=254, blank=True)


class LetterLink(Identified):
    """Opens one letter, with the patient's day of birth beside it. Only a SHA-256 of its secret is
    stored: 32 random bytes can't be tried out."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
