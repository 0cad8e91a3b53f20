"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "referrer": _("To the referrer"),
    "discharge": _("At discharge"),
    "employer": _("To the employer"),
    "school": _("To the school"),
}
"""Whom a letter is for."""
LAYMEN = frozenset({"employer", "school"})
"""Who is told no diagnosis unless the patient has agreed."""

PARTS: dict[str, str | Promise] = {
    "about": _("About"),
    "found": _("What was found"),
    "done": _("What was done"),
    "course": _("How it went"),
    "advice": _("Advice"),
    "asked": _("What we ask of you"),
}
"""The parts of a letter in their order."""

DIAGNOSIS: dict[str, str | Promise] = {
    "agreed": _("Yes: the letter may name it"),
    "refused": _("No: without a diagnosis"),
}
WAYS: dict[str, str | Promise] = {
    "printed": _("On paper"),
    "message": _("By message, as a link"),
}
LANGUAGES = {"en": _("English"), "ur": _("Urdu")}
