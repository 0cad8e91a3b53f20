"""Sign in and out. Nothing here says whether a name exists."""

from __future__ import annotations

import math
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import public
from filiform.clinic.staff import actions, lock, queries
from filiform.clinic.staff.forms import SignInForm
from filiform.clinic.staff.models import Member
from filiform.clinic.web.kept import forget_pages

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect(_where_to(request))
    if request.method == "POST" and form.is_valid():
        member = authenticate(request, **form.cleaned_data)
        if isinstance(member, Member):
            return _let_in(request, member)
        form.refuse()
    return _page(request, form, status=422 if form.errors else 200)


@public
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click per role; there is no such door outside the demo clinic."""
    member = Member.objects.filter(
        username=request.POST.get("username", ""), is_active=True
    ).first()
    if not settings.DEMO or member is None:
        raise Http404
    return _let_in(request, member)


@lock.works_when_locked
@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        actions.note_signed_out(by=request.user)
    logout(request)
    return forget_pages(redirect(settings.LOGOUT_REDIRECT_URL))


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Too many wrong passwords for one name, whether or not anybody bears it."""
    wait = get_cool_off(request)
    minutes = math.ceil(wait.total_seconds() / 60) if wait else 0
    actions.note_locked_out(username=str((credentials or {}).get("username", "")))
    answer = render(request, "staff/locked_out.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def _let_in(request: HttpRequest, member: Member) -> HttpResponse:
    login(request, member, backend=getattr(member, "backend", BACKEND))
    lock.start(request)
    actions.note_signed_in(by=member)
    answer = HttpResponseRedirect(_where_to(request))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            member.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return answer


def _page(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "demo_members": queries.demo_members() if settings.DEMO else [],
    }
    return render(request, "staff/sign_in.html", context, status=status)


def _where_to(request: HttpRequest) -> str:
    place = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(place, {request.get_host()}):
        return place
    return resolve_url(settings.LOGIN_REDIRECT_URL)
