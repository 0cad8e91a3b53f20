"""Pages that are composed once for each version of the record, and kept.

A page about a patient shows what has been written about them. As long as nothing new is written,
composing it again gives the same page; so it is composed once for each version, reader, role and
language, and kept in the process. Browsers that still have the page get 304.

What a kept page must not hold: anything that depends on the time of day (that is said by the page's
script from absolute times; when something turns by itself, as a check that falls due, is named to
`good_until`), identifiers that have to be fresh, and what is decided at this second (`start`,
`sign` and every act ask the record, never a page). Who may see a page, and noting that it was
looked at, come before this and are never skipped.

The keep is a dictionary in memory. Nothing breaks when it is lost, and two servers on one database
each have their own: the version in the key is the only thing that makes a page valid.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from filiform import __version__
from filiform.clinic.access.guards import StaffRequest, View
from filiform.clinic.compression import ENCODINGS, encoding, pack
from filiform.clinic.facts.versions import activity_of
from filiform.clinic.web.keep import Keep

# Two, and not one with a choice in it: what begins with fixed letters is found twenty times faster
# in a page of 150 kB.
TOKENS = (
    re.compile(rb"""(csrfmiddlewaretoken" value=")([A-Za-z0-9]{64})"""),
    re.compile(rb"""("X-CSRFToken": ")([A-Za-z0-9]{64})"""),
)
TOKEN_STANDS_HERE = b"-" * 64
"""In place of the reader's own token: a kept page serves every session of its reader."""


class Page(NamedTuple):
    """A composed page. packed: the same by Content-Encoding, for pages that are alike for all."""

    content: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    packed: dict[str, bytes] = {}
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the page is what would be composed now, as far as the clock goes. Before it was
        composed it isn't: somebody has set the clock back."""
        if self.since is None or self.until is None:
            return True
        return self.since <= now < self.until


KEEP: Keep[str, Page] = Keep(
    settings.KEEP_PAGES_BYTES, lambda page: len(page.content) + sum(map(len, page.packed.values()))
)


ALSO_RESTS_ON: list[Callable[[UUID, datetime], Any]] = []
"""Organisation and moment → what such a page shows though writing it raises no version: the queue
of messages moves all day, and would throw away every page with it. Rooms above put themselves in.
"""


