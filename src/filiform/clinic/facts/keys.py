"""The clinic's key: an Ed25519 private key in a file beside the data, never in the database.

With it digests are signed (`operations.digests`), and each link of the chain bears a mark by it:
who has the database in hand but not the key can compute hashes, and no marks.

The file is made at its first use. A key that was replaced stays beside it, as `NAME.ID`.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

log = logging.getLogger(__name__)
MARK_BYTES = 16
ID_DIGITS = 16


class KeyFileError(Exception):
    """Why the key can't be used, in one sentence."""


class ClinicKey(NamedTuple):
    """id: the first digits of the public key's SHA-256. public: its 32 bytes."""

    id: str
    public: bytes
    private: Ed25519PrivateKey
    marking: bytes
    """What links are marked with; derived, so that a mark tells nothing of a signature."""

    def mark(self, hash_: bytes) -> bytes:
        return hmac.digest(self.marking, hash_, "sha256")[:MARK_BYTES]

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def path() -> Path:
    return Path(settings.KEY_FILE)


def mark(hash_: bytes) -> tuple[str, bytes]:
    """The mark of a link's hash by the key of today: (key's id, mark).

    Without a key that can be used both are empty, and `filiform check` names the link: no fact
    is refused because of a file.
    """
    try:
        key = current()
    except KeyFileError as error:
        log.error("%s: what is recorded now bears no mark", error)
        return "", b""
    return key.id, key.mark(hash_)


def current() -> ClinicKey:
    """The key of today, made if there is none. Raises KeyFileError."""
    return _read_or_make(path())


@cache
def _read_or_make(file: Path) -> ClinicKey:
    # Remembered for the process: a key that is replaced takes effect at the server's next start.
    try:
        return read(file)
    except FileNotFoundError:
        make(file)
        return read(file)


def read(file: Path) -> ClinicKey:
    """Raises FileNotFoundError, and KeyFileError for what is no key."""
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "it holds no private key in PEM"
        raise KeyFileError(f"the clinic's key {file} can't be used: {reason}") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"the clinic's key {file} is not an Ed25519 key")
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    marking = hashlib.sha256(b"filiform marks links\0" + seed).digest()
    return ClinicKey(id_of(public), public, private, marking)


def id_of(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:ID_DIGITS]


def make(file: Path) -> None:
    """Write a new key; one that is there already is left alone."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # Written beside it and laid in its place whole: nobody reads half a key.
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(pem)
            os.fsync(written.fileno())
        # A link fails when another process was quicker; then theirs is the key, whole.
        os.link(part, file)
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyFileError(
            f"the clinic's key can't be written to {file}: {error.strerror}. Make the folder "
            "writable or name another file in FILIFORM_KEY"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def known() -> dict[str, ClinicKey]:
    """Id → key: the one of today and those that it took the place of. Empty when there is none;
    none is made. Raises KeyFileError for a file that is no key."""
    file = path()
    # Former ones, too: links and digests from before were marked with them.
    files = [file, *sorted(file.parent.glob(f"{file.name}.*"))] if file.exists() else []
    found = [read(one) for one in files if not one.name.endswith(".part")]
    return {key.id: key for key in found}


def replace() -> tuple[ClinicKey, ClinicKey]:
    """Make a new key; the former stays beside it. (former, new)."""
    file = path()
    former = current()
    kept = file.with_name(f"{file.name}.{former.id}")
    file.rename(kept)
    _read_or_make.cache_clear()
    return former, current()


def is_signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
