"""Which messages go out for a check, and what they say. The room `sending` sees to the rest.

due ──▶ "how are you?" ── 4 h ──▶ reminder ── 20 h ──▶ reminder ──▶ the desk telephones
         answered, opted out, given up, or a later check is due: nothing more is sent
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from filiform.clinic.aftercare.models import Check
from filiform.clinic.aftercare.vocabulary import RINGS
from filiform.clinic.facts.prepared import Prepared, prepared
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.receiving import receive
from filiform.clinic.patient_page import actions, queries, reminders, texts
from filiform.clinic.patients.models import Patient
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.composing import BY_HAND, COMPOSERS, SOURCES
from filiform.clinic.sending.inbound import INBOX
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready
from filiform.clinic.sending.setup import setup
from filiform.clinic.staff.queries import each_clinic
from filiform.clinic.web.times import zone_named
from filiform.words import Words

NUDGES = (timedelta(hours=4), timedelta(hours=20))
"""After the first message, reminders of it. After the last one a person telephones."""
ASKED_LATE = timedelta(hours=20)
"""A check that fell due longer ago (the server was off) is for the telephone."""
AT_ONCE = 500
MOST_CALLED = 50
MOST_AT_A_NUMBER = 20
"""Files looked at; a whole family is fewer, and a hotel's number tells nobody (design value)."""
SUBJECT = Words(en="How are you?", ur="آپ کیسے ہیں؟")


def put_in() -> None:
    """Let the room of sending know what we ask for and how it is said."""
    COMPOSERS.update({"check": compose, "nudge": compose, "alarm": compose_alarm})
    BY_HAND.update(dict.fromkeys(("check", "nudge"), "patient_page:by-hand"))
    COMPOSERS["exercises"] = reminders.compose
    for source in (tidy, ask, nudge, call_duty, reminders.remind):
        if source not in SOURCES:
            SOURCES.append(source)
    if to_inbox not in INBOX:
        INBOX.append(to_inbox)


def ask(now: datetime) -> int:
    """Every check that has fallen due and that no message asked about yet."""
    return sum(_put(check, "check", 1, now) for check in _not_asked(now, now - ASKED_LATE))


@prepared
def _not_asked(now: datetime, since: datetime) -> QuerySet[Check]:
    # Whatever became of that message: one that failed is for the telephone, not for another try.
    asked = Outgoing.objects.filter(kind="check", subject=OuterRef("pk"))
    due = _unsettled(now, since).exclude(Exists(asked))
    return _whole(due.order_by("due_at"))[:AT_ONCE]


def _unsettled(now: datetime, since: datetime) -> QuerySet[Check]:
    """Checks that fell due between the two, without those that a later one stands for."""
    return Check.objects.filter(
        organisation__in=each_clinic(),
        settled_at__isnull=True,
        alarm_since__isnull=True,
        due_at__lte=now,
        due_at__gt=since,
    ).exclude(Exists(_later_due(now)))


def _later_due(now: datetime) -> QuerySet[Check]:
    return Check.objects.filter(
        treatment=OuterRef("treatment"), hours__gt=OuterRef("hours"), due_at__lte=now
    )


def nudge(now: datetime) -> int:
    """Reminders of what was sent and not answered."""
    made = 0
    for number, (after, to_nudge) in enumerate(zip(NUDGES, _TO_NUDGE, strict=True), start=1):
        end = now - after
        # Fallen due within the first bounds, asked within the second.
        wanted = to_nudge(now, end - 2 * ASKED_LATE, end - ASKED_LATE, end)
        made += sum(_put(check, "nudge", number, now) for check in wanted)
    return made


def _nudged(number: int) -> Prepared[Check]:
    @prepared
    def to_nudge(now: datetime, since: datetime, start: datetime, end: datetime) -> QuerySet[Check]:
        first = Outgoing.objects.filter(
            kind="check",
            subject=OuterRef("pk"),
            state__in=("sent", "delivered"),
            made_at__lte=end,
            made_at__gt=start,
        )
        there = Outgoing.objects.filter(
            # Of this number: the second reminder is not kept back by the first.
            kind="nudge",
            subject=OuterRef("pk"),
            once__endswith=f" {number}",
        )
        # Bounds along the index of open checks; the rest is looked up for few.
        wanted = _unsettled(now, since).filter(Exists(first)).exclude(Exists(there))
        return _whole(wanted)[:AT_ONCE]

    return to_nudge


_TO_NUDGE = [_nudged(number) for number in range(1, len(NUDGES) + 1)]


def tidy(now: datetime) -> int:
    """What waits for a hand though somebody has answered on another way, by telephone say."""
    return sending.tidy(lambda state: _about_settled(state, now - timedelta(days=8)), now=now)


@prepared
def _about_settled(state: str, since: datetime) -> QuerySet[Outgoing, UUID]:
    settled = Check.objects.filter(pk=OuterRef("subject"), settled_at__isnull=False)
    rows = Outgoing.objects.filter(
        Exists(settled),
        kind__in=("check", "nudge"),
        state=state,
        made_at__gt=since,
        # Nothing gets a state before it is made, and the state's moment stands in the index.
        state_at__gt=since,
    )
    return rows.values_list("pk", flat=True)[:AT_ONCE]


