"""Which messages ask a patient to tell something: before a visit, and how it goes between visits.

prepare    one tap of the desk or a booking ──▶ the link ──▶ sent in, or the visit is there
scores     a measure is due again ──▶ the link ── 2 days ──▶ one reminder ──▶ no more: the
           patient counts as not followed up (`outcomes.cohort`), until the next visit
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patient_page import actions, queries, texts
from filiform.clinic.patient_page.models import Preparation
from filiform.clinic.patients.models import Patient
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.progress.scores import AGAIN_AFTER, due_between_visits
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.composing import BY_HAND, COMPOSERS, SOURCES
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready
from filiform.clinic.staff.queries import each_clinic
from filiform.clinic.visits.models import Discharge, Visit
from filiform.clinic.web.times import zone_named
from filiform.outcomes.instruments import instruments
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Site

SUBJECTS = {
    "prepare": Words(en="Your visit", ur="آپ کا وزٹ"),
    "scores": Words(en="How is it going?", ur="کیسا چل رہا ہے؟"),
    "scores-again": Words(en="How is it going?", ur="کیسا چل رہا ہے؟"),
}
REMINDER_AFTER = timedelta(days=2)
ASKED_LATE = timedelta(days=2)
"""What fell due longer ago (the server was off) is asked at the next visit."""
VISIT_SOON = timedelta(days=2)
"""With a visit so near nothing is asked between visits: it is asked there. Design values."""
AT_ONCE = 200


def put_in() -> None:
    """Let the room of sending know these kinds."""
    COMPOSERS.update(dict.fromkeys(SUBJECTS, compose))
    BY_HAND.update(dict.fromkeys(SUBJECTS, "patient_page:by-hand"))
    for source in (ask_scores, remind_scores, tidy):
        if source not in SOURCES:
            SOURCES.append(source)


def invite(visit: Visit, *, now: datetime, key: UUID | None = None) -> Outgoing | None:
    """Send the link to prepare a visit; None where no message can go by itself. Asked again from
    a new page it goes again: whoever asks once more has spoken with the patient. key: made with
    the form; the same one twice is one message."""
    # Two taps at the very same moment have the same number, and so are one message.
    number = Outgoing.objects.filter(kind="prepare", subject=visit.pk).count() + 1
    once = f"prepare {key}" if key else f"prepare {visit.pk} {number}"
    there = Outgoing.objects.filter(once=once).first()
    return there or sending.enqueue(
        organisation=visit.organisation,
        patient=visit.patient,
        kind="prepare",
        subject=visit.pk,
        once=once,
        now=now,
        zone=zone_named(visit.site.time_zone),
    )


def ask_scores(now: datetime) -> int:
    """Patients in treatment whose last free measure is a week old, asked once for each answer."""
    week_ago = now - AGAIN_AFTER
    last = _scores_due(week_ago, week_ago - ASKED_LATE, now, now + VISIT_SOON)
    return sum(
        _put(patient, f"scores {patient} {at:%y%m%d}", "scores", now) for patient, at in last
    )


@prepared
def _scores_due(
    before: datetime, since: datetime, now: datetime, until: datetime
) -> QuerySet[OutcomeScore, tuple[UUID, datetime]]:
    """Patients whose newest free score was taken within the first two, without those who were asked
    since, or have a visit within the last two; each with the moment of that score."""
    free = [one.id for one in instruments().values() if one.licence == "free"]
    # Of the patient and not of the measure: two measures that fall due are one message.
    asked = Outgoing.objects.filter(kind="scores", subject=OuterRef("patient"), made_at__gt=before)
    soon = Visit.objects.filter(
        patient=OuterRef("patient"), state="booked", planned_at__range=(now, until)
    )
    # After the discharge nobody is asked on: the last score closes the course.
    over = Discharge.objects.current().filter(episode=OuterRef("episode"))
    scores = OutcomeScore.objects.current().filter(scale__in=free).exclude(Exists(over))
    newer = scores.filter(patient=OuterRef("patient"), taken_at__gt=before)
    return (
        # Newer is too early, older was missed: it is asked at the visit.
        scores.filter(
            organisation__in=each_clinic(),
            taken_at__lte=before,
            taken_at__gt=since,
        )
        .exclude(Exists(newer))
        .exclude(Exists(asked))
        .exclude(Exists(soon))
        .values("patient")
        .annotate(last=Max("taken_at"))
        .values_list("patient", "last")[:AT_ONCE]
    )


def remind_scores(now: datetime) -> int:
    """One reminder of what was sent and not answered."""
    before = now - REMINDER_AFTER
    rows = _not_answered(before, before - ASKED_LATE)
    return sum(_put(subject, f"{once} again", "scores-again", now) for subject, once in rows)


@prepared
def _not_answered(before: datetime, since: datetime) -> QuerySet[Outgoing, tuple[UUID, str]]:
    again = Outgoing.objects.filter(
        # A reminder of an earlier asking is none of this one.
        kind="scores-again",
        subject=OuterRef("subject"),
        made_at__gte=OuterRef("made_at"),
    )
    return (
        Outgoing.objects.filter(
            organisation__in=each_clinic(),
            kind="scores",
            state__in=("sent", "delivered"),
            made_at__lte=before,
            made_at__gt=since,
        )
        .exclude(Exists(again))
        .values_list("subject", "once")[:AT_ONCE]
    )


def _put(patient_id: UUID, once: str, kind: str, now: datetime) -> bool:
    patient = Patient.objects.select_related("organisation").get(pk=patient_id)
    site = queries.site_of(patient)
    # The query above knows the newest score of any measure; here each measure is judged.
    if site is None or not due_between_visits(patient, now=now):
        return False
    row = sending.enqueue(
        organisation=patient.organisation, patient=patient, kind=kind, subject=patient.pk,
        once=once, now=now, zone=zone_named(site.time_zone),
    )  # fmt: skip
    return row is not None


def tidy(now: datetime) -> int:
    """What waits for a hand though the visit is no longer to be prepared."""
    return sending.tidy(lambda state: _not_to_prepare(state, now - timedelta(days=60)), now=now)


@prepared
def _not_to_prepare(state: str, since: datetime) -> QuerySet[Outgoing, UUID]:
    sent = Preparation.objects.filter(visit=OuterRef("subject"), sent_at__isnull=False)
    # Come, cancelled or missed: there is nothing left to prepare.
    booked = Visit.objects.filter(pk=OuterRef("subject"), state="booked")
    rows = Outgoing.objects.filter(
        Q(Exists(sent)) | ~Q(Exists(booked)),
        kind="prepare",
        state=state,
        made_at__gt=since,
        # Nothing gets a state before it is made, and the state's moment stands in the index.
        state_at__gt=since,
    )
    return rows.values_list("pk", flat=True)[:AT_ONCE]


def is_wanted(row: Outgoing, now: datetime) -> bool:
    """Whether what a message asks for is still to be told."""
    if row.patient is None:
        return False
    if row.kind == "prepare":
        visit = Visit.objects.filter(pk=row.subject, state="booked").exists()
        done = Preparation.objects.filter(visit=row.subject, sent_at__isnull=False).exists()
        return visit and not done
    return bool(due_between_visits(row.patient, now=now))


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The message, with a link of its own that is made now and told nobody else."""
    if row.patient is None or not is_wanted(row, now):
        return None
    # Made when it goes and not when it is queued: a link in a queue that waits would age there.
    _link, secret = actions.make_link(patient=row.patient, by=None)
    link = public_url + texts.path_of(secret)
    language = row.patient.language
    return Ready(
        id=str(row.pk),
        to=row.to,
        subject=SUBJECTS[row.kind].in_language(language),
        text=texts.message(row.kind, row.patient, _site(row), link),
        link=link,
        language=language,
        report_to=public_url + reverse("sending:sms-report", args=[row.pk]),
    )


def _site(row: Outgoing) -> Site | None:
    visit = Visit.objects.filter(pk=row.subject).select_related("site__organisation").first()
    if visit is not None:
        return visit.site
    return queries.site_of(row.patient) if row.patient else None


def told(subject: UUID) -> None:
    """What was asked for is told: no more of it is sent."""
    sending.answered(subject=subject, kinds=SUBJECTS)