def kept_for_clinic(view: View) -> View:
    """For pages that show something of everybody, as Today does. The view names the moment at
    which the page turns by itself (`good_until`)."""

    @wraps(view)
    def look(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        house = request.user.organisation_id
        version = activity_of(house)
        more = tuple(ask(house, timezone.now()) for ask in ALSO_RESTS_ON)
        return kept_page(
            request,
            (view.__qualname__, version, more),
            lambda: view(request, *args, **kwargs),
            by_clock=True,
        )

    return look


def good_until(request: HttpRequest, *, now: datetime, until: datetime) -> None:
    """Say of the page that is being composed that it holds from `now` to before `until`.

    A view that is kept by the clock must say so, and must read the clock once only.
    """
    request.kept_between = (now, until)  # type: ignore[attr-defined]  # read by kept_page alone


def kept_page(
    request: StaffRequest,
    rests_on: tuple[Any, ...],
    compose: Callable[[], HttpResponse],
    *,
    by_clock: bool = False,
) -> HttpResponse:
    """The kept page, the page composed and kept, or 304.

    rests_on: the view's name and the versions, read before anything that the page shows. Written
    between, the page is composed again at the next look; the other way round, a page would be
    kept as newer than it is. by_clock: the page says itself how long it holds.
    """
    if request.method not in ("GET", "HEAD") or len(get_messages(request)):
        return compose()
    name = _name(request, rests_on)
    # The browser's copy carries the token of its session, so its tag names the session too.
    page = KEEP.get(name)
    if page is not None and not page.holds(timezone.now()):
        page = None
    # A page by the clock has another tag each time it is composed, so only the keep can say
    # whether the browser's copy still holds; any other is told from its versions alone.
    if page is not None or not by_clock:
        tag = _tag(request, name, page.since if page else None)
        if tag in request.headers.get("If-None-Match", ""):
            return _for_browsers(HttpResponseNotModified(), tag)
    if page is None:
        response = compose()
        # A cookie is one reader's; kept, it would be handed out again.
        if response.status_code != 200 or response.streaming or response.cookies:
            return response
        since, until = getattr(request, "kept_between", (None, None))
        if by_clock and until is None:
            raise TypeError(f"{rests_on[0]} is kept by the clock and names no moment: good_until")
        page = _page_of(response)._replace(since=since, until=until)
        KEEP.put(name, page)
    tag = _tag(request, name, page.since)
    content = page.content
    if TOKEN_STANDS_HERE in content:
        content = content.replace(TOKEN_STANDS_HERE, get_token(request).encode())
    response = HttpResponse(content, content_type=page.content_type)
    for header, value in page.headers:
        response.headers[header] = value
    return _for_browsers(response, tag)


def kept_for_visitors(rests_on: Callable[[HttpRequest], Any]) -> Callable[[View], View]:
    """For public pages, which are alike for every visitor: by language, theme and minute (whether
    the clinic is open now stands on them). They are compressed once, too.

    rests_on: the version of what stands on the page, and what else of the request it depends on,
    asked at every look.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Only pages that everybody asks for: a made-up query must not fill the memory.
            if request.GET or request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            name = _visitors_name(request, view, rests_on(request))
            tag = f'W/"{name[:32]}"'
            if tag in request.headers.get("If-None-Match", ""):
                return _for_visitors(HttpResponseNotModified(), tag)
            page = KEEP.get(name)
            if page is None:
                response = view(request, *args, **kwargs)
                # A form's token is one visitor's own; kept, it would be handed to everybody.
                if response.status_code != 200 or _has_token(response.content):
                    return response
                page = _page_of(response)
                packed = {how: pack(page.content, how) for how in ENCODINGS}
                page = page._replace(packed=packed)
                KEEP.put(name, page)
            return _for_visitors(_packed(request, page), tag)

        return look

    return decorate


def _visitors_name(request: HttpRequest, view: View, rests_on: Any) -> str:
    minute = timezone.now().replace(second=0, microsecond=0)
    theme = request.COOKIES.get("filiform_theme", "")
    return _digest(
        __version__, view.__qualname__, request.path, get_language(), theme, minute, rests_on
    )


def _packed(request: HttpRequest, page: Page) -> HttpResponse:
    how = encoding(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(page.packed.get(how, page.content), content_type=page.content_type)
    for header, value in page.headers:
        response.headers[header] = value
    if how:
        response.headers["Content-Encoding"] = how
    return response


def _for_visitors(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language", "Accept-Encoding"])
    return response


def _has_token(content: bytes) -> bool:
    return any(token.search(content) for token in TOKENS)


def _page_of(response: HttpResponse) -> Page:
    headers = tuple((k, v) for k, v in response.headers.items() if k != "Content-Type")
    content = response.content
    for token in TOKENS:
        content = token.sub(rb"\1" + TOKEN_STANDS_HERE, content)
    return Page(content, response.headers["Content-Type"], headers)


def _for_browsers(response: HttpResponse, tag: str) -> HttpResponse:
    """A browser may keep the page where it can be told to forget it (see `staff.views`): over
    HTTPS, or on the machine itself. It asks before each use all the same."""
    response.headers["ETag"] = tag
    if settings.HTTPS:
        response.headers["Cache-Control"] = "private, no-cache"
    # The same address gives a fragment to htmx and a whole page to a browser.
    patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
    return response


def _tag(request: StaffRequest, name: str, since: datetime | None) -> str:
    return f'W/"{_digest(name, since, request.session.session_key)[:32]}"'


def _name(request: StaffRequest, rests_on: tuple[Any, ...]) -> str:
    """Everything that a page can depend on beside what is recorded."""
    reader = request.user
    return _digest(
        __version__,
        request.get_full_path(),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Boosted", ""),
        get_language(),
        request.COOKIES.get("filiform_theme", ""),
        (reader.pk, sorted(reader.roles), reader.is_active, reader.name, reader.name_ur),
        timezone.localdate(),
        timezone.get_current_timezone_name(),
        request.session.get("workplace", ""),
        rests_on,
    )


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def forget_pages(response: HttpResponse) -> HttpResponse:
    """Have the browser forget the pages that it kept; for signing out and locking."""
    if settings.HTTPS:
        response.headers["Clear-Site-Data"] = '"cache"'
    return response
