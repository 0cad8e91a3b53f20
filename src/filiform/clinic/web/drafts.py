"""Drafts: a form with `data-draft="key"` is kept on the server while it is being filled in.

The browser posts the fields as JSON a second after the last key stroke; when the page is opened
again it fills them in and says so. A form carries the same key in a hidden field `draft_key`;
when the server accepts the form (any answer but a refusal), the draft is gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.web.models import Draft
from filiform.clinic.web.times import written

LARGEST_DRAFT = 200_000
"""Characters; a long story has a few thousand."""


@staff("sign-in")
@require_http_methods(["GET", "PUT", "DELETE"])
def draft(request: StaffRequest, key: str) -> HttpResponse:
    """One's own draft; nobody else can ask for it."""
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
    try:
        fields = json.loads(request.body)
        if len(request.body) > LARGEST_DRAFT or not isinstance(fields, dict):
            raise ValueError
    except ValueError:
        return JsonResponse({"error": "A draft is one JSON object of at most 200 kB."}, status=400)
    Draft.objects.update_or_create(member=request.user, key=key, defaults={"data": fields})
    return HttpResponse(status=204)


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
