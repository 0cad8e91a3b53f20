"""Words of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STRICTA = {
    "2a": _("Number of needles"),
    "2b": _("Where"),
    "2c": _("Depth"),
    "2d": _("Response sought and found"),
    "2e": _("Technique"),
    "2f": _("Time in"),
    "2g": _("Needle and manufacturer"),
}
"""Items 2a to 2g, in our words."""

MEASURES = {
    "pressure-threshold": _("Pressure threshold"),
    "range-of-motion": _("Range of motion"),
}
"""Findings with a value; the others are `assessment.vocabulary.FINDINGS`."""
