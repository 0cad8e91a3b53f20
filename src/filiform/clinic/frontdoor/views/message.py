"""A visitor sends a message; one that tells of danger is answered at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import danger, queries, receiving, sieve
from filiform.clinic.frontdoor.forms import MessageForm
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.views.public import around
from filiform.clinic.staff.models import Site
from filiform.listening import hear

SENT = "filiform_sent"
SENT_FOR_SECONDS = 15 * 60
"""How long the page after sending knows which message it was; then it is a mere thank-you."""


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    page = around(request)
    if page is None:
        return render(request, "frontdoor/not_yet.html")
    # The site that the visitor goes to comes first: it is the one that is chosen in the form.
    sites = sorted(page["sites"], key=lambda site: site != page["site"])
    posted = request.method == "POST"
    form = MessageForm(request.POST or None, request.FILES if posted else None, sites=sites)
    status, judged = 200, sieve.Judgement()
    lost = False
    if posted:
        status = 422
        if form.is_valid():
            judged = _judged(request, form)
            if not judged.ask:
                return _sent(request, form, judged.aside)
            if not judged.challenge:  # a browser that has done its sum sends at once
                form.asked_again()
        lost = not _hold_files(form, request.POST.get("token", ""))
    context = {
        **page,
        "lost": lost,
        "form": form,
        "asks": judged.ask,
        "asked": judged.challenge,
        "warning": danger.before_sending(),
    }
    return render(request, "frontdoor/message_form.html", context, status=status)


def _hold_files(form: MessageForm, token: str) -> bool:
    """A form that has to be sent again comes back without its files: keep them until then. False
    when they have to be chosen again."""
    message_id = form.cleaned_data.get("message_id")
    dropped = [UUID(one) for one in form.dropped if _is_uuid(one)]
    if message_id is None or not sieve.is_ours(token, message_id):
        # Not a form of ours: a script must not use us as a store.
        return not form.attached
    if dropped:
        receiving.let_go(message_id=message_id, files=dropped)
    return receiving.hold_files(message_id=message_id, attachments=form.attached)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _key(form: MessageForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("message_id", "phone", "email", "text")}


def _judged(request: HttpRequest, form: MessageForm) -> sieve.Judgement:
    """A message that is here already is only sent twice: nothing is asked. Nor of somebody who
    tells of danger: the answer must not wait for a sum."""
    site: Site = form.chosen_site
    if receiving.received_before(site=site, **_key(form), files=bool(form.all_files)) is not None:
        return sieve.Judgement()
    judged = sieve.judge(request, site=site, **_key(form))
    if judged.ask and hear(form.cleaned_data["text"]):
        return sieve.Judgement(aside=judged.aside)
    return judged


def _sent(request: HttpRequest, form: MessageForm, aside: str) -> HttpResponse:
    """Keep the message and go to the page that says so. What was written stands in no address:
    the page finds the message by a signed cookie that holds its id and is sent nowhere else."""
    site = form.chosen_site
    before = receiving.received_before(site=site, **_key(form), files=bool(form.all_files))
    message = before or receiving.receive(site=site, aside=aside, **form.fields_of_message())
    if before is None:
        sieve.note_arrival(request)
    answer = redirect("frontdoor:sent")
    answer.set_signed_cookie(
        SENT,
        f"{message.pk} {'again' if before else 'new'}",
        max_age=SENT_FOR_SECONDS,
        # Sent to that page alone: no other needs to know that somebody wrote.
        path=reverse("frontdoor:sent"),
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return answer


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next; where to go at once when the message told of danger. An answer to danger
    is in the language that the sender chose, whatever the page was in."""
    message, again = _just_sent(request)
    site = message.site if message else queries.public_site()
    if site is None:
        return render(request, "frontdoor/not_yet.html")
    answer = danger.answer_to(message) if message else None
    spoken = message.language if answer and message else translation.get_language()
    with translation.override(spoken):
        context = {"site": site, "again": again, "answer": answer, "message": message}
        response = render(request, "frontdoor/sent.html", context)
    # It may say what danger was told of; Back on a shared telephone must not show it.
    response.headers["Cache-Control"] = "no-store"
    return response


def _just_sent(request: HttpRequest) -> tuple[Message | None, bool]:
    try:
        kept = request.get_signed_cookie(SENT, max_age=SENT_FOR_SECONDS)
        message_id, how = (kept or "").split()
    # No cookie, one that ran out or was made up: the page is a mere thank-you.
    except (KeyError, BadSignature, ValueError):
        return None, False
    found = Message.objects.select_related("site__organisation", "reading")
    return found.filter(pk=UUID(message_id)).first(), how == "again"
