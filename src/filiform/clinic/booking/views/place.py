"""What a link to a place on the waiting list opens: how it stands, an offer, leaving the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import public
from filiform.clinic.booking import offering, waiting
from filiform.clinic.booking.links import link_of, make_link
from filiform.clinic.booking.models import WaitingOffer, WaitingWish
from filiform.clinic.booking.offering import OfferOver
from filiform.clinic.booking.views.link import no_link, page
from filiform.clinic.booking.vocabulary import PARTS
from filiform.clinic.web.times import use_zone


@public
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = link_of(token, now)
    if link is None or link.wish is None:
        return no_link(request)
    use_zone(link.wish.site.time_zone)
    offer = waiting.open_offer(link.wish)
    if request.method == "POST":
        return _answered(request, token, link.wish, offer)
    return _page(request, token, link.wish, offer)


def _answered(
    request: HttpRequest, token: str, wish: WaitingWish, offer: WaitingOffer | None
) -> HttpResponse:
    """The offer's id stands in the form: a page that lay open answers the offer that it showed."""
    said, now = request.POST.get("answer", ""), timezone.now()
    if said == "leave":
        offering.leave(wish=wish, now=now)
    elif said in ("yes", "no") and offer is not None:
        shown = request.POST.get("offer") == str(offer.pk)
        try:
            # It answers an earlier offer. "Yes" to one time is no "yes" to another.
            if not shown:
                raise OfferOver("lapsed")
            if said == "yes":
                visit = offering.accept(offer=offer, now=now)
                return redirect("booking:visit", token=make_link(visit=visit))
            offering.decline(offer=offer, now=now)
        except OfferOver as over:
            wish.refresh_from_db()
            last = waiting.open_offer(wish)
            return _page(request, token, wish, last, 409, over=over.state)
    return redirect("booking:place", token=token)


def _page(
    request: HttpRequest, token: str, wish: WaitingWish, offer: WaitingOffer | None,
    status: int = 200, **context: Any,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    is_open = offer is not None and offer.state == "open" and offer.holds_until > now
    return page(
        request,
        "place",
        status,
        token=token,
        wish=wish,
        site=wish.site,
        parts=[PARTS[part] for part in wish.parts],
        number=waiting.place_of(wish) if wish.state == "waiting" else 0,
        offer=offer,
        is_open=is_open,
        **context,
    )
