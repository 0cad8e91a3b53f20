"""What every request gets: answers that no shared cache may keep, and a word about what somebody
else has changed in the meantime."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.web.problems import problem_page
from filiform.letters import as_read

Answerer = Callable[[HttpRequest], HttpResponse]


class PrivacyMiddleware:
    """Pages for people who are signed in are kept by no cache and shown in no other frame."""

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            # A default: pages that are kept say themselves how (see `kept`).
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response


class HeaderMiddleware:
    """Headers that Django reads as they come and would stumble over: refused with 400.

    Stands before everything that reads a body. Most servers refuse such a request themselves.
    """

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        # Eighteen digits fit a whole number of 64 bits, and no body is that large.
        if not (length.isascii() and length.isdecimal() and len(length) <= 18):
            raise BadRequest("the length of the body is no number")
        return self.get_response(request)


class MeanwhileMiddleware:
    """Two people amended the same thing at once: the second is told, and nothing is written.

    A page that can say more exactly what has changed catches `ChangedMeanwhile` itself.
    """

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ChangedMeanwhile):
            return problem_page(request, 409)
        return None


class RefusalMiddleware:
    """A refusal says something: one without a word, as Django's own of a wrong method, gets the
    page for its status. Scripts and htmx look at the status alone."""

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refusal = 400 <= response.status_code < 500
        # HX-Refresh says enough: htmx loads the whole page anew.
        if not is_refusal or response.streaming or response.content or "HX-Refresh" in response:
            return response
        status = response.status_code
        said = problem_page(request, status)
        for name, value in response.headers.items():  # Allow, Retry-After
            if name not in ("Content-Type", "Content-Length"):
                said[name] = value
        return said


SECRET_FIELDS = ("password", "pin", "code", "held", "token")
"""What is compared and never read: a character more or less would make it another secret."""

ONE_LINE_FIELDS = ("name", "name_ur", "title", "username", "course", "number")


class TextMiddleware:
    """Every form's text as people read it, whichever form it is and whoever wrote the view.

    Stands at the door, because a form that forgot to ask would let a name in that looks like
    another one and isn't (`filiform.letters`). What an address asks for is read likewise:
    PostgreSQL refuses to look for a text with a NUL in it.
    """

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.GET:
            request.GET = _as_read(request.GET)  # type: ignore[assignment]
        # Not in __call__: a body that is too large is refused while a view is being looked for.
        if request.method == "POST" and request.POST:
            request.POST = _as_read(request.POST)  # type: ignore[assignment]


def _as_read(sent: QueryDict) -> QueryDict:
    read = sent.copy()
    for name, values in sent.lists():
        if not name.endswith(SECRET_FIELDS):
            one_line = name.endswith(ONE_LINE_FIELDS)
            read.setlist(name, [as_read(text, lines=not one_line) for text in values])
    read._mutable = False  # as Django's own
    return read
