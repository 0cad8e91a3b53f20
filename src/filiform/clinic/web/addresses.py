"""Addresses of pages about one thing, for lists of many.

A page of forty rows asks for a hundred addresses that differ in the id alone; Django's `reverse`
looks each of them up anew, which took a fifth of the page's time.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_NOBODY = UUID(int=0)


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_NOBODY]).partition(str(_NOBODY))
    return before, after


def address_of(name: str, key: UUID | str) -> str:
    """As `reverse(name, args=[key])`, for addresses with one id in them."""
    before, after = _around(name)
    return f"{before}{key}{after}"


def key_from(text: str) -> str:
    """An id that the database wrote as text, as it stands in addresses: SQLite keeps ids without
    dashes. For lists so long that making a UUID of each would take longer than reading them."""
    if "-" in text:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


LONGEST_WAY_BACK = 2000
"""Characters; Django refuses to lead to addresses of more than 2048."""


def way_back(request: HttpRequest, place: str, otherwise: str) -> str:
    """Where a form or an address asks to be led to, if that is a page of ours; else `otherwise`.

    For an `HttpResponseRedirect` as it is. Never for `redirect(place)`: that takes a word without
    a slash for the name of a view, and there is none that is called what somebody typed.
    """
    # Without slash or scheme it would be read against the address of the form itself.
    is_place = place.startswith("/") or "://" in place
    if (
        is_place
        and len(place) <= LONGEST_WAY_BACK
        and url_has_allowed_host_and_scheme(place, {request.get_host()})
    ):
        return place
    return otherwise
