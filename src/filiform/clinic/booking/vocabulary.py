"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PARTS = {
    "morning": _("Before noon"),
    "afternoon": _("Noon to five"),
    "evening": _("After five"),
}
OFFER_STATES = {
    "open": _("Offered"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "lapsed": _("Not answered"),
    "gone": _("Taken in the meantime"),
}
