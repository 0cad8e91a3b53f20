"""What the atlas' codes are called on its pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CONFIDENCES = {
    "checked": (_("compared with a source"), "well-done"),
    "pain-checked": (_("pain compared with a source, anatomy from textbooks"), "well-done"),
    "textbook": (_("from textbooks, not compared with a page"), ""),
    "unconfirmed": (_("expert opinion, not confirmed"), "mind"),
}
"""Words and look of a tag."""
LEVELS = {
    "basic": pgettext_lazy("training", "basic training"),
    "intermediate": pgettext_lazy("training", "intermediate training"),
    "advanced": pgettext_lazy("training", "advanced training"),
    "specialist": pgettext_lazy("training", "specialist training"),
    "not-recommended": _("not to be needled"),
}
KINDS = {
    "trigger-point": _("Trigger point"),
    "nerve-root": _("Nerve root"),
    "peripheral-nerve": _("Peripheral nerve"),
    "joint": _("Joint"),
    "viscus": _("Internal organ or vessel"),
}
KINDS_OF_SOURCES = {
    "nerve-root": _("Nerve roots"),
    "joint": _("Joints"),
    "peripheral-nerve": _("Peripheral nerves"),
    "viscus": _("Internal organs and vessels"),
}
URGENCIES = {
    "emergency": (_("emergency: at once"), "danger"),
    "same-day": (_("same day"), "danger"),
    "urgent": (_("within days"), "mind"),
}
STATUSES = {
    "active": pgettext_lazy("trigger point", "active"),
    "latent": pgettext_lazy("trigger point", "latent"),
    "any": pgettext_lazy("trigger point", "active or latent"),
    "tenderness": pgettext_lazy("finding", "tenderness"),
    "severe tenderness": pgettext_lazy("finding", "severe tenderness"),
}
TABLES = {
    "muscles": _("Muscles"),
    "trigger-points": _("Trigger points"),
    "outlines": _("Skin over the muscles"),
    "needling": _("Needling notes"),
    "hazards": _("Hazards"),
    "pain-sources": _("Other pain sources"),
    "prevalence": _("How often"),
    "landmarks": _("Landmarks"),
    "regions": _("Regions"),
    "privileges": _("Privileges"),
}
CHANGES = {
    "added": pgettext_lazy("row of the atlas", "added"),
    "removed": pgettext_lazy("row of the atlas", "removed"),
    "changed": pgettext_lazy("row of the atlas", "changed"),
}
