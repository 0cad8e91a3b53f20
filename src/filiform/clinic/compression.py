"""Pages go over the wire compressed.

Levels are chosen by time, not by size: a page waits for its compression. Measured on two cores: a
patient's chart (88 kB) 0.43 ms with brotli 2 and 0.78 with 4, which makes 23.7 and 22.5 kB of it;
the story (318 kB) 1.2 and 2.1 ms, 62 and 56 kB. So 4 is for large pages alone. Brotli 11 takes a
hundred times as long for a fifth fewer bytes; files are compressed once, when they are collected,
and pages that are alike for every visitor once a minute, with 9.

BREACH guesses a secret in a page from the length of the answer while the attacker varies what the
page echoes. Django masks the CSRF token anew in each answer, session cookies are SameSite=Lax, and
each compressed page ends in a comment of random length that blurs its own.
"""

from __future__ import annotations

import gzip
import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from filiform.clinic.web.middleware import Answerer

SMALLEST = 1000  # bytes: below, all fits into one packet anyway
BROTLI_QUALITY, BROTLI_QUALITY_OF_LARGE, BROTLI_QUALITY_OF_KEPT = 2, 4, 9
LARGE = 150_000  # bytes
GZIP_LEVEL = 4
BLUR = 32  # random bytes at most, twice as many characters
TEXT = ("text/", "application/json", "application/fhir+json", "image/svg+xml")


ENCODINGS = ("br", "gzip")


def pack(content: bytes, how: str, *, brotli_quality: int = BROTLI_QUALITY_OF_KEPT) -> bytes:
    """how: of ENCODINGS."""
    if how == "br":
        packed: bytes = brotli.compress(content, quality=brotli_quality)
        return packed
    return gzip.compress(content, compresslevel=GZIP_LEVEL, mtime=0)


def encoding(accepts: str) -> str:
    """What an Accept-Encoding header allows: br, gzip or nothing; q=0 refuses."""
    wanted = set()
    # A header of many kilobytes is no browser's.
    for entry in accepts[:200].lower().split(","):
        name, _, weight = entry.replace(" ", "").partition(";q=")
        if weight.rstrip("0.") or not weight:
            wanted.add(name)
    return "br" if "br" in wanted else "gzip" if "gzip" in wanted else ""


class CompressionMiddleware:
    """Brotli where the browser takes it, else gzip; small answers and streams as they are."""

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(TEXT) or len(response.content) < SMALLEST:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        chosen = encoding(request.headers.get("Accept-Encoding", ""))
        if chosen:
            _shrink(response, chosen, blurred=kind.startswith("text/html"))
        return response


def _shrink(response: HttpResponse, chosen: str, *, blurred: bool) -> None:
    content = response.content
    if blurred:
        content += f"\n<!-- {secrets.token_hex(1 + secrets.randbelow(BLUR))} -->".encode()
    quality = BROTLI_QUALITY_OF_LARGE if len(content) >= LARGE else BROTLI_QUALITY
    response.content = pack(content, chosen, brotli_quality=quality)
    response.headers["Content-Encoding"] = chosen
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
    # Not the same bytes any more, though the same page: an ETag for that is a weak one.
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        response.headers["ETag"] = f"W/{etag}"
