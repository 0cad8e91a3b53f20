"""From a call and its data to cards: the same function and the same words as on the page.

prefetch (and what was fetched) ──▶ one Bundle ──▶ read_bundle ──▶ screen ──▶ cards
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from filiform.exchange.cds.cards import Card, cards_of
from filiform.exchange.cds.orders import needling_orders
from filiform.exchange.cds.refusal import CdsRefusal
from filiform.exchange.cds.request import HookRequest
from filiform.exchange.fhir import BundleError, ReadBundle, read_bundle
from filiform.exchange.fhir.elements import Json
from filiform.screening import NeedlingSite, Screening, screen


class CdsAnswer(msgspec.Struct, frozen=True):
    """The cards, and what they rest on."""

    cards: tuple[Card, ...]
    screening: Screening | None

    def as_json(self) -> Json:
        """The body of the response. Nothing empty or null stands in it."""
        return {"cards": [card.as_json() for card in self.cards]}


def respond(
    request: HookRequest,
    fetched: Mapping[str, Json | None],
    *,
    on: date,
    new_uuid: Callable[[], UUID],
    language: str = "en",
) -> CdsAnswer:
    """Answer a call.

    fetched: what was fetched for `request.missing`. on: the day of treatment.
    Raises CdsRefusal 412 when a key is neither given nor fetched, 422 when its content is no FHIR.
    """
    orders = needling_orders(request.context) if request.service.hook != "patient-view" else ()
    # No card on another clinic's X-ray order: alerts that don't concern are soon clicked away.
    if request.service.hook != "patient-view" and not orders:
        return CdsAnswer((), None)
    # Only missing keys are fetched, so nothing that the caller sent is replaced.
    data = {**request.prefetch, **fetched}
    lacking = sorted(set(request.missing) - set(data))
    if lacking:
        raise CdsRefusal(
            412, f"the data {', '.join(lacking)} is missing: send it as prefetch, or fhirServer"
            " with fhirAuthorization for a server that we may call",
        )  # fmt: skip
    bundle = _read(data)
    sites = _sites(orders)
    found = screen(bundle.disclosure(on=on), sites, on=on)
    made = cards_of(found, bundle, orders, new_uuid=new_uuid, language=language)
    return CdsAnswer(made, found)


def _sites(orders: tuple[Any, ...]) -> tuple[NeedlingSite, ...]:
    """The muscles of all orders; one order without a known place means the whole body."""
    # The widest question gets the strictest answer: an unknown place is no safe one.
    if any(not order.sites for order in orders):
        return ()
    return tuple(dict.fromkeys(site for order in orders for site in order.sites))


def _read(data: Mapping[str, Json | None]) -> ReadBundle:
    """Everything as one Bundle; searchsets inside keep their pages and complaints."""
    entries = []
    links = []
    for value in data.values():
        # The caller says that there is none; that is an answer, unlike a key that is missing.
        if value is None:
            continue
        entries.append({"resource": value})
        links += [link for link in value.get("link", []) if isinstance(link, dict)]
    whole = {"resourceType": "Bundle", "type": "collection", "link": links, "entry": entries}
    try:
        return read_bundle(msgspec.json.encode(whole))
    except BundleError:
        raise CdsRefusal(
            422, "the data sent is not one patient's FHIR R4 resources; check the prefetch"
        ) from None
