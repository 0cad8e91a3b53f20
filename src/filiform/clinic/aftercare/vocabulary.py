"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RESULTS = {
    "answered": _("Answered"),
    "no-reply": _("No reply"),
    "given-up": _("Closed without an answer"),
    "covered": _("Asked at a later check"),
}
"""covered is never chosen: it is noted at the earlier checks when a later one is settled."""

EVENTS = {
    "aggravation": _("Pain worse than before"),
    "bleeding": _("Bleeding"),
    "bruise": _("Bruise"),
    "compartment": _("Hard, tight limb"),
    "dermatitis": _("Skin reaction"),
    "drowsy": _("Drowsy or light-headed"),
    "epidural-haematoma": _("Weakness, bladder or bowel"),
    "forgotten": _("Retained needle"),
    "infection": _("Fever or hot, red skin"),
    "nausea-headache": _("Headache or nausea"),
    "nerve": _("Numbness or weakness"),
    "other": _("Something else"),
    "pneumothorax": _("Breathlessness, chest pain or cough"),
    "pregnancy-event": _("Bleeding or cramps in pregnancy"),
    "soreness": _("Severe or prolonged soreness"),
    "subarachnoid/CSF": _("Severe headache"),
    "syncope": _("Fainted"),
    "visceral": _("Abdominal pain or blood in urine"),
}
"""Side effects by what was told: an answer by telephone is no diagnosis (ids of safety.md, D2)."""

MARKS = (("bruise", _("Bruise")), ("soreness", _("Soreness")))
"""What can be marked on the body at a check; each is kept as a drawing of its own."""

URGENCIES = {
    "emergency": _("Emergency"),
    "call-today": _("Call today"),
    "watch": _("Watch for"),
    "fine": _("Fine"),
}
"""What triage answers, gravest first."""

ALARMS = ("emergency", "call-today")
"""Answers that stay on top of the list until a practitioner has taken them over."""

RINGS = ("emergency",)
"""Answers that ring on the pages of staff until somebody sees to them."""

TAGS = {"emergency": "danger", "call-today": "mind", "watch": "tap", "fine": "well-done"}
NOTICES = {"emergency": "danger", "call-today": "mind", "watch": "", "fine": "well-done"}
ICONS = {"emergency": "bolt", "call-today": "phone", "watch": "info", "fine": "check"}

WAYS = (
    ("paper", _("On paper")),
    ("spoken", _("Read out and explained")),
    ("message", _("As a message")),
)
"""How the advice reached the patient."""

WHOSE = (("all", _("Everyone's")), ("mine", _("Mine")))
WHEN = (
    ("today", _("Due by the end of today")),
    ("overdue", _("Overdue")),
    ("week", _("Next 7 days")),
)


def gravest(urgencies: list[str]) -> str:
    """The gravest of several answers; "" when there is none."""
    known = list(URGENCIES)
    found = [urgency for urgency in urgencies if urgency in URGENCIES]
    return min(found, key=known.index) if found else ""
