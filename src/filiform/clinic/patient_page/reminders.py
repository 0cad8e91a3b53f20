"""A reminder of the exercises, at the hour that the patient chose, and never twice a day.

wish ──hour has come──▶ queue ──▶ "your exercises, if you like"
        ticked today, enough this week, or the programme ended: nothing is sent
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.facts.prepared import Prepared, prepared
from filiform.clinic.patient_page import actions, queries, texts
from filiform.clinic.patient_page.models import ExerciseReminder
from filiform.clinic.programme.care import home_lines
from filiform.clinic.programme.models import HomeTick, ProgrammeItem
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready
from filiform.clinic.web.times import zone_named
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

SUBJECT = Words(en="Your exercises", ur="آپ کی ورزشیں")
AT_ONCE = 500
FOR_SO_LONG = timedelta(days=90)
"""After a programme nobody has looked at for so long, no reminder (design value)."""
ONE_A_DAY = timedelta(hours=20)


def remind(now: datetime) -> int:
    """Put in a reminder for everybody whose hour it is. What decides whether it is still wanted is
    asked when it goes: here only what the database can tell of all at once."""
    # The hour is a wish about the patient's own day, and the clinic's clock is the nearest to it.
    zone = zone_named(zone_of_clinic())
    local = timezone.localtime(now, zone)
    today = local.date()
    made = 0
    # Anywhere within the hour, for the worker comes every few seconds and may have been away.
    for row in _wishes_at(local.hour)(today, now - FOR_SO_LONG, now - ONE_A_DAY):
        put = sending.enqueue(
            organisation=row.patient.organisation,
            patient=row.patient,
            kind="exercises",
            subject=row.patient_id,
            # The day decides at last: two workers at once put in the same row.
            once=f"exercises {row.patient_id} {today.isoformat()}",
            now=now,
            zone=zone,
            # A reminder is no task for the desk.
            not_by_hand=True,
        )
        made += put is not None
    return made


@cache
def _wishes_at(hour: int) -> Prepared[ExerciseReminder]:
    @prepared
    def wishes(day: date, after: datetime, since: datetime) -> QuerySet[ExerciseReminder]:
        programme = ProgrammeItem.objects.current().filter(
            patient=OuterRef("patient"), visit__planned_at__gt=after
        )
        sent = Outgoing.objects.filter(
            kind="exercises", subject=OuterRef("patient"), made_at__gt=since
        )
        ticked = HomeTick.objects.current().filter(patient=OuterRef("patient"), on=day)
        return (
            ExerciseReminder.objects.current()
            # The programme first: most who ever wished for it have none any more.
            .filter(Exists(programme), at_hour=hour)
            .exclude(Exists(sent))
            .exclude(Exists(ticked))
            .select_related("patient__organisation")[:AT_ONCE]
        )

    return wishes


def zone_of_clinic() -> str:
    """Reminders go by the clock of the public site; a clinic in two zones has one of them."""
    site = queries.any_site()
    return site.time_zone if site else "UTC"


def is_wanted(patient: Patient, today: date) -> bool:
    """Something is left to do: one that is neither ticked today nor done often enough this week."""
    return any(
        line.adherence.done < (line.adherence.meant or 7) and today not in line.adherence.week
        for line in home_lines(patient, on=today)
    )


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The reminder, with a link of its own; None when it is not wanted any more."""
    patient = row.patient
    site = queries.site_of(patient) if patient else None
    if patient is None or site is None or queries.reminder_hour(patient) is None:
        return None
    # Ticked between the queue and now: a reminder of what is done would annoy.
    if not is_wanted(patient, timezone.localtime(now, zone_named(site.time_zone)).date()):
        return None
    _link, secret = actions.make_link(patient=patient, by=None)
    link = public_url + texts.path_of(secret)
    return Ready(
        id=str(row.pk),
        to=row.to,
        subject=SUBJECT.in_language(patient.language),
        text=texts.message("exercises", patient, site, link),
        link=link,
        language=patient.language,
        report_to=public_url + reverse("sending:sms-report", args=[row.pk]),
    )
