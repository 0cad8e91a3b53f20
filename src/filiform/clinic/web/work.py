"""Proof of work: a small sum that a browser does by itself and that costs a script its speed.

The server makes a challenge (signed: what it is for, how hard, when). The browser looks for a
number with which the SHA-256 of "challenge:number" begins with that many zero bits; twice as hard
with each bit. A browser without scripts waits instead: the same challenge is also good, unsolved,
when it is old enough. Nothing is kept on the server; that a challenge is good once only is the
affair of what it is for (a message has one id and is stored once).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing

SALT = "filiform.web.work"
LONGEST_S = 3600
MOST_BITS = 20
"""About a million tries: some ten seconds on a phone, and on a server about one."""


@dataclass(frozen=True)
class Challenge:
    text: str
    bits: int

    @property
    def wait_s(self) -> int:
        """How long somebody without scripts waits instead, in seconds."""
        return min(15 + 5 * self.bits, 120)


def challenge(subject: str, bits: int) -> Challenge:
    """A new one. subject: what it is good for, such as a message's id. bits: 1 to MOST_BITS."""
    bits = max(1, min(bits, MOST_BITS))
    # The random part keeps two that are made in the same second apart: each is good once.
    said = {"for": subject, "bits": bits, "mark": secrets.token_urlsafe(6)}
    return Challenge(signing.dumps(said, salt=SALT), bits)


def bits_for(count: int, free: int, first: int = 12) -> int:
    """How hard: nothing up to `free`, then `first` bits, and one more with each doubling."""
    if count < free:
        return 0
    return min(MOST_BITS, first + (count // max(free, 1)).bit_length() - 1)


def is_done(text: str, answer: str, *, subject: str, bits: int) -> bool:
    """Whether this is a solved challenge for the subject, at least that hard."""
    asked = _read(text, subject)
    # No number that is tried is so long; a longer text would only be work for us.
    if asked is None or asked < bits or len(answer) > 20:
        return False
    digest = hashlib.sha256(f"{text}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - asked) == 0


def has_waited(text: str, *, subject: str, bits: int) -> bool:
    """Whether the challenge is for the subject and as old as one of its hardness has to be."""
    asked = _read(text, subject)
    if asked is None or asked < bits:
        return False
    try:
        signing.loads(text, salt=SALT, max_age=Challenge(text, asked).wait_s)
    except signing.SignatureExpired:
        return True
    return False


def _read(text: str, subject: str) -> int | None:
    """The bits of a challenge of ours for this subject that is not too old; else None."""
    try:
        found = signing.loads(text, salt=SALT, max_age=LONGEST_S)
    except signing.BadSignature:
        return None
    return int(found["bits"]) if found["for"] == subject else None
