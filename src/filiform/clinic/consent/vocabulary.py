"""Words of the room: ways to sign, who signs, what is asked back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

METHODS = [
    ("drawn", _("Signed on this screen")),
    ("paper", _("Signed on paper")),
    ("thumb-print", _("Thumb print on paper, with a witness")),
]

RELATIONS = [
    ("self", _("The patient")),
    ("mother", _("Mother")),
    ("father", _("Father")),
    ("guardian", _("Legal guardian")),
]

TEACH_BACK = [
    ("what", _("What will be done?")),
    ("risk", _("What is the main risk?")),
    ("call", _("When will you call or come back straight away?")),
]
"""Asked in the patient's own words (consent.md, section 4)."""

LANGUAGES = [("en", "English"), ("ur", "اردو")]

ADULT_AGE_YEARS = 18
"""Majority Act 1875 [unconfirmed]: below it a parent or guardian signs (consent.md, section 6)."""

LARGEST_SIGNATURE = 60_000
"""Characters of path data; a long name in quick strokes has about 4,000."""
