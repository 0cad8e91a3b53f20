"""What happens to links, phones and codes, and what a patient tells. One transaction each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid5

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F
from django.utils import timezone

from filiform.clinic.aftercare.knowledge import flags_of
from filiform.clinic.facts.amending import hold, in_place
from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.receiving import receive
from filiform.clinic.patient_page.keys import (
    DEVICE_HOLDS,
    LINK_HOLDS,
    MOST_TRIES,
    MOST_TRIES_A_DAY,
    hash_of,
    new_code,
    new_secret,
)
from filiform.clinic.patient_page.models import (
    ExerciseReminder,
    OwnPain,
    PatientCode,
    PatientDevice,
    PatientLink,
)
from filiform.clinic.patients.files import files_of
from filiform.warning_signs import signs as all_signs

if TYPE_CHECKING:
    from filiform.anatomy.surface import BodyDrawing
    from filiform.clinic.frontdoor.models import Message
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site

REMINDER_HOURS = (8, 12, 17, 20)
"""Hours at which a patient may want to be reminded, all outside the usual quiet ones (design)."""

Opened = Literal["opened", "wrong", "locked"]


def make_link(*, patient: Patient, by: Member | None) -> tuple[PatientLink, str]:
    """A new link and its secret, which is told here once and never again.

    by: None when it goes out in a message by itself.
    """
    # Made before the transaction: it goes into the answer, and the database keeps a hash alone.
    secret, now = new_secret(), timezone.now()
    with recording("message-link-made", by=by, organisation=patient.organisation) as entry:
        link = PatientLink.objects.create(
            organisation=patient.organisation,
            patient=patient,
            token_hash=hash_of(secret),
            made_at=now,
            made_by=by,
            expires_at=now + LINK_HOLDS,
        )
        if by is not None:
            # The desk has spoken with the patient, whose slips count for today no more; a message
            # that goes out by itself must not give a guesser new tries.
            _forget_tries(patient)
        entry.about(link, patient=patient)
    return link, secret


def _forget_tries(patient: Patient) -> None:
    tried = PatientLink.objects.filter(patient__in=files_of(patient), wrong_tries__gt=0)
    tried.update(wrong_tries=0)


def revoke(*, patient: Patient, by: Member) -> None:
    """No link that was given out opens anything any more, and no phone."""
    now = timezone.now()
    with recording("message-links-revoked", by=by) as entry:
        # What was given out for a file that was closed into this one opens the same page.
        files = files_of(patient)
        open_links = PatientLink.objects.filter(patient__in=files, revoked_at__isnull=True)
        links = open_links.update(revoked_at=now)
        open_phones = PatientDevice.objects.filter(patient__in=files, revoked_at__isnull=True)
        phones = open_phones.update(revoked_at=now)
        entry.about(patient, patient=patient, links=links, phones=phones)


def give_code(*, patient: Patient, by: Member) -> str:
    """A new code of six digits; the one before it opens nothing any more."""
    code = new_code()
    with recording("message-code-given", by=by) as entry:
        made = PatientCode.objects.create(
            organisation=patient.organisation,
            patient=patient,
            # A slow hash, other than for a link: six digits are a million, and could all be tried
            # out.
            code_hash=make_password(code),
            made_by=by,
        )
        entry.about(made, patient=patient)
    return code


def open_page(
    *, link: PatientLink, birth: date | None, code: str, device_key: str
) -> tuple[Opened, PatientDevice | None]:
    """Try to open a link on a phone with a birth date or a code.

    device_key: the secret in the phone's cookie. A wrong try is counted before anything is
    answered, in a row that is locked meanwhile: two at once can't both be the fifth.
    """
    patient = link.patient
    with recording("message-link-tried", by=None, organisation=link.organisation) as entry:
        # Locked until the try is counted; `no_key` lets rows that name the link be written
        # meanwhile.
        held = PatientLink.objects.select_for_update(no_key=True).get(pk=link.pk)
        entry.about(held, patient=patient)
        # Revoked between the look at the link and this lock: a phone that was opened now would
        # outlive the revocation.
        shut = held.locked_at is not None or held.revoked_at is not None
        if shut or _tried_too_often(patient):
            if not shut:
                # Several links with few wrong answers each: the clinic is told of this, too.
                held.locked_at = timezone.now()
                held.save(update_fields=["locked_at"])
            entry.details["result"] = "locked"
            return "locked", None
        # After the look at the locks: a right answer to a locked link must not be told apart.
        if not _is_right(patient, birth, code):
            held.wrong_tries += 1
            if held.wrong_tries >= MOST_TRIES:
                held.locked_at = timezone.now()
            held.save(update_fields=["wrong_tries", "locked_at"])
            entry.details["result"] = "locked" if held.locked_at else "wrong"
            return ("locked" if held.locked_at else "wrong"), None
        # Slips of a finger before the right answer don't count for the day either.
        PatientLink.objects.filter(pk=held.pk).update(wrong_tries=0)
        entry.details["result"] = "opened"
        return "opened", _phone_of(patient, device_key)


def _tried_too_often(patient: Patient) -> bool:
    since = timezone.now() - timedelta(days=1)
    # Links of the time that a link holds: an older one is expired and can't have been tried today.
    tries = PatientLink.objects.filter(
        patient__in=files_of(patient), made_at__gte=since - LINK_HOLDS
    )
    # There is no row for each try: a link's count stands for today's, but where it was locked
    # before.
    recent = tries.filter(wrong_tries__gt=0).exclude(locked_at__lt=since)
    return sum(recent.values_list("wrong_tries", flat=True)) >= MOST_TRIES_A_DAY


def _is_right(patient: Patient, birth: date | None, code: str) -> bool:
    """The day of birth, where it is known to the day; a code, where one was given."""
    # A day that stands for a whole year or month is no secret: then only the desk's code opens.
    if birth is not None and patient.birth_date_known == "day":
        return birth == patient.birth_date
    # Only the newest: giving a new code is how the desk makes one that was overheard worthless.
    given = PatientCode.objects.filter(patient=patient).order_by("-made_at").first()
    return given is not None and bool(code) and check_password(code, given.code_hash)


def _phone_of(patient: Patient, device_key: str) -> PatientDevice:
    now = timezone.now()
    # One row for a phone and a patient: opened again by another link it is still the same phone.
    phone, _ = PatientDevice.objects.update_or_create(
        key_hash=hash_of(device_key),
        patient=patient,
        defaults={
            "organisation": patient.organisation,
            "opened_at": now,
            "seen_at": now,
            "expires_at": now + DEVICE_HOLDS,
            # Whoever answers rightly once more may come back on a phone that was taken back.
            "revoked_at": None,
        },
    )
    return phone


def forget_phone(*, device: PatientDevice) -> None:
    """The patient's own wish: this phone asks for the birth date again."""
    with recording("message-phone-forgotten", by=None, organisation=device.organisation) as entry:
        PatientDevice.objects.filter(pk=device.pk).update(revoked_at=timezone.now())
        entry.about(device, patient=device.patient)


