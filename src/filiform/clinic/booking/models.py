"""What booking knows besides the diary: who registered themselves, links, and the waiting list.

The visit itself is `visits.Visit` with its `diary.Appointment`; what the risk questions were
answered waits as `intake.SentIn`. Nothing clinical stands here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filiform.clinic.facts.models import Identified, now


class SelfRegistered(Identified):
    """A file that somebody opened on the public site, until the desk has looked at it.

    Whoever books is never told whether we know them, so each booking opens a file; the desk says
    whether it is a new patient's or belongs to a file that is there (`desk.same_person`).
    """

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.OneToOneField("patients.Patient", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    consent_version = models.CharField(max_length=20)
    """Of the text about their data that they agreed to (`texts.CONSENT_VERSION`)"""
    language = models.CharField(max_length=5)
    """In which they read it"""
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    joined_to = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", null=True)
    """The file that was there already; None for a new patient"""

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "made_at"],
                name="self_registered_unchecked",
                condition=Q(checked_at__isnull=True),
            )
        ]


class WaitingWish(Identified):
    """A place on the waiting list; fields as in `fairness.Wish`."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    service = models.ForeignKey("diary.Service", models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    practitioner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+", null=True)
    weekdays = models.JSONField(default=list)
    """0 (Monday) to 6; empty for every day"""
    parts = models.JSONField(default=list)
    """Keys of `fairness.PARTS`; empty for the whole day"""
    since = models.DateTimeField(default=now)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    """waiting, booked, left, over"""
    state_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "since"],
                name="waiting_wish_open",
                condition=Q(state="waiting"),
            )
        ]


class WaitingOffer(Identified):
    """A freed time that is kept for somebody of the waiting list until `holds_until`.

    open ──▶ accepted · declined
      ├────▶ lapsed   nobody answered; it goes to the next
      └────▶ gone     somebody of the staff gave the time away
    """

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    wish = models.ForeignKey(WaitingWish, models.PROTECT, related_name="offers")
    practitioner = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField(default=now)
    holds_until = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    state_at = models.DateTimeField(default=now)
    was_told = models.BooleanField(default=True)
    """False when the message about it never went out: who was not told has missed nothing"""
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wish"], name="waiting_offer_one_at_a_time", condition=Q(state="open")
            )
        ]
        indexes = [
            models.Index(
                fields=["holds_until"], name="waiting_offer_open", condition=Q(state="open")
            )
        ]


class BookingLink(Identified):
    """A link to one visit, or to one place on the waiting list. As with `patient_page.PatientLink`
    only a hash of its secret is stored; it shows no name and nothing about health."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="+", null=True)
    wish = models.ForeignKey(WaitingWish, models.PROTECT, related_name="+", null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["visit"], name="booking_link_visit"),
            models.Index(fields=["wish"], name="booking_link_wish"),
        ]
