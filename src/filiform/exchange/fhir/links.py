"""SMART Health Links: an address and a key, and the files that the key opens.

    shlink:/eyJ1cmwi…  ─▶ HealthLink(url, key, flags, expires, label)
    url   ─▶ manifest {files: [{contentType, embedded | location}]}, or with flag U one file
    file  ─▶ JWE (dir, A256GCM, maybe deflated) ─▶ a Bundle, a resource, a health card

Nothing is fetched here: the files come with the link, or the clinic fetches them.
https://docs.smarthealthit.org/smart-health-links/spec
"""

from __future__ import annotations

import base64
import re
import zlib
from datetime import UTC, datetime

import msgspec

from filiform.exchange.fhir.errors import BundleError, notice
from filiform.exchange.fhir.model import Unread, not_read

LARGEST_FILE_BYTES = 20_000_000
"""What one encrypted file may unpack to."""
KEY_BYTES = 32
SCHEMES = ("https://",)
"""What a link's address begins with; over plain http anybody on the way could read along."""
LONGEST_LABEL = 80

_LINK = re.compile(rb"shlink:/+([A-Za-z0-9_-]+)")
_JWE = re.compile(rb"[A-Za-z0-9_-]{10,}\.\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{10,}")


class HealthLink(msgspec.Struct, frozen=True):
    """A link, taken apart.

    flags: "L" for a link that stays and is asked again, "P" for a passcode, "U" for an address
    that gives the one file itself. expires: when the sender meant it to end.
    """

    url: str
    key: str
    flags: str = ""
    exp: float | None = None
    label: str = ""

    @property
    def needs_passcode(self) -> bool:
        return "P" in self.flags

    @property
    def is_direct(self) -> bool:
        return "U" in self.flags

    @property
    def expires(self) -> datetime | None:
        try:
            return None if self.exp is None else datetime.fromtimestamp(self.exp, UTC)
        except (OverflowError, ValueError, OSError):  # the year 60000: it never ends
            return None


class ManifestFile(msgspec.Struct, frozen=True, rename="camel"):
    """One file: here (embedded) or at another address (location)."""

    content_type: str = ""
    embedded: str = ""
    location: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What the link's address answers."""

    files: tuple[ManifestFile, ...]


def holds_link(raw: bytes) -> bool:
    """Whether a text begins with a link, perhaps inside a viewer's address (https://…#shlink:/…)."""
    # A record may mention a link in a text; only one that begins with it is a link.
    return raw[:2000].find(b"shlink:/") >= 0 and not raw.startswith((b"{", b"[", b"<"))


def comes_alone(raw: bytes) -> bool:
    """Whether nothing stands beside the link that could be its manifest or files."""
    rest = _LINK.sub(b"", raw, count=1)
    return b"{" not in rest and _JWE.search(rest) is None


def link_in(raw: bytes) -> HealthLink:
    """The link that a text holds. Raises BundleError saying what is wrong with it."""
    match = _LINK.search(raw[:20_000])
    if match is None:
        raise BundleError("link-cut-off")
    try:
        link = msgspec.json.decode(_bytes(match[1]), type=HealthLink)
        key = _bytes(link.key.encode())
    except (ValueError, msgspec.DecodeError):
        raise BundleError("link-unreadable") from None
    if len(key) != KEY_BYTES or not link.url.startswith(SCHEMES):
        raise BundleError("link-no-key")
    return msgspec.structs.replace(link, label=link.label[:LONGEST_LABEL])


def opened(raw: bytes) -> tuple[list[bytes], list[Unread]]:
    """The files that came with a link, decrypted, and what of them is missing.

    raw: the link, then its manifest (JSON) or its encrypted files, in any order of lines.
    Raises BundleError when no file came with it, or none is the link's.
    """
    link = link_in(raw)
    rest = _LINK.sub(b"", raw, count=1)
    embedded, elsewhere = _files(rest)
    if not embedded:
        raise _alone(link, elsewhere)
    found = [decrypted(one, link) for one in embedded]
    notes = [
        not_read("SMART Health Link", notice("link-file-elsewhere", place=one)) for one in elsewhere
    ]
    if link.expires is not None:
        until = notice("link-expired", until=f"{link.expires:%-d %b %Y}")
        notes.append(not_read("SMART Health Link", until))
    return found, notes


def _alone(link: HealthLink, elsewhere: list[str]) -> BundleError:
    """What to do with a link that came without its files."""
    if elsewhere:
        return BundleError("link-files-lacking", count=len(elsewhere))
    more = [notice("link-alone-passcode")] if link.needs_passcode else []
    if link.expires is not None:
        more.append(notice("link-alone-until", until=f"{link.expires:%-d %b %Y}"))
    return BundleError("link-alone", *more)


def _files(rest: bytes) -> tuple[list[str], list[str]]:
    """Encrypted files, and addresses of those that are not here."""
    begin, end = rest.find(b"{"), rest.rfind(b"}")
    if 0 <= begin < end:
        try:
            manifest = msgspec.json.decode(rest[begin : end + 1], type=Manifest)
        except msgspec.DecodeError as error:
            raise BundleError("link-manifest", error=error) from None
        here = [one.embedded for one in manifest.files if one.embedded]
        # An address may hold the key to a file: only its server is told.
        there = [one.location.split("?")[0] for one in manifest.files if not one.embedded]
        return here, there
    return [one.decode() for one in _JWE.findall(rest)], []


class _Header(msgspec.Struct):
    alg: str
    enc: str
    zip: str = ""


def decrypted(jwe: str, link: HealthLink) -> bytes:
    """The content of one encrypted file. Raises BundleError for another's, or another form."""
    # Here, because screening a folder of plain Bundles should not wait for it.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        header, _, nonce, text, tag = jwe.strip().split(".")
        stated = msgspec.json.decode(_bytes(header.encode()), type=_Header)
        parts = [_bytes(one.encode()) for one in (nonce, text, tag)]
    except (ValueError, msgspec.DecodeError):
        raise BundleError("link-not-whole") from None
    # One way only, as the specification says: an attacker shall not choose a weaker one.
    if (stated.alg, stated.enc) != ("dir", "A256GCM") or stated.zip not in ("", "DEF"):
        raise BundleError("link-other-cipher", alg=stated.alg[:20], enc=stated.enc[:20])
    try:
        plain = AESGCM(_bytes(link.key.encode())).decrypt(
            parts[0], parts[1] + parts[2], header.encode()
        )
    except (InvalidTag, ValueError):
        raise BundleError("link-other-key") from None
    return _inflated(plain) if stated.zip else plain


def _inflated(packed: bytes) -> bytes:
    """Unpacked, to so many bytes: a kilobyte could unfold to gigabytes."""
    unpacking = zlib.decompressobj(wbits=-15)
    try:
        plain = unpacking.decompress(packed, LARGEST_FILE_BYTES)
    except zlib.error:
        raise BundleError("link-not-unpacked") from None
    if unpacking.unconsumed_tail:
        raise BundleError("link-too-large", most=LARGEST_FILE_BYTES // 1_000_000)
    return plain


def _bytes(text: bytes) -> bytes:
    """base64url without its filling. Raises ValueError."""
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
