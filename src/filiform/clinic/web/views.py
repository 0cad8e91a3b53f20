"""Answers to what went wrong, in words that say what to do next; language and theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import public, staff
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.context import THEMES
from filiform.clinic.web.icons import ICONS
from filiform.clinic.web.problems import problem_page


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(request, 404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(request, 400)


def defect(request: HttpRequest) -> HttpResponse:
    return problem_page(request, 500)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"status": 403, "csrf": True, "only_path": reverse("frontdoor:home")}
    return render(request, "filiform/problem.html", context, status=403)


@public
@csrf_exempt  # it sets a cookie that says how pages look; public pages then need no token
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language in a cookie and go back to where they were."""
    response = HttpResponseRedirect(_where_from(request))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


@public
@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_where_from(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            "filiform_theme", theme, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
        )
    return response


def _where_from(request: HttpRequest) -> str:
    return way_back(request, request.POST.get("next", ""), "/")


@staff("sign-in")
def components(request: HttpRequest) -> HttpResponse:
    """All parts of the design system on one page, to look at and to test."""
    return render(request, "filiform/components.html", {"icons": ICONS})
