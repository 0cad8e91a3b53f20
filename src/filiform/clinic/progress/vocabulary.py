"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "now": _("Pain at the visit"),
    "worst": _("Worst in 24 hours"),
    "average": _("Average in 24 hours"),
    "after": _("Right after needling"),
    "soreness": _("Soreness at a check"),
}
"""What a mark in the chart stands for."""

SIDES = {
    "left": _("left"),
    "right": _("right"),
    "bilateral": _("both sides"),
    "midline": _("midline"),
}

JUDGED_BY = {
    "average": _("average pain"),
    "now": _("pain at the visit"),
}
