"""Drafts: a form with `data-draft="key"` is kept on the server while it is being filled in.

The browser posts the fields as JSON a second after the last key stroke; when the page is opened
again it fills them in and says so. A form carries the same key in a hidden field `draft_key`;
when the server accepts the form (any answer but a refusal), the draft is gone.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.web.models import Draft
from filiform.clinic.web.times import written
from filiform.letters import as_read

LARGEST_DRAFT = 200_000
"""Bytes; a long story has a few thousand."""
LONGEST_KEY = 120


@staff("sign-in")
@require_http_methods(["GET", "PUT", "DELETE"])
def draft(request: StaffRequest, key: str) -> HttpResponse:
    """One's own draft; nobody else can ask for it."""
    # A key comes from our own pages; PostgreSQL takes neither a longer one nor a NUL.
    if len(key) > LONGEST_KEY or as_read(key) != key:
        raise Http404
    mine = Draft.objects.filter(member=request.user, key=key)
    if request.method == "DELETE":
        mine.delete()
        return HttpResponse(status=204)
    if request.method == "PUT":
        return _keep(request, key)
    found = mine.first()
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse({"fields": found.data, "saved": written(found.saved_at, "H:i")})


def _keep(request: StaffRequest, key: str) -> HttpResponse:
    fields = _fields(request.body) if _is_small(request) else None
    if fields is None:
        says = _(
            "A draft is one JSON object of at most 200 kB that has for each field the list of its "
            'texts: {"story": ["Since Monday"]}. Nothing was kept.'
        )
        return JsonResponse({"error": says}, status=400)
    Draft.objects.update_or_create(member=request.user, key=key, defaults={"data": fields})
    return HttpResponse(status=204)


def _is_small(request: HttpRequest) -> bool:
    """By the length that was announced, so that a large body isn't even read."""
    announced = request.headers.get("Content-Length") or "0"
    return announced.isascii() and announced.isdecimal() and int(announced) <= LARGEST_DRAFT


def _fields(body: bytes) -> dict[str, list[str]] | None:
    """What a form holds; None for anything else that JSON can say.

    A number like NaN or a deep nest would pass as JSON and break where it is stored or shown.
    """
    try:
        fields = msgspec.json.decode(body, type=dict[str, list[str]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    # Neither engine's JSON need hold NUL or half a character.
    return {
        as_read(name): [as_read(text, lines=True) for text in texts]
        for name, texts in fields.items()
    }


class DraftMiddleware:
    """Forget a draft once its form was accepted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A refused form keeps its draft: what was typed must survive a mistake in it.
        if request.method == "POST" and response.status_code < 400:
            key = request.POST.get("draft_key")
            if key and request.user.is_authenticated:
                Draft.objects.filter(member=request.user, key=key).delete()
        return response
