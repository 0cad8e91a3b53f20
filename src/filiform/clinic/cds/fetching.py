"""Fetching from the record's own server, with its token, without being led anywhere else.

A caller names the server, so it could name one inside our network. Therefore: https and public
addresses only, unless the server is on the list in the settings; the name is resolved once and
that address is called; no redirects; bounded time, bytes and pages.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from filiform.exchange.fhir.elements import Json

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
ALL_SECONDS = 9.0
"""All of one call, so that a clinician is not kept waiting. Design value."""
LARGEST_BYTES = 20_000_000
MOST_PAGES = 10
AT_ONCE = 4


class NotFetched(Exception):
    """A resource was not fetched; the message names no patient and no address.

    code: which of the causes, for pages that say it in the reader's language.
    """

    def __init__(self, message: str, code: str = "unreachable") -> None:
        super().__init__(message)
        self.code = code


class NotThere(NotFetched):
    """The server answered, and has no such resource."""


class NotAllowed(NotFetched):
    """The server answered, and wants to know more before it gives anything."""


def allowed_by_settings() -> tuple[str, ...]:
    """Servers that may be called although they are not public or not https."""
    return tuple(server.rstrip("/") for server in settings.CDS_FHIR_SERVERS)


def fetch_all(server: str, token: str, paths: Mapping[str, str]) -> dict[str, Json | None]:
    """Key → what stands at its path; keys that could not be fetched are absent.

    A path that does not exist (404) gives None: there is no such data.
    """
    allowed = allowed_by_settings()
    if not is_allowed(server, allowed):
        return {}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
    until = time.monotonic() + ALL_SECONDS
    found: dict[str, Json | None] = {}

    def one(path: str) -> Json | None:
        return _all_pages(f"{server}/{path}", server, headers, allowed, until)

    # At once: one after the other, a slow server would use up the time with the first two.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {key: pool.submit(one, path) for key, path in paths.items()}
        for key, future in waiting.items():
            try:
                found[key] = future.result()
            except NotFetched:
                continue
    return found


def is_allowed(server: str, allowed: Sequence[str]) -> bool:
    """Whether a server may be called: on the list, or https when there is no list."""
    if allowed:
        return server.rstrip("/") in allowed
    return urlsplit(server).scheme == "https"


def _all_pages(
    url: str, server: str, headers: Mapping[str, str], allowed: Sequence[str], until: float
) -> Json | None:
    """A resource, or a whole searchset: further pages are followed on the same server only."""
    try:
        whole = get_json(url, headers=headers, allowed=allowed, until=until)
    except NotThere:
        return None
    if whole.get("resourceType") != "Bundle":
        return whole
    page, pages = whole, 1
    # `next` is the server's word: the token must not follow it to another server.
    while (more := _next(page)) and pages < MOST_PAGES and more.startswith(f"{server}/"):
        page = get_json(more, headers=headers, allowed=allowed, until=until)
        whole.setdefault("entry", []).extend(page.get("entry", []))
        pages += 1
    # A link that stays tells the reader that pages are missing; all read, it would lie.
    if not _next(page):
        whole.pop("link", None)
    return whole


def _next(bundle: Json) -> str:
    links = bundle.get("link", [])
    return next((str(one.get("url", "")) for one in links if one.get("relation") == "next"), "")


def get_json(
    url: str,
    *,
    headers: Mapping[str, str],
    allowed: Sequence[str],
    until: float | None = None,
) -> Json:
    """GET a JSON object. Raises NotFetched with what went wrong, in words without addresses;
    NotThere when the server says that there is no such thing (404)."""
    raw = ask("GET", url, headers=headers, allowed=allowed, until=until)
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):  # fifty thousand brackets are no record either
        raise NotFetched("the answer is not JSON", "unreadable") from None
    if not isinstance(found, dict):
        raise NotFetched("the answer is no JSON object", "unreadable")
    answered: Json = found
    return answered


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    allowed: Sequence[str],
    until: float | None = None,
    body: bytes | None = None,
) -> bytes:
    """What a server answers with 200. Raises as `get_json`, NotAllowed for 401 and 403."""
    parts = urlsplit(url)
    listed = any(url == one or url.startswith(f"{one}/") for one in allowed)
    if parts.scheme != "https" and not listed:
        raise NotFetched("the server is not reached over https", "not-https")
    seconds = READ_SECONDS if until is None else min(READ_SECONDS, until - time.monotonic())
    if seconds <= 0:
        raise NotFetched("the time for this call is over", "slow")
    # Asked once: a name that is resolved again for the call could mean another address by then.
    address = _address(parts.hostname or "", private_too=listed)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        with _pool(parts.scheme, address, parts.hostname or "", parts.port) as pool:
            answer = pool.request(
                method,
                path,
                body=body,
                # The address is called, but the server may have several names.
                headers={**headers, "Host": parts.netloc},
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            _require_ok(answer.status)
            # One byte more than allowed: a larger answer is told from one of just this size.
            raw = answer.read(LARGEST_BYTES + 1, decode_content=True)
    except urllib3.exceptions.HTTPError as error:
        slow = isinstance(error, urllib3.exceptions.TimeoutError)
        raise NotFetched(
            f"the server was not reached: {type(error).__name__}", "slow" if slow else "unreachable"
        ) from None
    if len(raw) > LARGEST_BYTES:
        raise NotFetched("the answer is larger than 20 MB", "too-large")
    return raw


def _require_ok(status: int) -> None:
    if status == 404:
        raise NotThere("the server answered 404", "not-there")
    if status in (401, 403):
        raise NotAllowed(f"the server answered {status}", "not-allowed")
    if status != 200:
        raise NotFetched(f"the server answered {status}", "refused")


def _address(host: str, *, private_too: bool) -> str:
    """The address that a name stands for, once. Raises NotFetched for one inside our network."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        raise NotFetched("the server's name is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    # All of them: whoever owns the name chooses which one is asked first.
    if not private_too and not all(_is_public(address) for address in addresses):
        raise NotFetched(
            "the server lies inside a private network; list it in the settings", "private"
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    # ::ffff:10.0.0.1 is 10.0.0.1 in other clothes.
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


def _pool(
    scheme: str, address: str, host: str, port: int | None
) -> urllib3.HTTPConnectionPool | urllib3.HTTPSConnectionPool:
    """A connection to that very address; the certificate is still the name's."""
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address, port or 443, server_hostname=host, assert_hostname=host
        )
    return urllib3.HTTPConnectionPool(address, port or 80)
