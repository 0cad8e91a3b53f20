"""Secrets of authenticator apps, sealed before they reach the database.

The key is derived from FILIFORM_SECRET_KEY (HKDF, a purpose of its own), which lies neither in
the database nor in its copies: whoever takes a backup home can make no codes from it. A key file
beside the data was the other choice; it would have to be backed up apart, would be forgotten when
a clinic moves, and lies in the very folder that is stolen. After a change of the key the former
ones still open (FILIFORM_FORMER_SECRET_KEYS).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"filiform.staff.sealed.v1"


class Unopenable(Exception):
    """The secret was sealed with a key that is not here, or for somebody else."""


def seal(secret: str, *, whose: str) -> str:
    """Encrypt and authenticate. whose: an id that stands inside, so that a sealed secret that is
    moved to another row opens nothing."""
    return _keys(*_secrets()).encrypt(f"{whose}:{secret}".encode()).decode()


def unseal(sealed: str, *, whose: str) -> str:
    """Raises Unopenable."""
    try:
        owner, _, secret = _keys(*_secrets()).decrypt(sealed.encode()).decode().partition(":")
    except InvalidToken:
        raise Unopenable from None
    # Taken from another row: somebody who can write the database puts their own app in its place.
    if owner != whose:
        raise Unopenable
    return secret


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _keys(*secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(one))) for one in secrets])


def _derived(secret: str) -> bytes:
    # Without a salt: the secret is long and random, and every process has to derive the same key.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
