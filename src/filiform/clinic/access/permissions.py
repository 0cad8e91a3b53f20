"""Who may do what: one table, from role to permission."""

from __future__ import annotations

PERMISSIONS: dict[str, frozenset[str]] = {
    "sign-in": frozenset({"owner", "practitioner", "front_desk"}),
    "see-patients": frozenset({"owner", "practitioner", "front_desk"}),
    "register-patients": frozenset({"owner", "practitioner", "front_desk"}),
    "answer-messages": frozenset({"owner", "practitioner", "front_desk"}),
    "book-visits": frozenset({"owner", "practitioner", "front_desk"}),
    # Who treats may know whether a visit is paid, and not what the clinic earns.
    "see-owed": frozenset({"owner", "practitioner", "front_desk"}),
    "take-payments": frozenset({"owner", "front_desk"}),
    "record-disclosure": frozenset({"practitioner", "front_desk"}),
    "see-clinical": frozenset({"owner", "practitioner"}),
    "record-clinical": frozenset({"practitioner"}),
    "work-checks": frozenset({"owner", "practitioner", "front_desk"}),
    "work-supplies": frozenset({"owner", "practitioner", "front_desk"}),
    "manage-staff": frozenset({"owner"}),
    "see-audit": frozenset({"owner"}),
}


def allowed(roles: frozenset[str], permission: str) -> bool:
    """Raises KeyError for a permission that is not in the table: a defect, never a "no"."""
    return bool(roles & PERMISSIONS[permission])
