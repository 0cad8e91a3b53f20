"""Words for what is drawn on the body."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

QUALITIES = (
    ("dull", _("Dull, aching")),
    ("tight", _("Tight")),
    ("sharp", _("Sharp")),
    ("burning", _("Burning")),
    ("throbbing", _("Throbbing")),
    ("shooting", _("Shooting")),
    ("tingling", _("Tingling")),
    ("numb", _("Numb")),
    ("cramping", _("Cramping")),
)
"""How pain feels, as it is drawn."""
