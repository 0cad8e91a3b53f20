"""Which cards were shown to other records' users, and what became of them. No patient in it."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact


class ShownCard(Fact):
    """A card that was sent. Its id is the card's uuid.

    kind: reason, red-flag or unread. rule: the id of the reason or red flag.
    client: the issuer of the caller's token; empty where tokens are not asked for.
    """

    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    indicator = models.CharField(max_length=20)
    release = models.CharField(max_length=60)
    client = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "recorded_at"], name="card_when")]


class CardFeedback(Fact):
    """What a user did with a card. The same feedback may come several times.

    reason: the code of the override reason. comment: what the person wrote, which may speak of a
    patient and is shown nowhere.
    """

    card = models.ForeignKey(ShownCard, models.PROTECT, related_name="feedback")
    outcome = models.CharField(max_length=20)
    at = models.DateTimeField()
    reason = models.CharField(max_length=60, blank=True)
    suggestions = models.JSONField(default=list)
    comment = models.TextField(blank=True)


class UsedToken(models.Model):
    """The digest of a token's jti, so that it works once. Deleted after it has run out."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="token_expires")]
