"""Keeping which cards were shown and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from filiform.clinic.cds.models import CardFeedback, ShownCard, UsedToken
from filiform.clinic.facts.recording import recording
from filiform.clinic.staff.models import Organisation
from filiform.exchange.cds.cards import Card
from filiform.exchange.cds.feedback import Feedback


def house() -> Organisation | None:
    """The clinic with which cards are kept: the one that was founded first."""
    return Organisation.objects.order_by("created_at", "pk").first()


def keep_cards(*, cards: Sequence[Card], service: str, release: str, client: str) -> None:
    """Keep which cards were sent. Before a clinic is founded nothing is kept."""
    owner = house()
    if owner is None or not cards:
        return
    with recording("cds-answered", by=None, organisation=owner) as entry:
        rows = [
            ShownCard(
                id=card.uuid,
                organisation=owner,
                service=service,
                kind=card.kind,
                rule=card.rule,
                indicator=card.indicator,
                release=release,
                client=client[:200],
            )
            for card in cards
        ]
        ShownCard.objects.bulk_create(rows)
        entry.about(rows[0], cards=len(rows), service=service)


def keep_feedback(*, feedback: Iterable[Feedback], service: str, client: str) -> list[int]:
    """Keep what became of cards. Returns the positions of those that this service never sent to
    this caller; then nothing at all is kept."""
    items = list(feedback)
    known = {
        card.pk: card
        for card in ShownCard.objects.filter(
            pk__in=[item.card for item in items], service=service, client=client[:200]
        )
    }
    unknown = [place for place, item in enumerate(items) if item.card not in known]
    owner = house()
    # All or nothing: a caller who is told of an error sends the whole feedback again.
    if unknown or owner is None:
        # Before a clinic is founded no card was kept, so that none can be known.
        return unknown or list(range(len(items)))
    with recording("cds-feedback", by=None, organisation=owner) as entry:
        rows = [
            CardFeedback(
                organisation=owner,
                card=known[item.card],
                outcome=item.outcome,
                at=item.at,
                reason=item.reason,
                suggestions=list(item.suggestions),
                comment=item.comment,
            )
            for item in items
        ]
        CardFeedback.objects.bulk_create(rows)
        entry.about(rows[0], cards=len(rows), service=service)
    return []


def use_token(*, issuer: str, jti: str, expires_at: datetime) -> bool:
    """Note that a token was used. False when it was used before."""
    # After that the token is refused for its age: its digest is needed no more.
    UsedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    # Of both: two issuers may give the same number.
    digest = hashlib.sha256(f"{issuer}\n{jti}".encode()).hexdigest()
    try:
        # The table's key decides, not a look before: of two calls with one token only one goes on.
        with transaction.atomic():
            UsedToken.objects.create(digest=digest, expires_at=expires_at)
    except IntegrityError:
        return False
    return True
