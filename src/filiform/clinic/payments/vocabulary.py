"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WAYS = (
    ("cash", _("Cash")),
    ("card", _("Card")),
    ("bank", _("Bank transfer")),
    ("wallet", _("Mobile wallet")),
)
WAYS_IN_WORDS = dict(WAYS)
KINDS = {"payment": _("Payment"), "refund": _("Refund")}
