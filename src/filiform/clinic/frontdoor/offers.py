"""What a clinic offers and what it costs, for the public pages.

The room that keeps services and prices lies above this one, so it puts itself in (`OFFERS`) when it
is ready, as the bell's rooms do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse

from filiform.clinic.staff.models import Organisation


class PricedOffer(Protocol):
    """What the pages show of a service."""

    name: Any
    name_ur: Any
    about: Any
    about_ur: Any
    minutes: Any
    price: Any
    currency: Any


OFFERS: list[Callable[[Organisation], Sequence[Any]]] = []


def offers_of(organisation: Organisation) -> list[PricedOffer]:
    """In the owner's order; nothing where no room keeps services."""
    return [offer for ask in OFFERS for offer in ask(organisation)]


@cache
def booking_address() -> str | None:
    """Where a visit is booked; None where the clinic has no such pages. Asked once: addresses
    don't change while a server runs."""
    try:
        return reverse("booking:start")
    except NoReverseMatch:
        return None
