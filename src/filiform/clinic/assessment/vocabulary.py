"""Words for the codes of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ONSETS = (
    ("today", _("Today")),
    ("days", _("Days ago")),
    ("weeks", _("Weeks ago")),
    ("months", _("Months ago")),
    ("years", _("Years ago")),
)

MECHANISMS = (
    ("gradual", _("No obvious cause")),
    ("overuse", _("Overuse")),
    ("strain", _("Strain")),
    ("sprain", _("Sprain")),
    ("accident", _("Accident or fall")),
    ("surgery", _("After surgery")),
    ("posture", _("Posture or work")),
    ("stress", _("Stress")),
    ("unknown", _("Not known")),
)

AGGRAVATING = (
    ("sitting", _("Sitting")),
    ("standing", _("Standing")),
    ("walking", _("Walking")),
    ("bending", _("Bending")),
    ("lifting", _("Lifting")),
    ("overhead", _("Arms overhead")),
    ("turning", _("Turning the head")),
    ("screen", _("Screen work")),
    ("lying", _("Lying on it")),
    ("night", _("At night")),
    ("morning", _("In the morning")),
    ("stairs", _("Stairs")),
    ("gripping", _("Gripping")),
    ("chewing", _("Chewing")),
    ("prayer", _("Prayer positions")),
    ("sport", _("Sport")),
    ("cold", _("Cold")),
    ("stress", _("Stress")),
)

EASING = (
    ("rest", _("Rest")),
    ("movement", _("Movement")),
    ("heat", _("Heat")),
    ("cold", _("Cold")),
    ("stretching", _("Stretching")),
    ("massage", _("Massage or pressure")),
    ("position", _("Changing position")),
    ("lying", _("Lying down")),
    ("medicine", _("Painkillers")),
    ("nothing", _("Nothing")),
)

SIDES = (
    ("left", _("Left")),
    ("right", _("Right")),
    ("bilateral", _("Both sides")),
    ("midline", _("Middle")),
)

TARGET_SIDES = (("left", _("Left")), ("right", _("Right")))

MEASURED_HOW = (
    ("ultrasound", _("Ultrasound")),
    ("ct", _("CT")),
    ("mri", _("MRI")),
)
"""How a depth was measured on the patient; the codes are those of `planning.MEASURED_BY`."""

FINDINGS = (
    ("taut-band", _("Taut band")),
    ("hypersensitive-spot", _("Hypersensitive spot")),
    ("referred-pain", _("Referred pain")),
    ("recognised-pain", _("Pain is recognised")),
    ("nodule", _("Nodule")),
    ("jump-sign", _("Jump sign")),
    ("twitch-on-palpation", _("Twitch on palpation")),
    ("painful-stretch", _("Pain on stretch")),
    ("weakness", _("Weakness")),
)
"""What is felt and seen on examination; ids as in the case format."""

DELPHI = frozenset({"taut-band", "hypersensitive-spot", "referred-pain"})
"""The three criteria on which 60 experts agreed; two of three make a trigger point likely
(PROCEDURE-4; the wording "two of three" is unconfirmed)."""

DELPHI_SOURCE = "PROCEDURE-4, Delphi 2018"

MOVEMENTS = (
    ("flexion", _("Flexion")),
    ("extension", _("Extension")),
    ("abduction", _("Abduction")),
    ("adduction", _("Adduction")),
    ("internal-rotation", _("Internal rotation")),
    ("external-rotation", _("External rotation")),
    ("rotation", _("Rotation")),
    ("side-bending", _("Side flexion")),
    ("opening", _("Mouth opening")),
)

CONSEQUENCES = {
    "blocked": (_("No needling"), "danger", "stop"),
    "justify": (_("Only with a written reason"), "mind", "warning"),
    "modify": (_("With precautions"), "tap", "info"),
    "clear": (_("Clear"), "well-done", "check"),
}
"""Decision for one muscle → phrase, tag and icon."""

WEIGHTS = {
    "absolute": (_("Contraindicated"), "danger"),
    "relative": (_("Only with a written reason"), "mind"),
    "precaution": (_("With precautions"), "tap"),
}

RULE_WEIGHTS = {**WEIGHTS, "red-flag": (_("Red flag"), "danger")}

URGENCIES = {
    "emergency": _("Emergency: immediately"),
    "same-day": _("Today"),
    "urgent": _("Within days"),
    "routine": _("Routine"),
}

TRAINING = {
    "basic": _("basic training"),
    "intermediate": _("intermediate training"),
    "advanced": _("advanced training"),
    "specialist": _("specialist training"),
    "not-recommended": _("not recommended"),
}
"""Training that the needling notes ask for."""
