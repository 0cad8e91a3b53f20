"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ANSWER_BY = (
    ("call", _("Call me")),
    ("whatsapp", _("WhatsApp")),
    ("sms", _("SMS")),
    ("email", _("E-mail")),
)
CHANNELS = (
    ("call", _("By telephone")),
    ("whatsapp", _("By WhatsApp")),
    ("sms", _("By SMS")),
    ("email", _("By e-mail")),
    ("in-person", _("In person")),
)
STATES = (("new", _("Waiting")), ("answered", _("Answered")), ("closed", _("Closed")))
EVENTS = (
    ("taken", _("Assigned")),
    ("noted", _("Note")),
    ("answered", _("Answered")),
    ("linked", _("Belongs to a patient")),
    ("closed", _("Closed")),
    ("reopened", _("Reopened")),
    ("alarm-taken", _("Alarm taken")),
    ("alarm-done", _("What was done about the alarm")),
    ("moved-in", _("Moved to the inbox")),
    ("put-aside", _("Moved to the spam box")),
    ("not-delivered", _("Not delivered")),
)
NEXT = (
    ("alarm-take", _("I'll take it")),
    ("alarm-end", _("Say what was done")),
    ("take", _("Assign to me")),
    ("call", _("Call back")),
    ("whatsapp", _("Answer by WhatsApp")),
    ("sms", _("Answer by SMS")),
    ("email", _("Answer by e-mail")),
    ("link", _("Link to a patient")),
    ("close", _("Close")),
    ("", _("Done")),
)
ASIDE = (
    ("links", _("It holds many links.")),
    ("same-number", _("Several messages came from this number within half an hour.")),
    ("same-address", _("Many messages came from the same network address.")),
    ("flood", _("It came while very many messages arrived.")),
    ("waited", _("It came without the small sum that browsers do while many messages arrive.")),
    ("by-hand", _("A colleague put it here.")),
)
LANGUAGES = (("en", "English"), ("ur", "اردو"))
TEXT_GROUPS = (
    ("first", _("Beginning and end of the page")),
    ("explainer", _("What is dry needling?")),
    ("questions", _("Questions people ask")),
    ("danger", _("Signs of danger")),
    ("after", _("After a treatment")),
    ("prices", _("Prices")),
    ("words", _("Words explained on tap")),
)
