"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, tuple[str | Promise, str]] = {
    "manual-therapy": (_("Manual therapy"), "person"),
    "stretch": (_("Stretch"), "move"),
    "exercise": (_("Exercise"), "bolt"),
    "self-release": (_("Self-release"), "target"),
    "advice": (_("Advice"), "info"),
}
"""Kind → its name and icon."""

CLINIC = "clinic"
"""The phase that happens in the clinic; all others are the patient's at home."""


BASES = {
    "tested": _("measured in a study"),
    "inverse-of-action": _("reverse of what the muscle does"),
    "guideline": _("agreed practice"),
    "design": _("chosen here"),
}

CAUSE_STATES: dict[str, str | Promise] = {
    "found": _("Found"),
    "better": _("Better"),
    "gone": _("Gone"),
    "absent": _("Not there"),
}
"""How a cause stands. Found and better ones are asked about again at the next visit."""
OPEN_CAUSES = frozenset({"found", "better"})

CAUSE_KINDS: dict[str, str | Promise] = {
    "posture": _("Posture"),
    "work": _("Work and load"),
    "sleep": _("Sleep"),
    "footwear": _("Footwear"),
    "stress": _("Stress"),
    "deficiency": _("Deficiency"),
    "illness": _("Other illness"),
}

DECISIONS: dict[str, str | Promise] = {
    "go-on": _("Continue as planned"),
    "no-needles": _("Continue without needles"),
    "discharge": _("Discharge"),
    "refer": _("Refer"),
}
"""What a review of the plan of care decides."""

GRADES: dict[str, str | Promise] = {
    "recommend": _("recommended"),
    "consider": _("may be considered"),
    "insufficient": _("not enough known"),
    "against": _("not recommended"),
}
CERTAINTIES: dict[str, str | Promise] = {
    "moderate": _("moderate certainty"),
    "low-moderate": _("low to moderate certainty"),
    "low": _("low certainty"),
    "very low": _("very low certainty"),
    "none": _("no studies"),
}
"""How sure the evidence is, in the words of the indications."""
