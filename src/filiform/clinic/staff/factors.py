"""Second factors: passkeys (WebAuthn), an authenticator app (TOTP), recovery codes on paper.

What a factor is and whether one holds stands here, with the libraries that know the standards;
who may add and remove them in `factor_actions`, the half-signed session in `door`.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

import pyotp
import webauthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from filiform.clinic.staff.models import CodeApp, Member, Passkey, RecoveryCode
from filiform.clinic.staff.sealed import Unopenable, unseal
from filiform.times import plain_digits

STEP_S = 30
DRIFT_STEPS = 1
"""A telephone's clock may be half a minute off on either side (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are mistaken for each other on paper: 0 o, 1 l i."""
CODE_LENGTH = 12
"""31 letters to the 12th: 59 bits. A fast hash is enough for what nobody can run through."""
CHALLENGE = "passkey_challenge"
CHALLENGE_S = 300


class NotProved(Exception):
    """The passkey's answer does not hold; never says why."""


@dataclass(frozen=True)
class Factors:
    """What somebody has set up."""

    passkeys: list[Passkey]
    code_app: CodeApp | None
    codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.code_app)

    @property
    def count(self) -> int:
        return len(self.passkeys) + bool(self.code_app)


def factors_of(member: Member) -> Factors:
    return Factors(
        passkeys=list(Passkey.objects.filter(member=member).order_by("added_at")),
        code_app=CodeApp.objects.filter(member=member).first(),
        codes_left=RecoveryCode.objects.filter(member=member, used_at__isnull=True).count(),
    )


def is_needed(member: Member) -> bool:
    """Whether this member signs in with a second factor or not at all."""
    if member.organisation.second_factor_for_all:
        return True
    return member.is_owner and settings.OWNERS_NEED_SECOND_FACTOR


# --- the authenticator app ------------------------------------------------------------------------


def new_secret() -> str:
    """160 bits, as RFC 4226 asks for."""
    return pyotp.random_base32()


def address_for_app(secret: str, member: Member) -> str:
    """What the picture (QR code) holds."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=member.username, issuer_name=f"Filiform · {member.organisation.name}"
    )


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The half minute to which a code belongs; None when it is wrong, too old, or not after the
    last one taken: a code that somebody read over a shoulder opens nothing more."""
    # Apps show "123 456", and some keyboards write ۱۲۳.
    digits = plain_digits("".join(code.split()))
    if not (len(digits) == 6 and digits.isascii() and digits.isdecimal()):
        return None
    now = int(time.time()) // STEP_S
    app = pyotp.TOTP(secret)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        # In constant time, though a code lives no longer than a minute or two.
        if step > after and secrets.compare_digest(app.at(step * STEP_S), digits):
            return step
    return None


def takes_code(member: Member, code: str) -> bool:
    """Whether the app's code holds; then it is spent."""
    with transaction.atomic():
        # Of two requests with one code the second waits here and finds it spent.
        app = CodeApp.objects.select_for_update().filter(member=member).first()
        if app is None:
            return False
        try:
            secret = unseal(app.sealed_secret, whose=str(member.pk))
        # Sealed with another key of the server: the app has to be set up anew, nobody is let in.
        except Unopenable:
            return False
        step = step_of(secret, code, after=app.last_step)
        if step is None:
            return False
        app.last_step = step
        app.save(update_fields=["last_step"])
    return True


# --- recovery codes -------------------------------------------------------------------------------


