"""A visitor sends a message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import actions, queries
from filiform.clinic.frontdoor.forms import MessageForm


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    site = queries.public_site()
    if site is None:
        return render(request, "frontdoor/not_yet.html")
    form = MessageForm(request.POST or None)
    status, too_many = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.receive(site=site, **form.fields_of_message())
            except actions.TooManyMessages:
                status, too_many = 429, True
            else:
                return redirect("frontdoor:sent")
    context = {"site": site, "form": form, "too_many": too_many}
    return render(request, "frontdoor/message_form.html", context, status=status)


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next. The page knows nothing of the message, so nothing can leak."""
    return render(request, "frontdoor/sent.html", {"site": queries.public_site()})
