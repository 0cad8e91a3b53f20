"""The organisation, its sites, the people who work there and what they are allowed to needle."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from filiform.clinic.access.permissions import allowed
from filiform.clinic.facts.models import Fact, Identified, now


class Organisation(Identified):
    name = models.CharField(max_length=120)
    name_ur = models.CharField(max_length=120, blank=True)
    file_prefix = models.CharField(max_length=6, default="F")
    next_file_number = models.PositiveIntegerField(default=1)
    second_factor_for_all = models.BooleanField(default=False)
    """Whether everybody needs a second factor; owners always do."""
    created_at = models.DateTimeField(auto_now_add=True)


class Site(Identified):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    name_ur = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300)
    address_ur = models.CharField(max_length=300, blank=True)
    directions = models.TextField(blank=True)
    directions_ur = models.TextField(blank=True)
    town = models.CharField(max_length=80, blank=True)
    town_ur = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=80, blank=True)
    area_ur = models.CharField(max_length=80, blank=True)
    road = models.CharField(max_length=80, blank=True)
    road_ur = models.CharField(max_length=80, blank=True)
    """The names that the sketch "how to find us" is drawn from"""
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    """Degrees, WGS 84, of the entrance"""
    phone = models.CharField(max_length=20)
    whatsapp = models.CharField(max_length=20, blank=True)
    emergency_phone = models.CharField(max_length=20, default="1122")
    time_zone = models.CharField(max_length=60, default="Asia/Karachi")
    opening_hours = models.JSONField(default=dict)
    """Weekday 0 (Monday) to 6 as text → list of ["HH:MM", "HH:MM"]; a missing day is closed."""
    is_public = models.BooleanField(default=True)


class OpeningException(Fact):
    """Days on which a site's weekly hours don't hold: Eid, Ramadan, a day of repairs.

    Amended and voided as every fact; what they mean for a day, `staff.openings` answers.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="opening_exceptions")
    first_on = models.DateField()
    last_on = models.DateField()
    """The last day, itself included."""
    hours = models.JSONField(default=list)
    """List of ["HH:MM", "HH:MM"] as in a day of `opening_hours`; empty is closed."""
    also_closed_days = models.BooleanField(default=False)
    """Whether the hours hold on weekdays, too, on which the site is closed otherwise."""
    title = models.CharField(max_length=120)
    title_ur = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "last_on"], name="opening_exception")]


class MemberManager(BaseUserManager["Member"]):
    def get_queryset(self) -> models.QuerySet[Member]:
        """With the organisation: every page asks whose record it is."""
        return super().get_queryset().select_related("organisation")

    def create_member(
        self, *, username: str, password_hash: str, organisation: Organisation, **fields: Any
    ) -> Member:
        member = self.model(
            username=self.model.normalize_username(username),
            password=password_hash,
            organisation=organisation,
            **fields,
        )
        member.save()
        return member


class Member(AbstractBaseUser, Identified):
    """A person who signs in. What each role may do stands in `access.permissions`."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_ur = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    is_owner = models.BooleanField(default=False)
    is_practitioner = models.BooleanField(default=False)
    is_front_desk = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    on_public_site = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    pin_hash = models.CharField(max_length=128, blank=True)
    sessions_mark = models.CharField(max_length=32, blank=True, default="")
    """A new one ends every session: whoever had to be given a new factor may have been robbed."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(
            role for role in ("owner", "practitioner", "front_desk") if getattr(self, f"is_{role}")
        )

    def may(self, permission: str) -> bool:
        return self.is_active and allowed(self.roles, permission)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still agree with: the password, and the mark. With an empty mark it
        is Django's own, so that nobody is signed out by an update."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = self.password + self.sessions_mark
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class Passkey(Identified):
    """A key pair of which the device keeps one half (WebAuthn). Nothing here is secret."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.CharField(max_length=1400, unique=True)
    """The credential's id, base64url; up to 1023 bytes by the standard."""
    public_key = models.TextField()
    """COSE, base64url."""
    uses = models.BigIntegerField(default=0)
    """The device's own counter; 0 for ever on devices that don't count."""
    added_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)


class CodeApp(Identified):
    """An authenticator app (TOTP). The secret is sealed with a key that is not in the database."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="code_app")
    sealed_secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    """The half minute of the last code that was taken: it and earlier ones are spent."""
    added_at = models.DateTimeField(default=now)


class RecoveryCode(Identified):
    """One of ten codes on paper, kept as a hash; it opens once."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class SignInTry(models.Model):
    """A wrong password or code: for which name, from where, when. Both as keyed hashes, so that
    the table tells nobody who works here or from where; rows go after a day."""

    name_key = models.CharField(max_length=32)
    place_key = models.CharField(max_length=32)
    is_known_device = models.BooleanField()
    work_key = models.CharField(max_length=32, unique=True)
    """The proof of work that was done for it, which is good for one try; else something random."""
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["name_key", "at"], name="sign_in_try")]


class Licence(Fact):
    """Registration with a professional body."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="licences")
    body = models.CharField(max_length=160)
    number = models.CharField(max_length=60)
    check_link = models.URLField(max_length=300, blank=True)
    """Where the body's public register says that it holds"""
    expires_on = models.DateField()


class Training(Fact):
    """A course in dry needling."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=200)
    hours = models.PositiveIntegerField()
    completed_on = models.DateField()
    expires_on = models.DateField()


class Privilege(Fact):
    """A region of the body that a practitioner may needle; ids of `anatomy.PRIVILEGES`."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="privileges")
    region = models.CharField(max_length=40)
    granted_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)


Credential = Licence | Training | Privilege
"""What somebody must hold to needle. They share `member`, `expires_on` and the record's columns."""


class PinTries(models.Model):
    """Wrong tries at somebody's PIN or password on a page of a colleague, since the last right one.

    They are counted for the person whose PIN it is, not for the session: whoever guesses can sign
    in anew. No fact of the record, and no part of signing in.
    """

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    wrong = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
