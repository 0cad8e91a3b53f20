"""What changes people, sites and credentials. Each is one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from filiform.clinic.facts.amending import amended, voided
from filiform.clinic.facts.models import Entry, new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.staff.models import (
    Credential,
    Licence,
    Member,
    OpeningException,
    Organisation,
    Privilege,
    Site,
    Training,
)

MEMBER_FIELDS = (
    *("name", "name_ur", "title", "language", "on_public_site"),
    *("is_owner", "is_practitioner", "is_front_desk", "is_active"),
)
# As long as a pause of the throttle: each pause leaves at most one entry.
NOTED_ONCE = timedelta(minutes=15)
SITE_FIELDS = (
    *("name", "name_ur", "address", "address_ur", "directions", "directions_ur"),
    *("town", "town_ur", "area", "area_ur", "road", "road_ur", "latitude", "longitude"),
    *("phone", "whatsapp", "emergency_phone", "time_zone", "opening_hours", "is_public"),
)


def found_organisation(*, name: str, name_ur: str = "", file_prefix: str = "F") -> Organisation:
    """The first row of a clinic's record."""
    organisation = Organisation(name=name, name_ur=name_ur, file_prefix=file_prefix)
    with recording("organisation-founded", by=None, organisation=organisation) as entry:
        # Within `recording`, whose entry needs the row that it belongs to.
        organisation.save()
        entry.about(organisation)
    return organisation


def open_site(
    *, organisation: Organisation, by: Member | None = None, key: UUID | None = None, **fields: Any
) -> Site:
    """key: made with the form; the same one twice is one site."""
    with recording("site-opened", by=by, organisation=organisation) as entry:
        if there := sent_before(Site, key, entry):
            return there
        site = Site.objects.create(pk=key or new_id(), organisation=organisation, **fields)
        entry.about(site)
    return site


def add_member(
    *,
    organisation: Organisation,
    username: str,
    password: str | None,
    roles: frozenset[str],
    by: Member | None = None,
    pin: str = "",
    hashed: Callable[[str | None], str] = make_password,
    **fields: Any,
) -> Member:
    """roles: of owner, practitioner, front_desk. Raises ValueError for another or for none.

    username: kept in small letters, so that a phone's capital letter does not lock anybody out.
    """
    unknown = roles - {"owner", "practitioner", "front_desk"}
    # Without a role somebody could sign in and would see nothing, and nobody would know why.
    if unknown or not roles:
        raise ValueError(
            f"roles are {sorted(roles)}; allowed are owner, practitioner and front_desk, "
            "at least one of them"
        )
    with recording("member-added", by=by, organisation=organisation) as entry:
        member = Member.objects.create_member(
            username=username.strip().lower(),
            password_hash=hashed(password),
            organisation=organisation,
            pin_hash=hashed(pin) if pin else "",
            **{f"is_{role}": True for role in roles},
            **fields,
        )
        entry.about(member, roles=sorted(roles))
    return member


class LastOwner(ValueError):
    """Nobody would be left who may manage the clinic."""


def _keep_an_owner(member: Member) -> None:
    """Inside the transaction that takes an owner away: two owners who each see the other must not
    both be gone afterwards. Raises LastOwner."""
    owners = Member.objects.filter(
        organisation=member.organisation, is_owner=True, is_active=True
    ).exclude(pk=member.pk)
    if not owners.exists():
        raise LastOwner(f"{member.username} is the only owner of the clinic")


def record_licence(
    *,
    member: Member,
    by: Member,
    body: str,
    number: str,
    expires_on: date,
    check_link: str = "",
) -> Licence:
    with recording("licence-recorded", by=by) as entry:
        licence = Licence.objects.create(
            organisation=member.organisation,
            recorded_by=by,
            member=member,
            body=body,
            number=number,
            check_link=check_link,
            expires_on=expires_on,
        )
        entry.about(licence, member=str(member.pk))
    return licence


def record_training(
    *, member: Member, by: Member, course: str, hours: int, completed_on: date, expires_on: date
) -> Training:
    with recording("training-recorded", by=by) as entry:
        training = Training.objects.create(
            organisation=member.organisation,
            recorded_by=by,
            member=member,
            course=course,
            hours=hours,
            completed_on=completed_on,
            expires_on=expires_on,
        )
        entry.about(training, member=str(member.pk))
    return training


def grant_privilege(
    *, member: Member, by: Member, region: str, granted_on: date, expires_on: date | None = None
) -> Privilege:
    with recording("privilege-granted", by=by) as entry:
        privilege = Privilege.objects.create(
            organisation=member.organisation,
            recorded_by=by,
            member=member,
            region=region,
            granted_on=granted_on,
            expires_on=expires_on,
        )
        entry.about(privilege, member=str(member.pk), region=region)
    return privilege


def amend_credential(*, credential: Credential, by: Member, why: str, **fields: Any) -> Credential:
    """Replace a credential by a corrected one; the old row stays readable."""
    with recording("credential-amended", by=by) as entry:
        after = amended(credential, by=by, why=why, **fields)
        entry.about(after, member=str(credential.member_id))
    return after


