"""Words of danger, once: the table that every place of the clinic reads."""

from filiform.warning_signs.emergency import EmergencyNumber, at_site, emergency_numbers
from filiform.warning_signs.table import (
    EVERYTHING,
    REGIONS,
    NeedledRegion,
    Sign,
    SignRow,
    Urgency,
    WhatToDo,
    listed,
    public_signs,
    signs,
    signs_of,
    thinner_signs,
    what_to_do,
)

__all__ = [
    "EVERYTHING",
    "REGIONS",
    "EmergencyNumber",
    "NeedledRegion",
    "Sign",
    "SignRow",
    "Urgency",
    "WhatToDo",
    "at_site",
    "emergency_numbers",
    "listed",
    "public_signs",
    "signs",
    "signs_of",
    "thinner_signs",
    "what_to_do",
]
