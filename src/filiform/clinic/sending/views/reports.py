"""Delivery reports and answers from the providers. The signature decides who it is; a report
without a right one is refused and nothing is read of it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import public
from filiform.clinic.sending import actions, signatures
from filiform.clinic.sending.inbound import receive
from filiform.clinic.sending.setup import setup

SMS_STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
}
META_STATES = {"sent": "sent", "delivered": "delivered", "read": "delivered", "failed": "failed"}


@public
@csrf_exempt  # signed by the provider
@require_POST
def sms(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """A status callback in Twilio's format."""
    fields = _signed_fields(request)
    if fields is None:
        return HttpResponseForbidden()
    said = SMS_STATES.get(fields.get("MessageStatus", ""))
    if said:
        provider_id = fields.get("MessageSid", "")
        actions.report(message_id=message_id, provider_id=provider_id, said=said)
    return HttpResponse(status=204)


@public
@csrf_exempt  # signed by the provider
@require_POST
def sms_answer(request: HttpRequest) -> HttpResponse:
    """Somebody answered a message by SMS."""
    fields = _signed_fields(request)
    if fields is None:
        return HttpResponseForbidden()
    receive(fields.get("From", ""), fields.get("Body", ""), fields.get("MessageSid", ""))
    # So Twilio is told that nothing is to be answered.
    return HttpResponse("<Response/>", content_type="text/xml")


def _signed_fields(request: HttpRequest) -> dict[str, str] | None:
    """The fields as they came, or None. Not `request.POST`: that is mended text
    (`web.middleware.TextMiddleware`), and the signature is over what was sent."""
    given = setup()
    # Another kind of form has been read already, and no provider sends one.
    if not given.sms_token or request.content_type != "application/x-www-form-urlencoded":
        return None
    fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    # The address as the provider knows it: before a proxy that ends HTTPS.
    address = given.public_url + request.get_full_path()
    made = signatures.twilio(address, fields, given.sms_token)
    if not signatures.same(request.headers.get("X-Twilio-Signature", ""), made):
        return None
    return dict(fields)


@public
@csrf_exempt  # signed by the provider
@require_http_methods(["GET", "POST"])
def whatsapp(request: HttpRequest) -> HttpResponse:
    """Meta's webhook: asked once whether it is ours, then told of states and answers."""
    given = setup()
    if request.method == "GET":
        told = request.GET.get("hub.verify_token", "")
        if not given.meta_verify or not signatures.same(told, given.meta_verify):
            return HttpResponseForbidden()
        # As plain text: it is whatever the address held, and must not become a page of ours.
        return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")
    signed = request.headers.get("X-Hub-Signature-256", "")
    if not given.meta_secret or not signatures.same(
        signed, signatures.meta(request.body, given.meta_secret)
    ):
        return HttpResponseForbidden()
    try:
        _read(json.loads(request.body))
    except (ValueError, TypeError, AttributeError, KeyError):
        # Signed by Meta, of a shape that we don't know: taken, lest it come for ever.
        return HttpResponse(status=202)
    return HttpResponse(status=204)


def _read(document: dict[str, Any]) -> None:
    for entry in document.get("entry", []):
        for change in entry.get("changes", []):
            value = change.get("value", {})
            for status in value.get("statuses", []):
                said = META_STATES.get(status.get("status", ""))
                if said:
                    actions.report(
                        message_id=_uuid(status.get("biz_opaque_callback_data", "")),
                        provider_id=str(status.get("id", "")),
                        said=said,
                    )
            for message in value.get("messages", []):
                # A thumb under a message of ours asks for nobody.
                if message.get("type") != "reaction":
                    # Meta names a number without its plus.
                    number = f"+{message.get('from', '')}"
                    receive(number, _written(message), str(message.get("id", "")))


def _written(message: dict[str, Any]) -> str:
    """What somebody wrote: as text, under a picture, on a button; "" for what has no words."""
    said = message.get(str(message.get("type", "text")))
    # Contacts come as a list.
    if not isinstance(said, dict):
        return ""
    chosen = said.get(str(said.get("type", "")))
    words = said.get("body") or said.get("caption") or said.get("text")
    return str(words or (chosen.get("title", "") if isinstance(chosen, dict) else ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
