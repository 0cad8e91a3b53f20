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

MANUAL, CURRENT = "manual", "current"
"""Kinds of technique that a consent is for: current through the needles is agreed to by itself
(consent.md, section 1: a new consent when the technique changes to electrical)."""

LANGUAGES = [("en", "English"), ("ur", "اردو")]

ADULT_AGE_YEARS = 18
"""Majority Act 1875 [unconfirmed]: below it a parent or guardian signs (consent.md, section 6)."""

LARGEST_SIGNATURE = 60_000
"""Characters of path data; a long name in quick strokes has about 4,000."""
