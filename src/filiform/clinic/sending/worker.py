"""One round of sending: look for what is due, hand it over, write what came of it."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from filiform.clinic.sending import actions, bounces, mailboxes, queries, rules
from filiform.clinic.sending.composing import COMPOSERS, SOURCES
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import NobodyKnows, Refused, TryAgain
from filiform.clinic.sending.setup import Setup, setup

LOG = logging.getLogger("filiform.sending")


def name() -> str:
    """Of this process, for the rows that it has in hand."""
    # The column holds 40 characters; the longest process number fits behind 28.
    return f"{socket.gethostname()[:28]}:{os.getpid()}"


def round_of_work(*, now: datetime | None = None) -> int:
    """How many messages were handed over. A defect of one source or message stops no other."""
    moment = now or timezone.now()
    actions.give_up_cut_off(now=moment)
    for source in SOURCES:
        try:
            source(moment)
        except Exception as error:  # the next round tries again; the others must go on
            LOG.error("looking for messages failed: %s", type(error).__name__)
    given, me = setup(), name()
    # Each at its own moment: fifty that wait for slow servers take minutes.
    return sum(_one(row, given, me, now or timezone.now()) for row in queries.due(moment))


def _one(row: Outgoing, given: Setup, me: str, now: datetime) -> bool:
    provider = given.providers.get(row.channel)
    if provider is None or actions.cap_reached(row, provider.cost, given, now):
        # Never dropped: an unasked check would look like one that went well. A person sends it.
        why = "cost-cap" if provider else "no-provider"
        actions.leave_to_a_person(row, why=why, now=now)
        return False
    if not actions.take_in_hand(row, worker=me, now=now):
        return False  # another process has it
    # The database counted in its own update; this object was read before.
    row.tries += 1
    try:
        # Made now and not when it was queued: a visit may have been moved, a check answered since.
        ready = COMPOSERS[row.kind](row, given.public_url, now)
        if ready is None:
            actions.move(row, "stopped", now=now, why="not-needed")
            return False
        receipt = provider.send(ready)
    except TryAgain as error:
        _later(row, now, str(error))
    except (Refused, NobodyKnows) as error:
        actions.move(row, "failed", now=now, why=f"{type(error).__name__.lower()} {error}")
    except Exception as error:  # ours: it may have been handed over, so it is not tried again
        LOG.error("sending failed: %s", type(error).__name__)
        actions.move(row, "failed", now=now, why="defect")
    else:
        actions.move(
            row, "sent", now=now, provider_id=receipt.provider_id[:200], cost=provider.cost
        )
        return True
    return False


def _later(row: Outgoing, now: datetime, why: str) -> None:
    again = rules.again_at(now, row.tries)
    if again is None:
        actions.move(row, "failed", now=now, why=f"gave-up {why}")
    else:
        actions.move(row, "waiting", now=now, why=why, not_before=again)


def look_at(mails: Iterable[bytes]) -> tuple[int, int]:
    """Mails that came to the address of returns; how many there were, and how many of our messages
    are known to have failed (or arrived) by them."""
    seen = changed = 0
    for raw in mails:
        seen += 1
        told = bounces.read(raw)
        changed += told is not None and actions.came_back(told)
    return seen, changed


def look_for_bounces() -> None:
    """Into the clinic's mailbox of returns, if there is one. A server that doesn't answer stops no
    message: the next look tries again."""
    address = setup().bounces_imap
    if not address:
        return
    try:
        look_at(mailboxes.in_imap(address))
    except mailboxes.MailboxError as error:
        LOG.error("looking for returned mail failed: %s", error)
