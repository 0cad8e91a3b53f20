"""A file that a visitor attaches, judged by what is in it and not by its name.

A picture is drawn anew (`web.pictures`), so that neither a camera's place and time nor anything
hidden in the file stays. A PDF is kept as it came: drawing it anew would lose what a referral
letter says. It is therefore never shown by us, only given as a download.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from typing import IO, NamedTuple

from filiform.clinic.web.pictures import Cleaned, cleaned
from filiform.reasons import Reason

MOST_FILES = 3
MOST_MB = 8
MOST_BYTES = MOST_MB * 1024 * 1024
"""Of one file; three of them stay below what the server takes in one request (30 MB)."""
ALLOWED = "JPEG, PNG, WebP, PDF"
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"
"""For the browser's chooser. HEIC is left out on purpose: an iPhone then sends JPEG by itself."""
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
NAME_LETTERS = 120


class Attached(NamedTuple):
    """A file as it is kept. kind: the media type that it is served with."""

    name: str
    kind: str
    content: bytes
    sha256: str


def read(file: IO[bytes], *, name: str, size: int) -> Attached | Reason:
    """What is kept of an uploaded file, or why it can't be taken. size: in bytes."""
    told = plain_name(name)
    if size > MOST_BYTES:
        megabytes = f"{size / 1024 / 1024:.1f}"
        return Reason("attachment-too-large", params={"got": megabytes, "most": MOST_MB})
    # One byte more than is allowed: the size that was told may be wrong.
    content = file.read(MOST_BYTES + 1)
    if _is_pdf(content):
        return Attached(told, "application/pdf", content, hashlib.sha256(content).hexdigest())
    # Told apart, because there is an answer to it: the telephone can send JPEG.
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return Reason("attachment-heic", params={"name": told})
    found = cleaned(io.BytesIO(content), len(content))
    if isinstance(found, Cleaned):
        return Attached(told, found.kind, found.data, found.sha256)
    if found.code == "picture-unreadable":
        return Reason("attachment-unreadable", params={"name": told, "allowed": ALLOWED})
    return found


def plain_name(name: str) -> str:
    """A file's name without folders, unseen characters and what turns the direction of text."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    # Cut at the front: the end says what kind of file it is.
    return seen[-NAME_LETTERS:] or "file"


def _is_pdf(content: bytes) -> bool:
    """Begins as a PDF and has its end: a web page that calls itself PDF is none."""
    # Not at the very end: programs leave a few lines after it, and readers allow them.
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
