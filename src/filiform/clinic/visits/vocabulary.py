"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES_IN_WORDS = {
    "booked": _("Booked"),
    "here": _("In the waiting room"),
    "in-room": _("In the treatment room"),
    "needles-in": _("Needles in"),
    "to-sign": _("To sign"),
    "done": _("Done"),
    "cancelled": _("Cancelled"),
    "missed": _("Did not attend"),
    "left": _("Left before treatment"),
}

TRANSITIONS_IN_WORDS = {
    "here": _("Arrived"),
    "in-room": _("Start"),
    "missed": _("Did not attend"),
    "cancelled": _("Cancel"),
    "left": pgettext_lazy("the patient left untreated", "Left"),
    "booked": _("Back to booked"),
    "done": _("End without needles"),
}

STEPS: dict[str, tuple[object, str, str]] = {
    "story": (_("History"), "message", "assessment:story"),
    "safety": (_("Safety"), "shield", "assessment:safety"),
    "targets": (_("Targets"), "target", "assessment:targets"),
    "plan": (_("Plan"), "list", "assessment:plan"),
    "consent": (_("Consent"), "pen", "consent:consent"),
    "treat": (_("Treat"), "needle", "treatment:treat"),
    "programme": (_("Programme"), "move", "programme:programme"),
    "aftercare": (_("Aftercare"), "heart", "aftercare:aftercare"),
    "progress": (_("Progress"), "chart", "progress:progress"),
}
"""Step → its name, its icon and the name of its address, in the order of a visit."""

STEP_STATES_IN_WORDS = {
    "done": _("done"),
    "open": _("open"),
    "attention": _("needs attention"),
    "refused": _("prevents needling"),
    "waiting": _("waiting for another step"),
}

STEP_STATE_ICONS = {
    "done": "check",
    "open": "pen",
    "attention": "warning",
    "refused": "stop",
    "waiting": "clock",
}

OUTCOMES = (
    ("goals-reached", _("Goals reached")),
    ("improved", _("Improved and self-managing")),
    ("unchanged", _("No change")),
    ("worse", _("Worse")),
    ("referred", _("Referred on")),
    ("own-wish", _("Ended at the patient's request")),
    ("stopped-coming", _("Did not return")),
)
"""How an episode ended."""

MINUTES = ((20, _("20 min")), (30, _("30 min")), (40, _("40 min")), (60, _("60 min")))
"""Lengths of a visit that can be booked, in minutes."""
