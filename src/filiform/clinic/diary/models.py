"""What can be booked, where, with whom and when: services, rooms, working hours, leave.

Nothing clinical stands here. A visit itself is `visits.Visit`; `Appointment` says of it what the
diary needs to know besides: for which service, in which room, at what price.
"""

from __future__ import annotations

from django.db import models

from filiform.clinic.facts.models import Fact, Identified, now


class Service(Identified):
    """Something that can be booked, with its length and its price."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_ur = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=300, blank=True)
    about_ur = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=40)
    """With the time to make the room ready for the next"""
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    """None: no price is told"""
    currency = models.CharField(max_length=3, default="PKR")
    """ISO 4217"""
    needs_needling = models.BooleanField(default=False)
    """Only somebody cleared to needle is offered for it."""
    needs_room = models.BooleanField(default=True)
    """Whether it takes one of the site's rooms; a telephone call takes none."""
    regions = models.JSONField(default=list, blank=True)
    """Ids of `anatomy.PRIVILEGES` for which it is offered; empty: for all"""
    is_active = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    """Whether a patient can book it on the public site"""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation", "position"], name="diary_service_order")]


class ServiceVersion(Fact):
    """A service as it stood from a moment on, who said so and why. `Service` is what holds; these
    are amended and never altered, so what was once offered, at what price, stays readable."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="versions")
    said = models.JSONField()
    """Field of the owner's form → its value, as `service_history.said_of` writes it"""
    urdu_agrees = models.BooleanField(default=False)
    """Whether whoever saved it compared both languages and says that they agree"""

    class Meta:
        indexes = [models.Index(fields=["service", "recorded_at"], name="diary_service_version")]


class ServiceGiver(Identified):
    """A practitioner who gives a service. Nobody is offered for what they were not named for."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="givers")
    member = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "member"], name="diary_giver")]


class Room(Identified):
    """A room or couch of a site: one visit at a time."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    name_ur = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation", "site"], name="diary_room_site")]


class WorkingHours(Identified):
    """The week of a practitioner at a site."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    site = models.ForeignKey("staff.Site", models.PROTECT, related_name="+")
    hours = models.JSONField(default=dict)
    """As `Site.opening_hours`: weekday 0 (Monday) to 6 as text → list of ["HH:MM", "HH:MM"]"""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "site"], name="diary_hours")]


class Leave(Identified):
    """Time in which a practitioner is not there, whatever the week says."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    """A key of `vocabulary.LEAVE_KINDS`"""
    is_cancelled = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "ends_at"], name="diary_leave_until")]


class Appointment(models.Model):
    """What the diary knows of a visit. Visits from before the diary had services have none."""

    visit = models.OneToOneField(
        "visits.Visit", models.PROTECT, primary_key=True, related_name="appointment"
    )
    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    regions = models.JSONField(default=list, blank=True)
    """Ids of `anatomy.PRIVILEGES` that were wanted; whoever takes the visit over must hold them"""
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    """As it was when it was booked: a later price is for later bookings"""
    currency = models.CharField(max_length=3, blank=True)
    how = models.CharField(max_length=20, default="desk")
    """A key of `vocabulary.HOW_BOOKED`; who stands with the visit (`created_by`)"""
    group = models.UUIDField(null=True)
    """The same for visits that were booked at once"""
    cancelled_because = models.CharField(max_length=20, blank=True)
    """A key of `vocabulary.CANCELLED_BECAUSE`"""

    class Meta:
        indexes = [models.Index(fields=["room"], name="diary_appointment_room")]


class CalendarFeed(Identified):
    """A secret address at which a calendar program reads a practitioner's visits."""

    organisation = models.ForeignKey("staff.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("staff.Member", models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    """Of the secret in the address, which is shown once and kept nowhere"""
    with_names = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)
