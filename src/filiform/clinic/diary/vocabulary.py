"""Codes of the diary and their words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LEAVE_KINDS = {
    "leave": _("Leave"),
    "ill": _("Unwell"),
    "course": _("Course"),
    "other": _("Absent"),
}

HOW_BOOKED = {
    "desk": _("at the desk"),
    "walk-in": _("walked in"),
    "public": _("on the public site"),
    "link": _("by the patient's link"),
    "waiting-list": _("from the waiting list"),
    "plan": _("with a plan of care"),
}

CANCELLED_BECAUSE = {
    "patient-asked": _("The patient asked"),
    "patient-ill": _("The patient is ill"),
    "clinic": _("The clinic had to"),
    "not-suitable": _("Needling is not suitable now"),
    "mistake": _("Booked by mistake"),
}

CURRENCIES = (
    ("PKR", _("Pakistani rupees")),
    ("USD", _("US dollars")),
    ("GBP", _("Pounds sterling")),
    ("EUR", _("Euros")),
    ("AED", _("UAE dirhams")),
    ("SAR", _("Saudi riyals")),
)
"""ISO 4217 codes in which a clinic can name a price."""
