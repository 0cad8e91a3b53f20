"""Words of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEPTHS = [
    ("scratch", _("A scratch")),
    ("skin", _("Through the skin")),
    ("deep", _("Deep")),
]
HOW_TOLD = [
    ("call", _("Called and told")),
    ("letter", _("Letter handed over or sent")),
    ("no-answer", _("No answer")),
]
CONTAINER_STATES = {
    "open": _("In use"),
    "full": _("Closed: three quarters full"),
    "collected": _("Collected"),
}
NEXT_OF_CONTAINER = {"open": "full", "full": "collected"}

DIAMETER_MM = (0.10, 0.50)
LENGTH_MM = (5.0, 130.0)
"""Needles that are made (procedure.md, section 1)."""
MOST_PACKS = 60
"""Packs that are opened by one tap; more is a slip (design value)."""
