"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = (
    ("practitioner", _("Practitioner")),
    ("front_desk", _("Front desk")),
    ("owner", _("Owner")),
)
KINDS = (
    ("licence", _("Registration")),
    ("training", _("Training in dry needling")),
    ("privilege", _("Region")),
)
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
