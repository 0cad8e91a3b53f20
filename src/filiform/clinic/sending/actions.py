"""What happens to messages. Each step is a transaction of its own: a process may be killed between
any two of them.

The order that keeps a message from going twice: it is marked as in hand and committed, then handed
over, then what came of it is written. One that is found in hand after its process is gone may have
been handed over; it is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from filiform.clinic.facts.recording import recording
from filiform.clinic.patients.files import files_of
from filiform.clinic.sending import queries, rules
from filiform.clinic.sending.bounces import Bounce
from filiform.clinic.sending.models import ContactWish, Outgoing
from filiform.clinic.sending.setup import Setup, setup

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation

IN_HAND = timedelta(minutes=5)
"""So long a process may have a message in hand; all time limits together are far below."""
COST_WITHIN = timedelta(days=1)


def enqueue(
    *,
    organisation: Organisation,
    kind: str,
    subject: UUID,
    once: str,
    now: datetime,
    zone: ZoneInfo,
    patient: Patient | None = None,
    to: str = "",
    by: str = "",
    urgent: bool = False,
    not_by_hand: bool = False,
) -> Outgoing | None:
    """Put a message into the queue; None when it is there already or nobody could send it. For a
    patient who wants none it stands there as stopped, so that it is not thought of again.

    to: for who is no patient, the number or address; by: the way, SMS unless another is named.
    urgent: it does not wait for the morning. not_by_hand: nobody sends it by hand; without a
    provider it is not made.
    """
    given = setup()
    way = by or "sms"
    channel = _channel(patient, given) if patient else (way if way in given.providers else "")
    if not channel or (not_by_hand and channel in ("hand", "none")):
        return None
    state, why = {"hand": ("by-hand", "no-provider"), "none": ("stopped", "opted-out")}.get(
        channel, ("waiting", "")
    )
    # `once` is unique in the database: of two processes that find one check due, one makes it.
    row, created = Outgoing.objects.get_or_create(
        once=once,
        defaults={
            "organisation": organisation,
            "patient": patient,
            "kind": kind,
            "subject": subject,
            "channel": channel,
            "to": to or (_address(patient, channel) if patient else ""),
            "state": state,
            "why": why,
            "urgent": urgent,
            # Nobody is woken for what can wait until the morning.
            "not_before": now if urgent else given.quiet.after(now, zone),
            "made_at": now,
            "state_at": now,
        },
    )
    return row if created else None


def _channel(patient: Patient, given: Setup) -> str:
    # Without an address of its own the clinic's links lead nowhere: a person sends them.
    configured = given.providers if given.public_url else {}
    return rules.channel_for(
        queries.wish_of(patient),
        has_phone=bool(patient.phone),
        has_email=bool(patient.email),
        configured=configured,
    )


def _address(patient: Patient, channel: str) -> str:
    return patient.email if channel == "email" else patient.phone


def take_in_hand(row: Outgoing, *, worker: str, now: datetime) -> bool:
    """Of several processes one gets it: the condition stands in the update."""
    return bool(
        Outgoing.objects.filter(pk=row.pk, state="waiting").update(
            state="sending", worker=worker, state_at=now, tries=row.tries + 1
        )
    )


def leave_to_a_person(row: Outgoing, *, why: str, now: datetime) -> None:
    """It waits for a hand. Nothing is written where it was stopped or answered meanwhile: a round
    of the worker reads its rows once, and takes minutes for them."""
    rows = Outgoing.objects.filter(pk=row.pk, state="waiting")
    rows.update(state="by-hand", why=why, state_at=now)


def cap_reached(row: Outgoing, cost: int, given: Setup, now: datetime) -> bool:
    """Whether this message would cost more than the clinic wants to spend in a day."""
    # What costs nothing goes whatever was spent: e-mail still asks when the money is gone.
    if not given.cost_cap or not cost:
        return False
    spent = Outgoing.objects.filter(
        # "cost" for its index: all that was ever sent is gone through without it.
        organisation=row.organisation_id,
        state_at__gt=now - COST_WITHIN,
        cost__gt=0,
    ).aggregate(spent=Sum("cost"))["spent"]
    return (spent or 0) + cost > given.cost_cap


def move(row: Outgoing, state: str, *, now: datetime, why: str = "", **fields: object) -> None:
    """Write what came of a message that this process has in hand."""
    # A report may overtake the provider's own answer; the end that is known already stays.
    Outgoing.objects.filter(pk=row.pk).exclude(state__in=("delivered", "answered")).update(
        state=state, why=why[:40], state_at=now, worker="", **fields
    )


def give_up_cut_off(*, now: datetime) -> int:
    """Messages in whose hand-over a process was killed: nobody knows whether they went."""
    before = now - IN_HAND
    # Asked first: an update takes the database's one writing place, every five seconds.
    if not queries.in_hand(before):
        return 0
    rows = Outgoing.objects.filter(state="sending", state_at__lt=before)
    return rows.update(state="failed", why="cut-off", state_at=now, worker="")


def report(
    *, message_id: UUID | None, provider_id: str, said: str, why: str = "not-delivered"
) -> bool:
    """A delivery report of a provider. False when it is about no message of ours.

    why: a code of `vocabulary.WHYS`, for what failed.
    """
    # Reports come twice and out of order: locked, each is judged by what the one before left.
    rows = Outgoing.objects.select_for_update(no_key=True)
    with transaction.atomic():
        row = rows.filter(pk=message_id).first() if message_id else None
        # Some providers give our id back, others only their own.
        if row is None and provider_id:
            row = rows.filter(provider_id=provider_id).first()
        if row is None:
            return False
        state = rules.reported(row.state, said)
        if state != row.state:
            row.state, row.state_at = state, timezone.now()
            row.why = why if state == "failed" else ""
            row.save(update_fields=["state", "state_at", "why"])
    return True


def came_back(bounce: Bounce) -> bool:
    """An e-mail of ours came back, hours later. False when it is none of ours, when it went another
    way meanwhile (a person sent it by hand) or when all that was known."""
    ours = Outgoing.objects.filter(pk=bounce.message_id, channel="email")
    before = ours.values_list("state", flat=True).first()
    if before is None or rules.reported(before, bounce.said) == before:
        return False
    return report(message_id=bounce.message_id, provider_id="", said=bounce.said, why=bounce.why)


def answered(*, subject: UUID, kinds: Collection[str] = ()) -> None:
    """What the messages asked about was answered, on whatever way: no more of them is sent.

    kinds: only of these; several kinds may be about one visit.
    """
    now = timezone.now()
    rows = Outgoing.objects.filter(subject=subject)
    # Its subject alone would not do: of a visit are other messages too, and they still hold.
    if kinds:
        rows = rows.filter(kind__in=kinds)
    rows.filter(state__in=("waiting", "by-hand")).update(
        state="stopped", why="answered", state_at=now
    )
    rows.filter(state__in=("sent", "delivered", "sending")).update(state="answered", state_at=now)


def withdraw(*, subject: UUID, kinds: Collection[str] = ()) -> int:
    """What a message would have told no longer holds: those that have not gone stay here.

    kinds: only of these.
    """
    rows = Outgoing.objects.filter(subject=subject, state__in=("waiting", "by-hand"))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.update(state="stopped", why="not-needed", state_at=timezone.now())


def tidy(over: Callable[[str], Collection[UUID]], *, now: datetime) -> int:
    """Stop what has not gone and is not needed any more; how many messages that were.

    over: their ids among the messages in a state. Each state is asked for by itself, for it has an
    index of its own.
    """
    found = [pk for state in queries.NOT_YET for pk in over(state)]
    if not found:
        return 0
    # The state once more: a worker may have taken one in hand since it was looked for.
    return Outgoing.objects.filter(pk__in=found, state__in=queries.NOT_YET).update(
        state="stopped", why="not-needed", state_at=now
    )


def wish(*, patient: Patient, channel: str, by: Member | None) -> ContactWish:
    """How the patient wants to be reached from now on. Raises ValueError for an unknown way."""
    if channel not in (*rules.CHANNELS, "none"):
        raise ValueError(f"no way {channel!r}; there are {', '.join(rules.CHANNELS)} and none")
    with recording("message-wish", by=by, organisation=patient.organisation) as entry:
        row = ContactWish.objects.create(
            organisation=patient.organisation, recorded_by=by, patient=patient, channel=channel
        )
        entry.about(row, patient=patient, channel=channel)
    # What waits already would else go out after the patient said stop.
    if channel == "none":
        # In whichever file of the person it was thought of: the wish is read from all of them.
        files = files_of(patient)
        waiting = Outgoing.objects.filter(patient__in=files, state__in=("waiting", "by-hand"))
        waiting.update(state="stopped", why="opted-out", state_at=timezone.now())
    return row


def sent_by_hand(*, row: Outgoing, by: Member) -> None:
    """A person sent it from their own telephone."""
    with recording("message-sent-by-hand", by=by) as entry:
        # The condition stands in the update: two people at the desk may tap at once.
        Outgoing.objects.filter(pk=row.pk, state__in=("by-hand", "failed")).update(
            state="sent", why="", state_at=timezone.now(), channel="hand"
        )
        entry.about(row, patient=row.patient)


def told_by_voice(*, row: Outgoing, by: Member) -> None:
    """Somebody telephoned instead: nothing more is sent, and nobody is asked to call again."""
    with recording("message-told-by-voice", by=by) as entry:
        Outgoing.objects.filter(pk=row.pk, state__in=queries.NOT_GONE).update(
            state="answered", why="by-voice", state_at=timezone.now(), channel="hand"
        )
        entry.about(row, patient=row.patient)
