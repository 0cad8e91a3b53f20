"""Words of the room: kinds of acts, why needling was stopped, how the patient feels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "insertion": _("Needle in"),
    "twitch": _("Twitch"),
    "pain-reproduced": _("Familiar pain reproduced"),
    "removal": _("Needle out"),
    "place": _("Place marked"),
    "stop": _("Stopped"),
    "count": _("Needles counted"),
    "response": _("Response"),
    "void": _("Undone"),
}
NEEDLE_KINDS = frozenset({"insertion", "removal"})
"""Acts that change how many needles are in; a count holds only until the next of them."""
ON_A_NEEDLE = frozenset({"twitch", "pain-reproduced", "removal", "place"})
NEEDLING_KINDS = frozenset({"insertion", "twitch", "pain-reproduced"})
"""What needs a consent that holds. Taking needles out, counting, asking and undoing never does."""

STOP_REASONS = [
    ("patient-asked", _("The patient asked")),
    ("faint", _("Faint, sweaty or pale")),
    ("nerve", _("Electric-shock sensation")),
    ("vessel", _("Burning or pulsing blood")),
    ("chest", _("Sharp chest pain or cough")),
    ("lost-resistance", _("Loss of resistance over the chest")),
    ("no-bone", _("No bone at the expected depth")),
    ("room", _("An incident in the room")),
    ("other", _("Something else")),
]
"""Stop signs of procedure.md, section 5, and what else ends a session."""

FEELS = [
    ("well", _("Well")),
    ("sore", _("Sore")),
    ("tired", _("Tired or light-headed")),
    ("unwell", _("Unwell")),
    ("emergency", _("Sent to emergency care")),
]

CLOCK_TOLERANCE_S = 120
"""A tablet's clock that is further off than this is noted, and the server's time is used."""
MOST_NEEDLES = 60
"""More insertions in one treatment are a defect of the tablet, not a treatment (design value)."""

DIAMETER_MM = (0.10, 0.50)
LENGTH_MM = (5.0, 130.0)
"""Needles that are made (procedure.md, section 1)."""
