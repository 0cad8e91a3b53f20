"""Who calls: the JSON Web Token of a CDS client, checked against the keys of known clients.

clients file (TOML): [[client]] issuer = "https://..." and jwks_file = "..." or jwks_url = "..."
"""

from __future__ import annotations

import json
import time
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from filiform.clinic.cds import fetching
from filiform.clinic.cds.actions import use_token

ALGORITHMS = ["ES384", "RS384", "ES256", "RS256"]
"""The specification recommends ES384 and RS384; the others are in use."""
NEEDED = ["iss", "aud", "exp", "iat", "jti"]
LONGEST_LIFE_SECONDS = 3600
"""A token for one call that lives longer than an hour is refused (design value)."""
LEEWAY_SECONDS = 60
KEYS_LAST_SECONDS = 600


class Untrusted(Exception):
    """The caller is not known; the message says what is missing, and repeats no token."""


@cache
def clients(path: str) -> dict[str, dict[str, str]]:
    """Issuer → where its keys are. Raises ImproperlyConfigured naming file and field."""
    file = Path(path)
    try:
        rows = tomllib.loads(file.read_text("utf-8")).get("client", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"FILIFORM_CDS_CLIENTS {path}: {error}") from None
    found = {}
    for row in rows:
        # The issuer and one place of keys: of two it would be unclear which one holds.
        if set(row) - {"issuer", "jwks_file", "jwks_url"} or "issuer" not in row or len(row) != 2:
            raise ImproperlyConfigured(
                f"FILIFORM_CDS_CLIENTS {path}: a [[client]] has issuer, and jwks_file or jwks_url"
            )
        found[row["issuer"]] = row
    return found


def caller(request: HttpRequest, audience: str) -> str:
    """The issuer of the caller's token; empty where calls are open. Raises Untrusted."""
    if not settings.CDS_CLIENTS:
        if settings.CDS_OPEN:
            return ""
        raise Untrusted("no client is set up here; see FILIFORM_CDS_CLIENTS in the settings")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Untrusted("a JSON Web Token is needed: Authorization: Bearer ...")
    return _checked(token.strip(), audience)


def _checked(token: str, audience: str) -> str:
    try:
        # Only to learn whose key is to be asked for; nothing else is believed before it is checked.
        stated = jwt.decode(token, options={"verify_signature": False})
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Untrusted("the token is no JSON Web Token") from None
    issuer = stated.get("iss")
    known = clients(settings.CDS_CLIENTS)
    if not isinstance(issuer, str) or issuer not in known:
        raise Untrusted("the token's issuer (iss) is not a client that is set up here")
    try:
        claims = jwt.decode(
            token,
            key=_key(known[issuer], str(header.get("kid", ""))),
            algorithms=ALGORITHMS,
            audience=[audience, audience.rstrip("/"), audience.rstrip("/") + "/"],
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": NEEDED},
        )
    except jwt.PyJWTError as error:
        raise Untrusted(f"the token is not accepted: {type(error).__name__}") from None
    if claims["exp"] - claims["iat"] > LONGEST_LIFE_SECONDS:
        raise Untrusted("the token lives longer than an hour; make a new one for each call")
    expires_at = datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, tz=UTC)
    if not use_token(issuer=issuer, jti=str(claims["jti"]), expires_at=expires_at):
        raise Untrusted("the token was used before (jti); make a new one for each call")
    return issuer


def _key(client: dict[str, str], kid: str) -> Any:
    found = _find(client, kid, fresh=False)
    if found is None and "jwks_url" in client:
        found = _find(client, kid, fresh=True)  # the client may have changed its keys
    if found is None:
        raise Untrusted("the token's key (kid) is not among the client's keys")
    return found


def _find(client: dict[str, str], kid: str, *, fresh: bool) -> Any:
    try:
        keys = jwt.PyJWKSet.from_dict(_jwks(client, fresh=fresh)).keys
    except (jwt.PyJWTError, OSError, ValueError, fetching.NotFetched):
        raise Untrusted("the client's keys cannot be read at the moment") from None
    # A client with one key may leave its name out.
    matching = [key for key in keys if key.key_id == kid] if kid else keys[:1]
    return matching[0].key if matching else None


_KEPT: dict[str, tuple[float, dict[str, Any]]] = {}


def _jwks(client: dict[str, str], *, fresh: bool) -> dict[str, Any]:
    if "jwks_file" in client:
        path = Path(settings.CDS_CLIENTS).parent / client["jwks_file"]
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return found
    url = client["jwks_url"]
    when, kept = _KEPT.get(url, (0.0, {}))
    age = time.monotonic() - when
    # Asked anew once a minute at most: tokens with made-up keys must not make us call the client.
    if kept and (age < LEEWAY_SECONDS if fresh else age < KEYS_LAST_SECONDS):
        return kept
    kept = fetching.get_json(url, headers={}, allowed=fetching.allowed_by_settings())
    _KEPT[url] = (time.monotonic(), kept)
    return kept
