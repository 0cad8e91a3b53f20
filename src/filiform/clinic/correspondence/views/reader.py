"""A letter is opened by whoever it was sent to: with the patient's day of birth."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import public
from filiform.clinic.correspondence import actions, queries
from filiform.clinic.correspondence.forms import ReaderForm
from filiform.clinic.correspondence.models import LetterLink
from filiform.clinic.correspondence.paper import letter_values, name_of
from filiform.clinic.documents.answers import pdf_answer
from filiform.clinic.documents.making import pdf
from filiform.clinic.frontdoor.queries import public_site
from filiform.clinic.web.times import use_zone


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "HEAD", "POST"])
def open_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing of the patient stands here, not even a name: a link may be anybody's."""
    link = queries.link_of(token)
    # Forged and expired look alike, so that nobody learns which links there were.
    if link is None or link.expires_at <= timezone.now():
        # One page for every link that opens nothing; it says whom to ask for a new one.
        context = {"gone": True, "site": public_site()}
        return _private(render(request, "correspondence/open.html", context, status=403))
    with translation.override(_language(request, link)):
        return _private(_try(request, link))


def _language(request: HttpRequest, link: LetterLink) -> str:
    return translation.get_language() or link.letter.language


def _try(request: HttpRequest, link: LetterLink) -> HttpResponse:
    form = ReaderForm(request.POST or None)
    result = "locked" if link.locked_at else ""
    if request.method == "POST" and not result and form.is_valid():
        birth = form.birth()
        # A day that no calendar has is a slip of the finger and no try.
        result = actions.open_link(link=link, birth=birth) if birth else "no-day"
        if result == "opened":
            return _paper(link)
    context = {"form": form, "result": result, "site": link.letter.visit.site}
    refused = bool(form.errors) or bool(result)
    return render(request, "correspondence/open.html", context, status=422 if refused else 200)


def _paper(link: LetterLink) -> HttpResponse:
    letter = link.letter
    use_zone(letter.visit.site.time_zone)
    with translation.override(letter.language):
        values = letter_values(letter)
    made = pdf("correspondence/papers/letter.typ", values, letter.language)
    return pdf_answer(made, name_of(letter))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
