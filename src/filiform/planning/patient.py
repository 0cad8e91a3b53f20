"""The few facts about a patient that change how deep a needle may go."""

from __future__ import annotations

import msgspec

from filiform.disclosure import Sex

ADULT_YEARS = 18
MEASURED_BY = ("ultrasound", "ct", "mri")
"""Ways to measure a depth on a patient that may raise a limit."""
OLDER_YEARS = 75
"""From this age skin and bone are thin: thinner needles, fewer insertions (SAFETY-A1)."""

_BOUNDS: dict[str, tuple[float, float]] = {
    "age_years": (0, 130),
    "height_cm": (30, 260),
    "weight_kg": (1, 400),
    "measured_depth_mm": (1, 250),
}


class OutOfBounds(ValueError):
    """A number can't be what it is said to be: its name, the value and what is allowed."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """sex, age in years, height in cm, weight in kg; measured_depth_mm: from the skin to the bone
    or the structure at risk, measured on this patient, perpendicular.

    measured_by, measured_how: who measured it and with what (MEASURED_BY); without both the
    number may lower a limit and never raise one.
    Raises OutOfBounds naming the field, the value and the bounds.
    """

    sex: Sex = "unknown"
    age_years: float | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    measured_depth_mm: float | None = None
    measured_by: str = ""
    measured_how: str = ""

    def __post_init__(self) -> None:
        if self.sex not in ("female", "male", "other", "unknown"):
            raise OutOfBounds(f"sex: got {self.sex!r}; allowed: female, male, other, unknown")
        for name, (low, high) in _BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise OutOfBounds(f"{name}: got {value:g}; allowed: {low:g} to {high:g}")

        if self.measured_how and self.measured_how not in MEASURED_BY:
            allowed = ", ".join(MEASURED_BY)
            raise OutOfBounds(f"measured_how: got {self.measured_how!r}; allowed: {allowed}")

    @property
    def measurement_is_signed(self) -> bool:
        """Somebody stands for the measured depth, and it is said how it was found."""
        return bool(self.measured_by.strip() and self.measured_how)

    @property
    def bmi(self) -> float | None:
        """Body-mass index in kg/m2, to two decimals; None where height or weight is unknown."""
        if self.height_cm is None or self.weight_kg is None:
            return None
        # Rounded, so that no band hangs on the last bit of a division.
        return round(self.weight_kg / (self.height_cm / 100) ** 2, 2)

    @property
    def is_child(self) -> bool:
        return self.age_years is not None and self.age_years < ADULT_YEARS

    @property
    def is_older(self) -> bool:
        return self.age_years is not None and self.age_years >= OLDER_YEARS
