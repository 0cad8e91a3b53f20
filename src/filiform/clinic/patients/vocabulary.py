"""Codes shown to people, and what the numbers may be."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SEXES = [
    ("female", _("Female")),
    ("male", _("Male")),
    ("other", _("Other")),
    ("unknown", _("Unknown")),
]

SEXES_IN_A_SENTENCE = {
    "female": _("female"),
    "male": _("male"),
    "other": _("other sex"),
    "unknown": _("sex unknown"),
}

RELATIONS = [
    ("spouse", _("Husband or wife")),
    ("parent", _("Father or mother")),
    ("child", _("Son or daughter")),
    ("sibling", _("Brother or sister")),
    ("other", _("Someone else")),
]

BOUNDS: dict[str, tuple[float, float]] = {"height_cm": (30.0, 250.0), "weight_kg": (1.0, 400.0)}
"""Outside these a number is a slip of the key or of the unit (feet, pounds). Design values."""

MEASURES = {"height_cm": _("Height (cm)"), "weight_kg": _("Weight (kg)")}

CONTACT_FIELDS = (
    "given_name",
    "family_name",
    "sex",
    "birth_date",
    "birth_date_known",
    "language",
    "phone",
    "other_phone",
    "email",
    "address",
    "kin_name",
    "kin_relation",
    "kin_phone",
)
"""What may be corrected in place; the audit keeps what it was."""
