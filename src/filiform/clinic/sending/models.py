"""Messages that go out, one row each, and how a patient wants to be reached."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filiform.clinic.facts.models import Identified, PatientFact, now
from filiform.clinic.sending.vocabulary import why_in_words


class Outgoing(Identified):
    """One message. Its text is made when it is sent and kept nowhere: it holds a link that opens a
    patient's page.

        waiting ──▶ sending ──▶ sent ──▶ delivered ──▶ answered
           │           │          └─────▶ failed
           │           └──▶ failed (refused; or cut off, and nobody knows whether it went)
           ├──▶ by-hand   no provider, or the cost cap: a person sends it with one tap
           └──▶ stopped   answered meanwhile, opted out, treatment voided
    """

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=20)
    """check, nudge, alarm, letter, exercises, prepare, scores, scores-again"""
    subject = models.UUIDField()
    """Id of what it is about, a check or a message; rooms above know which"""
    once = models.CharField(max_length=80, unique=True)
    """What makes a second one the same, as "check <id> 1": it is put into the queue once."""
    channel = models.CharField(max_length=10)
    """whatsapp, sms, email, hand"""
    to = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    why = models.CharField(max_length=40, blank=True)
    """Why it failed, waits for a hand or was stopped, as a code"""
    urgent = models.BooleanField(default=False)
    """Goes at night, too."""
    not_before = models.DateTimeField(default=now)
    made_at = models.DateTimeField(default=now)
    state_at = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=40, blank=True)
    """Which process has it in hand while it is being sent"""
    provider_id = models.CharField(max_length=200, blank=True)
    cost = models.PositiveIntegerField(default=0)
    """In hundredths of the currency that FILIFORM_COST_CAP is in"""

    @property
    def why_words(self) -> str:
        return why_in_words(self.why)

    @property
    def to_call(self) -> bool:
        """Whether nobody gets it unless a person sends it or telephones."""
        return self.state in ("by-hand", "failed") or (
            self.state == "stopped" and self.why == "opted-out"
        )

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"], name="outgoing_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["state_at"], name="outgoing_sending", condition=Q(state="sending")
            ),
            # Each for one state: SQLite uses a partial index where the query asks for that very
            # state, also as a parameter, and never for "state in (...)".
            models.Index(
                fields=["kind", "state_at"],
                name="outgoing_by_hand",
                condition=Q(state="by-hand"),
            ),
            models.Index(
                fields=["kind", "state_at"], name="outgoing_failed", condition=Q(state="failed")
            ),
            # What was spent in a day is asked before each message that costs something.
            models.Index(
                fields=["organisation", "state_at"],
                name="outgoing_paid",
                condition=Q(cost__gt=0),
            ),
            # An answer by SMS tells no more than its number.
            models.Index(
                fields=["to", "-made_at"],
                name="outgoing_to",
                condition=Q(patient__isnull=False),
            ),
            models.Index(fields=["organisation", "-made_at"], name="outgoing_made"),
            models.Index(fields=["subject"], name="outgoing_subject"),
            models.Index(fields=["provider_id"], name="outgoing_provider"),
        ]


class ContactWish(PatientFact):
    """How a patient wants to be reached; the current one holds. Recorded by nobody: said by the
    patient, on their page or with STOP."""

    channel = models.CharField(max_length=10)
    """whatsapp, sms, email; none: send me nothing"""
