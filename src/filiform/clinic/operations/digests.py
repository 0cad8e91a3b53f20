"""A signed digest of the chain's head: a few lines that can be handed out each day.

Who has one can prove later that the chain still passes through it: that nothing which was recorded
until then was altered, taken away or slipped in, whatever was done to the database since.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connections
from django.utils import timezone

from filiform.clinic.facts import keys
from filiform.clinic.facts.chain import FIRST
from filiform.clinic.facts.rows import HASH_BYTES
from filiform.clinic.facts.stored import Stored
from filiform.clinic.operations import links
from filiform.clinic.staff.models import Organisation
from filiform.reasons import Reason

FORMAT = "filiform-digest-1"
SIGNED_BEFORE = b"filiform digest\0"
"""Before what is signed, so that a signature of something else is none of a digest."""
LARGEST_BYTES = 10_000


class DigestError(ValueError):
    """Why this is no digest, in one sentence."""


class Digest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chain's head at one moment. hash: hexadecimal. key and signature: base64."""

    organisation: UUID
    name: str
    number: int
    hash: str
    at: datetime
    key: str
    signature: str
    format: str = FORMAT

    @property
    def public(self) -> bytes:
        return base64.b64decode(self.key)

    def signed(self) -> bytes:
        """What the signature is over: everything but itself."""
        said = {**msgspec.to_builtins(self)}
        del said["signature"]
        return SIGNED_BEFORE + msgspec.json.encode(said, order="deterministic")


def take(organisation: Organisation) -> Digest:
    """The head of today, signed. Raises KeyFileError."""
    number, made = links.head(Stored(connections["default"]), organisation.pk)
    key = keys.current()
    digest = Digest(
        organisation=organisation.pk,
        name=organisation.name,
        number=number,
        hash=made.hex(),
        at=timezone.now(),
        key=base64.b64encode(key.public).decode(),
        signature="",
    )
    signature = base64.b64encode(key.sign(digest.signed())).decode()
    return msgspec.structs.replace(digest, signature=signature)


def as_text(digest: Digest) -> str:
    """One JSON document over several lines, for paper too."""
    return msgspec.json.format(msgspec.json.encode(digest), indent=2).decode()


def read(raw: bytes) -> Digest:
    """Raises DigestError saying what was got and what is allowed."""
    if len(raw) > LARGEST_BYTES:
        raise DigestError(f"{len(raw):,} bytes are no digest; one has less than {LARGEST_BYTES:,}")
    try:
        digest = msgspec.json.decode(raw, type=Digest)
        public, made = base64.b64decode(digest.key, validate=True), bytes.fromhex(digest.hash)
        base64.b64decode(digest.signature, validate=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DigestError(f"it is no digest of filiform ({error})") from None
    except (binascii.Error, ValueError):
        raise DigestError(
            "it is no digest of filiform (key and signature are base64, the hash hexadecimal)"
        ) from None
    if digest.format != FORMAT:
        raise DigestError(f"its format is {digest.format!r}; allowed is {FORMAT!r}")
    # A key of Ed25519 has as many bytes as a SHA-256.
    if len(made) != HASH_BYTES or len(public) != HASH_BYTES or not 0 <= digest.number < 2**63:
        raise DigestError(
            "its hash or its key has a wrong length, or its number is not that of a link"
        )
    if digest.at.tzinfo is None:
        raise DigestError(f"its time {digest.at.isoformat()} has no time zone")
    return digest


def wrong_with(digest: Digest) -> list[Reason]:
    """Why the chain of today does not pass through this digest; nothing when it does.

    Reads the links, not the rows: what a link lists, `filiform check` compares.
    Raises KeyFileError for a key file of ours that can't be read.
    """
    signature = base64.b64decode(digest.signature)
    if not keys.is_signed_by(digest.public, signature, digest.signed()):
        return [Reason(code="digest-signature")]
    found = []
    ours, signer = keys.known(), keys.id_of(digest.public)
    # Without a key of ours the holder of the digest compares it with the first that they got.
    if ours and signer not in ours:
        found.append(Reason(code="digest-key", params={"key": signer}))
    if not Organisation.objects.filter(pk=digest.organisation).exists():
        params = {"organisation": f"{digest.name}, {digest.organisation}"}
        return [*found, Reason(code="digest-organisation", params=params)]
    return [*found, *_off_the_chain(digest)]


def _off_the_chain(digest: Digest) -> list[Reason]:
    stored = Stored(connections["default"])
    last, _ = links.head(stored, digest.organisation)
    if digest.number > last:
        params = {"number": digest.number, "last": last}
        return [Reason(code="digest-cut", params=params)]
    # Number 0: it was taken before there was any link.
    passed = links.hash_at(stored, digest.organisation, digest.number) if digest.number else FIRST
    found = []
    if passed is not None and passed.hex() != digest.hash.lower():
        found.append(Reason(code="digest-rewritten", params={"number": digest.number}))
    part = links.check_part(stored, digest.organisation, 0, last, None, rows=False)
    return [*found, *part.problems]
