"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATES = {
    "waiting": _("Waiting"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "answered": _("Answered"),
    "by-hand": _("To be sent by hand"),
    "failed": _("Failed"),
    "stopped": _("Not needed any more"),
}
TAGS = {"failed": "danger", "by-hand": "mind", "answered": "well-done", "delivered": "well-done"}
KINDS = {
    "check": _("How are you?"),
    "nudge": _("Reminder of it"),
    "alarm": _("Alarm"),
    "booked": _("When the visit is"),
    "remind": _("Reminder of a visit"),
    "moved": _("The clinic moved a visit"),
    "cancelled": _("The clinic cancelled a visit"),
    "laid-over": _("The clinic is not there when a visit is booked"),
    "offer": _("A time from the waiting list"),
    "reply": _("Answer to a message"),
    "letter": _("Letter about a patient"),
    "exercises": _("Reminder of the exercises"),
    "prepare": _("Questions before a visit"),
    "scores": _("How is it going?"),
    "scores-again": _("Reminder of it"),
}
CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS", "email": _("E-mail"), "hand": _("by hand")}
WHYS = {
    "no-provider": _("no provider is set up"),
    "cost-cap": _("the day's cost cap is reached"),
    "cut-off": _("cut off; nobody knows whether it was sent"),
    "not-needed": _("no longer needed"),
    "answered": _("it was answered meanwhile"),
    "by-voice": _("somebody telephoned"),
    "opted-out": _("the patient wants no messages"),
    "not-delivered": _("the provider could not deliver it"),
    "bounced": _("it came back"),
    "bounced-address": _("it came back: there is no such address"),
    "bounced-full": _("it came back: the mailbox is full"),
    "bounced-refused": _("it came back: their mail server refuses mail from us"),
    "bounced-unreachable": _("it came back: their mail server was not reached for days"),
    "defect": _("a fault of ours"),
    "refused": _("the provider refused it"),
    "nobodyknows": _("cut off; nobody knows whether it was sent"),
    "gave-up": _("it was tried for hours without success"),
}


def why_in_words(why: str) -> str:
    """Why a message failed or waits for a hand, in the reader's language; "" for no reason.

    What a provider or a mail server said stands behind our code, as it came (`worker`).
    """
    code, _blank, said = why.partition(" ")
    words = WHYS.get(code)
    if words is None:
        return why
    return f"{words} ({said})" if said else str(words)
