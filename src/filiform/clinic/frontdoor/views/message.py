"""A visitor sends a message."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import actions, queries, sieve
from filiform.clinic.frontdoor.forms import MessageForm
from filiform.clinic.staff.models import Site


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    site = queries.public_site()
    if site is None:
        return render(request, "frontdoor/not_yet.html")
    form = MessageForm(request.POST or None)
    status, judged = 200, sieve.Judgement()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.fields_of_message()
            judged = _judged(request, site, given)
            if not judged.ask:
                actions.receive(site=site, aside=judged.aside, **given)
                sieve.note_arrival(request)
                return redirect("frontdoor:sent")
            if not judged.challenge:  # a browser that has done its sum sends at once
                form.asked_again()
    context = {"site": site, "form": form, "asks": judged.ask, "asked": judged.challenge}
    return render(request, "frontdoor/message_form.html", context, status=status)


def _judged(request: HttpRequest, site: Site, given: dict[str, Any]) -> sieve.Judgement:
    """A message that is here already is only sent twice: nothing is asked."""
    if queries.message(site.organisation, given["message_id"]) is not None:
        return sieve.Judgement()
    return sieve.judge(
        request,
        site=site,
        message_id=given["message_id"],
        phone=given["phone"],
        text=given["text"],
    )


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next. The page knows nothing of the message, so nothing can leak."""
    return render(request, "frontdoor/sent.html", {"site": queries.public_site()})