def void_credential(*, credential: Credential, by: Member, why: str) -> Credential:
    """Say that a credential never held, or holds no longer; the old row stays readable."""
    with recording("credential-voided", by=by) as entry:
        after = voided(credential, by=by, why=why)
        entry.about(after, member=str(credential.member_id))
    return after


def change_member(*, member: Member, by: Member, why: str = "", **fields: Any) -> Member:
    """Correct what is known of a person, or what they may do. Unchanged fields write nothing.

    Raises LastOwner when nobody would be left who may manage the clinic."""
    # Before the lock, to write nothing where nothing changes: no entry says "changed" of that.
    before = _change(member, MEMBER_FIELDS, fields)
    if before:
        with recording("member-changed", by=by) as entry:
            # They were one until now; under the lock, so that of two at once one stays.
            if before.get("is_owner"):
                _keep_an_owner(member)
            member.save(update_fields=list(before))
            details: dict[str, Any] = {"why": why} if why else {}
            entry.about(member, before=before, **details)
    return member


def switch_member(*, member: Member, by: Member, active: bool, why: str) -> Member:
    """Switch a person off (they can no longer sign in, their records stay) or on again; where they
    are that already, nothing is written. Raises LastOwner as `change_member`."""
    if member.is_active == active:
        return member
    with recording("member-switched-on" if active else "member-switched-off", by=by) as entry:
        if member.is_owner and not active:
            _keep_an_owner(member)
        member.is_active = active
        member.save(update_fields=["is_active"])
        entry.about(member, why=why)
    return member


def change_password(*, member: Member, by: Member, password: str) -> Member:
    """Ends every other session of the member."""
    with recording("password-changed", by=by) as entry:
        member.set_password(password)
        member.save(update_fields=["password"])
        entry.about(member)
    return member


def change_pin(*, member: Member, by: Member, pin: str) -> Member:
    with recording("pin-changed", by=by) as entry:
        member.pin_hash = make_password(pin) if pin else ""
        member.save(update_fields=["pin_hash"])
        entry.about(member)
    return member


def change_site(*, site: Site, by: Member, **fields: Any) -> Site:
    """Correct a site's public texts, numbers and hours; the audit keeps what they were."""
    before = _change(site, SITE_FIELDS, fields)
    if before:
        with recording("site-changed", by=by) as entry:
            site.save(update_fields=list(before))
            # A site is no fact that keeps its versions: the audit alone can say what it was.
            entry.about(site, before=before)
    return site


def record_opening_exception(*, site: Site, by: Member, **fields: Any) -> OpeningException:
    """fields: first_on, last_on, hours, also_closed_days, title, title_ur. Visits that are booked
    on these days stay booked: whoever records it is shown whom to call."""
    with recording("opening-exception-recorded", by=by) as entry:
        row = OpeningException.objects.create(
            organisation=site.organisation, recorded_by=by, site=site, **fields
        )
        entry.about(row, site=str(site.pk))
    return row


def amend_opening_exception(
    *, exception: OpeningException, by: Member, why: str, **fields: Any
) -> OpeningException:
    """Raises ChangedMeanwhile when somebody amended it since it was shown."""
    with recording("opening-exception-amended", by=by) as entry:
        after = amended(exception, by=by, why=why, **fields)
        entry.about(after, site=str(exception.site_id))
    return after


def void_opening_exception(*, exception: OpeningException, by: Member, why: str) -> None:
    """From now on the weekly hours hold on these days again. Raises as `amended`."""
    with recording("opening-exception-voided", by=by) as entry:
        entry.about(voided(exception, by=by, why=why), site=str(exception.site_id))


def note_signed_in(*, by: Member, factor: str = "") -> None:
    """factor: the second one, if there was one."""
    with recording("signed-in", by=by) as entry:
        entry.about(by)
        if factor:
            entry.details["factor"] = factor


def note_signed_out(*, by: Member) -> None:
    with recording("signed-out", by=by) as entry:
        entry.about(by)


def note_signed_out_after_wrong_pins(*, by: Member) -> None:
    with recording("signed-out-after-wrong-pins", by=by) as entry:
        entry.about(by)


def note_guessing(*, username: str, together: bool) -> None:
    """Somebody tried a member's password too often, or many did together. Noted once while it
    goes on; a name that nobody bears leaves no trace."""
    action = "sign-in-guessed" if together else "sign-in-locked"
    member = Member.objects.filter(username=username).first()
    if member is None:
        return
    # Hours of guessing would bury all else in the audit.
    noted = Entry.objects.filter(
        organisation=member.organisation,
        action=action,
        subject_id=str(member.pk),
        at__gte=timezone.now() - NOTED_ONCE,
    )
    if not noted.exists():
        with recording(
            "sign-in-guessed" if together else "sign-in-locked",
            by=None,
            organisation=member.organisation,
        ) as entry:
            entry.about(member)


def _change(thing: Any, allowed: tuple[str, ...], fields: dict[str, Any]) -> dict[str, Any]:
    """Set fields and return the former values of those that changed.

    Raises ValueError naming a field that may not be changed.
    """
    unknown = fields.keys() - set(allowed)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} can't be changed; allowed: {allowed}")
    before = {
        name: getattr(thing, name)
        for name, value in fields.items()
        if getattr(thing, name) != value
    }
    for name in before:
        setattr(thing, name, fields[name])
    return before
