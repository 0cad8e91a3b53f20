"""Words for what studies of needling found: advice, certainty, measures, comparisons, horizons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from filiform.screening.rulebook import Effectiveness

ADVICES = {
    "recommend": (_("Recommended as part of care"), "well-done"),
    "consider": (_("May be considered"), "tap"),
    "insufficient": (_("Insufficient evidence"), "mind"),
    "against": (_("Not routinely"), "mind"),
}
"""Advice of the notes → phrase and tag."""

CERTAINTIES = {
    "high": _("high"),
    "moderate": _("moderate"),
    "low-moderate": _("low to moderate"),
    "low": _("low"),
    "very low": _("very low"),
    "none": _("no studies of needling"),
}

MEASURES = {
    "pain": _("Pain"),
    "pain (SMD)": _("Pain (standardised difference)"),
    "pain (NPRS)": _("Pain (points of 10)"),
    "pain added to physiotherapy": _("Pain, added to physiotherapy"),
    "intensity": _("Intensity of the headache"),
    "disability": _("Disability"),
    "disability (SMD)": _("Disability (standardised difference)"),
    "neck disability (NDI)": _("Neck disability (NDI)"),
    "spasticity": _("Spasticity"),
}

COMPARED = {
    "sham": _("sham needling"),
    "sham or nothing": _("sham needling or nothing"),
    "sham or waiting": _("sham needling or waiting"),
    "other care": _("other care"),
    "other physiotherapy": _("other physiotherapy"),
    "physiotherapy alone": _("physiotherapy alone"),
    "manual therapy": _("manual therapy"),
}

HORIZONS = {
    "immediate": _("within 3 days"),
    "short": _("up to 12 weeks"),
    "mid": _("3 to 6 months"),
    "long": _("after more than 6 months"),
}


def figures(effect: Effectiveness) -> str:
    """ "−0.70 (−1.06 … −0.34)": read from left to right in every language."""
    said = f"{effect.estimate:.2f}"
    if effect.low is not None and effect.high is not None:
        said += f" ({effect.low:.2f} … {effect.high:.2f})"
    # A hyphen is half as wide as a minus, and a line may break after it.
    return said.replace("-", "−")
