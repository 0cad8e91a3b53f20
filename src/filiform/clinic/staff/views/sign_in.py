"""Sign in and out. Nothing here says whether a name exists."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import public
from filiform.clinic.staff import actions, door, lock, queries
from filiform.clinic.staff.devices import name_key
from filiform.clinic.staff.factor_actions import news_for
from filiform.clinic.staff.factors import can_passkeys, factors_of, is_needed
from filiform.clinic.staff.forms import SignInForm
from filiform.clinic.staff.models import Member
from filiform.clinic.staff.throttle import SignInVerdict
from filiform.clinic.staff.trying import Outcome, try_code, try_password
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.kept import forget_pages
from filiform.clinic.web.times import written
from filiform.clinic.web.work import Challenge, challenge


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect(where_to(request))
    if request.method == "POST" and form.is_valid():
        outcome = try_password(request, **form.cleaned_data)
        if outcome.member is not None:
            return _after_password(request, outcome.member)
        if outcome.verdict.wait_s:
            return paused(request, outcome.verdict)
        form.refuse(looked_at=outcome.was_looked_at)
        asked = _work_for(form, outcome.verdict)
        return _page(request, form, status=422, asked=asked)
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
    if is_needed(member):  # only where FILIFORM_DEMO_SECOND_FACTOR is set
        return _after_password(request, member)
    return let_in(request, member, where_to(request), factor="demo")


@lock.works_when_locked
@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        actions.note_signed_out(by=request.user)
    logout(request)
    return forget_pages(redirect(settings.LOGOUT_REDIRECT_URL))


@public
@never_cache
@sensitive_post_parameters()
@require_POST
def sign_in_here(request: HttpRequest) -> HttpResponse:
    """Sign in without leaving the page that is open, for scripts.

    username, password, code (of the app or a recovery code, when one is asked for); `member`, the
    id of whoever opened the page, keeps somebody else from going on with it. Answers 200
    {"signed_in": true, "csrf": token for the next requests}; 422 {"error": sentence, "needs":
    "code" or ""}; 429 {"error", "wait_s"}; 409 when it takes the sign-in page to go on.
    """
    wanted = request.POST.get("member", "")
    if request.user.is_authenticated:
        return _is_here(request, request.user, wanted)
    outcome = try_password(
        request, request.POST.get("username", ""), request.POST.get("password", "")[:1000]
    )
    member = outcome.member
    if member is None:
        return _refused_here(outcome, _("The user name and password don't match."))
    if wanted and wanted != str(member.pk):
        return JsonResponse({"error": _("Somebody else opened this page.")}, status=403)
    factors = factors_of(member)
    if is_needed(member) and not factors.any:
        return _to_sign_in_page()
    factor = ""
    if factors.any:
        code = request.POST.get("code", "")[:40]
        if not code:
            says = _("Enter the code of your authenticator app, or a recovery code.")
            return JsonResponse({"error": says, "needs": "code"}, status=422)
        outcome = try_code(request, member, code)
        if outcome.member is None:
            return _refused_here(outcome, _("This code is not valid."), needs="code")
        factor = outcome.factor
    answer = JsonResponse({})
    door.complete(request, answer, member, factor=factor)
    answer.content = _is_here(request, member, "").content
    return answer


def let_in(request: HttpRequest, member: Member, place: str, *, factor: str) -> HttpResponse:
    """Sign in fully, tell what happened to this door meanwhile, and go on."""
    news = news_for(member, member.last_login)
    answer = HttpResponseRedirect(place)
    door.complete(request, answer, member, factor=factor)
    for entry in news[-3:]:
        messages.warning(request, _in_words(entry.action, entry.subject_id, member, entry.at))
    return answer


def paused(request: HttpRequest, verdict: SignInVerdict) -> HttpResponse:
    """Too many wrong tries from this place, whether or not anybody bears the name."""
    context = {"minutes": verdict.minutes}
    answer = render(request, "staff/locked_out.html", context, status=429)
    answer["Retry-After"] = str(verdict.wait_s)
    return answer


def where_to(request: HttpRequest) -> str:
    usual = resolve_url(settings.LOGIN_REDIRECT_URL)
    return way_back(request, request.POST.get("next", ""), usual)


def _after_password(request: HttpRequest, member: Member) -> HttpResponse:
    place = where_to(request)
    if factors_of(member).any:
        door.begin(request, member, then=place)
        return redirect("staff:second-factor")
    if is_needed(member):
        door.begin(request, member, then=place)
        return redirect("staff:set-up")
    return let_in(request, member, place, factor="")


def _in_words(action: str, subject: str, member: Member, at: datetime) -> str:
    when = written(at, "j F, H:i")
    if action == "second-factor-reset":
        return _("%(when)s: your second factor was reset. Set up a new one in your account.") % {
            "when": when
        }
    if subject != str(member.pk):
        found = Member.objects.filter(pk=subject).first()
        return _("%(when)s: many wrong passwords were tried for %(name)s, from many places.") % {
            "when": when,
            "name": found.name if found else "",
        }
    return _(
        "%(when)s: too many wrong passwords were tried for your name. If it was not you, change "
        "your password."
    ) % {"when": when}


def _work_for(form: SignInForm, verdict: SignInVerdict) -> Challenge | None:
    if not verdict.bits:
        return None
    return challenge(name_key(form.cleaned_data["username"]), verdict.bits)


def _page(
    request: HttpRequest, form: SignInForm, *, status: int, asked: Challenge | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "demo_members": queries.demo_members() if settings.DEMO else [],
        "with_passkey": can_passkeys(request),
        "asked": asked,
    }
    return render(request, "staff/sign_in.html", context, status=status)


def _is_here(request: HttpRequest, member: Member, wanted: str) -> HttpResponse:
    if wanted and wanted != str(member.pk):
        return JsonResponse({"error": _("Somebody else opened this page.")}, status=403)
    return JsonResponse({"signed_in": True, "csrf": get_token(request)})


def _to_sign_in_page() -> HttpResponse:
    says = _("Sign in on the sign-in page: there is something to set up first.")
    return JsonResponse({"error": says}, status=409)


def _refused_here(outcome: Outcome, says: str, *, needs: str = "") -> HttpResponse:
    if outcome.verdict.wait_s:
        says = _("Too many failed attempts. Wait %(minutes)s minutes.") % {
            "minutes": outcome.verdict.minutes
        }
        return JsonResponse({"error": says, "wait_s": outcome.verdict.wait_s}, status=429)
    if not outcome.was_looked_at:
        return _to_sign_in_page()
    return JsonResponse({"error": says, "needs": needs}, status=422)
