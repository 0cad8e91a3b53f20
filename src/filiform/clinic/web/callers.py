"""Where a request comes from, as a keyed hash: enough to count with, useless to look people up."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def caller(request: HttpRequest) -> str:
    """The sender's network address; of IPv6 the /64, within which one household moves freely.

    Behind proxies (FILIFORM_PROXIES) each appends to X-Forwarded-For the address that it saw, so
    the one that counts stands that many places from the end. What stands before it the sender may
    have made up.
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    if settings.PROXIES:
        passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(passed) >= settings.PROXIES and passed[-settings.PROXIES]:
            address = passed[-settings.PROXIES]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 sender is the same one at a server that listens to IPv6.
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def hidden(kind: str, value: str) -> str:
    """A keyed hash of 32 hexadecimal digits. kind keeps hashes of different things apart."""
    return salted_hmac(f"filiform.callers.{kind}", value, algorithm="sha256").hexdigest()[:32]
