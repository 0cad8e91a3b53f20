"""In which form a record comes: read where little work serves, else named in one sentence that
says what it is and what to send instead.

bytes ─▶ text (UTF-8, UTF-16) ─▶ JSON, XML, NDJSON, C-CDA ─▶ Bundle, a Bundle in Parameters, a card
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import zlib
from typing import Any

import msgspec

from filiform.exchange.cda import from_cda, is_cda
from filiform.exchange.fhir.elements import Json, a_text, an_object, objects
from filiform.exchange.fhir.errors import BundleError, notice
from filiform.exchange.fhir.links import holds_link, opened
from filiform.exchange.fhir.model import Unread, not_read
from filiform.exchange.fhir.xml import from_xml

LARGEST_CARD_BYTES = 20_000_000
"""What a health card may unpack to; a real one has a few kilobytes."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)  # fmt: skip
_BINARY = (
    (b"%PDF", "is-pdf"), (b"PK\x03\x04", "is-zip"), (b"\x1f\x8b", "is-gzip"),
    (b"\x89PNG", "is-picture"), (b"\xff\xd8\xff", "is-picture"), (b"MSH|", "is-hl7v2"),
)  # fmt: skip


def bundle_in(raw: bytes, largest_bytes: int) -> tuple[Json, list[Unread]]:
    """The Bundle that the bytes hold, and what to know about it. Raises BundleError."""
    if len(raw) > largest_bytes:
        size = len(raw) / 1_000_000
        raise BundleError("too-large", size=f"{size:.0f}", most=largest_bytes // 1_000_000)
    # Windows writes UTF-16 and byte order marks; neither is a reason to refuse a record.
    raw = _as_utf8(raw).strip()
    if not raw:
        raise BundleError("empty")
    # By the first bytes: "invalid character at 0" would help nobody who sent a PDF.
    _refuse_other_forms(raw)
    if holds_link(raw):
        return _linked(raw, largest_bytes)
    if raw.startswith(b"shc:/"):
        return _card(_numeric_card(raw)), [_unsigned()]
    if raw.startswith(b"<"):
        return from_cda(raw) if is_cda(raw) else _unwrapped(from_xml(raw))
    try:
        found: Any = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        # Only when it is no JSON as a whole: NDJSON of one line is a resource like any.
        lines = _bulk(raw)
        if lines is not None:
            return lines, []
        raise BundleError("no-json", error=one_line(error)) from None
    except (RecursionError, UnicodeDecodeError) as error:
        raise BundleError("unusable-json", error=one_line(error)) from None
    if not isinstance(found, dict):
        raise BundleError("json-no-bundle", got=type(found).__name__)
    return _unwrapped(found)


def _linked(raw: bytes, largest_bytes: int) -> tuple[Json, list[Unread]]:
    """All files of a SMART Health Link as one Bundle: they are about one patient."""
    files, notes = opened(raw)
    entries = []
    for file in files:
        # A link inside a link would be an endless chain.
        if holds_link(file):
            raise BundleError("link-to-link")
        inner, more = _bundle_or_resource(file, largest_bytes)
        notes += more
        entries.append({"resource": inner})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}, notes


