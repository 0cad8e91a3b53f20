"""An answer by e-mail: put into the queue out, said when it goes, and back when it can't arrive.

answered ──▶ queue (`sending`) ──▶ sent ──▶ delivered
                └─ refused, given up, no provider ──▶ "not delivered", back in the inbox
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from filiform.clinic.facts.amending import amended, in_place
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor import actions
from filiform.clinic.frontdoor.clock import due_at, limit_of, rule_of
from filiform.clinic.frontdoor.models import InboxRule, Message, MessageEvent
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.composing import COMPOSERS, SOURCES
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready
from filiform.clinic.sending.setup import setup
from filiform.clinic.web.times import zone_named

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

KIND = "reply"
LOOKED_BACK = timedelta(days=8)
AT_ONCE = 100


def put_in() -> None:
    """Let the room of sending know how an answer is said, and look after those that fail."""
    COMPOSERS[KIND] = compose
    if come_back not in SOURCES:
        SOURCES.append(come_back)


def by_email(message: Message) -> bool:
    """Whether an answer can go out by itself."""
    return bool(message.email) and "email" in setup().providers


def reply(
    *, message: Message, by: Member, channel: str, text: str, answer_id: UUID | None = None
) -> bool:
    """Answer a message. By e-mail it is put into the queue where the clinic has a mail server; any
    other way it is a note of what a person has said or sent. True when it goes by itself."""
    # One transaction: a message that counts as answered, and whose answer stands in no queue, would
    # never be looked at again.
    with one_link():
        event = actions.answer(
            message=message, by=by, channel=channel, text=text, answer_id=answer_id
        )
        if channel != "email" or not by_email(message):
            return False
        now = timezone.now()
        sending.enqueue(
            organisation=message.organisation,
            kind=KIND,
            subject=event.pk,
            once=f"{KIND} {event.pk}",
            to=message.email,
            by="email",
            now=now,
            zone=zone_named(message.site.time_zone),
            # They asked, and a letter wakes nobody.
            urgent=True,
        )
    return True


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The answer as it was written, under the clinic's name; its text is kept in the record."""
    event = _answers().filter(pk=row.subject).first()
    if event is None:
        return None
    message = event.message
    with override(message.language):
        clinic = message.site.organisation
        name = (message.language == "ur" and clinic.name_ur) or clinic.name
        subject = _("Your message to %(clinic)s") % {"clinic": name}
    return Ready(str(row.pk), row.to, subject, event.text, public_url, message.language)


def come_back(now: datetime) -> int:
    """Answers that did not arrive come back to the inbox. It looks at what is, not at what happens:
    a process may die between a provider's "no" and our telling of it."""
    # "by-hand" is where no provider goes any more: here the inbox is that hand. One state after
    # the other, each along its index.
    for state in ("failed", "by-hand"):
        for row in _not_told(state, now - LOOKED_BACK):
            answer = _answers().filter(pk=row.subject).first()
            if answer is not None:
                actions.not_delivered(answer=answer, by=None, why=row.why)
    # A source tells how many messages it queued; this one queues none.
    return 0


@prepared
def _not_told(state: str, since: datetime) -> QuerySet[Outgoing]:
    told = MessageEvent.objects.filter(kind="not-delivered", answer=OuterRef("subject"))
    rows = Outgoing.objects.filter(kind=KIND, state=state, state_at__gt=since)
    return rows.exclude(Exists(told)).order_by("state_at")[:AT_ONCE]


def _answers() -> QuerySet[MessageEvent]:
    return MessageEvent.objects.filter(kind="answered").select_related(
        "message__site__organisation", "message__organisation"
    )


def set_limit(*, by: Member, minutes: int) -> InboxRule:
    """How soon messages have to be answered, in minutes of opening hours. The clocks of those that
    wait are set anew, so that no page shows two rules."""
    with recording("inbox-rule-set", by=by) as entry:
        before = rule_of(by.organisation_id)
        if before is not None:
            row = amended(before, by=by, answer_within_minutes=minutes)
        else:
            row = in_place(
                InboxRule(
                    organisation=by.organisation, recorded_by=by, answer_within_minutes=minutes
                )
            )
        waiting = Message.objects.filter(
            # What did not arrive is late already, whatever the rule.
            organisation=by.organisation,
            state="new",
            undelivered=False,
        ).select_related("site")
        within = limit_of(by.organisation_id)
        for message in waiting:
            message.due_at = due_at(message.site, message.received_at, within)
            message.rings_at = None if message.set_aside_for else message.due_at
            message.save(update_fields=["due_at", "rings_at"])
        entry.about(row, minutes=minutes)
    return row