def unlock(*, link: PatientLink, by: Member) -> None:
    """The desk has spoken with the patient: the link may be tried again."""
    with recording("message-link-unlocked", by=by) as entry:
        PatientLink.objects.filter(pk=link.pk).update(locked_at=None)
        _forget_tries(link.patient)
        entry.about(link, patient=link.patient)


def tell_wrong(
    *, patient: Patient, site: Site, signs: list[str], text: str, report_id: UUID, language: str
) -> Message:
    """Something is wrong, told on the patient's page, before or after it was opened.

    It becomes a message in the inbox: red, and ringing where it tells of danger. signs: ids of
    the table; unknown ones are left out. The same report_id with the same signs is one message.
    """
    # In the order in which they were tapped; a made-up sign must not reach the inbox as words.
    known = [sign for sign in dict.fromkeys(signs) if sign in all_signs()]
    felt = [all_signs()[sign].felt.in_language(language) for sign in known]
    told = "\n".join([*felt, *([text] if text else [])])
    return receive(
        site=site,
        # Of what was told, too: whoever goes back and tells more has told something new.
        message_id=uuid5(report_id, "|".join([*known, text])),
        name=patient.name,
        phone=patient.phone,
        text=told,
        answer_by="call",
        language=language,
        patient=patient,
        signs=known,
        flags=flags_of(patient, now=timezone.now()),
    )


def draw_pain(
    *, device: PatientDevice, pain_id: UUID, nprs: int, drawing: BodyDrawing | None
) -> OwnPain:
    """What hurts today. The same pain_id twice is one. Raises ValueError for a rating outside."""
    if not 0 <= nprs <= 10:
        raise ValueError(f"a pain rating is a number from 0 to 10, got {nprs}")
    with recording("message-pain-drawn", by=None, organisation=device.organisation) as entry:
        there = OwnPain.objects.filter(pk=pain_id, patient=device.patient).first()
        if there is not None:
            entry.about(there, patient=device.patient, again=True)
            return there
        pain = OwnPain.objects.create(
            pk=pain_id,
            organisation=device.organisation,
            patient=device.patient,
            nprs=nprs,
            drawing=drawing.as_text() if drawing else "",
        )
        entry.about(pain, patient=device.patient)
    return pain


def remind_at(*, patient: Patient, hour: int | None) -> ExerciseReminder:
    """When to remind of the exercises; None: not at all. Raises ValueError for an hour that is not
    offered."""
    if hour is not None and hour not in REMINDER_HOURS:
        raise ValueError(f"no reminder at {hour}; there are {REMINDER_HOURS} and none")
    with recording(
        "message-exercise-reminder", by=None, organisation=patient.organisation
    ) as entry:
        hold(patient)
        former = ExerciseReminder.objects.current().filter(patient=patient).first()
        row = in_place(
            ExerciseReminder(
                organisation=patient.organisation, patient=patient, at_hour=hour, replaces=former
            )
        )
        entry.about(row, patient=patient, hour=hour)
    return row


def seen(device: PatientDevice, now: datetime) -> None:
    """Note that the phone was there today; no more often, for it is a write at a look."""
    # A write for every page would hold up SQLite's only writer for a number that nobody reads.
    if now - device.seen_at > timedelta(days=1):
        PatientDevice.objects.filter(pk=device.pk).update(
            # It slides: a phone in use is never asked again, one in a drawer expires.
            seen_at=now,
            expires_at=F("expires_at") + (now - device.seen_at),
        )
