"""A visitor sends a message; one that tells of danger is answered at once."""

from __future__ import annotations

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
from filiform.clinic.frontdoor import actions, danger, queries
from filiform.clinic.frontdoor.forms import MessageForm
from filiform.clinic.frontdoor.models import Message

SENT = "filiform_sent"
SENT_FOR_SECONDS = 15 * 60
"""How long the page after sending knows which message it was; then it is a mere thank-you."""


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    sites = list(queries.public_sites())
    if not sites:
        return render(request, "frontdoor/not_yet.html")
    form = MessageForm(request.POST or None, sites=sites)
    status, too_many = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _sent(form)
            except actions.TooManyMessages:
                status, too_many = 429, True
    context = {
        "site": sites[0],
        "form": form,
        "too_many": too_many,
        "warning": danger.before_sending(),
    }
    return render(request, "frontdoor/message_form.html", context, status=status)


def _sent(form: MessageForm) -> HttpResponse:
    """Keep the message and go to the page that says so. What was written stands in no address:
    the page finds the message by a signed cookie that holds its id and is sent nowhere else."""
    fields = form.fields_of_message()
    key = {name: fields[name] for name in ("message_id", "phone", "text")}
    before = actions.received_before(site=form.chosen_site, **key)
    message = before or actions.receive(site=form.chosen_site, **fields)
    answer = redirect("frontdoor:sent")
    answer.set_signed_cookie(
        SENT,
        f"{message.pk} {'again' if before else 'new'}",
        max_age=SENT_FOR_SECONDS,
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
        context = {"site": site, "again": again, "answer": answer}
        response = render(request, "frontdoor/sent.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _just_sent(request: HttpRequest) -> tuple[Message | None, bool]:
    try:
        kept = request.get_signed_cookie(SENT, max_age=SENT_FOR_SECONDS)
        message_id, how = (kept or "").split()
    except (KeyError, BadSignature, ValueError):
        return None, False
    found = Message.objects.select_related("site__organisation", "reading")
    return found.filter(pk=UUID(message_id)).first(), how == "again"
