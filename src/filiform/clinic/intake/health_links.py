"""Fetching what a SMART Health Link leads to, where the owner allows it.

FILIFORM_LINK_SERVERS: nothing, and no link is fetched; `any`, and public https servers are asked;
or addresses, and only those are. A link is written by whoever sent it: it must not make the clinic
call a machine of its own network, wait for long, or swallow gigabytes (cds.fetching sees to that).
"""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filiform.clinic.cds import fetching
from filiform.exchange.fhir.links import HealthLink, Manifest, ManifestFile

MOST_FILES = 20
"""Files of one link; a patient's summary has one or two. Design value."""
ANY = "any"


WHY = {
    "unreachable": gettext_lazy("the server was not reached"),
    "not-https": gettext_lazy("the server is not reached over a secure line (https)"),
    "slow": gettext_lazy("the server took too long"),
    "private": gettext_lazy("the server lies inside a private network"),
    "too-large": gettext_lazy("what it leads to is too large"),
    "unreadable": gettext_lazy("the answer can't be read"),
    "refused": gettext_lazy("the server refused"),
    "not-listed": gettext_lazy("its server is not among those that the owner allows"),
}
"""Code of `fetching.NotFetched` → part of a sentence; its own words are English, for machines."""


class LinkNotFetched(ValueError):
    """The link led to nothing; the message is for the practitioner."""


def is_allowed() -> bool:
    """Whether the owner lets the clinic fetch links at all."""
    return bool(settings.LINK_SERVERS)


def fetch(link: HealthLink, *, recipient: str, passcode: str) -> bytes:
    """The manifest of a link with all its files inside, ready for `read_bundle` behind the link.

    recipient: who asks, which the patient can see. Raises LinkNotFetched.
    """
    if link.expires is not None and link.expires < timezone.now():
        raise LinkNotFetched(_("This link has expired. Ask the patient for a new one."))
    if link.needs_passcode and not passcode:
        raise LinkNotFetched(_("This link needs its passcode. The patient knows it."))
    # For all files together: twenty slow ones must not keep a worker for minutes.
    until = time.monotonic() + fetching.ALL_SECONDS
    try:
        if link.is_direct:
            address = f"{link.url}?recipient={quote(recipient)}"
            files = [ManifestFile(embedded=_get(address, until))]
        else:
            files = _of_manifest(link, recipient, passcode, until)
    except fetching.NotAllowed:
        raise LinkNotFetched(
            _("The passcode is wrong. After a few wrong ones the link is closed.")
        ) from None
    except fetching.NotThere:
        raise LinkNotFetched(
            _("This link no longer works. Ask the patient for a new one.")
        ) from None
    except fetching.NotFetched as error:
        raise LinkNotFetched(
            _("The link was not opened: %(why)s. Ask for the document itself.")
            % {"why": WHY[error.code]}
        ) from None
    return msgspec.json.encode(Manifest(files=tuple(files)))


def _of_manifest(
    link: HealthLink, recipient: str, passcode: str, until: float
) -> list[ManifestFile]:
    asked = {"recipient": recipient} | ({"passcode": passcode} if passcode else {})
    raw = _ask("POST", link.url, until, json.dumps(asked).encode())
    try:
        files = msgspec.json.decode(raw, type=Manifest).files
    except msgspec.DecodeError:
        raise fetching.NotFetched("the answer is no manifest", "unreadable") from None
    # What lies beyond is left as an address, which the reader tells.
    return [
        ManifestFile(one.content_type, _get(one.location, until))
        if not one.embedded and one.location and number < MOST_FILES
        else one
        for number, one in enumerate(files)
    ]


def _get(url: str, until: float) -> str:
    # What lies there is encrypted, in letters and digits alone; anything else fails to be opened.
    return _ask("GET", url, until).decode("ascii", errors="replace").strip()


def _ask(method: str, url: str, until: float, body: bytes | None = None) -> bytes:
    servers: list[str] = [] if ANY in settings.LINK_SERVERS else settings.LINK_SERVERS
    # On a list only what is on it; without one cds.fetching takes public https servers.
    # With the slash behind it: else https://a.example would let https://a.example.org through.
    if servers and not any(url.startswith(f"{one.rstrip('/')}/") for one in servers):
        raise fetching.NotFetched(
            "its server is not among those that the owner allows", "not-listed"
        )
    headers = {"Content-Type": "application/json"} if body else {}
    return fetching.ask(
        method, url, headers=headers, allowed=[one.rstrip("/") for one in servers], until=until,
        body=body,
    )  # fmt: skip
