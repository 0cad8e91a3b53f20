"""Providers behind one small interface: SMTP, an SMS gateway like Twilio's, WhatsApp's Cloud API.

A provider says one of four things about a message: taken (`Receipt`), not now (`TryAgain`), never
(`Refused`), or that the line was cut after it was handed over (`NobodyKnows`), which is not tried
again by itself: a patient must not be asked twice because a line broke.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import urllib3

TIMEOUT = urllib3.Timeout(connect=5.0, read=20.0)


@dataclass(frozen=True)
class Ready:
    """A message as it goes out. id: ours, for the delivery report. link: stands in the text."""

    id: str
    to: str
    subject: str
    text: str
    link: str
    language: str
    report_to: str = ""
    """Address to which the provider reports; "" where it does not."""


@dataclass(frozen=True)
class Receipt:
    provider_id: str


class TryAgain(Exception):
    """Not taken, and not because of the message: nobody answers, or not so fast."""


class Refused(Exception):
    """Not taken, and never will be: the number, the text or our account is wrong."""


class NobodyKnows(Exception):
    """Handed over, and no answer came."""


class Provider(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def channel(self) -> str: ...

    @property
    def cost(self) -> int:
        """Of one message, in hundredths of the currency of the cost cap."""

    def send(self, message: Ready) -> Receipt:
        """Raises TryAgain, Refused or NobodyKnows."""


# --- e-mail ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Smtp:
    """smtp://user:password@host:port, smtp+tls:// for STARTTLS, smtps:// for TLS from the start."""

    url: str
    sender: str
    cost: int = 0
    name: str = "smtp"
    channel: str = "email"

    def send(self, message: Ready) -> Receipt:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.to, message.subject
        # The same id for the same message: a mailbox shows one that came twice as one.
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2] or 'clinic'}>"
        mail["Content-Language"] = message.language
        # Lest a notice of absence answers it (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            line = self._line()
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(type(error).__name__) from error
        try:
            line.send_message(mail, mail_options=_envelope(line, message.id))
        except smtplib.SMTPRecipientsRefused as error:
            # 4xx is a mailbox's "not now", grey-listing above all; a 5xx is meant for good.
            codes = [code for code, _ in error.recipients.values()]
            raise (TryAgain if all(400 <= one < 500 for one in codes) else Refused)(
                f"smtp-{codes[0]}"
            ) from error
        except smtplib.SMTPResponseException as error:
            kind = TryAgain if 400 <= error.smtp_code < 500 else Refused
            raise kind(f"smtp-{error.smtp_code}") from error
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise NobodyKnows(type(error).__name__) from error
        finally:
            line.close()
        return Receipt(str(mail["Message-ID"]))

    def _line(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port
        if parts.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=20, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(host, port or 25, timeout=20)
            if parts.scheme == "smtp+tls":
                line.starttls(context=ssl.create_default_context())
        if parts.username:
            line.login(parts.username, parts.password or "")
        return line


def _envelope(line: smtplib.SMTP, message_id: str) -> list[str]:
    """Our id goes with the envelope where the server takes it, and comes back with a report of a
    mail that was not delivered (RFC 3461): `bounces` reads it."""
    line.ehlo_or_helo_if_needed()
    return ["RET=HDRS", f"ENVID={message_id}"] if line.has_extn("dsn") else []


# --- by HTTP --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SmsGateway:
    """Twilio's format: a form with To, From, Body and StatusCallback, basic authentication."""

    url: str
    account: str
    token: str
    sender: str
    cost: int = 0
    name: str = "sms"
    channel: str = "sms"

    def send(self, message: Ready) -> Receipt:
        form = {"To": message.to, "From": self.sender, "Body": message.text}
        if message.report_to:
            form["StatusCallback"] = message.report_to
        headers = urllib3.make_headers(basic_auth=f"{self.account}:{self.token}")
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = _post(self.url, urlencode(form).encode(), headers)
        return Receipt(str(answer.get("sid", "")))


@dataclass(frozen=True)
class WhatsApp:
    """Meta's Cloud API. A clinic that writes first may send only templates that Meta has approved;
    template: the name of one with two places, the clinic's words and the link."""

    url: str
    token: str
    template: str = ""
    cost: int = 0
    name: str = "whatsapp"
    channel: str = "whatsapp"

    def send(self, message: Ready) -> Receipt:
        body: dict[str, object] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to.lstrip("+"),
            # Comes back with each report, so that one that overtakes our answer is understood.
            "biz_opaque_callback_data": message.id,
        }
        if self.template:
            places = [{"type": "text", "text": one} for one in (message.subject, message.link)]
            body["type"] = "template"
            body["template"] = {
                "name": self.template,
                "language": {"code": message.language},
                "components": [{"type": "body", "parameters": places}],
            }
        else:
            body["type"] = "text"
            # A preview would have the patient's link opened by somebody else's machine.
            body["text"] = {"body": message.text, "preview_url": False}
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        answer = _post(self.url, json.dumps(body).encode(), headers)
        sent = answer.get("messages") or [{}]
        return Receipt(str(sent[0].get("id", "")))


HTTP = urllib3.PoolManager(timeout=TIMEOUT, retries=False)
"""It never tries again by itself: what was handed over once must not be handed over twice."""
TOO_FAST, NOT_NOW = 429, 503


def _post(url: str, body: bytes, headers: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    try:
        answer = HTTP.request("POST", url, body=body, headers=headers)
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
        raise TryAgain(type(error).__name__) from error
    except urllib3.exceptions.HTTPError as error:
        # The line was there: the request may have been read to its end.
        raise NobodyKnows(type(error).__name__) from error
    if answer.status in (TOO_FAST, NOT_NOW):
        raise TryAgain(f"http-{answer.status}")
    if 400 <= answer.status < 500:
        raise Refused(f"http-{answer.status}")
    if not 200 <= answer.status < 300:
        raise NobodyKnows(f"http-{answer.status}")
    try:
        found = json.loads(answer.data)
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
