"""Answer with a whole page, or with its fragment when htmx asks for one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_fragment(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render `room/name.html`, or `room/_name.html` for htmx.

    The page includes the fragment, so that both stay equal. A refused form comes with 422,
    which htmx is set to swap in.
    """
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        folder, _, name = template.rpartition("/")
        template = f"{folder}/_{name}"
    response = render(request, f"{template}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