def new_codes() -> list[str]:
    """Ten codes as people read them, in groups of four: abcd-efgh-jkmn."""
    letters = [
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    return ["-".join(one[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for one in letters]


def hash_of(code: str, member: Member) -> str:
    """Of the code as it is typed: capitals, spaces and hyphens don't matter."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{member.pk}:{plain}".encode()).hexdigest()


def takes_recovery_code(member: Member, code: str) -> bool:
    """Whether it is one of the ten and unused; then it is used. One statement, so that the same
    code sent twice at once opens once."""
    found = RecoveryCode.objects.filter(
        member=member, hashed=hash_of(code, member), used_at__isnull=True
    )
    return found.update(used_at=timezone.now()) == 1


# --- passkeys -------------------------------------------------------------------------------------


def can_passkeys(request: HttpRequest) -> bool:
    """Passkeys belong to a name: not to a bare address, and only over HTTPS or on this machine."""
    host = _host(request)
    return host == "localhost" or (request.is_secure() and not _is_number(host))


def options_to_add(request: HttpRequest, member: Member) -> str:
    """JSON for navigator.credentials.create; the challenge stays in the session."""
    options = webauthn.generate_registration_options(
        rp_id=_host(request),
        rp_name="Filiform",
        user_id=member.pk.bytes,
        user_name=member.username,
        user_display_name=member.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            # Kept on the device, so that it can sign in without a name; a key that can't is
            # welcome as a second factor all the same.
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        # So that a device that is set up already says so, instead of making a second passkey.
        exclude_credentials=_descriptors(member),
    )
    _keep_challenge(request, options.challenge)
    return webauthn.options_to_json(options)


def passkey_from(request: HttpRequest, member: Member, answer: Any, *, name: str) -> Passkey:
    """The new passkey, not saved yet. Raises NotProved."""
    try:
        found = webauthn.verify_registration_response(
            credential=_credential(answer),
            expected_challenge=_take_challenge(request),
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise NotProved from None
    credential = bytes_to_base64url(found.credential_id)
    # It belongs to somebody already, perhaps to this very person.
    if Passkey.objects.filter(credential=credential).exists():
        raise NotProved
    return Passkey(
        member=member,
        name=name,
        credential=credential,
        public_key=bytes_to_base64url(found.credential_public_key),
        uses=found.sign_count,
    )


def options_to_prove(request: HttpRequest, member: Member | None) -> str:
    """JSON for navigator.credentials.get. member: whose passkeys; None lets the device choose."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(request),
        # Named only once the password was right: else anybody could ask who has passkeys.
        allow_credentials=_descriptors(member) if member else None,
        user_verification=UserVerificationRequirement.PREFERRED
        if member
        else UserVerificationRequirement.REQUIRED,
    )
    _keep_challenge(request, options.challenge)
    return webauthn.options_to_json(options)


def passkey_proved(request: HttpRequest, answer: Any, *, alone: bool) -> Passkey:
    """The passkey whose answer holds. Raises NotProved.

    alone: it stands for both factors, so the device must have asked for a finger, face or PIN.
    """
    challenge = _take_challenge(request)
    with transaction.atomic():
        try:
            wanted = bytes_to_base64url(base64url_to_bytes(str(answer["id"])))
            # Not with the member: PostgreSQL locks no outer joins, and one row is enough.
            key = Passkey.objects.select_for_update().filter(credential=wanted).first()
            if key is None:
                raise NotProved
            found = webauthn.verify_authentication_response(
                credential=_credential(answer),
                expected_challenge=challenge,
                expected_rp_id=_host(request),
                expected_origin=_origin(request),
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.uses,
                # Beside a password, having the key is enough.
                require_user_verification=alone,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            raise NotProved from None
        key.uses, key.used_at = found.new_sign_count, timezone.now()
        key.save(update_fields=["uses", "used_at"])
    return key


def _credential(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise NotProved
    return answer


def _descriptors(member: Member) -> list[PublicKeyCredentialDescriptor]:
    ids = Passkey.objects.filter(member=member).values_list("credential", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in ids]


def _keep_challenge(request: HttpRequest, challenge: bytes) -> None:
    request.session[CHALLENGE] = [bytes_to_base64url(challenge), int(time.time())]


def _take_challenge(request: HttpRequest) -> bytes:
    """Each is good once and for five minutes. Raises NotProved."""
    # Taken out before it is looked at: a second answer to it finds none.
    kept = request.session.pop(CHALLENGE, None)
    if not kept or time.time() - kept[1] > CHALLENGE_S:
        raise NotProved
    return base64url_to_bytes(kept[0])


def _host(request: HttpRequest) -> str:
    # An IPv6 address comes out maimed; passkeys take no addresses anyway (`can_passkeys`).
    return request.get_host().rsplit(":", 1)[0] if ":" in request.get_host() else request.get_host()


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _is_number(host: str) -> bool:
    return host.startswith("[") or host.replace(".", "").isdecimal()
