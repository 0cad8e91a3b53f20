"""What the details of an act come to, or why they can't be written down."""

from __future__ import annotations

from typing import Any

from filiform.reasons import Reasons

DetailsOrRefusal = tuple[dict[str, Any], Reasons]
"""The details as they are kept and (); or {} and what stands against them."""
