"""The couch board: for staff, and for a wall tablet that has a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, public, staff
from filiform.clinic.couch import actions, queries
from filiform.clinic.couch.models import BoardLink
from filiform.clinic.couch.stream import stream

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation


@require_safe
@staff("see-clinical")
def board(request: StaffRequest) -> HttpResponse:
    # On the wall nobody is signed in, so only this page leads on into the clinic.
    return _page(request, request.user.organisation, reverse("couch:events"), opens=True)


@require_safe
@staff("see-clinical")
def events(request: StaffRequest) -> HttpResponse:
    return _events(request.user.organisation)


@require_safe
@public
def linked_board(request: HttpRequest, token: str) -> HttpResponse:
    link = _link_or_404(token)
    return _page(request, link.organisation, reverse("couch:linked-events", args=[token]))


@require_safe
@public
def linked_events(request: HttpRequest, token: str) -> HttpResponse:
    return _events(_link_or_404(token).organisation)


@require_safe
@staff("manage-staff")
def links(request: StaffRequest) -> HttpResponse:
    return render(request, "couch/links.html", {"links": _links(request.user.organisation)})


@require_POST
@staff("manage-staff")
def make_link(request: StaffRequest) -> HttpResponse:
    label = request.POST.get("label", "").strip()[:60]
    if not label:
        messages.error(
            request,
            _("Say where the tablet hangs, such as “corridor”; then press “Create a link”."),
        )
        return redirect("couch:links")
    _made, token = actions.make_link(by=request.user, label=label)
    address = request.build_absolute_uri(reverse("couch:linked", args=[token]))
    # Shown in this answer and not after a redirect: only the hash of its secret is kept.
    context = {"links": _links(request.user.organisation), "address": address}
    return render(request, "couch/links.html", context)


@require_POST
@staff("manage-staff")
def revoke_link(request: StaffRequest, link_id: Any) -> HttpResponse:
    link = get_object_or_404(BoardLink, pk=link_id, organisation=request.user.organisation)
    actions.revoke_link(by=request.user, link=link)
    messages.success(request, _("The link is revoked. The tablet shows nothing from now on."))
    return redirect("couch:links")


def _links(organisation: Organisation) -> QuerySet[BoardLink]:
    """Those that hold first, the newest of them above."""
    # Said in so many words: PostgreSQL puts a link without a day of revocation last by itself.
    hold_first = F("revoked_at").asc(nulls_first=True)
    return BoardLink.objects.filter(organisation=organisation).order_by(hold_first, "-created_at")


def _link_or_404(token: str) -> BoardLink:
    link = queries.link_of(token)
    if link is None:
        raise Http404
    return link


def _page(
    request: HttpRequest, organisation: Organisation, address: str, *, opens: bool = False
) -> HttpResponse:
    rows = queries.couches(organisation, timezone.now())
    context = {"couches": rows, "events": address, "opens": opens, "now": timezone.now()}
    response = render(request, "couch/board.html", context)
    response["Referrer-Policy"] = "no-referrer"  # the secret stands in the address
    return response


def _events(organisation: Organisation) -> HttpResponse:
    # What is streamed is rendered after view and middleware are through; whose language is switched
    # on then, nobody promises.
    language = get_language() or "en"

    def look() -> tuple[str, str]:
        with translation.override(language):
            rows = queries.couches(organisation, timezone.now())
            html = render_to_string("couch/_couches.html", {"couches": rows})
        return queries.version(rows), html

    answer = StreamingHttpResponse(stream(look), content_type="text/event-stream; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # a proxy that gathers the answer would show it late
    # Guards take a response; Django's two kinds share no more than their base.
    return cast("HttpResponse", answer)
