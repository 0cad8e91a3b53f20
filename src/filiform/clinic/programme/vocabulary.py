"""Words for the codes of this room, and the bounds of a dose."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class DoseRange:
    """What a stepper allows. Design values: wide enough for every programme in the notes."""

    name: str | Promise
    least: int
    most: int
    step: int


DOSE: dict[str, DoseRange] = {
    "sets": DoseRange(_("Sets"), 1, 10, 1),
    "reps": DoseRange(_("Repetitions"), 1, 50, 1),
    "hold_s": DoseRange(_("Hold, seconds"), 1, 300, 5),
    "minutes": DoseRange(_("Minutes"), 1, 90, 1),
    "times_per_day": DoseRange(_("Times a day"), 1, 12, 1),
    "days_per_week": DoseRange(_("Days a week"), 1, 7, 1),
}
"""Parts of `filiform.programme.ExerciseDose`, in the order in which they are said."""

BASES = {
    "tested": _("measured in a study"),
    "inverse-of-action": _("reverse of what the muscle does"),
    "guideline": _("agreed practice"),
    "design": _("chosen here"),
}