def _whole(checks: QuerySet[Check]) -> QuerySet[Check]:
    return checks.select_related("patient__organisation", "treatment__visit__site__organisation")


def _put(check: Check, kind: str, number: int, now: datetime) -> bool:
    site = check.treatment.visit.site
    row = sending.enqueue(
        organisation=check.patient.organisation,
        patient=check.patient,
        kind=kind,
        subject=check.pk,
        once=f"{kind} {check.pk} {number}",
        now=now,
        zone=zone_named(site.time_zone),
        # Two hours after a needle over the lung the evening is no reason to wait.
        urgent=check.hours <= 2,
    )
    return row is not None


def _is_wanted(check: Check, now: datetime) -> bool:
    """Not settled, its treatment stands, and no later check has fallen due meanwhile."""
    if check.settled_at is not None or not queries.still_holds(check):
        return False
    return not Check.objects.filter(
        treatment=check.treatment_id, hours__gt=check.hours, due_at__lte=now
    ).exists()


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The message about a check, with a link of its own that is made now and told nobody else."""
    check = _whole(Check.objects.filter(pk=row.subject)).first()
    # Asked at the last moment: between queue and provider somebody may have telephoned.
    if check is None or not _is_wanted(check, now) or row.patient is None:
        return None
    _link, secret = actions.make_link(patient=row.patient, by=None)
    link = public_url + texts.path_of(secret)
    language = row.patient.language
    report = reverse("sending:sms-report", args=[row.pk])
    return Ready(
        id=str(row.pk),
        to=row.to,
        subject=SUBJECT.in_language(language),
        text=texts.message(row.kind, row.patient, check.treatment.visit.site, link),
        link=link,
        language=language,
        report_to=public_url + report,
    )


def call_duty(now: datetime) -> int:
    """A message to the telephone on duty for each emergency that rings; its words tell nothing."""
    duty = setup().duty_phone
    if not duty:
        return 0
    found = [
        (
            one.organisation,
            one.pk,
            # With its beginning: a check that rings again after it was taken calls again.
            f"alarm {one.pk} {one.alarm_since:%y%m%d%H%M}",
            one.treatment.visit.site,
        )
        for one in _checks_that_ring()
    ]
    found += [
        (one.organisation, one.pk, f"alarm {one.pk}", one.site) for one in _messages_that_ring()
    ]
    return sum(
        sending.enqueue(
            organisation=organisation,
            kind="alarm",
            subject=subject,
            once=once,
            to=duty,
            now=now,
            zone=zone_named(site.time_zone),
            urgent=True,
        )
        is not None
        for organisation, subject, once, site in found
    )


@prepared
def _checks_that_ring() -> QuerySet[Check]:
    rows = Check.objects.filter(
        organisation__in=each_clinic(),
        alarm_since__isnull=False,
        alarm_taken_at__isnull=True,
        urgency__in=RINGS,
    )
    rows = rows.select_related("organisation", "treatment__visit__site")
    return rows.order_by("-alarm_since")[:MOST_CALLED]


@prepared
def _messages_that_ring() -> QuerySet[Message]:
    rows = Message.objects.filter(organisation__in=each_clinic(), alarm="ringing")
    return rows.select_related("organisation", "site").order_by("-received_at")[:MOST_CALLED]


def compose_alarm(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """Nothing, when somebody has taken it meanwhile."""
    rings = (
        Check.objects.filter(
            pk=row.subject, alarm_since__isnull=False, alarm_taken_at__isnull=True
        ).exists()
        or Message.objects.filter(pk=row.subject, alarm="ringing").exists()
    )
    if not rings:
        return None
    text = texts.message("alarm", None, queries.first_site(row.organisation), "")
    report = public_url + reverse("sending:sms-report", args=[row.pk]) if public_url else ""
    return Ready(str(row.pk), row.to, text, text, public_url, "en", report)


def to_inbox(number: str, text: str, provider_id: str) -> None:
    """An answer to a message becomes one of the inbox, and rings where it tells of danger."""
    patient = _who_answers(number)
    site = queries.site_of(patient) if patient else queries.any_site()
    if site is None or not text.strip():
        return
    receive(
        site=site,
        # A provider tells the same answer again until it hears that we have it.
        message_id=uuid5(NAMESPACE_URL, f"filiform:answer:{provider_id}:{number}"),
        name=patient.name if patient else number,
        phone=number,
        text=text,
        answer_by="sms",
        language=patient.language if patient else "en",
        patient=patient,
    )


def _who_answers(number: str) -> Patient | None:
    """The one we wrote to last at this number, for a family often has one telephone between them;
    else the only one who has it. None where that would be a guess: a person sees to it."""
    written = Outgoing.objects.filter(to=number, patient__isnull=False).select_related("patient")
    last = written.order_by("-made_at").first()
    if last is not None and last.patient is not None:
        return queries.person(last.patient)
    found = {queries.person(one) for one in Patient.objects.filter(phone=number)[:MOST_AT_A_NUMBER]}
    return found.pop() if len(found) == 1 else None


def stop_asking(check: Check) -> None:
    """It was answered, on whatever way."""
    sending.answered(subject=check.pk)
