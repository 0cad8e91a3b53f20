"""Messages that arrive from the public site, and what became of them."""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, Identified, now


class Message(Identified):
    """A visitor's message. Its text is never changed; state, owner and patient move."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=now)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    """E.164; empty for who gave an e-mail address alone"""
    email = models.CharField(max_length=254, blank=True, default="")
    text = models.TextField(max_length=4000)
    language = models.CharField(max_length=5, default="en")
    answer_by = models.CharField(max_length=20, default="call")
    """call, whatsapp, sms, email"""
    agreed_to = models.TextField(blank=True, default="")
    """The words about keeping the message that the sender ticked; empty where none were shown, or
    where danger came first"""
    state = models.CharField(max_length=20, default="new")
    """new, answered, closed"""
    owner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    set_aside_for = models.CharField(max_length=20, blank=True, default="")
    """Why it lies in the box aside (`sieve`); empty for the inbox."""

    alarm = models.CharField(max_length=10, default="", blank=True)
    """"", ringing, taken, done: how far an alarm is that the message gave; see `MessageReading`"""

    due_at = models.DateTimeField(null=True)
    """Until when it has to be answered (`clock.deadline`); from then on it is red"""
    rings_at = models.DateTimeField(null=True)
    """When it begins to ring; None while nobody has to hear it: answered, closed, set aside"""
    undelivered = models.BooleanField(default=False)
    """Whether the last answer did not reach the sender"""

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "state", "received_at"], name="message_state"),
            # Every page of staff asks every few seconds whether something rings; hardly a row does.
            # Whole: SQLite used one of "alarm in (...)" for no question, as those words come as
            # parameters.
            models.Index(fields=["organisation", "alarm", "received_at"], name="message_alarms"),
            models.Index(fields=["organisation", "rings_at"], name="message_rings"),
        ]


class MessageReading(Fact):
    """What the system heard in a message. The message itself is never altered by it."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="reading")
    urgency = models.CharField(max_length=20)
    signs = models.JSONField(default=list)
    """Each [sign, phrase of the table that was heard]; no word of the writer."""


class Arrival(models.Model):
    """That a message came from somewhere, as a keyed hash; goes after a day."""

    place_key = models.CharField(max_length=32)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["at", "place_key"], name="arrival_at")]


class MessageEvent(Fact):
    """What staff did with a message."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    """answered, noted, linked, taken, closed, reopened, moved-in, put-aside, alarm-taken,
    alarm-done, not-delivered"""
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=20, blank=True)
    answer = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """Which answer did not arrive"""


class MessageAttachment(Fact):
    """A file that came with a message (`attachments.read`): a picture drawn anew, or a PDF as it
    came. It lies in the database, so that a backup holds it."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    """The media type that it is served with"""
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    """In bytes"""
    sha256 = models.CharField(max_length=64)


class HeldFile(Identified):
    """A file of a form that has to be sent again: a browser doesn't keep it, so we do, for a day.
    Nobody can look at it before its message has come."""

    message_id = models.UUIDField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["message_id"], name="held_file_message")]


class InboxRule(Fact):
    """How soon a message has to be answered; the current one holds."""

    answer_within_minutes = models.PositiveIntegerField()
    """Minutes of opening hours"""


class AnswerText(Fact):
    """A text with which messages are answered, in both languages. Shipped ones
    (`data/answers.toml`) hold until a row with their key stands in their place."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_ur = models.CharField(max_length=80, blank=True)
    text = models.TextField(max_length=1000)
    text_ur = models.TextField(max_length=1000)
    in_use = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "key"], name="answer_text_key")]


class PublicText(Fact):
    """A text of the public pages in one language as the owner wrote it, in place of the shipped one
    (`frontdoor.texts`). Taken back, the shipped one holds again."""

    key = models.CharField(max_length=60)
    """A key of texts.toml, or "question:" and an id for a question of the clinic's own."""
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    is_shown = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "key"], name="public_text")]


class Photograph(Fact):
    """A picture on the public pages, of a person or of a site; drawn anew without what the camera
    had written into it (`frontdoor.photographs`)."""

    member = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+", null=True)
    picture = models.BinaryField()
    """WebP"""
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    describes = models.CharField(max_length=200)
    """What is to be seen, for who can't see it."""
    describes_ur = models.CharField(max_length=200, blank=True)
