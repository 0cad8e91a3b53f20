"""Is a report really the provider's? Both schemes are the providers' own, compared in constant
time."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def twilio(url: str, fields: Iterable[tuple[str, str]], token: str) -> str:
    """X-Twilio-Signature: base64 of HMAC-SHA1 over the address and the sorted fields, with the
    account's token. Source: Twilio, Security: validating requests."""
    told = url + "".join(name + value for name, value in sorted(fields))
    made = hmac.new(token.encode(), told.encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def meta(body: bytes, secret: str) -> str:
    """X-Hub-Signature-256: "sha256=" and the HMAC-SHA256 of the body as it came, with the app's
    secret. Source: Meta, Webhooks: validating payloads."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def same(given: str, made: str) -> bool:
    # As bytes: of texts it takes ASCII alone, and a header may hold anything.
    return hmac.compare_digest(given.encode(), made.encode())
