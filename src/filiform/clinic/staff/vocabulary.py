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
STATES = (
    ("valid", _("Current")),
    ("expiring", _("Expires soon")),
    ("expired", _("Expired")),
    ("missing", _("Missing")),
    ("not-needed", _("Not needed for this role")),
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
