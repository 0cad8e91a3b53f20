"""Which providers a clinic has, and what holds for sending; read from FILIFORM_* by settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from filiform.clinic.environment import Environment
from filiform.clinic.sending.providers import Provider, SmsGateway, Smtp, WhatsApp
from filiform.clinic.sending.rules import QuietHours

META_URL = "https://graph.facebook.com/v21.0"
TWILIO_URL = "https://api.twilio.com/2010-04-01/Accounts"


NIGHT = QuietHours(time(21), time(8))


@dataclass(frozen=True)
class Setup:
    """providers: by channel. public_url: where patients reach the clinic; without it no message
    with a link goes out by itself. cost_cap: hundredths a day, 0 for none."""

    providers: dict[str, Provider] = field(default_factory=dict)
    public_url: str = ""
    quiet: QuietHours = NIGHT
    cost_cap: int = 0
    sms_token: str = ""
    meta_secret: str = ""
    meta_verify: str = ""
    duty_phone: str = ""
    bounces_imap: str = ""
    """Address of the mailbox that mail servers send back to; it holds a password."""


def setup() -> Setup:
    """As the environment says now; tests put their own into `settings.SENDING`."""
    given = getattr(settings, "SENDING", None)
    return given if isinstance(given, Setup) else read(settings.ENVIRONMENT)


def read(environment: Environment) -> Setup:
    """Raises ImproperlyConfigured naming the variable, what was got and what is allowed."""
    providers: dict[str, Provider] = {}
    smtp = environment.text("SMTP_URL")
    if smtp:
        sender = environment.text("SMTP_FROM")
        if "@" not in sender:
            raise ImproperlyConfigured(
                f"FILIFORM_SMTP_FROM is {sender!r}; allowed is the clinic's e-mail address, which "
                "FILIFORM_SMTP_URL needs."
            )
        providers["email"] = Smtp(smtp, sender)
    account, token = environment.text("SMS_ACCOUNT"), environment.text("SMS_TOKEN")
    if token:
        url = environment.text("SMS_URL", f"{TWILIO_URL}/{account}/Messages.json")
        cost = environment.number("SMS_COST", 0, low=0, high=1_000_000)
        providers["sms"] = SmsGateway(url, account, token, environment.text("SMS_FROM"), cost)
    meta_token = environment.text("WHATSAPP_TOKEN")
    if meta_token:
        phone = environment.text("WHATSAPP_PHONE_ID")
        url = environment.text("WHATSAPP_URL", f"{META_URL}/{phone}/messages")
        cost = environment.number("WHATSAPP_COST", 0, low=0, high=1_000_000)
        template = environment.text("WHATSAPP_TEMPLATE")
        providers["whatsapp"] = WhatsApp(url, meta_token, template, cost)
    return Setup(
        providers=providers,
        public_url=environment.text("PUBLIC_URL").rstrip("/"),
        quiet=_quiet(environment.text("QUIET_HOURS", "21-8")),
        cost_cap=environment.number("COST_CAP", 0, low=0, high=100_000_000),
        sms_token=token,
        meta_secret=environment.text("WHATSAPP_SECRET"),
        meta_verify=environment.text("WHATSAPP_VERIFY"),
        duty_phone=environment.text("DUTY_PHONE"),
        bounces_imap=_imap(environment.text("BOUNCES_IMAP")),
    )


def _imap(text: str) -> str:
    parts = urlsplit(text)
    # The text itself is not told: a password stands in it.
    if text and (parts.scheme not in ("imaps", "imap+tls", "imap") or not parts.username):
        raise ImproperlyConfigured(
            f"FILIFORM_BOUNCES_IMAP begins with {parts.scheme!r}; allowed is "
            "imaps://user:password@host/folder, with %40 for an @ in the user's name, or imap+tls://."
        )
    return text


def _quiet(text: str) -> QuietHours:
    begin, _, end = text.partition("-")
    if not (begin.isdecimal() and end.isdecimal() and int(begin) < 24 and int(end) < 24):
        raise ImproperlyConfigured(
            f"FILIFORM_QUIET_HOURS is {text!r}; allowed are two hours like 21-8; 0-0 is none."
        )
    return QuietHours(time(int(begin)), time(int(end)))