def _bundle_or_resource(file: bytes, largest_bytes: int) -> tuple[Json, list[Unread]]:
    """A Bundle in any form, or a single resource, which only a link's file may be."""
    try:
        return bundle_in(file, largest_bytes)
    except BundleError:
        if not _is_resource(file):
            raise
        resource: Json = msgspec.json.decode(file)
        return resource, []


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _as_utf8(raw: bytes) -> bytes:
    """The text as UTF-8: by its byte order mark, or by the zeros between ASCII letters."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if encoding is None and raw[:2] != raw[:2].replace(b"\0", b"") and len(raw) > 1:
        encoding = "utf-16-le" if raw[1] == 0 else "utf-16-be"
    if encoding is None:
        return raw
    try:
        return raw.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise BundleError("encoding", encoding=encoding, error=one_line(error)) from None


def _refuse_other_forms(raw: bytes) -> None:
    for begin, code in _BINARY:
        if raw.startswith(begin):
            raise BundleError(code)
    if raw.startswith(b"<"):
        head = raw[:4000]
        if b"http://hl7.org/fhir" in head or is_cda(raw):
            return
        raise BundleError("is-web-page" if b"<html" in head.lower() else "is-xml")


def _bulk(raw: bytes) -> Json | None:
    """The Bundle of one patient's NDJSON, one resource a line; None when it is none.

    Raises BundleError for a line that cannot be read, and for several patients.
    """
    lines = raw.splitlines()
    if len(lines) < 2 or not _is_resource(lines[0]):
        return None
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not _is_resource(line):
            raise BundleError("bulk-line", line=number)
        found.append(msgspec.json.decode(line))
    patients = {one.get("id") for one in found if one["resourceType"] == "Patient"}
    if len(patients) > 1:
        raise BundleError("bulk-patients", count=f"{len(patients):,}")
    return {"resourceType": "Bundle", "type": "collection",
            "entry": [{"resource": one} for one in found]}  # fmt: skip


class _Resource(msgspec.Struct):
    resourceType: str  # noqa: N815 - FHIR's name


def _is_resource(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=_Resource)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _unsigned() -> Unread:
    return not_read("SMART Health Card", notice("card-unsigned"))


def _unwrapped(found: Json) -> tuple[Json, list[Unread]]:
    """The Bundle itself, in Parameters (the answer of an operation), or in a health card."""
    if "verifiableCredential" in found:
        # A file may hold several cards of one person, one for each document.
        cards = [one for one in found["verifiableCredential"] if isinstance(one, str)]
        entries = [entry for card in cards for entry in objects(_card(card).get("entry"))]
        return {"resourceType": "Bundle", "type": "collection", "entry": entries}, [_unsigned()]
    kind = found.get("resourceType")
    if kind == "Parameters":
        inner = [an_object(one.get("resource")) for one in objects(found.get("parameter"))]
        bundles = [one for one in inner if one.get("resourceType") == "Bundle"]
        # Of several nobody can say whose is meant; refused below by its name.
        if len(bundles) == 1:
            return bundles[0], []
    if kind != "Bundle":
        if not isinstance(kind, str):
            raise BundleError("no-resource-type")
        raise BundleError("no-bundle", kind=kind[:58])
    return found, []


def _numeric_card(raw: bytes) -> str:
    """The JWS behind the digits of a QR code: two digits a letter, counted from "-"."""
    digits = b"".join(re.findall(rb"\d+", raw.partition(b"shc:/")[2].rpartition(b"/")[2]))
    # 45 is "-", the first letter of base64url; so a QR code can hold it in its numeric mode.
    return "".join(chr(int(digits[at : at + 2]) + 45) for at in range(0, len(digits) - 1, 2))


def _card(jws: str) -> Json:
    """The Bundle in a signed card: header.payload.signature, the payload deflated."""
    parts = jws.split(".")
    try:
        packed = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        # Raw deflate, without zlib's head, as the specification of the cards has it.
        unpacking = zlib.decompressobj(wbits=-15)
        # At most so many bytes: a card of a kilobyte could unfold to gigabytes.
        payload: Any = msgspec.json.decode(unpacking.decompress(packed, LARGEST_CARD_BYTES))
    except (IndexError, ValueError, binascii.Error, zlib.error, msgspec.DecodeError):
        raise BundleError("card-not-unpacked") from None
    subject = an_object(an_object(an_object(payload).get("vc")).get("credentialSubject"))
    bundle = an_object(subject.get("fhirBundle"))
    if a_text(bundle.get("resourceType")) != "Bundle":
        raise BundleError("card-no-bundle")
    return bundle
