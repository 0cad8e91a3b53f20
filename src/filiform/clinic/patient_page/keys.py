"""The secrets of a patient's page: made here, stored only as hashes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

LINK_HOLDS = timedelta(days=30)
"""A link in an old message opens nothing; a new message brings a new one."""
DEVICE_HOLDS = timedelta(days=180)
MOST_TRIES = 5
"""Wrong birth dates or codes on one link; then it is locked and the clinic is told."""
MOST_TRIES_A_DAY = 12
"""On all links of a patient in 24 hours: whoever holds several must not guess five times as often.
These four are design values."""
CODE_DIGITS = 6


def new_secret() -> str:
    """32 random bytes as 43 characters for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SHA-256, in hexadecimal digits. Fast is enough: 256 random bits can't be tried out."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
